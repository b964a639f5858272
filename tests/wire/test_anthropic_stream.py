from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import PolicyError
from memveil.restore import restore
from memveil.wire import anthropic_messages as messages
from memveil.wire.sse import MalformedStream
from tests.wire.veil import KEPT, REFUSED, VALUES, cut, events, inbound, lookup, run

TEXT = "Dear <Person_1>, write to <Email_1> or <Email_9>. <Per"
ARGUMENTS = json.dumps({"to": "<Email_1>", "at": "<Address_1>"})
HOME = restore(TEXT, lookup)


def stream(text: list[str], arguments: list[str], *, tool: str = "send") -> list[dict[str, Any]]:
    def block(index: int, start: dict[str, Any], *deltas: dict[str, Any]) -> list[dict[str, Any]]:
        return [
            {"type": "content_block_start", "index": index, "content_block": start},
            *({"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas),
            {"type": "content_block_stop", "index": index},
        ]

    return [
        {"type": "message_start", "message": {"id": "msg_1", "content": [], "usage": {"input_tokens": 1}}},
        {"type": "ping"},
        *block(
            0,
            {"type": "thinking", "thinking": "", "signature": ""},
            {"type": "thinking_delta", "thinking": "of <Person_1>"},
            {"type": "signature_delta", "signature": "c2ln"},
        ),
        *block(1, {"type": "text", "text": ""}, *({"type": "text_delta", "text": piece} for piece in text)),
        *block(
            2,
            {"type": "tool_use", "id": "t1", "name": tool, "input": {}},
            *({"type": "input_json_delta", "partial_json": piece} for piece in arguments),
        ),
        {
            "type": "message_delta",
            "delta": {"stop_reason": "tool_use", "stop_sequence": "<Person_1>"},
            "usage": {"output_tokens": 5},
        },
        {"type": "message_stop"},
    ]


def deltas(out: list[Any], slot: str) -> str:
    return "".join(value["delta"].get(slot, "") for value in out if value["type"] == "content_block_delta")


def check(out: list[Any]) -> None:
    assert deltas(out, "text") == HOME
    assert json.loads(deltas(out, "partial_json")) == {"to": VALUES["<Email_1>"], "at": VALUES["<Address_1>"]}
    assert deltas(out, "thinking") == "of <Person_1>"
    assert deltas(out, "signature") == "c2ln"
    assert out[-2]["delta"]["stop_sequence"] == "Ines Larsen"
    stopped: set[int] = set()
    for value in out:
        if value["type"] == "content_block_stop":
            stopped.add(value["index"])
        elif value["type"] == "content_block_delta":
            assert value["index"] not in stopped


@pytest.mark.parametrize("place", range(len(TEXT) + 1))
def test_everything_cut_anywhere_comes_home_whole_before_its_block_stops(place: int) -> None:
    mapper = messages.begin_stream(inbound())

    check(run(mapper, events(*stream(cut(TEXT, place), cut(ARGUMENTS, place)), named=True)))
    assert mapper.is_complete


@given(st.lists(st.integers(0, 80), max_size=9), st.lists(st.integers(0, 80), max_size=9))
def test_every_set_of_cuts(one: list[int], two: list[int]) -> None:
    check(run(messages.begin_stream(inbound()), events(*stream(cut(TEXT, *one), cut(ARGUMENTS, *two)), named=True)))


def test_events_that_were_added_are_named_like_the_others() -> None:
    mapper = messages.begin_stream(inbound())
    out = [event for given in events(*stream([TEXT], [ARGUMENTS]), named=True) for event in mapper.feed(given)]

    assert all(event.event == json.loads(event.data)["type"] for event in out)


def test_tools_get_what_the_policy_gives_them() -> None:
    assert (
        deltas(run(messages.begin_stream(inbound()), events(*stream(["x"], [ARGUMENTS], tool=KEPT))), "partial_json")
        == ARGUMENTS
    )
    with pytest.raises(PolicyError):
        run(messages.begin_stream(inbound()), events(*stream(["x"], [ARGUMENTS], tool=REFUSED)))


def test_structured_output_is_escaped() -> None:
    out = run(messages.begin_stream(inbound(is_json=True)), events(*stream(['{"at":"<Addr', 'ess_1>"}'], ["{}"])))

    assert json.loads(deltas(out, "text")) == {"at": VALUES["<Address_1>"]}


def test_citations_are_restored_and_new_deltas_pass() -> None:
    cited = {
        "type": "content_block_delta",
        "index": 0,
        "delta": {"type": "citations_delta", "citation": {"type": "char_location", "cited_text": "<Person_1>"}},
    }
    new = {"type": "content_block_delta", "index": 0, "delta": {"type": "telepathy_delta", "thought": "<Person_1>"}}

    out = run(messages.begin_stream(inbound()), events(cited, new))

    assert out[0]["delta"]["citation"]["cited_text"] == "Ines Larsen"
    assert out[1] == new


def test_an_error_of_the_upstream_is_restored_and_ends_the_stream() -> None:
    mapper = messages.begin_stream(inbound())
    held = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a <Em"}}

    out = run(
        mapper, events(held, {"type": "error", "error": {"type": "overloaded_error", "message": "for <Person_1>"}})
    )

    assert deltas(out, "text") == "a <Em"
    assert out[-1]["error"]["message"] == "for Ines Larsen"
    assert mapper.is_complete


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        {"type": "content_block_start"},
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": 7}},
        {"type": "content_block_delta", "index": 9, "delta": {"type": "input_json_delta", "partial_json": "{"}},
    ],
)
def test_events_that_cannot_be_understood_are_errors(bad: Any) -> None:
    with pytest.raises(MalformedStream):
        run(messages.begin_stream(inbound()), events(bad))


def test_our_own_error_is_an_event_of_the_provider() -> None:
    (event,) = messages.begin_stream(inbound()).fail("gone")

    assert event.event == "error"
    assert json.loads(event.data) == {"type": "error", "error": {"type": "api_error", "message": "gone"}}


def test_a_message_that_ends_with_an_open_block_is_flushed() -> None:
    held = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "a <Em"}}

    for end in (
        {"type": "message_stop"},
        {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}},
    ):
        assert deltas(run(messages.begin_stream(inbound()), events(held, end)), "text") == "a <Em"


def test_a_summary_of_the_conversation_is_restored() -> None:
    def delta(content: str | None) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": 0, "delta": {"type": "compaction_delta", "content": content}}

    out = run(messages.begin_stream(inbound()), events(delta(None), delta("of <Per"), delta("son_1> ")))

    assert out[0] == delta(None)
    assert deltas(out[1:], "content") == "of Ines Larsen "
