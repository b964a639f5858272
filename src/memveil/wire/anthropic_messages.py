"""Anthropic messages: ``POST /v1/messages`` and ``POST /v1/messages/count_tokens``.

Some keys are bound to a first instruction that says which program asks, and is
refused where a letter of it differs. These sentences are known word for word, and
a line with the program's version but for its numbers, so they pass; anything beside
them is read as every other text.
"""

from __future__ import annotations

import re
from typing import cast

from memveil.wire.anthropic_blocks import ANSWERED, SENT, TEXT_BLOCK, TOOL
from memveil.wire.anthropic_stream import MessageStream, error_body
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

# Source: Claude Code 2.1.
_PROGRAM = re.compile(
    r"You are Claude Code, Anthropic's official CLI for Claude(?:, running within the Claude Agent SDK)?\."
    r"|You are a Claude agent, built on Anthropic's Claude Agent SDK\."
    # With the numbers and words of that program only: others could be anything.
    r"|x-anthropic-billing-header: cc_version=[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,4}(?:\.[0-9a-f]{1,8})?;"
    r" cc_entrypoint=[a-z\-]{1,20};"
    r"(?: cch=[0-9a-f]{5};)?(?: cc_workload=[a-z\-]{1,20};)?(?: cc_is_subagent=true;)?"
)


def _instruction(walk: Walk, value: object, where: str) -> object:
    return value if isinstance(value, str) and _PROGRAM.fullmatch(value) else text(walk, value, where)


_CONTENT = either(string=text, items=ListOf(SENT))
_FORMAT = Tagged({"json_schema": Obj({"type": word, "schema": schema})})
_SETTINGS = ("cache_control", "context_management", "diagnostics", "thinking", "tool_choice", "betas", "fallbacks")
_AROUND = apart(
    {
        **dict.fromkeys(("max_tokens", "temperature", "top_k", "top_p"), cast("Field", number)),
        **dict.fromkeys(("inference_geo", "service_tier", "speed", "anthropic_version"), word),
        **dict.fromkeys(_SETTINGS, settings),
        "model": identifier,
        "system": either(string=_instruction, items=ListOf(Tagged({"text": TEXT_BLOCK | {"text": _instruction}}))),
        "container": either(string=identifier, fields=Obj({"id": identifier, "skills": settings})),
        "metadata": Obj({"user_id": text}),
        "output_config": Obj({"effort": word, "format": _FORMAT, "task_budget": settings}),
        "output_format": _FORMAT,
        "stop_sequences": ListOf(text),
        "stream": flag,
        "tools": ListOf(TOOL),
    }
)
_REQUEST = Obj({**_AROUND, "messages": ListOf(Obj({"role": word, "content": _CONTENT}))})
_RESPONSE = Obj({"content": ListOf(ANSWERED), "stop_sequence": text, "error": values})


def map_request(body: object, walk: Outbound) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.map_request`."""
    return cast("dict[str, object]", _REQUEST(walk, check_object(body), ""))


def add_note(body: dict[str, object], note: str) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.add_note`: a block of its own, after the client's.

    Some keys are bound to their first block, so it never comes first.
    """
    system = body.get("system")
    block = {"type": "text", "text": note}
    if isinstance(system, list):
        return {**body, "system": [*cast("list[object]", system), block]}
    if isinstance(system, str) and system:
        return {**body, "system": f"{system}\n\n{note}"}
    return {**body, "system": note}


def wants_stream(body: dict[str, object]) -> bool:
    """See :meth:`memveil.wire.format.Format.wants_stream`."""
    return body.get("stream") is True


def wants_json(body: dict[str, object]) -> bool:
    """See :meth:`memveil.wire.format.Format.wants_json`."""
    config = body.get("output_config")
    inner = cast("dict[str, object]", config).get("format") if isinstance(config, dict) else None
    return inner is not None or body.get("output_format") is not None


def user_of(body: dict[str, object]) -> str | None:
    """See :meth:`memveil.wire.format.Format.user_of`: ``metadata.user_id``."""
    metadata = body.get("metadata")
    user = cast("dict[str, object]", metadata).get("user_id") if isinstance(metadata, dict) else None
    return user if isinstance(user, str) else None


def map_response(body: object, walk: Inbound) -> object:
    """See :meth:`memveil.wire.format.Format.map_response`."""
    return _RESPONSE(walk, body, "")


def begin_stream(walk: Inbound) -> MessageStream:
    """See :meth:`memveil.wire.format.Format.begin_stream`."""
    return MessageStream(walk)
