"""OpenAI responses, ``POST /responses``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from memveil.wire import openai_errors
from memveil.wire.events import as_object
from memveil.wire.fields import (
    Field,
    ListOf,
    Obj,
    Tagged,
    apart,
    check_object,
    either,
    flag,
    identifier,
    number,
    settings,
    text,
    values,
    word,
)
from memveil.wire.openai_responses_items import ITEM, TOOL
from memveil.wire.openai_responses_stream import ResponsesStream
from memveil.wire.schema import schema
from memveil.wire.walks import Inbound, Outbound, Walk

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

_NUMBERS = ["max_output_tokens", "max_tool_calls", "temperature", "top_logprobs", "top_p"]
_FLAGS = ["background", "parallel_tool_calls", "store", "stream"]
_WORDS = ["previous_response_id", "prompt_cache_retention", "service_tier", "truncation"]
_SETTINGS = [
    "access_programs",
    "background_options",
    "context_management",
    "image",
    "include",
    "moderation",
    "prompt_cache_options",
    "reasoning",
    "stream_options",
    "tool_choice",
]
_FORMAT = Tagged(
    {
        "text": Obj({"type": word}),
        "json_object": Obj({"type": word}),
        "json_schema": Obj({"type": word, "name": word, "description": text, "schema": schema, "strict": flag}),
    }
)
_SHARED: Mapping[str, Field] = {
    **dict.fromkeys(_NUMBERS, number),
    **dict.fromkeys(_FLAGS, flag),
    **dict.fromkeys(_WORDS, word),
    **dict.fromkeys(_SETTINGS, settings),
    "model": identifier,
    "conversation": either(string=identifier, fields=Obj({"id": identifier})),
    "instructions": either(string=text, items=ListOf(ITEM)),
    "metadata": values,
    "client_metadata": values,  # of Codex
    "prompt": Obj({"id": identifier, "version": word, "variables": values}),
    "prompt_cache_key": text,
    "safety_identifier": text,
    "text": Obj({"format": _FORMAT, "verbosity": word}),
    "tools": ListOf(TOOL),
    "user": text,
}
_REQUEST = Obj({**apart(_SHARED), "input": either(string=text, items=ListOf(ITEM))})


def _item(walk: Walk, value: object, where: str) -> object:
    """An item of the answer; log-probabilities describe placeholders, so they go where a text was restored."""
    mapped = ITEM(walk, value, where)
    if mapped == value or not isinstance(mapped, dict):
        return mapped
    item = cast("dict[str, object]", mapped)
    parts = item.get("content")
    if not isinstance(parts, list):
        return item
    return {**item, "content": [_without_logprobs(part) for part in cast("list[object]", parts)]}


def _without_logprobs(part: object) -> object:
    fields = as_object(part)
    return {**fields, "logprobs": []} if "logprobs" in fields else part


_RESPONSE = Obj({**_SHARED, "output": ListOf(_item), "output_text": text, "error": values})


def map_request(body: object, walk: Outbound) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.map_request`."""
    return cast("dict[str, object]", _REQUEST(walk, check_object(body), ""))


def add_note(body: dict[str, object], note: str) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.add_note`: at the end of the instructions.

    Not where a stored prompt brings its own instructions, which these would replace.
    """
    instructions = body.get("instructions")
    if instructions is None:
        return body if body.get("prompt") is not None else {**body, "instructions": note}
    if isinstance(instructions, str):
        return {**body, "instructions": f"{instructions}\n\n{note}" if instructions else note}
    return body


def wants_stream(body: dict[str, object]) -> bool:
    """See :meth:`memveil.wire.format.Format.wants_stream`."""
    return body.get("stream") is True


def wants_json(body: dict[str, object]) -> bool:
    """See :meth:`memveil.wire.format.Format.wants_json`."""
    ordered = body.get("text")
    if not isinstance(ordered, dict):
        return False
    form = cast("dict[str, object]", ordered).get("format")
    return isinstance(form, dict) and cast("dict[str, object]", form).get("type") in {"json_object", "json_schema"}


def user_of(body: dict[str, object]) -> str | None:
    """See :meth:`memveil.wire.format.Format.user_of`."""
    user = body.get("user")
    return user if isinstance(user, str) else None


def map_response(body: object, walk: Inbound) -> object:
    """See :meth:`memveil.wire.format.Format.map_response`."""
    return _RESPONSE(walk, _without_note(body, walk.note), "")


def _without_note(body: object, note: str) -> object:
    """The response without what :func:`add_note` had added: the client reads the instructions that it gave."""
    instructions = as_object(body).get("instructions")
    if not note or not isinstance(instructions, str) or not instructions.endswith(note):
        return body
    own = instructions.removesuffix(note).removesuffix("\n\n")
    return {**as_object(body), "instructions": own or None}


def begin_stream(walk: Inbound) -> ResponsesStream:
    """See :meth:`memveil.wire.format.Format.begin_stream`."""
    return ResponsesStream(walk, map_item=_item, map_response=map_response)
