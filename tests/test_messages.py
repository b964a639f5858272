from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import InputError, MemveilError, UnsupportedFormat
from memveil.messages import map_messages

CALL = {
    "id": "call_7",
    "type": "function",
    "function": {"name": "send_mail", "arguments": '{"to": "Ines", "urgent": true}'},
}
DIALOGUE: list[dict[str, Any]] = [
    {"role": "system", "content": "Help Ines."},
    {"role": "developer", "content": [{"type": "text", "text": "Ines likes boats"}]},
    {"role": "user", "name": "Ines", "content": [{"type": "input_text", "text": "I am Ines"}]},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [CALL],
        "refusal": None,
        "annotations": [],
        "audio": None,
    },
    {"role": "tool", "tool_call_id": "call_7", "name": "send_mail", "content": "sent to Ines"},
    {"role": "assistant", "content": [{"type": "output_text", "text": "Done, Ines", "annotations": []}]},
    {
        "role": "assistant",
        "content": [{"type": "refusal", "refusal": "No, Ines"}],
        "reasoning_content": "Ines?",
    },
    {"role": "assistant", "refusal": "Not for Ines"},
    {"role": "assistant", "function_call": {"name": "find", "arguments": '{"q":"Ines"}'}},
    {"role": "function", "name": "find", "content": "Ines found"},
    {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": "c", "index": 0, "type": "custom", "custom": {"name": "sh", "input": "echo Ines"}}],
    },
]


def veil(role: str, text: str) -> str:
    return text.replace("Ines", f"<{role}>")


def test_every_text_of_a_dialogue_is_exchanged_and_nothing_else() -> None:
    before = copy.deepcopy(DIALOGUE)

    mapped = map_messages(DIALOGUE, veil)

    expected = json.dumps(before)
    assert "Ines" not in json.dumps(mapped)
    assert [list(message) for message in mapped] == [list(message) for message in before]
    assert (
        json.dumps(map_messages(mapped, lambda role, text: text.replace(f"<{role}>", "Ines"))).replace(
            '{\\"to\\":\\"Ines\\",\\"urgent\\":true}', '{\\"to\\": \\"Ines\\", \\"urgent\\": true}'
        )
        == expected
    )
    assert before == DIALOGUE


def test_the_function_is_told_the_role() -> None:
    roles: list[str] = []

    map_messages(DIALOGUE, lambda role, text: roles.append(role) or text)

    assert list(dict.fromkeys(roles)) == ["system", "developer", "user", "assistant", "tool", "function"]


def test_a_value_inside_arguments_is_escaped_as_json() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"who": "Ines"}'}}

    mapped = map_messages(
        [{"role": "assistant", "content": None, "tool_calls": [call]}],
        lambda _role, text: text.replace("Ines", 'I"n\\es\n'),
    )

    arguments = mapped[0]["tool_calls"][0]["function"]["arguments"]
    assert json.loads(arguments) == {"who": 'I"n\\es\n'}


def test_empty_arguments_stay_empty() -> None:
    call = {"id": "1", "type": "function", "function": {"name": "f", "arguments": ""}}

    assert map_messages([{"role": "assistant", "tool_calls": [call]}], veil)[0]["tool_calls"] == [call]


def test_no_tool_calls_may_be_said_with_null() -> None:
    message = {"role": "assistant", "content": "hi", "tool_calls": None, "function_call": None}

    assert map_messages([message], veil) == [message]


@given(st.lists(st.fixed_dictionaries({"role": st.sampled_from(["user", "system"]), "content": st.text()})))
def test_any_texts_come_through_in_order(messages: list[dict[str, Any]]) -> None:
    seen: list[str] = []

    assert map_messages(messages, lambda _role, text: seen.append(text) or text) == messages
    assert seen == [message["content"] for message in messages]


def assistant(**fields: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": "x", **fields}


def with_call(**fields: Any) -> dict[str, Any]:
    return assistant(tool_calls=[{"id": "1", "type": "function", **fields}])


REFUSED: list[tuple[Any, type[MemveilError], str]] = [
    ({"role": "user", "content": "x", "image": "y"}, UnsupportedFormat, r"'image' .* at messages\[0\];"),
    ({"role": "user", "content": "x", "Ines L.": "y"}, UnsupportedFormat, r"a key of 7 characters"),
    ({"role": "robot", "content": "x"}, UnsupportedFormat, r"messages\[0\]\.role"),
    ({"role": ["user"], "content": "x"}, UnsupportedFormat, r"messages\[0\]\.role"),
    ({"content": "x"}, UnsupportedFormat, r"messages\[0\]\.role"),
    ({"role": "user"}, InputError, r"no content at messages\[0\]"),
    ({"role": "user", "content": None}, InputError, r"null at messages\[0\]\.content"),
    ({"role": "user", "content": 5}, InputError, r"a number at messages\[0\]\.content"),
    ({"role": "user", "content": ["x"]}, InputError, r"text at messages\[0\]\.content\[0\] where an object"),
    (
        {"role": "user", "content": [{"type": "image_url", "image_url": {}}]},
        UnsupportedFormat,
        r"content\[0\]",
    ),
    ({"role": "user", "content": [{"text": "x"}]}, UnsupportedFormat, r"part that is not of type text"),
    ({"role": "user", "content": [{"type": "text"}]}, InputError, r"no text at messages\[0\]\.content\[0\]"),
    ({"role": "user", "content": [{"type": "text", "text": 7}]}, InputError, r"content\[0\]\.text"),
    ({"role": "user", "content": [{"type": "text", "text": "x", "url": ""}]}, UnsupportedFormat, r"'url'"),
    (
        {"role": "user", "content": [{"type": "output_text", "text": "x", "annotations": [1]}]},
        UnsupportedFormat,
        "'ann",
    ),
    ({"role": "user", "content": "x", "tool_calls": []}, UnsupportedFormat, "'tool_calls'"),
    ({"role": "user", "content": "x", "tool_call_id": "1"}, UnsupportedFormat, "'tool_call_id'"),
    ({"role": "tool", "content": "x", "tool_call_id": "Ines Larsen"}, UnsupportedFormat, "an id"),
    ({"role": "tool", "content": "x", "tool_call_id": 7}, InputError, "an id"),
    ({"role": "tool", "content": "x", "name": "Ines Larsen"}, UnsupportedFormat, "a function name"),
    (assistant(audio={"id": "a"}), UnsupportedFormat, "'audio'"),
    (assistant(audio=0), UnsupportedFormat, "'audio'"),
    (assistant(annotations=[{"url": "x"}]), UnsupportedFormat, "'annotations'"),
    (assistant(tool_calls="x"), InputError, r"text at messages\[0\]\.tool_calls where a list"),
    (assistant(tool_calls=[{"surprise": 1}]), UnsupportedFormat, "'surprise'"),
    (assistant(tool_calls=[{"type": "web_search"}]), UnsupportedFormat, "'type'"),
    (assistant(tool_calls=[{"index": True}]), UnsupportedFormat, "'index'"),
    (with_call(function={"name": "f", "arguments": "{oops"}), UnsupportedFormat, r"function\.arguments"),
    (
        with_call(function={"name": "f", "arguments": {"a": 1}}),
        InputError,
        r"an object at .*function\.arguments",
    ),
    (with_call(function={"name": "f g", "arguments": "{}"}), UnsupportedFormat, "a function name"),
    (with_call(function={"name": "f", "arguments": "{}", "note": "x"}), UnsupportedFormat, "'note'"),
    (with_call(custom={"name": "f", "input": 7}), InputError, r"custom\.input"),
    ("hello", InputError, r"text at messages\[0\] where an object is expected"),
    ({1: "x"}, InputError, "a key that is no text"),
]


@pytest.mark.parametrize(("message", "error", "pattern"), REFUSED)
def test_what_is_not_known_is_refused_with_its_place(message: Any, error: type[MemveilError], pattern: str) -> None:
    with pytest.raises(error, match=pattern):
        map_messages([message], veil)
