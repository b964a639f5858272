from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import PolicyError
from memveil.restore import restore
from memveil.wire import openai_chat as chat
from memveil.wire.sse import MalformedStream
from tests.wire.veil import KEPT, REFUSED, VALUES, cut, events, inbound, lookup, run

TEXT = "Dear <Person_1>, write to <Email_1> or <Email_9>, <b>not</b> Email_1. <Per"
ARGUMENTS = json.dumps({"to": "<Email_1>", "at": "<Address_1>", "x": 'a \\ "<Person_1>"'})
HOME = restore(TEXT, lookup)
HOME_ARGUMENTS = {"to": VALUES["<Email_1>"], "at": VALUES["<Address_1>"], "x": f'a \\ "{VALUES["<Person_1>"]}"'}


def chunk(delta: Any, *, index: int = 0, finish: str | None = None, **more: Any) -> dict[str, Any]:
    choice = {"index": index, "delta": delta, "finish_reason": finish, "logprobs": None}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **more}


def call(arguments: str, at: int = 0, **more: Any) -> dict[str, Any]:
    return {"tool_calls": [{"index": at, "function": {"arguments": arguments}, **more}]}


def named(name: str, at: int = 0) -> dict[str, Any]:
    return {
        "tool_calls": [
            {"index": at, "id": f"call_{at}", "type": "function", "function": {"name": name, "arguments": ""}}
        ]
    }


def joined(out: Iterable[Any], field: str = "content", index: int = 0) -> str:
    return "".join(
        choice["delta"].get(field) or ""
        for value in out
        if isinstance(value, dict)
        for choice in value["choices"]
        if choice["index"] == index
    )


def arguments(out: Iterable[Any], at: int = 0, kind: str = "function", slot: str = "arguments") -> str:
    return "".join(
        tool[kind].get(slot) or ""
        for value in out
        if isinstance(value, dict)
        for choice in value["choices"]
        for tool in choice["delta"].get("tool_calls", [])
        if tool["index"] == at
    )


@pytest.mark.parametrize("place", range(len(TEXT) + 1))
def test_text_cut_anywhere_comes_home_whole_before_the_end_marker(place: int) -> None:
    stream = [
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": piece}) for piece in cut(TEXT, place)),
        chunk({}, finish="stop"),
    ]
    mapper = chat.begin_stream(inbound())

    out = run(mapper, events(*stream, "[DONE]"))

    assert joined(out) == HOME
    assert out[-1] == "[DONE]"
    assert out[-2]["choices"][0]["finish_reason"] == "stop"
    assert joined(out[-2:-1]) == ""
    assert mapper.is_complete


@pytest.mark.parametrize("place", range(len(ARGUMENTS) + 1))
def test_arguments_cut_anywhere_come_home_as_json(place: int) -> None:
    pieces = cut(ARGUMENTS, place, place + 3)
    out = run(
        chat.begin_stream(inbound()),
        events(chunk(named("send")), *(chunk(call(piece)) for piece in pieces), chunk({}, finish="tool_calls")),
    )

    assert json.loads(arguments(out)) == HOME_ARGUMENTS


@given(st.lists(st.integers(0, 120), max_size=8), st.lists(st.integers(0, 120), max_size=8), st.data())
def test_choices_fields_and_tools_are_woven_together_and_stay_apart(
    one: list[int], two: list[int], data: st.DataObject
) -> None:
    texts = {
        (0, "content"): [{"content": piece} for piece in cut(TEXT, *one)],
        (0, "reasoning_content"): [{"reasoning_content": piece} for piece in cut(TEXT, *two)],
        (0, "call 0"): [named("send"), *(call(piece) for piece in cut(ARGUMENTS, *two))],
        (0, "call 1"): [named(KEPT, 1), *(call(piece, 1) for piece in cut(ARGUMENTS, *one))],
        (1, "content"): [{"content": piece} for piece in cut(TEXT, *two)],
    }
    stream = []
    while texts:
        key = data.draw(st.sampled_from(sorted(texts)))
        stream.append(chunk(texts[key].pop(0), index=key[0]))
        if not texts[key]:
            del texts[key]
    out = run(
        chat.begin_stream(inbound()),
        events(*stream, chunk({}, finish="stop"), chunk({}, index=1, finish="stop"), "[DONE]"),
    )

    assert joined(out) == joined(out, "reasoning_content") == joined(out, index=1) == HOME
    assert json.loads(arguments(out)) == HOME_ARGUMENTS
    assert arguments(out, 1) == ARGUMENTS


def test_a_last_chunk_with_text_is_sent_before_what_was_held_back() -> None:
    out = run(
        chat.begin_stream(inbound()),
        events(chunk({"content": "a <Per"}), chunk({"content": "son_1> <Em"}, finish="length", usage={"t": 1})),
    )

    assert joined(out) == "a Ines Larsen <Em"
    assert [value["choices"][0]["finish_reason"] for value in out][-1] == "length"
    assert [value.get("usage") for value in out] == [None, None, None, {"t": 1}]
    assert out[1]["id"] == "chatcmpl-1"


def test_nothing_is_held_back_where_no_placeholder_can_begin() -> None:
    mapper = chat.begin_stream(inbound())

    assert [joined(run(mapper, events(chunk({"content": piece})))) for piece in ("Hello ", "there, ", "friend ")] == [
        "Hello ",
        "there, ",
        "friend ",
    ]


def test_usage_chunks_comments_and_unknown_fields_pass() -> None:
    usage = {"id": "1", "choices": [], "usage": {"total_tokens": 5}, "x": "<Person_1>"}

    assert run(chat.begin_stream(inbound()), events(usage)) == [usage]


def test_structured_output_is_escaped() -> None:
    out = run(
        chat.begin_stream(inbound(is_json=True)),
        events(*(chunk({"content": piece}) for piece in cut('{"at":"<Address_1>"}', 9))),
    )

    assert json.loads(joined(out)) == {"at": VALUES["<Address_1>"]}


def test_custom_tools_and_the_old_function_call_are_restored() -> None:
    custom = [
        {"tool_calls": [{"index": 0, "id": "c", "type": "custom", "custom": {"name": "sh", "input": ""}}]},
        {"tool_calls": [{"index": 0, "custom": {"input": "echo <Per"}}]},
    ]
    old = [
        {"function_call": {"name": "send", "arguments": '{"a":"<Per'}},
        {"function_call": {"arguments": 'son_1>"}'}},
        {"function_call": {"arguments": "<Em"}},
    ]

    out = run(chat.begin_stream(inbound()), events(*map(chunk, custom), chunk({}, finish="tool_calls")))
    assert arguments(out, kind="custom", slot="input") == "echo <Per"
    out = run(chat.begin_stream(inbound()), events(*map(chunk, old), chunk({}, finish="stop")))
    assert (
        "".join(v["choices"][0]["delta"].get("function_call", {}).get("arguments", "") for v in out)
        == '{"a":"Ines Larsen"}<Em'
    )


def test_log_probabilities_go_with_restored_text() -> None:
    first, second = chunk({"content": "<Person_1> "}), chunk({"content": "plain "})
    for value in (first, second):
        value["choices"][0]["logprobs"] = {"content": [1]}

    out = run(chat.begin_stream(inbound()), events(first, second))

    assert [value["choices"][0]["logprobs"] for value in out] == [None, {"content": [1]}]


def test_a_refused_tool_stops_the_stream() -> None:
    with pytest.raises(PolicyError):
        run(chat.begin_stream(inbound()), events(chunk(named(REFUSED)), chunk(call('"<Person_1>"'))))


@pytest.mark.parametrize(
    "bad",
    ["{", "[]", chunk(call("x")), chunk({"content": "x"}, index="0"), chunk({"tool_calls": [{"index": "0"}]})],  # type: ignore[arg-type]
)
def test_events_that_are_no_chunks_are_errors(bad: Any) -> None:
    with pytest.raises(MalformedStream):
        run(chat.begin_stream(inbound()), events(bad))


def test_a_stream_that_stops_early_is_not_complete_and_loses_no_text() -> None:
    mapper = chat.begin_stream(inbound())

    assert joined(run(mapper, events(chunk({"content": "a <Em"})))) == "a <Em"
    assert not mapper.is_complete
    assert json.loads(mapper.fail("gone")[0].data)["error"]["message"] == "gone"
