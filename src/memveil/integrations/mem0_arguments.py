"""What may leave in the arguments of mem0's methods, and how. Everything that is not in these tables is refused.

Texts are protected, ids (``user_id``, ``agent_id``, ``run_id``, names of
speakers) are replaced whole, settings must be numbers, dates or single words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from memveil.errors import UnsupportedFormat
from memveil.json_values import show_key

if TYPE_CHECKING:
    from memveil.integrations.leaves import Leaves

__all__ = ["IDENTITIES", "METHODS", "Arguments"]

_T = TypeVar("_T")

IDENTITIES = frozenset({"user_id", "agent_id", "run_id", "app_id", "actor_id"})
"""Names that memories are found by."""

_ORDERING = frozenset({"gt", "gte", "lt", "lte"})
_OPERATORS = frozenset({"eq", "ne", "in", "nin", "contains", "icontains"}) | _ORDERING
_JOINING = frozenset({"AND", "OR", "NOT"})
_ANY = "*"
_WORD = re.compile(r"[A-Za-z0-9_.:+\-]{1,64}")

METHODS: Mapping[str, tuple[str, ...]] = {
    "add": ("messages",),
    "search": ("query",),
    "get": ("memory_id",),
    "get_all": (),
    "update": ("memory_id", "text"),
    "delete": ("memory_id",),
    "delete_all": (),
    "history": ("memory_id",),
    "feedback": ("memory_id", "feedback", "feedback_reason"),
    "batch_update": ("memories",),
    "batch_delete": ("memories",),
    "delete_users": (),
    "reset": (),
    "close": (),
}
"""Name of a method -> names of its positional arguments."""

_TEXTS = ("text", "data", "prompt", "custom_instructions", "agent_custom_instructions")
_TEXTS_OF_CLIENT = ("includes", "excludes", "feedback_reason")
_SETTINGS = (
    *("memory_id", "infer", "top_k", "threshold", "rerank", "explain", "show_expired", "memory_type", "timestamp"),
    *("expiration_date", "reference_date", "page", "page_size", "start_date", "end_date", "latest_only"),
    *("keyword_search", "fields", "delete_linked", "feedback", "version", "output_format", "async_mode"),
)


class Arguments:
    """The way out, for one scope.

    Args:
        leaves: the scope that values are protected in.
    """

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves

    def of(self, method: str, args: tuple[Any, ...], options: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments of a call, by name, as they may leave.

        Raises:
            UnsupportedFormat: something is not in the tables; and what protecting raises. Nothing may be sent.
        """
        given = dict(zip(METHODS[method], args, strict=False))
        if len(given) < len(args) or not given.keys().isdisjoint(options):
            raise UnsupportedFormat(f"too many arguments for '{method}'; name them; nothing was sent")
        typed = options.get("options")
        if typed is not None:
            given |= typed.model_dump(exclude_unset=True)
        given |= {name: value for name, value in options.items() if name != "options"}
        return {name: None if value is None else self._argument(name, value) for name, value in given.items()}

    def _argument(self, name: str, value: Any) -> Any:
        if name in IDENTITIES:
            return self._identity(value)
        if name == "query":
            return self._leaves.protect_query(_checked(value, str, name), where=name)
        if name in _TEXTS or name in _TEXTS_OF_CLIENT:
            return self._leaves.protect_text(_checked(value, str, name), where=name)
        if name in _SETTINGS:
            return _setting(value, name)
        match name:
            case "messages":
                return self._messages(value)
            case "metadata" | "custom_categories":
                return self._fields(value) if isinstance(value, dict) else self._leaves.protect(value, where=name)
            case "filters":
                return self._filters(_checked(value, dict, name))
            case "memories":
                return [
                    {key: self._argument(key, item) for key, item in _checked(each, dict, name).items()}
                    for each in _checked(value, list, name)
                ]
            case _:
                raise UnsupportedFormat(f"an argument {show_key(name)} that memveil does not know; nothing was sent")

    def _messages(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._leaves.protect_text(value, where="messages")
        messages = [value] if isinstance(value, dict) else _checked(value, list, "messages")
        # The name of a speaker becomes an id that memories are found by.
        names = [_checked(message, dict, "messages").get("name") for message in messages]
        bare = [{key: item for key, item in message.items() if key != "name"} for message in messages]
        sent = self._leaves.protect_messages(bare)
        return [
            message if name is None else message | {"name": self._identity(name)}
            for message, name in zip(sent, names, strict=True)
        ]

    def _identity(self, value: Any) -> str:
        """mem0 drops blanks around an id, so the same user may come with and without."""
        return self._leaves.protect_label(_checked(value, str, "an id").strip())

    def _fields(self, value: Mapping[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, item in value.items():
            known = key in IDENTITIES and isinstance(item, str)
            result |= {key: self._identity(item)} if known else self._leaves.protect({key: item}, where="metadata")
        return result

    def _filters(self, value: Mapping[str, Any]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, wanted in value.items():
            if key in _JOINING:
                result[key] = [self._filters(_checked(each, dict, "filters")) for each in wanted]
            elif not isinstance(wanted, dict):
                result |= self._condition(key, wanted)
            else:
                if not wanted.keys() <= _OPERATORS:
                    raise UnsupportedFormat("an operator in filters that memveil does not know; nothing was sent")
                sent = {operator: self._condition(key, operand) for operator, operand in wanted.items()}
                if any(sent[each] != {key: wanted[each]} for each in _ORDERING & wanted.keys()):
                    raise UnsupportedFormat("a filter that orders by a private value; placeholders have no order")
                names = {name for condition in sent.values() for name in condition}
                result |= {name: {each: condition[name] for each, condition in sent.items()} for name in names}
        return result

    def _condition(self, key: str, wanted: Any) -> dict[str, Any]:
        if key in IDENTITIES:
            if wanted == _ANY:
                raise UnsupportedFormat(f"any '{key}' in filters: it would find memories of other scopes; name it")
            many = isinstance(wanted, list)
            return {key: [self._identity(each) for each in wanted] if many else self._identity(wanted)}
        if wanted == _ANY or wanted is None:
            return {key: wanted}
        return cast("dict[str, Any]", self._leaves.protect({key: wanted}, where="filters"))


def _setting(value: Any, name: str) -> Any:
    """A number, a truth value, a date, a word, or several of them."""
    if isinstance(value, list):
        return [_setting(item, name) for item in cast("list[object]", value)]
    if isinstance(value, bool | int | float | dt.date) or (isinstance(value, str) and _WORD.fullmatch(value)):
        return value
    raise UnsupportedFormat(f"{show_key(name)} is neither a number nor a word; nothing was sent")


def _checked(value: Any, kind: type[_T], name: str) -> _T:
    if not isinstance(value, kind):
        raise UnsupportedFormat(f"something else than a {kind.__name__} for {name}; nothing was sent")
    return value
