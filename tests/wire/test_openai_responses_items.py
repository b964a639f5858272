from __future__ import annotations

import pytest

from memveil.errors import UnsupportedFormat
from memveil.wire.openai_responses_items import ITEM, PART, TOOL
from tests.wire.veil import outbound


@pytest.mark.parametrize("kind", ["computer_call_output", "image_generation_call"])
def test_pictures_of_screens_and_drawings_are_media(kind: str) -> None:
    item = {"type": kind, "call_id": "c", "output": {"type": "computer_screenshot", "image_url": "data:"}}

    with pytest.raises(UnsupportedFormat):
        ITEM(outbound(), item, "x")
    assert ITEM(outbound(allows_media=True), item, "x") == item


def test_what_a_user_typed_on_a_screen_is_text() -> None:
    call = {
        "type": "computer_call",
        "call_id": "c",
        "actions": [{"type": "type", "text": "Ines Larsen"}, {"type": "click", "x": 1, "y": 2, "button": "left"}],
    }

    sent = ITEM(outbound(), call, "x")

    assert sent == {**call, "actions": [{"type": "type", "text": "<Person_1>"}, call["actions"][1]]}


def test_tools_of_a_namespace_are_tools() -> None:
    tool = {
        "type": "namespace",
        "name": "mail",
        "description": "of Ines Larsen",
        "tools": [{"type": "function", "name": "send", "description": "Ines Larsen"}],
    }

    assert TOOL(outbound(), tool, "x") == {
        **tool,
        "description": "of <Person_1>",
        "tools": [{"type": "function", "name": "send", "description": "<Person_1>"}],
    }


@pytest.mark.parametrize("kind", ["input_text", "text", "summary_text", "reasoning_text"])
def test_parts_of_text(kind: str) -> None:
    assert PART(outbound(), {"type": kind, "text": "Ines Larsen"}, "x") == {"type": kind, "text": "<Person_1>"}
