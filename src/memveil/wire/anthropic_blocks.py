"""The blocks and tools of Anthropic's messages: what goes in, what comes out, and comes in again.

Source: the types of the ``anthropic`` SDK, 2.12. Blocks of hosted MCP servers
are not in the tables: they carry credentials of third parties. Thinking is
signed: nobody may change it, so it is neither restored nor protected, and it
passes only while it shows nothing private.
"""

from __future__ import annotations

from memveil.wire.fields import (
    Field,
    ListOf,
    Obj,
    Tagged,
    answer,
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
from memveil.wire.schema import schema

__all__ = ["ANSWERED", "SENT", "TEXT_BLOCK", "TOOL"]

_MARKS = {"type": word, "cache_control": settings}
_CALL = {**_MARKS, "id": identifier, "name": word, "caller": settings, "toolset_name": word}
_RESULT = {
    **_MARKS,
    "tool_use_id": identifier,
    "is_error": flag,
    "caller": settings,
    "toolset_name": word,
}

_PLACES = "document_index start_char_index end_char_index start_page_number end_page_number start_block_index"
_CITATION = Obj(
    {
        **dict.fromkeys([*_PLACES.split(), "end_block_index", "search_result_index"], number),
        **dict.fromkeys(["cited_text", "document_title", "title", "url", "source"], text),
        "type": word,
        "encrypted_index": opaque,
        "file_id": identifier,
    }
)
_CITATIONS = either(items=ListOf(_CITATION), fields=Obj({"enabled": flag}))

TEXT_BLOCK = Obj({**_MARKS, "text": text, "citations": _CITATIONS})
_TEXTS = either(string=text, items=ListOf(Tagged({"text": TEXT_BLOCK})))
_SEARCH_RESULT = Obj({**_MARKS, "content": _TEXTS, "source": text, "title": text, "citations": _CITATIONS})
_DOCUMENT = Obj(
    {
        **_MARKS,
        "source": Tagged(
            {
                "text": Obj({"type": word, "media_type": word, "data": text}),
                "content": Obj(
                    {
                        "type": word,
                        "content": either(string=text, items=ListOf(Tagged({"text": TEXT_BLOCK, "image": media}))),
                    }
                ),
                "base64": media,
                "url": media,
                "file": media,
            }
        ),
        "citations": _CITATIONS,
        "context": text,
        "title": text,
    }
)
_REFERENCE = Obj({**_MARKS, "tool_name": word})
_TOOL_RESULT = tool_result(
    _RESULT,
    comes_out={
        "content": either(
            string=text,
            items=ListOf(
                Tagged(
                    {
                        "text": TEXT_BLOCK,
                        "image": media,
                        "document": _DOCUMENT,
                        "search_result": _SEARCH_RESULT,
                        "tool_reference": _REFERENCE,
                    }
                )
            ),
        )
    },
    call="tool_use_id",
)
# Tools that run at the upstream. What they found is public or was made there.
_FAILED = Obj({"type": word, "error_code": word, "error_message": text})
_FOUND = Obj({"type": word, "title": text, "url": text, "page_age": text, "encrypted_content": opaque})
_RAN = Obj(
    {
        "type": word,
        "stdout": text,
        "encrypted_stdout": opaque,
        "stderr": text,
        "return_code": number,
        "content": ListOf(Obj({"type": word, "file_id": identifier})),
        "error_code": word,
        "error_message": text,
    }
)
_EDITED = Obj(
    {
        **dict.fromkeys(["num_lines", "start_line", "total_lines", "old_start", "old_lines", "new_start"], number),
        "new_lines": number,
        "type": word,
        "file_type": word,
        "content": text,
        "lines": ListOf(text),
        "is_file_update": flag,
        "error_code": word,
        "error_message": text,
    }
)
_SERVER_RESULTS: dict[str, Field] = {
    "web_search_tool_result": Obj({**_RESULT, "content": either(items=ListOf(_FOUND), fields=_FAILED)}),
    "web_fetch_tool_result": Obj(
        {
            **_RESULT,
            "content": Obj({"type": word, "url": text, "retrieved_at": text, "content": _DOCUMENT, "error_code": word}),
        }
    ),
    **dict.fromkeys(
        ["code_execution_tool_result", "bash_code_execution_tool_result"], Obj({**_RESULT, "content": _RAN})
    ),
    "text_editor_code_execution_tool_result": Obj({**_RESULT, "content": _EDITED}),
    "tool_search_tool_result": Obj(
        {
            **_RESULT,
            "content": Obj(
                {
                    "type": word,
                    "tool_references": ListOf(_REFERENCE),
                    "error_code": word,
                    "error_message": text,
                }
            ),
        }
    ),
}
_CALLS: dict[str, Field] = {
    **dict.fromkeys(["tool_use", "server_tool_use"], tool_call(_CALL, goes_in={"input": values}, call="id")),
    "thinking": Obj({**_MARKS, "thinking": sealed, "signature": opaque}),
    "compaction": Obj({**_MARKS, "content": text, "encrypted_content": opaque}),
    "redacted_thinking": Obj({**_MARKS, "data": opaque}),
}

SENT = Tagged(
    {
        "text": TEXT_BLOCK,
        "image": media,
        "document": _DOCUMENT,
        "search_result": _SEARCH_RESULT,
        "tool_result": _TOOL_RESULT,
        "container_upload": media,
        **_CALLS,
        **_SERVER_RESULTS,
    }
)
"""Blocks of a request."""

ANSWERED = Tagged(
    {
        "text": Obj({**_MARKS, "text": answer, "citations": ListOf(_CITATION)}),
        **_CALLS,
        **_SERVER_RESULTS,
    }
)
"""Blocks of an answer."""

_OFFERED = {
    "type": word,
    "name": word,
    "cache_control": settings,
    "defer_loading": flag,
    "strict": flag,
    "allowed_callers": settings,
    "input_examples": values,
}
_LOCATION = Obj({"type": word, "city": text, "country": text, "region": text, "timezone": word})
_WEB = Obj(
    {
        **_OFFERED,
        "max_uses": number,
        "max_content_tokens": number,
        "allowed_domains": settings,
        "blocked_domains": settings,
        "user_location": _LOCATION,
        "citations": _CITATIONS,
        "url_sources": settings,
        "use_cache": flag,
        "response_inclusion": word,
    }
)
_PLAIN = Obj(
    {
        **_OFFERED,
        **dict.fromkeys(["display_width_px", "display_height_px", "display_number", "max_characters"], number),
        "enable_zoom": flag,
        "configs": settings,
    }
)
TOOL = Tagged(
    {
        "custom": Obj({**_OFFERED, "description": text, "input_schema": schema, "eager_input_streaming": flag}),
        **dict.fromkeys(["web_search", "web_fetch"], _WEB),
        **dict.fromkeys(
            ["bash", "text_editor", "computer", "memory", "code_execution", "computer_toolset", "browser_toolset"],
            _PLAIN,
        ),
        "tool_search_tool_bm25": _PLAIN,
        "tool_search_tool_regex": _PLAIN,
    },
    otherwise="custom",
)
"""Tools that a request offers."""
