"""The items of OpenAI's Responses API: what goes in, what comes out, and comes in again.

Source: the types of the ``openai`` SDK, 3.54. Items of hosted MCP servers are
not in the tables: they carry credentials of third parties. Pictures of screens
are media.
"""

from __future__ import annotations

from memveil.wire.fields import (
    ListOf,
    Obj,
    Tagged,
    answer,
    document,
    either,
    flag,
    identifier,
    media,
    number,
    opaque,
    settings,
    text,
    tool_call,
    tool_result,
    values,
    word,
)
from memveil.wire.schema import schema

__all__ = ["ITEM", "PART", "TOOL"]

_MARKS = {"prompt_cache_breakpoint": settings}
_ANNOTATION = Obj(
    {
        "type": word,
        "file_id": identifier,
        "container_id": identifier,
        "filename": text,
        "title": text,
        "url": text,
        "index": number,
        "start_index": number,
        "end_index": number,
    }
)
_LOGPROBS = settings  # empty in what comes back to the upstream: see openai_responses.py
_SUMMARY = Obj({"type": word, "text": text})

PART = Tagged(
    {
        "input_text": Obj({"type": word, "text": text, **_MARKS}),
        "output_text": Obj(
            {"type": word, "text": answer, "annotations": ListOf(_ANNOTATION), "logprobs": _LOGPROBS, **_MARKS}
        ),
        "text": Obj({"type": word, "text": text}),
        "refusal": Obj({"type": word, "refusal": text}),
        "summary_text": _SUMMARY,
        "reasoning_text": _SUMMARY,
        "input_image": media,
        "input_file": media,
        "input_audio": media,
        "computer_screenshot": media,
    }
)
_CONTENT = either(string=text, items=ListOf(PART))

_COMMON = {"type": word, "id": identifier, "status": word, "created_by": identifier}
_CALL = {**_COMMON, "call_id": identifier, "caller": settings, "namespace": word, "async": flag}
_SHELL_OUTCOME = Obj({"stdout": text, "stderr": text, "outcome": settings, "created_by": identifier})
_WEB_ACTION = Obj(
    {
        "type": word,
        "query": text,
        "queries": ListOf(text),
        "url": text,
        "pattern": text,
        "sources": ListOf(Obj({"type": word, "url": text, "name": text})),
    }
)
_FOUND = Obj({"file_id": identifier, "filename": text, "score": number, "text": text, "attributes": values})
_FUNCTION = {
    "type": word,
    "name": word,
    "description": text,
    "parameters": schema,
    "output_schema": schema,
    "strict": flag,
    "async": flag,
    "defer_loading": flag,
    "allowed_callers": settings,
}
_HOSTED = settings
_CUSTOM = Obj(
    {
        "type": word,
        "name": word,
        "description": text,
        "format": Obj({"type": word, "syntax": word, "definition": text}),
        "defer_loading": flag,
        "allowed_callers": settings,
    }
)

TOOL = Tagged(
    {
        "function": Obj(_FUNCTION),
        "custom": _CUSTOM,
        "namespace": Obj(
            {
                "type": word,
                "name": word,
                "description": text,
                "tools": ListOf(Tagged({"function": Obj(_FUNCTION), "custom": _CUSTOM})),
            }
        ),
        "apply_patch": _HOSTED,
        "computer": _HOSTED,
        "computer_use": _HOSTED,
        "file_search": Obj(
            {
                "type": word,
                "vector_store_ids": ListOf(identifier),
                "filters": values,
                "max_num_results": number,
                "ranking_options": settings,
            }
        ),
        "image_generation": Obj(
            {
                **dict.fromkeys(("type", "action", "background", "complexity", "input_fidelity"), word),
                **dict.fromkeys(("model", "moderation", "output_format", "quality", "size"), word),
                **dict.fromkeys(("output_compression", "partial_images"), number),
                "input_image_mask": media,
            }
        ),
        "local_shell": _HOSTED,
        "programmatic_tool_calling": _HOSTED,
        "tool_search": Obj({"type": word, "description": text, "execution": word, "parameters": schema}),
        "web_search": Obj(
            {
                "type": word,
                "external_web_access": flag,
                "filters": settings,
                "search_context_size": word,
                "user_location": Obj({"type": word, "city": text, "country": text, "region": text, "timezone": word}),
            }
        ),
        # Containers of their own have secrets and files: only those without settings of theirs are known.
        "code_interpreter": Obj({"type": word, "container": either(string=identifier, fields=Obj({"type": word}))}),
        "shell": Obj({"type": word, "environment": Obj({"type": word}), "allowed_callers": settings}),
    }
)

_ACTION = Obj(
    {
        **dict.fromkeys(("type", "button"), word),
        **dict.fromkeys(("x", "y", "scroll_x", "scroll_y"), number),
        "keys": ListOf(text),
        "path": ListOf(Obj({"x": number, "y": number})),
        "text": text,
    }
)
ITEM = Tagged(
    {
        "message": Obj({**_COMMON, "role": word, "content": _CONTENT, "phase": word, "name": text}),
        "function_call": tool_call({**_CALL, "name": word}, goes_in={"arguments": document}),
        "function_call_output": tool_result({**_CALL, "name": word}, comes_out={"output": _CONTENT}),
        "custom_tool_call": tool_call({**_CALL, "name": word}, goes_in={"input": text}),
        "custom_tool_call_output": tool_result({**_CALL, "name": word}, comes_out={"output": _CONTENT}),
        "reasoning": Obj(
            {
                **_COMMON,
                "summary": ListOf(_SUMMARY),
                "content": ListOf(_SUMMARY),
                "encrypted_content": opaque,
            }
        ),
        "item_reference": Obj(_COMMON),
        "compaction": Obj({**_COMMON, "encrypted_content": opaque}),
        "web_search_call": Obj({**_COMMON, "action": _WEB_ACTION}),
        "file_search_call": Obj({**_COMMON, "queries": ListOf(text), "results": ListOf(_FOUND)}),
        "code_interpreter_call": Obj(
            {
                **_COMMON,
                "code": text,
                "container_id": identifier,
                "outputs": ListOf(Tagged({"logs": Obj({"type": word, "logs": text}), "image": media})),
            }
        ),
        "image_generation_call": media,
        "local_shell_call": tool_call(
            {**_CALL, "name": word},
            goes_in={
                "action": Obj(
                    {
                        "type": word,
                        "command": ListOf(text),
                        "env": values,
                        "timeout_ms": number,
                        "user": text,
                        "working_directory": text,
                    }
                )
            },
            name="type",
        ),
        "local_shell_call_output": Obj({**_CALL, "output": text}),
        "shell_call": tool_call(
            _CALL,
            goes_in={
                "action": Obj({"commands": ListOf(text), "max_output_length": number, "timeout_ms": number}),
                "environment": settings,
            },
            name="type",
        ),
        "shell_call_output": Obj({**_CALL, "output": ListOf(_SHELL_OUTCOME), "max_output_length": number}),
        "apply_patch_call": tool_call(
            _CALL,
            goes_in={"operation": Obj({"type": word, "path": text, "diff": text})},
            name="type",
        ),
        "apply_patch_call_output": Obj({**_CALL, "output": text}),
        "computer_call": tool_call(
            {**_CALL, "pending_safety_checks": values},
            goes_in={"action": _ACTION, "actions": ListOf(_ACTION)},
            name="type",
        ),
        "computer_call_output": Obj({**_CALL, "output": media, "acknowledged_safety_checks": values}),
        "tool_search_call": Obj({**_CALL, "arguments": values, "execution": word}),
        "tool_search_output": Obj({**_CALL, "tools": ListOf(TOOL), "execution": word}),
    },
    otherwise="message",
)
