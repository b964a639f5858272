"""Agents and chat models of LangChain: the model reads placeholders, everybody here reads values."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain.agents.structured_output import ToolStrategy
from langchain_core.messages import AIMessageChunk, HumanMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from pydantic import BaseModel, Field

from memveil import Guard
from memveil.errors import ConfigError, DetectionError, UnsupportedFormat
from memveil.integrations.langchain import PrivateChatModel, PrivateMiddleware
from memveil.testing import CANARIES, RecordingServer, ScriptedRecognizer
from memveil.vault.memory import MemoryVault

MAIL, PHONE, QUOTED = CANARIES["Email"], CANARIES["Phone Number"], CANARIES["Third-Party Identifiable Info"]


def chat_model(cloud: RecordingServer) -> ChatOpenAI:
    return ChatOpenAI(model="fake", base_url=f"{cloud.url}/v1", api_key="x", max_retries=0)  # type: ignore[arg-type]


@pytest.fixture
def model(cloud: RecordingServer, guard: Guard) -> PrivateChatModel:
    return PrivateChatModel(inner=chat_model(cloud), guard=guard)


def agents(cloud: RecordingServer, guard: Guard, **options: Any) -> list[Any]:
    """The same agent, protected in either way."""
    return [
        create_agent(chat_model(cloud), middleware=[PrivateMiddleware(guard)], **options),
        create_agent(PrivateChatModel(inner=chat_model(cloud), guard=guard), **options),
    ]


def mailer() -> tuple[Any, list[str]]:
    used: list[str] = []

    @tool(description=f"Writes a mail. Ask {PHONE} when in doubt.")
    def mail(to: str) -> str:
        used.append(to)
        return f"sent to {to}"

    return mail, used


def test_tools_get_values_and_the_model_placeholders(cloud: RecordingServer, guard: Guard) -> None:
    mail, used = mailer()
    for agent in agents(cloud, guard, tools=[mail], system_prompt=f"You work for {QUOTED}."):
        said = f"CALL {json.dumps({'to': MAIL})}"
        messages = agent.invoke({"messages": [("user", said)]})["messages"]

        assert messages[0].content == said
        assert messages[1].tool_calls[0]["args"] == {"to": MAIL}
        assert messages[2].content == f"sent to {MAIL}"
        assert messages[3].content == f"You said: sent to {MAIL}"
    assert used == [MAIL, MAIL]
    assert b"Ask <Phone_1>" in cloud.received[0]
    assert b"You work for <Person_1>." in cloud.received[0]


def test_a_stream_of_tokens_is_restored_and_comes_once(cloud: RecordingServer, guard: Guard) -> None:
    for agent in agents(cloud, guard, tools=[]):
        asked = {"messages": [("user", f"say {MAIL} and {PHONE}")]}
        pieces = [
            piece for piece, _ in agent.stream(asked, stream_mode="messages") if isinstance(piece, AIMessageChunk)
        ]

        assert "".join(str(piece.content) for piece in pieces) == f"You said: say {MAIL} and {PHONE}"
        assert len(pieces) > 3


def test_history_keeps_values_and_leaves_protected_again(cloud: RecordingServer, guard: Guard) -> None:
    for agent in agents(cloud, guard, tools=[], checkpointer=InMemorySaver()):
        thread: Any = {"configurable": {"thread_id": "1"}}
        agent.invoke({"messages": [("user", f"I am at {MAIL}")]}, thread)
        messages = agent.invoke({"messages": [("user", "hello")]}, thread)["messages"]

        assert messages[1].content == f"You said: I am at {MAIL}"
        assert b"You said: I am at <Email_1>" in cloud.received[-1]


def test_agents_work_in_coroutines(cloud: RecordingServer, guard: Guard) -> None:
    mail, used = mailer()

    async def use(agent: Any) -> None:
        done = await agent.ainvoke({"messages": [("user", f"CALL {json.dumps({'to': MAIL})}")]})
        assert done["messages"][-1].content == f"You said: sent to {MAIL}"
        pieces = [
            piece.content
            async for piece, _ in agent.astream({"messages": [("user", MAIL)]}, stream_mode="messages")
            if isinstance(piece, AIMessageChunk)
        ]
        assert "".join(pieces) == f"You said: {MAIL}"

    for agent in agents(cloud, guard, tools=[mail]):
        asyncio.run(use(agent))
    assert used == [MAIL, MAIL]


class Contact(BaseModel):
    """Somebody to write to."""

    mail: str = Field(description=f"such as {MAIL}")


def test_structured_answers_hold_values_and_schemas_leave_protected(cloud: RecordingServer, guard: Guard) -> None:
    said = f"CALL {json.dumps({'mail': MAIL})}"
    for agent in agents(cloud, guard, tools=[], response_format=ToolStrategy(Contact)):
        assert agent.invoke({"messages": [("user", said)]})["structured_response"] == Contact(mail=MAIL)

    private = PrivateChatModel(inner=chat_model(cloud), guard=guard)
    assert private.with_structured_output(Contact).invoke(said) == Contact(mail=MAIL)
    assert b"such as <Email_1>" in cloud.received[-1]


def test_streamed_arguments_of_tools_are_restored(model: PrivateChatModel) -> None:
    mail, _ = mailer()
    whole: Any = None
    for chunk in model.bind_tools([mail]).stream(f"CALL {json.dumps({'to': f'{MAIL}, {QUOTED}'})}"):
        whole = chunk if whole is None else whole + chunk

    assert whole.tool_calls[0]["args"] == {"to": f"{MAIL}, {QUOTED}"}


def test_settings_of_a_call_are_protected_or_refused(model: PrivateChatModel, cloud: RecordingServer) -> None:
    mail, _ = mailer()
    model.invoke("hello", stop=[f"by {MAIL}"], temperature=0.5)
    model.bind_tools([mail], tool_choice="mail").invoke("hello")
    with pytest.raises(UnsupportedFormat):
        model.invoke("hello", response_format=Contact)
    with pytest.raises(UnsupportedFormat):
        model.invoke("hello", tool_choice=object())

    assert b'"temperature":0.5' in cloud.received[0].replace(b" ", b"")
    assert b'"name":"mail"' in cloud.received[1].replace(b" ", b"")
    assert len(cloud.received) == 2


def test_nothing_leaves_when_a_recognizer_fails(cloud: RecordingServer) -> None:
    broken = Guard.open("x", vault=MemoryVault(), recognizers=(ScriptedRecognizer(error=RuntimeError()),))
    calls: list[Callable[[], object]] = [
        lambda: PrivateChatModel(inner=chat_model(cloud), guard=broken).invoke([HumanMessage("x")]),
        lambda: list(PrivateChatModel(inner=chat_model(cloud), guard=broken).stream("x")),
        lambda: agents(cloud, broken, tools=[])[0].invoke({"messages": [("user", "x")]}),
    ]
    for call in calls:
        with pytest.raises(DetectionError):
            call()

    assert cloud.received == []


def test_tracing_is_refused(cloud: RecordingServer, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    from langsmith import utils

    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    utils.get_env_var.cache_clear()
    try:
        with pytest.raises(ConfigError, match="LANGSMITH_TRACING"):
            PrivateChatModel(inner=chat_model(cloud), guard=guard)
    finally:
        monkeypatch.delenv("LANGSMITH_TRACING")
        utils.get_env_var.cache_clear()
