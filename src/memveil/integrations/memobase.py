"""Memobase behind a guard: blobs, profiles, events and queries hold placeholders wherever the server is.

::

    client = PrivateMemobase(MemoBaseClient(...), guard)   # or AsyncMemoBaseClient
    user = client.get_or_create_user("lena@hartwig.example")
    user.insert(ChatBlob(messages=[...]))

A server of Memobase writes queries into its logs, because they travel in the
address, and asks a language model about every blob: all of them see
placeholders only. It wants UUIDs as ids of users, so a name becomes one, the
same for ever in its scope.

The methods and arguments that may leave are in the tables below; everything
else is refused.
"""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID, uuid5

from memveil.errors import UnsupportedFormat
from memveil.integrations.forgotten import Forgotten
from memveil.integrations.leaves import Leaves
from memveil.json_values import show_key

try:
    from memobase import AsyncUser, User
    from memobase.core.blob import Blob, ChatBlob, CodeBlob, DocBlob, SummaryBlob, TranscriptBlob
    from pydantic import BaseModel
except ImportError as error:
    raise ImportError("the client of Memobase is missing; pip install 'memveil[memobase]'") from error

if TYPE_CHECKING:
    from memveil.guard import Guard

__all__ = ["PrivateMemobase", "PrivateUser"]

_T = TypeVar("_T")

# Any one that no other program uses, for ever.
_NAMESPACE = UUID("0e0c6ba0-36f2-4b0e-9d2c-6f7a4c1e5b3d")
_WORD = re.compile(r"[A-Za-z0-9_.:+\-]{1,64}")

_LIMITS = ("max_token_size", "prefer_topics", "only_topics", "max_subtopic_size", "topic_limits")
# Name of a method -> names of its arguments, in their order.
_OF_CLIENT: Mapping[str, tuple[str, ...]] = {
    "ping": (),
    "close": (),
    "get_config": (),
    "update_config": ("config",),
    "get_usage": (),
    "get_daily_usage": ("days",),
    "add_user": ("data", "id"),
    "update_user": ("user_id", "data"),
    "get_user": ("user_id", "no_get"),
    "get_or_create_user": ("user_id",),
    "delete_user": ("user_id",),
    "get_all_users": ("search", "order_by", "order_desc", "limit", "offset"),
}
_OF_USER: Mapping[str, tuple[str, ...]] = {
    "insert": ("blob_data", "sync"),
    "get": ("blob_id",),
    "get_all": ("blob_type", "page", "page_size"),
    "delete": ("blob_id",),
    "flush": ("blob_type", "sync"),
    "buffer": ("blob_type", "status"),
    "add_profile": ("content", "topic", "sub_topic"),
    "profile": (*_LIMITS, "chats", "need_json"),
    "update_profile": ("profile_id", "content", "topic", "sub_topic"),
    "delete_profile": ("profile_id",),
    "event": ("topk", "max_token_size", "need_summary"),
    "delete_event": ("event_id",),
    "update_event": ("event_id", "event_data"),
    "search_event": ("query", "topk", "similarity_threshold", "time_range_in_days"),
    "search_event_gist": ("query", "topk", "similarity_threshold", "time_range_in_days"),
    "search_event_by_tags": ("tags", "tag_values", "topk"),
    "context": (
        *(*_LIMITS, "profile_event_ratio", "require_event_summary", "chats", "event_similarity_threshold"),
        *("customize_context_prompt", "time_range_in_days", "full_profile_and_only_search_event"),
        "fill_window_with_events",
    ),
}
_IDENTITIES = frozenset({"id", "user_id"})
_IDS = frozenset({"blob_id", "profile_id", "event_id"})
_TEXTS = frozenset({"config", "content", "customize_context_prompt", "sub_topic", "topic"})
_VALUES = frozenset({"data", "event_data", "only_topics", "prefer_topics", "tag_values", "tags", "topic_limits"})
_REMAINS = (
    "logs and backups of the server, and what its language model keeps: placeholders and UUIDs only",
    "other users of this scope on the server: placeholders only",
)


class PrivateMemobase:
    """A client of Memobase, for one scope. As thread-safe as the client inside.

    Methods are those of the client inside, coroutines where that has coroutines.

    Args:
        inner: a ``MemoBaseClient`` or an ``AsyncMemoBaseClient``.
        guard: protects what goes out, and restores what comes home.
    """

    def __init__(self, inner: Any, guard: Guard) -> None:
        self._inner = inner
        self._leaves = Leaves(guard)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return _offered(self._inner, self._leaves, _OF_CLIENT, name)

    def forget(self, user_id: str) -> Forgotten:
        """Delete a user with all blobs, profiles and events, then erase the mapping of the scope.

        Raises:
            Exception: what the client raises; then the mapping is still there, and this can be called again.
        """
        self.delete_user(user_id)
        return Forgotten(self._leaves.guard.forget(), 1, _REMAINS)

    async def aforget(self, user_id: str) -> Forgotten:
        """As :meth:`forget`, for a client whose methods are coroutines."""
        await self.delete_user(user_id)
        return Forgotten(await asyncio.to_thread(self._leaves.guard.forget), 1, _REMAINS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._inner.client.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._inner.close()


class PrivateUser:
    """A user of Memobase, as :class:`PrivateMemobase` returns them.

    Args:
        inner: a ``User`` or an ``AsyncUser``.
        leaves: the scope of the user.
    """

    def __init__(self, inner: User | AsyncUser, leaves: Leaves) -> None:
        self._inner = inner
        self._leaves = leaves

    @property
    def user_id(self) -> str:
        """The UUID that the server knows the user by."""
        return str(self._inner.user_id)

    @property
    def fields(self) -> dict[str, Any] | None:
        """What the server says of the user, with values."""
        return cast("dict[str, Any] | None", _restored(self._inner.fields, self._leaves))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return _offered(self._inner, self._leaves, _OF_USER, name)


def _offered(inner: Any, leaves: Leaves, table: Mapping[str, tuple[str, ...]], name: str) -> Callable[..., Any]:
    """The method ``name`` of ``inner``, behind the guard."""
    if name.startswith("_"):
        raise AttributeError(name)
    if name not in table:
        raise UnsupportedFormat(f"a method {show_key(name)} of Memobase that memveil does not know; nothing was sent")
    method = getattr(inner, name)

    def arguments(args: tuple[Any, ...], options: Mapping[str, Any]) -> dict[str, Any]:
        given = dict(zip(table[name], args, strict=False))
        if len(given) < len(args) or not given.keys().isdisjoint(options):
            raise UnsupportedFormat(f"too many arguments for '{name}'; name them; nothing was sent")
        unknown = next((each for each in options if each not in table[name]), None)
        if unknown is not None:
            raise UnsupportedFormat(f"an argument {show_key(unknown)} that memveil does not know; nothing was sent")
        given |= options
        return {key: None if value is None else _protected(key, value, leaves) for key, value in given.items()}

    def call(*args: Any, **options: Any) -> Any:
        return _restored(method(**arguments(args, options)), leaves)

    async def call_async(*args: Any, **options: Any) -> Any:
        sent = await asyncio.to_thread(arguments, args, options)
        return await asyncio.to_thread(_restored, await method(**sent), leaves)

    return call_async if inspect.iscoroutinefunction(method) else call


# --- outbound ------------------------------------------------------------------


def _protected(name: str, value: Any, leaves: Leaves) -> Any:
    if name in _IDENTITIES:
        return _identity(_checked(value, str, name), leaves)
    if name in _IDS:
        return _uuid(value, name)
    if name in _TEXTS:
        return leaves.protect_text(_checked(value, str, name), where=name)
    if name in _VALUES:
        return leaves.protect(value, where=name)
    match name:
        case "query":
            return leaves.protect_query(_checked(value, str, name), where=name)
        case "search":
            # The server looks for users by their UUIDs only. A part of one could be a telephone number as well.
            return _identity(_checked(value, str, name), leaves) if value else ""
        case "chats":
            return _messages(_checked(value, list, name), leaves)
        case "blob_data":
            return _blob(value, leaves)
        case _:
            return _setting(value, name)


def _identity(name: str, leaves: Leaves) -> str:
    """A UUID stays; any other name becomes one that nobody can guess, because the label's mark is random."""
    label = leaves.protect_label(name)
    return label if label == name else str(uuid5(_NAMESPACE, label))


def _uuid(value: object, name: str) -> str:
    try:
        return str(UUID(str(value)))
    # It quotes the value.
    except ValueError:
        raise UnsupportedFormat(f"{show_key(name)} is no UUID; nothing was sent") from None


def _messages(messages: Sequence[Any], leaves: Leaves) -> list[dict[str, Any]]:
    given = [
        each.model_dump(exclude_none=True) if isinstance(each, BaseModel) else dict(_checked(each, dict, "messages"))
        for each in messages
    ]
    aliases = [message.pop("alias", None) for message in given]
    moments = [message.pop("created_at", None) for message in given]
    sent = leaves.protect_messages(given)
    for message, alias, moment in zip(sent, aliases, moments, strict=True):
        if alias is not None:
            message["alias"] = leaves.protect({"name": alias}, where="messages")["name"]
        if moment is not None:
            message["created_at"] = _moment(moment)
    return sent


def _moment(value: object) -> str:
    try:
        return datetime.fromisoformat(_checked(value, str, "created_at")).isoformat()
    # It quotes the value.
    except ValueError:
        raise UnsupportedFormat("'created_at' is no date in ISO form; nothing was sent") from None


def _blob(blob: object, leaves: Leaves) -> Blob:
    match blob:
        case ChatBlob():
            changes: dict[str, Any] = {"messages": _messages(blob.messages, leaves)}
        case DocBlob() | CodeBlob():
            changes = {"content": leaves.protect_text(blob.content, where="content")}
        case SummaryBlob():
            changes = {"summary": leaves.protect_text(blob.summary, where="summary")}
        case TranscriptBlob():
            said = [each.model_dump() for each in blob.transcripts]
            texts = [{key: each[key] for key in ("content", "speaker")} for each in said]
            sent = leaves.protect(texts, where="transcripts")
            changes = {"transcripts": [{**each, **text} for each, text in zip(said, sent, strict=True)]}
        case _:
            raise UnsupportedFormat(f"a blob of class {type(blob).__name__}, which is no text; nothing was sent")
    if isinstance(blob, CodeBlob) and blob.language is not None:
        changes["language"] = _setting(blob.language, "language")
    changes["fields"] = leaves.protect(blob.fields, where="fields")
    return cast("Blob", type(blob).model_validate({**changes, "created_at": blob.created_at}))


def _setting(value: Any, name: str) -> Any:
    """A number, a truth value or a word."""
    if isinstance(value, bool | int | float) or (isinstance(value, str) and _WORD.fullmatch(value)):
        return value
    raise UnsupportedFormat(f"{show_key(name)} is neither a number nor a word; nothing was sent")


def _checked(value: Any, kind: type[_T], name: str) -> _T:
    if not isinstance(value, kind):
        raise UnsupportedFormat(f"something else than a {kind.__name__} for {name}; nothing was sent")
    return value


# --- inbound -------------------------------------------------------------------


def _restored(value: Any, leaves: Leaves) -> Any:
    match value:
        case User() | AsyncUser():
            return PrivateUser(value, leaves)
        case BaseModel():
            names = type(value).model_fields
            return value.model_copy(update={name: _restored(getattr(value, name), leaves) for name in names})
        case list():
            return [_restored(item, leaves) for item in cast("list[object]", value)]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            texts = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
            return dataclasses.replace(value, **{name: _restored(item, leaves) for name, item in texts.items()})
        case _:
            return leaves.restore(value)
