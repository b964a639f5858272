"""OpenAI chat completions, ``POST /chat/completions``, and what speaks the same language.

Source: the parameters and objects of the ``openai`` SDK, 3.54. Numbers and
flags of other servers are known where they are common.
"""

from __future__ import annotations

from typing import cast

from memveil.wire import openai_errors
from memveil.wire.events import as_object
from memveil.wire.fields import (
    ListOf,
    Obj,
    Tagged,
    answer,
    apart,
    check_object,
    document,
    either,
    flag,
    identifier,
    media,
    number,
    opaque,
    sealed,
    settings,
    text,
    tool_call,
    tool_result,
    values,
    word,
)
from memveil.wire.openai_chat_stream import ChatStream
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

_MARKS = {"cache_control": settings, "prompt_cache_breakpoint": settings}
_TEXT = Obj({"type": word, "text": text, **_MARKS})
_ANSWER = Obj({"type": word, "text": answer, **_MARKS})
_REFUSAL = Obj({"type": word, "refusal": text})
_PARTS = Tagged(
    {
        "text": _TEXT,
        "refusal": _REFUSAL,
        "image_url": media,
        "input_audio": media,
        "file": media,
        "video_url": media,
    }
)
_CONTENT = either(string=text, items=ListOf(_PARTS))
_ANSWER_CONTENT = either(string=answer, items=ListOf(Tagged({"text": _ANSWER, "refusal": _REFUSAL})))

_ANNOTATIONS = ListOf(
    Tagged(
        {
            "url_citation": Obj(
                {
                    "type": word,
                    "url_citation": Obj({"start_index": number, "end_index": number, "title": text, "url": text}),
                }
            )
        }
    )
)
_TOOL_CALL_KEYS = Obj(
    {
        "id": identifier,
        "type": word,
        "index": number,
        "function": tool_call({"name": word}, goes_in={"arguments": document}),
        "custom": tool_call({"name": word}, goes_in={"input": text}),
        "extra_content": Obj({"google": Obj({"thought_signature": opaque})}),
    }
)


def _tool_call(walk: Walk, value: object, where: str) -> object:
    """A call, whose id stands one level above the name of its tool."""
    call = as_object(value)
    name = as_object(call.get("function") or call.get("custom")).get("name")
    walk.called(str(call.get("id", "")), str(name))
    return _TOOL_CALL_KEYS(walk, value, where)


# Reasoning in the form of OpenRouter: signed or encrypted, so it stays as it is.
_REASONING = Tagged(
    {
        kind: Obj(
            {"type": word, "id": identifier, "format": word, "index": number, "signature": opaque}
            | {"text": sealed, "summary": sealed, "data": opaque}
        )
        for kind in ("reasoning.text", "reasoning.summary", "reasoning.encrypted")
    }
)
_WRITTEN = Obj({"role": word, "content": _CONTENT, "name": text, **_MARKS})
_ASSISTANT = Obj(
    {
        "role": word,
        "content": _ANSWER_CONTENT,
        "name": text,
        "refusal": text,
        "reasoning": text,
        "reasoning_content": text,
        "reasoning_details": ListOf(_REASONING),
        "tool_calls": ListOf(_tool_call),
        "function_call": tool_call({"name": word}, goes_in={"arguments": document}),
        "annotations": _ANNOTATIONS,
        "audio": media,
        "prefix": flag,
        **_MARKS,
    }
)
_TOOL = tool_result(
    {"role": word, "name": word, "tool_call_id": identifier, **_MARKS},
    comes_out={"content": _CONTENT},
    call="tool_call_id",
)
_MESSAGE = Tagged(
    {
        "system": _WRITTEN,
        "developer": _WRITTEN,
        "user": _WRITTEN,
        "assistant": _ASSISTANT,
        "tool": _TOOL,
        "function": _TOOL,
    },
    tag="role",
)

_FUNCTION = Obj({"name": word, "description": text, "parameters": schema, "strict": flag})
_TOOLS = Tagged(
    {
        "function": Obj({"type": word, "function": _FUNCTION, **_MARKS}),
        "custom": Obj(
            {
                "type": word,
                "custom": Obj(
                    {
                        "name": word,
                        "description": text,
                        "format": Obj({"type": word, "grammar": Obj({"syntax": word, "definition": text})}),
                    }
                ),
            }
        ),
    }
)
_NUMBERS = [
    "frequency_penalty",
    "max_completion_tokens",
    "max_tokens",
    "min_p",
    "n",
    "presence_penalty",
    "repetition_penalty",
    "seed",
    "temperature",
    "top_k",
    "top_logprobs",
    "top_p",
]
_FLAGS = ["enable_thinking", "logprobs", "parallel_tool_calls", "store", "stream"]
_WORDS = ["prompt_cache_retention", "reasoning_effort", "service_tier", "verbosity"]
_SETTINGS = [
    "function_call",
    "logit_bias",
    "modalities",
    "moderation",
    "prompt_cache_options",
    "reasoning",
    "stream_options",
    "thinking",
    "tool_choice",
]

_AROUND = apart(
    {
        **dict.fromkeys(_NUMBERS, number),
        **dict.fromkeys(_FLAGS, flag),
        **dict.fromkeys(_WORDS, word),
        **dict.fromkeys(_SETTINGS, settings),
        "model": identifier,
        "audio": media,
        "functions": ListOf(_FUNCTION),
        "metadata": values,
        "prediction": Obj({"type": word, "content": _CONTENT}),
        "prompt_cache_key": text,
        "response_format": Tagged(
            {
                "text": Obj({"type": word}),
                "json_object": Obj({"type": word}),
                "json_schema": Obj(
                    {
                        "type": word,
                        "json_schema": Obj({"name": word, "description": text, "schema": schema, "strict": flag}),
                    }
                ),
            }
        ),
        "safety_identifier": text,
        "stop": either(string=text, items=ListOf(text)),
        "tools": ListOf(_TOOLS),
        "user": text,
        "chat_template_kwargs": values,
        "web_search_options": Obj(
            {
                "search_context_size": word,
                "user_location": Obj(
                    {
                        "type": word,
                        "approximate": Obj({"city": text, "country": text, "region": text, "timezone": word}),
                    }
                ),
            }
        ),
    }
)
_REQUEST = Obj({**_AROUND, "messages": ListOf(_MESSAGE)})


def map_request(body: object, walk: Outbound) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.map_request`."""
    return cast("dict[str, object]", _REQUEST(walk, check_object(body), ""))


def add_note(body: dict[str, object], note: str) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.add_note`: at the end of the first instruction, or before everything."""
    messages = body.get("messages")
    if not isinstance(messages, list):
        return body
    written = cast("list[dict[str, object]]", messages)
    if not written or written[0].get("role") not in {"system", "developer"}:
        return {**body, "messages": [{"role": "system", "content": note}, *written]}
    first, *rest = written
    content = first.get("content")
    if isinstance(content, list):
        noted: object = [*cast("list[object]", content), {"type": "text", "text": note}]
    else:
        noted = f"{content}\n\n{note}" if content else note
    return {**body, "messages": [{**first, "content": noted}, *rest]}


def wants_stream(body: dict[str, object]) -> bool:
    """See :meth:`memveil.wire.format.Format.wants_stream`."""
    return body.get("stream") is True


def wants_json(body: dict[str, object]) -> bool:
    """See :meth:`memveil.wire.format.Format.wants_json`."""
    ordered = body.get("response_format")
    return isinstance(ordered, dict) and cast("dict[str, object]", ordered).get("type") in {
        "json_object",
        "json_schema",
    }


def user_of(body: dict[str, object]) -> str | None:
    """See :meth:`memveil.wire.format.Format.user_of`."""
    user = body.get("user")
    return user if isinstance(user, str) else None


def _choice(walk: Walk, value: object, where: str) -> object:
    mapped = _CHOICE(walk, value, where)
    if not isinstance(value, dict) or not isinstance(mapped, dict):
        return mapped
    before, after = cast("dict[str, object]", value), cast("dict[str, object]", mapped)
    # They would describe the placeholders, token by token, and not the text that is read.
    is_same = before.get("message") == after.get("message")
    return after if is_same or "logprobs" not in after else {**after, "logprobs": None}


def _raw(walk: Walk, value: object, where: str) -> object:
    del walk, where
    return value


_CHOICE = Obj({"message": _ASSISTANT, "logprobs": _raw})
_RESPONSE = Obj({"choices": ListOf(_choice), "error": values, "metadata": values})


def map_response(body: object, walk: Inbound) -> object:
    """See :meth:`memveil.wire.format.Format.map_response`."""
    return _RESPONSE(walk, body, "")


def begin_stream(walk: Inbound) -> ChatStream:
    """See :meth:`memveil.wire.format.Format.begin_stream`."""
    return ChatStream(walk)
