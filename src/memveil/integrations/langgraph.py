"""A LangGraph store behind a guard: placeholders at rest, values in your hands. LangMem works on it.

::

    store = PrivateStore(SqliteStore(...), guard)

Every method of a ``BaseStore`` goes through ``batch`` or ``abatch``, so these two
are the whole way. Values, queries and filters are protected; namespaces and keys
are replaced whole, because they must be found again for ever. Everything of a
guard's scope lies below one namespace of its own: several scopes may share a
store and never meet.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from memveil.errors import UnsupportedFormat
from memveil.integrations.forgotten import Forgotten
from memveil.integrations.leaves import Leaves

try:
    from langgraph.store.base import (
        BaseStore,
        GetOp,
        Item,
        ListNamespacesOp,
        MatchCondition,
        Op,
        PutOp,
        Result,
        SearchItem,
        SearchOp,
    )
except ImportError as error:
    raise ImportError("LangGraph is missing; pip install 'memveil[langgraph]'") from error

if TYPE_CHECKING:
    from memveil.guard import Guard

__all__ = ["PrivateStore"]

# Stores refuse it as the first label of anybody's namespace.
_ROOT = "langgraph"
_PATH = re.compile(r"[A-Za-z0-9_.\-$*\[\]]{1,256}")
_ORDERING = frozenset({"$gt", "$gte", "$lt", "$lte"})
_PAGE = 100
_REMAINS = ("copies outside the store, such as backups, logs and checkpoints",)


class PrivateStore(BaseStore):
    """Any store, for one scope. As thread-safe as the store inside.

    Args:
        inner: where items are kept; with an index, it embeds protected text.
        guard: protects what goes in, and restores what comes home.

    Raises:
        UnsupportedFormat: from any method, if a value is no JSON, or a comparison would need the value itself.
        MemveilError: from any method, what protecting raises; then nothing was sent.
    """

    def __init__(self, inner: BaseStore, guard: Guard) -> None:
        self._inner = inner
        self._leaves = Leaves(guard)
        self.supports_ttl = inner.supports_ttl
        self.ttl_config = inner.ttl_config

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Run operations; see :meth:`BaseStore.batch`."""
        sent = [self._protect(op) for op in ops]
        return self._restore(self._inner.batch(sent))

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """Run operations; see :meth:`BaseStore.abatch`. Recognizers run in a thread."""
        given = list(ops)
        sent = await asyncio.to_thread(lambda: [self._protect(op) for op in given])
        results = await self._inner.abatch(sent)
        return await asyncio.to_thread(self._restore, results)

    def forget(self) -> Forgotten:
        """Delete every item of the scope, then erase the mapping.

        Raises:
            Exception: what the store raises; then the mapping is still there, and this can be called again.
        """
        root, found = (self._leaves.protect_label(_ROOT),), list[SearchItem]()
        while page := self._inner.search(root, limit=_PAGE, offset=len(found), refresh_ttl=False):
            found += page
        self._inner.batch(_deletions(found))
        return Forgotten(self._leaves.guard.forget(), len(found), _REMAINS)

    async def aforget(self) -> Forgotten:
        """As :meth:`forget`."""
        root, found = (await asyncio.to_thread(self._leaves.protect_label, _ROOT),), list[SearchItem]()
        while page := await self._inner.asearch(root, limit=_PAGE, offset=len(found), refresh_ttl=False):
            found += page
        await self._inner.abatch(_deletions(found))
        return Forgotten(await asyncio.to_thread(self._leaves.guard.forget), len(found), _REMAINS)

    # -- outbound ---------------------------------------------------------------

    def _protect(self, op: Op) -> Op:
        match op:
            case GetOp():
                return op._replace(namespace=self._namespace(op.namespace), key=self._leaves.protect_label(op.key))
            case PutOp():
                return op._replace(
                    namespace=self._namespace(op.namespace),
                    key=self._leaves.protect_label(op.key),
                    value=None if op.value is None else self._leaves.protect(dict(op.value), where="value"),
                    index=_checked(op.index),
                )
            case SearchOp():
                return op._replace(
                    namespace_prefix=self._namespace(op.namespace_prefix),
                    query=None if op.query is None else self._leaves.protect_query(op.query, where="query"),
                    filter=None if op.filter is None else self._filter(op.filter),
                )
            case ListNamespacesOp():
                return op._replace(
                    match_conditions=self._conditions(op.match_conditions or ()),
                    max_depth=None if op.max_depth is None else op.max_depth + 1,
                )
            case _:
                raise UnsupportedFormat("an operation of a kind that memveil does not know; nothing was sent")

    def _namespace(self, labels: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._leaves.protect_label(label) for label in (_ROOT, *labels))

    def _conditions(self, given: Sequence[MatchCondition]) -> tuple[MatchCondition, ...]:
        conditions = [MatchCondition("prefix", (self._leaves.protect_label(_ROOT),))]
        for condition in given:
            if condition.match_type not in ("prefix", "suffix"):
                raise UnsupportedFormat("a match of namespaces that memveil does not know; nothing was sent")
            path = [label if label == "*" else self._leaves.protect_label(label) for label in condition.path]
            if condition.match_type == "prefix":
                path.insert(0, self._leaves.protect_label(_ROOT))
            conditions.append(condition._replace(path=tuple(path)))
        return tuple(conditions)

    def _filter(self, given: Mapping[str, object]) -> dict[str, object]:
        """A filter whose operands read as the stored values do."""
        result: dict[str, object] = {}
        for name, wanted in given.items():
            if not isinstance(wanted, dict) or not any(str(key).startswith("$") for key in wanted):
                result.update(self._leaves.protect({name: wanted}, where="filter"))
                continue
            operands: dict[str, object] = {}
            sent_name = name
            for operator, operand in cast("dict[str, object]", wanted).items():
                [(sent_name, sent)] = self._leaves.protect({name: operand}, where="filter").items()
                if operator in _ORDERING and sent != operand:
                    raise UnsupportedFormat("a filter that orders by a private value; placeholders have no order")
                operands[operator] = sent
            result[sent_name] = operands
        return result

    # -- inbound ----------------------------------------------------------------

    def _restore(self, results: Iterable[Result]) -> list[Result]:
        return [self._result(result) for result in results]

    def _result(self, result: Any) -> Any:
        match result:
            case list():
                return [self._result(each) for each in cast("list[object]", result)]
            case SearchItem():
                return SearchItem(**self._item(result), score=result.score)
            case Item():
                return Item(**self._item(result))
            case tuple():
                return tuple(self._leaves.restore_label(label) for label in cast("tuple[str, ...]", result)[1:])
            case _:
                return result

    def _item(self, item: Item) -> dict[str, Any]:
        return {
            "value": self._leaves.restore(item.value),
            "key": self._leaves.restore_label(item.key),
            "namespace": tuple(self._leaves.restore_label(label) for label in item.namespace[1:]),
            "created_at": item.created_at,
            "updated_at": item.updated_at,
        }


def _deletions(items: Iterable[Item]) -> list[Op]:
    return [PutOp(item.namespace, item.key, None) for item in items]


def _checked(index: Any) -> Any:
    """Paths of fields to index: schema, or refused."""
    if isinstance(index, list) and not all(isinstance(path, str) and _PATH.fullmatch(path) for path in index):
        raise UnsupportedFormat("a path to index that is no path of field names; nothing was sent")
    return index
