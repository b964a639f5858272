"""OpenAI embeddings, ``POST /embeddings``. Arrays of tokens cannot be read, so they are refused."""

from __future__ import annotations

from typing import cast

from memveil.wire import openai_errors
from memveil.wire.events import event_of
from memveil.wire.fields import ListOf, Obj, check_object, either, identifier, number, text, values, word
from memveil.wire.sse import Event
from memveil.wire.walks import Inbound, Outbound

__all__ = [
    "add_note",
    "begin_stream",
    "error_body",
    "map_request",
    "map_response",
    "user_of",
    "wants_json",
    "wants_stream",
]

error_body = openai_errors.error_body

_REQUEST = Obj(
    {
        "model": identifier,
        "input": either(string=text, items=ListOf(text)),
        "dimensions": number,
        "encoding_format": word,
        "user": text,
        # Of servers with models that tell questions from documents.
        "input_type": word,
        "truncate": word,
    }
)
_RESPONSE = Obj({"error": values})


def map_request(body: object, walk: Outbound) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.map_request`."""
    return cast("dict[str, object]", _REQUEST(walk, check_object(body), ""))


def add_note(body: dict[str, object], note: str) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.add_note`: nobody reads instructions here."""
    del note
    return body


def wants_stream(body: dict[str, object]) -> bool:
    """See :meth:`memveil.wire.format.Format.wants_stream`: there is none."""
    del body
    return False


def wants_json(body: dict[str, object]) -> bool:
    """See :meth:`memveil.wire.format.Format.wants_json`: the answer holds no text."""
    del body
    return False


def user_of(body: dict[str, object]) -> str | None:
    """See :meth:`memveil.wire.format.Format.user_of`."""
    user = body.get("user")
    return user if isinstance(user, str) else None


def map_response(body: object, walk: Inbound) -> object:
    """See :meth:`memveil.wire.format.Format.map_response`: vectors, which stay as they are."""
    return _RESPONSE(walk, body, "")


class _NoStream:
    """See :class:`memveil.wire.format.StreamMapper`: there is none, so what comes is handed on."""

    is_complete = True

    def feed(self, event: Event) -> list[Event]:
        return [event]

    def fork(self) -> _NoStream:
        return self

    def flush(self) -> list[Event]:
        return []

    def fail(self, message: str) -> list[Event]:
        return [event_of(error_body(502, message))]


def begin_stream(walk: Inbound) -> _NoStream:
    """See :meth:`memveil.wire.format.Format.begin_stream`."""
    del walk
    return _NoStream()
