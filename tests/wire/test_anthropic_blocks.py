from __future__ import annotations

from typing import Any

import pytest

from memveil.errors import UnsupportedFormat
from memveil.wire.anthropic_blocks import ANSWERED, SENT, TEXT_BLOCK, TOOL
from tests.wire.veil import inbound, outbound, private_in

NAME = "Ines Larsen"
BLOCKS: list[dict[str, Any]] = [
    {"type": "text", "text": NAME, "cache_control": {"type": "ephemeral", "ttl": "1h"}, "citations": [{"type": "char_location", "cited_text": NAME, "document_index": 0, "document_title": NAME, "start_char_index": 0, "end_char_index": 3}]},
    {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": NAME}, "title": NAME, "context": NAME, "citations": {"enabled": True}},
    {"type": "document", "source": {"type": "content", "content": [{"type": "text", "text": NAME}]}},
    {"type": "search_result", "source": "https://x.example", "title": NAME, "content": [{"type": "text", "text": NAME}]},
    {"type": "tool_use", "id": "toolu_1", "name": "send", "input": {"to": NAME, "n": [4790041773]}, "caller": {"type": "direct"}},
    {"type": "tool_result", "tool_use_id": "toolu_1", "content": NAME, "is_error": False},
    {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": NAME}, {"type": "document", "source": {"type": "text", "data": NAME}}]},
    {"type": "server_tool_use", "id": "srv_1", "name": "web_search", "input": {"query": NAME}},
    {"type": "web_search_tool_result", "tool_use_id": "srv_1", "content": [{"type": "web_search_result", "title": NAME, "url": "https://x", "encrypted_content": "aGk=", "page_age": "1 day"}]},
    {"type": "web_search_tool_result", "tool_use_id": "srv_1", "content": {"type": "web_search_tool_result_error", "error_code": "unavailable"}},
    {"type": "web_fetch_tool_result", "tool_use_id": "srv_1", "content": {"type": "web_fetch_result", "url": "https://x", "content": {"type": "document", "source": {"type": "text", "data": NAME}}}},
    {"type": "bash_code_execution_tool_result", "tool_use_id": "srv_1", "content": {"type": "bash_code_execution_result", "stdout": NAME, "stderr": "", "return_code": 0, "content": []}},
    {"type": "text_editor_code_execution_tool_result", "tool_use_id": "srv_1", "content": {"type": "x", "content": NAME, "lines": [NAME], "num_lines": 3}},
    {"type": "tool_search_tool_result", "tool_use_id": "srv_1", "content": {"type": "x", "tool_references": [{"type": "tool_reference", "tool_name": "send"}]}},
    {"type": "thinking", "thinking": "of <Person_1>", "signature": "c2ln"},
    {"type": "compaction", "content": NAME},
    {"type": "redacted_thinking", "data": "ZGF0YQ=="},
]  # fmt: skip


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block["type"])
def test_blocks_go_out_without_values_and_signed_parts_stay(block: dict[str, Any]) -> None:
    sent: Any = SENT(outbound(), block, "x")

    assert private_in(sent) == []
    assert list(sent) == list(block)
    if "thinking" in block["type"]:
        assert sent == block


@pytest.mark.parametrize(
    "block",
    [
        {"type": "image", "source": {"type": "base64", "data": "AA"}},
        {"type": "document", "source": {"type": "base64", "data": "AA"}},
        {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "image", "source": {}}]},
    ],
)
def test_media_stay_here_unless_allowed(block: dict[str, Any]) -> None:
    walk = outbound(allows_media=True)

    with pytest.raises(UnsupportedFormat, match="an image, a sound or a file"):
        SENT(outbound(), block, "x")
    assert SENT(walk, block, "x") == block
    assert walk.media_count == 1


@pytest.mark.parametrize(
    "block",
    [
        {"type": "telepathy"},
        {"type": "mcp_tool_use", "input": {}},
        {"type": "text", "text": "x", "aside": NAME},
        {"type": "tool_use", "id": NAME},
        {"type": "document", "source": {"type": "dream"}},
    ],
)
def test_unknown_blocks_are_refused_outbound_and_kept_inbound(block: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedFormat):
        SENT(outbound(), block, "x")
    assert ANSWERED(inbound(), block, "x") == block


@pytest.mark.parametrize(
    "tool",
    [
        {
            "name": "send",
            "description": NAME,
            "input_schema": {"properties": {"to": {"default": NAME}}},
            "input_examples": [{"to": NAME}],
        },
        {"type": "custom", "name": "send", "input_schema": {}, "strict": True},
        {
            "type": "web_search_20250305",
            "name": "web_search",
            "max_uses": 3,
            "allowed_domains": ["x.example"],
            "user_location": {"type": "approximate", "city": NAME},
        },
        {"type": "bash_20250124", "name": "bash"},
        {"type": "text_editor_20250728", "name": "str_replace_based_edit_tool", "max_characters": 9},
        {"type": "computer_20250124", "name": "computer", "display_width_px": 1, "display_height_px": 1},
        {"type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex"},
        {"type": "memory_20250818", "name": "memory"},
    ],
)
def test_tools_keep_their_shape_without_values(tool: dict[str, Any]) -> None:
    sent: Any = TOOL(outbound(), tool, "x")

    assert private_in(sent) == []
    assert list(sent) == list(tool)


def test_hosted_mcp_servers_are_refused() -> None:
    with pytest.raises(UnsupportedFormat):
        TOOL(outbound(), {"type": "mcp_toolset", "mcp_server_name": "x"}, "x")
    assert TEXT_BLOCK(outbound(), {"type": "text", "text": NAME}, "x") == {"type": "text", "text": "<Person_1>"}
