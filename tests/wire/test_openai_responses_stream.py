from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import PolicyError
from memveil.restore import restore
from memveil.wire import openai_responses as responses
from memveil.wire.sse import MalformedStream
from tests.wire.veil import KEPT, REFUSED, VALUES, cut, events, inbound, lookup, run

TEXT = "Dear <Person_1>, write to <Email_1> or <Email_9>. <Per"
ARGUMENTS = json.dumps({"to": "<Email_1>", "at": "<Address_1>"})
HOME = restore(TEXT, lookup)


def stream(text: list[str], arguments: list[str], *, tool: str = "send") -> list[dict[str, Any]]:
    """The events of an answer with a reasoning summary, a message and a function call."""
    message = {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "".join(text), "annotations": []}],
    }
    call = {"type": "function_call", "id": "fc_1", "call_id": "call_1", "name": tool, "arguments": "".join(arguments)}
    at = {"item_id": "msg_1", "output_index": 1, "content_index": 0}
    fc = {"item_id": "fc_1", "output_index": 2}
    rs = {"item_id": "rs_1", "output_index": 0, "summary_index": 0}
    values: list[dict[str, Any]] = [
        {"type": "response.created", "response": {"id": "resp_1", "output": []}},
        {
            "type": "response.output_item.added",
            "output_index": 0,
            "item": {"type": "reasoning", "id": "rs_1", "summary": []},
        },
        *({"type": "response.reasoning_summary_text.delta", "delta": piece, **rs} for piece in text),
        {"type": "response.reasoning_summary_text.done", "text": "".join(text), **rs},
        {"type": "response.output_item.added", "output_index": 1, "item": {**message, "content": []}},
        {"type": "response.content_part.added", "part": {"type": "output_text", "text": ""}, **at},
        *({"type": "response.output_text.delta", "delta": piece, "logprobs": [1], **at} for piece in text),
        {"type": "response.output_text.done", "text": "".join(text), "logprobs": [1], **at},
        {"type": "response.content_part.done", "part": message["content"][0], **at},  # type: ignore[index]
        {"type": "response.output_item.done", "output_index": 1, "item": message},
        {"type": "response.output_item.added", "output_index": 2, "item": {**call, "arguments": ""}},
        *({"type": "response.function_call_arguments.delta", "delta": piece, **fc} for piece in arguments),
        {"type": "response.function_call_arguments.done", "arguments": "".join(arguments), **fc},
        {"type": "response.output_item.done", "output_index": 2, "item": call},
        {"type": "response.completed", "response": {"id": "resp_1", "output": [message, call]}},
    ]
    return [{**value, "sequence_number": number} for number, value in enumerate(values)]


def deltas(out: list[Any], kind: str) -> str:
    return "".join(value["delta"] for value in out if value["type"] == f"response.{kind}.delta")


def check(out: list[Any]) -> None:
    call = json.loads(deltas(out, "function_call_arguments"))
    assert call == {"to": VALUES["<Email_1>"], "at": VALUES["<Address_1>"]}
    assert deltas(out, "output_text") == deltas(out, "reasoning_summary_text") == HOME
    assert [value["sequence_number"] for value in out] == list(range(len(out)))
    by_type = {value["type"]: value for value in out}
    assert by_type["response.output_text.done"]["text"] == HOME
    assert by_type["response.content_part.done"]["part"]["text"] == HOME
    assert json.loads(by_type["response.function_call_arguments.done"]["arguments"]) == call
    message, last = by_type["response.completed"]["response"]["output"]
    assert message["content"][0]["text"] == HOME
    assert json.loads(last["arguments"]) == call
    types = [value["type"] for value in out]
    assert types.index("response.output_text.done") > max(
        at for at, name in enumerate(types) if name == "response.output_text.delta"
    )


@pytest.mark.parametrize("place", range(len(TEXT) + 1))
def test_everything_cut_anywhere_comes_home_whole_and_numbered(place: int) -> None:
    mapper = responses.begin_stream(inbound())

    check(run(mapper, events(*stream(cut(TEXT, place), cut(ARGUMENTS, place)), named=True)))
    assert mapper.is_complete


@given(st.lists(st.integers(0, 80), max_size=9), st.lists(st.integers(0, 80), max_size=9))
def test_every_set_of_cuts(one: list[int], two: list[int]) -> None:
    check(run(responses.begin_stream(inbound()), events(*stream(cut(TEXT, *one), cut(ARGUMENTS, *two)), named=True)))


def test_events_that_were_added_are_named_like_the_others() -> None:
    mapper = responses.begin_stream(inbound())
    out = [event for given in events(*stream([TEXT], [ARGUMENTS]), named=True) for event in mapper.feed(given)]

    assert all(event.event == json.loads(event.data)["type"] for event in out)


def test_log_probabilities_go_with_restored_text() -> None:
    out = run(responses.begin_stream(inbound()), events(*stream(["<Person_1> ", "plain "], ["{}"])))

    assert [value["logprobs"] for value in out if value["type"] == "response.output_text.delta"] == [[], [1]]
    assert [value["logprobs"] for value in out if value["type"] == "response.output_text.done"] == [[]]


def test_tools_get_what_the_policy_gives_them() -> None:
    out = run(responses.begin_stream(inbound()), events(*stream(["x"], [ARGUMENTS], tool=KEPT)))
    assert deltas(out, "function_call_arguments") == ARGUMENTS
    with pytest.raises(PolicyError):
        run(responses.begin_stream(inbound()), events(*stream(["x"], [ARGUMENTS], tool=REFUSED)))


def test_custom_tools_patches_and_code_are_restored() -> None:
    added = {
        "type": "response.output_item.added",
        "output_index": 0,
        "item": {"type": "custom_tool_call", "id": "ct", "name": "sh", "input": ""},
    }
    for kind, slot in (
        ("custom_tool_call_input", "input"),
        ("apply_patch_call_operation_diff", "diff"),
        ("code_interpreter_call_code", "code"),
        ("refusal", "refusal"),
    ):
        at = {"item_id": "ct", "output_index": 0}
        out = run(
            responses.begin_stream(inbound()),
            events(
                added,
                *({"type": f"response.{kind}.delta", "delta": d, **at} for d in ("a <Per", "son_1>")),
                {"type": f"response.{kind}.done", slot: "a <Person_1>", **at},
            ),
        )
        assert deltas(out, kind) == out[-1][slot] == "a Ines Larsen"


def test_structured_output_is_escaped() -> None:
    values = stream(['{"at":"<Addr', 'ess_1>"}'], ["{}"])
    out = run(responses.begin_stream(inbound(is_json=True)), events(*values))

    assert json.loads(deltas(out, "output_text")) == {"at": VALUES["<Address_1>"]}


def test_what_ends_without_its_end_marker_is_flushed() -> None:
    at = {"item_id": "m", "output_index": 0, "content_index": 0}
    delta = {"type": "response.output_text.delta", "delta": "a <Em", "sequence_number": 4, **at}
    for after in (
        {"type": "response.output_item.done", "output_index": 0, "item": {}},
        {"type": "response.incomplete", "response": {}},
        {"type": "error", "message": "bad <Person_1>"},
    ):
        out = run(responses.begin_stream(inbound()), events(delta, {**after, "sequence_number": 5}))
        assert [value["sequence_number"] for value in out] == [4, 5, 6]
        assert deltas(out, "output_text") == "a <Em"
    assert out[-1]["message"] == "bad Ines Larsen"
    assert run(responses.begin_stream(inbound()), events(delta, "[DONE]"))[1]["delta"] == "<Em"


def test_annotations_are_restored_and_new_events_pass() -> None:
    note = {"type": "response.output_text.annotation.added", "annotation": {"title": "<Person_1>"}}
    new = {"type": "response.telepathy", "thought": "<Person_1>"}

    assert run(responses.begin_stream(inbound()), events(note, new)) == [
        {**note, "annotation": {"title": "Ines Larsen"}},
        new,
    ]


@pytest.mark.parametrize(
    "bad",
    [
        "{",
        {"type": "response.output_text.delta", "delta": 7},
        {"type": "response.function_call_arguments.delta", "delta": "{", "output_index": 3},
    ],
)
def test_events_that_cannot_be_understood_are_errors(bad: Any) -> None:
    with pytest.raises(MalformedStream):
        run(responses.begin_stream(inbound()), events(bad))


def test_an_error_has_the_next_number() -> None:
    mapper = responses.begin_stream(inbound())
    run(mapper, events({"type": "response.created", "response": {}, "sequence_number": 0}))

    assert not mapper.is_complete
    assert json.loads(mapper.fail("gone")[0].data) == {
        "type": "error",
        "code": "memveil",
        "message": "gone",
        "param": None,
        "sequence_number": 1,
    }


def test_an_end_without_text_passes() -> None:
    done = {"type": "response.output_text.done", "output_index": 0}

    assert run(responses.begin_stream(inbound()), events(done)) == [done]
