"""Objects of the SDK come home with values in them, and with everything else that they had."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.responses import (
    ResponseCompletedEvent,
    ResponseFunctionToolCall,
    ResponseOutputItemAddedEvent,
    ResponseOutputMessage,
    ResponseTextDeltaEvent,
    ResponseTextDoneEvent,
)

from memveil import Guard
from memveil.integrations.openai_agents_answers import StreamedAnswer, restore_items
from memveil.testing import CANARIES, ScriptedRecognizer
from memveil.vault.memory import MemoryVault
from memveil.wire.sse import MalformedStream

MAIL = CANARIES["Email"]


def alice() -> Guard:
    guard = Guard.open("alice", vault=MemoryVault(), recognizers=(ScriptedRecognizer(),))
    guard.protect(f"{MAIL} {CANARIES['Real Name']}")
    return guard


def message(text: str, **more: Any) -> ResponseOutputMessage:
    part = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    return ResponseOutputMessage.model_construct(
        id="msg_1", type="message", role="assistant", status="completed", content=[part], **more
    )


def delta(text: str) -> ResponseTextDeltaEvent:
    return ResponseTextDeltaEvent.model_construct(
        type="response.output_text.delta",
        delta=text,
        item_id="msg_1",
        output_index=0,
        content_index=0,
        sequence_number=1,
        logprobs=[],
    )


def test_items_keep_their_class_and_what_memveil_does_not_know() -> None:
    item = message("I wrote to <Email_1>.", provider_data={"model": "m"})
    [restored] = restore_items(alice(), [item])

    assert isinstance(restored, ResponseOutputMessage)
    assert restored.content[0].text == f"I wrote to {MAIL}."  # type: ignore[union-attr]
    assert restored.provider_data == {"model": "m"}  # type: ignore[attr-defined]
    assert item.content[0].text == "I wrote to <Email_1>."  # type: ignore[union-attr]


def test_what_has_no_placeholder_stays_as_it_is() -> None:
    item = message("nothing private")

    assert restore_items(alice(), [item]) == [item]
    assert restore_items(alice(), [{"role": "user", "content": "<Email_7>"}]) == [
        {"role": "user", "content": "<Email_7>"}
    ]


def test_values_are_escaped_inside_arguments_and_ordered_json() -> None:
    quoted = 'the "cat"'
    guard = Guard.open("a", vault=MemoryVault(), recognizers=(ScriptedRecognizer({quoted: "Real Name"}),))
    guard.protect(quoted)
    call = ResponseFunctionToolCall(type="function_call", call_id="c", name="send", arguments='{"to": "<Real_Name_1>"}')

    assert restore_items(guard, [call])[0].arguments == '{"to": "the \\"cat\\""}'
    [ordered] = restore_items(guard, [message('{"a": "<Real_Name_1>"}')], is_json=True)
    assert ordered.content[0].text == '{"a": "the \\"cat\\""}'


@given(st.lists(st.integers(0, 30), max_size=6))
def test_deltas_join_to_the_restored_text_for_every_cut(cuts: list[int]) -> None:
    text = "to <Email_1> and <Real_Name_1>"
    places = [0, *sorted(cuts), len(text)]
    answer = StreamedAnswer(alice(), is_json=False)
    events = [each for start, end in pairwise(places) for each in answer.feed(delta(text[start:end]))]
    done = ResponseTextDoneEvent.model_construct(
        type="response.output_text.done",
        text=text,
        item_id="msg_1",
        output_index=0,
        content_index=0,
        sequence_number=9,
        logprobs=[],
    )
    *rest, last = answer.feed(done)

    restored = f"to {MAIL} and {CANARIES['Real Name']}"
    assert "".join(event.delta for event in [*events, *rest]) == restored == last.text
    assert answer.flush() == []


def test_what_was_held_back_of_a_stream_that_broke_off_is_handed_on() -> None:
    answer = StreamedAnswer(alice(), is_json=False)

    assert answer.feed(delta("to <Ema"))[0].delta == "to "
    assert [event.delta for event in answer.flush()] == ["<Ema"]


def test_a_whole_response_in_an_event_is_restored_and_keeps_its_private_parts() -> None:
    body = {"id": "resp_1", "object": "response", "output": [message("<Email_1>").model_dump()], "usage": {"x": 1}}
    event = ResponseCompletedEvent.model_construct(type="response.completed", response=body, sequence_number=3)
    event.response._request_id = "req_1"
    [restored] = StreamedAnswer(alice(), is_json=False).feed(event)

    assert restored.response.output[0].content[0].text == MAIL
    assert restored.response._request_id == "req_1"
    assert restored.response.id == "resp_1"


def test_arguments_before_the_name_of_their_tool_are_an_error() -> None:
    answer = StreamedAnswer(alice(), is_json=False)
    event = ResponseOutputItemAddedEvent.model_construct(
        type="response.function_call_arguments.delta", delta="{", output_index=5, item_id="x", sequence_number=1
    )
    with pytest.raises(MalformedStream):
        answer.feed(event)
