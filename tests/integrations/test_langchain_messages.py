"""Messages of every kind leave without a canary, and what is not known does not leave."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.load import dumpd
from langchain_core.messages import (
    AIMessage,
    AIMessageChunk,
    BaseMessage,
    ChatMessage,
    HumanMessage,
    RemoveMessage,
    SystemMessage,
    ToolMessage,
)

from memveil import Guard
from memveil.errors import UnsupportedFormat
from memveil.integrations.langchain_messages import protect_messages, restore_message
from memveil.integrations.leaves import Leaves
from memveil.testing import CANARIES, assert_no_canary

MAIL, NAME = CANARIES["Email"], CANARIES["Real Name"]
CALL = {"name": "mail", "args": {"to": MAIL, "cc": [NAME]}, "id": "c1", "type": "tool_call"}
MESSAGES: list[BaseMessage] = [
    SystemMessage(f"You serve {NAME}."),
    HumanMessage(MAIL, name="Thessaly", id="msg-1"),
    HumanMessage([MAIL, {"type": "text", "text": MAIL, "cache_control": {"type": "ephemeral"}}]),
    AIMessage(f"to {MAIL}", tool_calls=[CALL], additional_kwargs={"tool_calls": [{"x": MAIL}], "refusal": MAIL}),
    AIMessage([{"type": "text", "text": MAIL, "index": 0}, {"type": "tool_use", "id": "c2", "name": "m", "input": {"a": MAIL}}]),
    AIMessage([{"type": "function_call", "arguments": f'{{"a": "{NAME}"}}', "call_id": "c3", "name": "m"}]),
    AIMessage("x", invalid_tool_calls=[{"name": "m", "args": f'{{"a": "{MAIL}', "id": "c4", "error": MAIL}]),
    AIMessage("y", response_metadata={"id": "resp_1", "logprobs": {"content": [MAIL]}}),
    AIMessageChunk(content="z", tool_call_chunks=[{"name": "m", "args": json.dumps({"a": MAIL}), "id": "c5", "index": 0}]),
    AIMessage([{"type": "thinking", "thinking": "hmm", "signature": "abc"}]),
    ToolMessage(json.dumps({"sent": NAME}), tool_call_id="c1", artifact={"raw": MAIL}, name="mail"),
    HumanMessage([{"type": "tool_result", "tool_use_id": "c2", "content": [{"type": "text", "text": MAIL}]}]),
    ChatMessage(MAIL, role="critic"),
]  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: f"{message.type}")
def test_a_message_leaves_without_canaries(message: BaseMessage, guard: Guard) -> None:
    [sent] = protect_messages(Leaves(guard), [message])

    assert_no_canary(json.dumps(dumpd(sent), ensure_ascii=False, default=str))
    assert sent.type == ("ai" if message.type == "AIMessageChunk" else message.type)


def test_what_a_model_answers_comes_home(guard: Guard) -> None:
    leaves = Leaves(guard)
    for message in MESSAGES:
        if isinstance(message, AIMessage) and not isinstance(message, AIMessageChunk):
            [sent] = protect_messages(leaves, [message])
            back = restore_message(leaves, sent)

            assert isinstance(back, AIMessage)
            assert back.content == message.content
            assert back.tool_calls == message.tool_calls
            assert [call["args"] for call in back.invalid_tool_calls] == [c["args"] for c in message.invalid_tool_calls]


def test_signed_reasoning_is_never_changed(guard: Guard) -> None:
    leaves = Leaves(guard)
    guard.protect(MAIL)
    thought: Any = {"type": "thinking", "thinking": "I shall write to <Email_1>", "signature": "abc"}
    back = restore_message(leaves, AIMessage([thought]))

    assert back.content == [thought]
    assert protect_messages(leaves, [back])[0].content == [thought]
    with pytest.raises(UnsupportedFormat):
        protect_messages(leaves, [AIMessage([{**thought, "thinking": MAIL}])])


@pytest.mark.parametrize(
    "message",
    [
        HumanMessage([{"type": "image_url", "image_url": {"url": "data:"}}]),
        HumanMessage([{"type": "text", "text": "x", "caption": "y"}]),
        HumanMessage([{"no": "type"}]),
        HumanMessage("x", nickname="y"),
        AIMessage("x", additional_kwargs={"function_call": {"name": "f", "arguments": "{}"}}),
        AIMessage("x", tool_calls=[{**CALL, "name": "two words"}]),
        ToolMessage("x", tool_call_id="two words"),
        RemoveMessage("1"),
    ],
)
def test_what_is_not_known_is_refused(message: BaseMessage, guard: Guard) -> None:
    with pytest.raises(UnsupportedFormat):
        protect_messages(Leaves(guard), [message])
