"""Agents of the OpenAI Agents SDK, for real: they and their tools see values, the model's server does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from agents import (
    Agent,
    ModelSettings,
    MultiProvider,
    OpenAIProvider,
    RunConfig,
    Runner,
    SQLiteSession,
    WebSearchTool,
    function_tool,
    handoff,
    set_tracing_disabled,
    trace,
)
from openai import AsyncOpenAI
from pydantic import BaseModel, Field
from starlette.responses import Response

from memveil import Guard
from memveil.errors import ConfigError, DetectionError, MemveilError, UnsupportedFormat
from memveil.integrations.openai_agents import PrivateModelProvider, PrivateSession
from memveil.testing import CANARIES, ScriptedRecognizer, assert_no_canary, canaries_under
from memveil.vault.memory import MemoryVault
from tests.proxy.scripted import ScriptedUpstream, echo, running, said

T = TypeVar("T")
MAIL, NAME, SECRET = CANARIES["Email"], CANARIES["Real Name"], CANARIES["Password"]
APIS = pytest.mark.parametrize("responses", [False, True], ids=["chat", "responses"])
sent: list[str] = []
loops: list[asyncio.Runner] = []


@pytest.fixture(autouse=True)
def _one_loop() -> Iterator[None]:
    """Connections of a client live in the loop of their first use."""
    with asyncio.Runner() as runner:
        loops.append(runner)
        yield
        loops.pop()


def wait(work: Coroutine[Any, Any, T]) -> T:
    return loops[-1].run(work)


@function_tool
def send(to: str) -> str:
    """Send a greeting, in the name of Thessaly Quorumbe."""
    sent.append(to)
    return f"sent to {to}"


def guard(vault: MemoryVault | None = None, **options: Any) -> Guard:
    options.setdefault("recognizers", (ScriptedRecognizer(),))
    return Guard.open("alice", vault=vault or MemoryVault(), **options)


@contextmanager
def configured(
    alice: Guard, *, responses: bool = True, upstream: ScriptedUpstream | None = None
) -> Iterator[tuple[RunConfig, ScriptedUpstream]]:
    """A run whose models are on a server that repeats what it hears; nothing private may arrive there."""
    upstream = upstream or ScriptedUpstream()
    with running(upstream.app()) as (address, _):
        client = AsyncOpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0)
        inner = OpenAIProvider(openai_client=client, use_responses=responses)
        try:
            yield RunConfig(model_provider=PrivateModelProvider(inner, alice), tracing_disabled=True), upstream
        finally:
            wait(client.close())
    assert_no_canary(upstream.everything())


def run(agent: Agent[None], text: Any, config: RunConfig, **options: Any) -> Any:
    return wait(Runner.run(agent, text, run_config=config, **options)).final_output


async def streamed(agent: Agent[None], text: str, config: RunConfig) -> tuple[str, Any, list[int]]:
    result = Runner.run_streamed(agent, text, run_config=config)
    parts: list[str] = []
    numbers: list[int] = []
    async for event in result.stream_events():
        if event.type == "raw_response_event":
            numbers.append(event.data.sequence_number)
            if event.data.type == "response.output_text.delta":
                parts.append(event.data.delta)
    return "".join(parts), result.final_output, numbers


@APIS
def test_the_model_sees_placeholders_and_tools_get_values(responses: bool) -> None:
    sent.clear()
    with configured(guard(), responses=responses) as (config, upstream):
        agent = Agent(name="a", model="m", instructions=f"You help {NAME}.", tools=[send])
        answer = run(agent, f'CALL {{"to": "{MAIL}"}}', config)

    assert sent == [MAIL]
    assert answer == f"You said: sent to {MAIL}"
    assert len(upstream.seen) == 2
    first = json.dumps(upstream.bodies()[0])
    assert "You help <Real_Name_1>." in first
    assert "in the name of <" in first


@APIS
@pytest.mark.parametrize("step", [1, 3, 8, 200])
def test_a_streamed_answer_comes_home_whole_however_it_is_cut(responses: bool, step: int) -> None:
    with configured(guard(), responses=responses, upstream=ScriptedUpstream(step=step)) as (config, _):
        text = f"tell {NAME} of {SECRET}, <Email_9> and a < b"
        parts, final, numbers = wait(streamed(Agent(name="a", model="m"), text, config))

    assert parts == final == f"You said: {text}"
    assert numbers == sorted(set(numbers))


@APIS
def test_a_tool_called_in_a_stream_gets_values_escaped_as_json(responses: bool) -> None:
    quoted = 'Otto "the cat" Quorumbe\\'
    alice = guard(recognizers=(ScriptedRecognizer(), ScriptedRecognizer({quoted: "Real Name"})))

    def call_then_echo(path: str, body: dict[str, Any]) -> Response:
        place = "input" if responses else "messages"
        asked = {"role": "user", "content": 'CALL {"to": "<Real_Name_1>"}'}
        return echo(path, {**body, place: [asked]} if said(body).startswith("greet") else body, 3)

    sent.clear()
    with configured(alice, responses=responses, upstream=ScriptedUpstream(call_then_echo)) as (config, upstream):
        agent = Agent(name="a", model="m", tools=[send])
        _, final, _ = wait(streamed(agent, f"greet {quoted}", config))

    assert sent == [quoted]
    assert final == f"You said: sent to {quoted}"
    assert b"the cat" not in upstream.everything()


def test_a_structured_answer_is_validated_with_its_values() -> None:
    class Note(BaseModel):
        """What to keep about Thessaly Quorumbe."""

        mail: str = Field(description=f"such as {MAIL}")

    with configured(guard()) as (config, upstream):
        agent = Agent(name="a", model="m", output_type=Note)
        answer = run(agent, json.dumps({"mail": MAIL}), config)

    assert answer == Note(mail=MAIL)
    assert "such as <Email_1>" in json.dumps(upstream.bodies()[0]["text"])


def test_handoffs_metadata_and_added_arguments_are_protected_too() -> None:
    other = Agent(name="other", model="m")
    settings = ModelSettings(metadata={"owner": MAIL}, extra_args={"user": MAIL}, extra_body={"note": [SECRET]})
    with configured(guard()) as (config, upstream):
        agent = Agent(
            name="a",
            model="m",
            model_settings=settings,
            handoffs=[handoff(other, tool_description_override=f"knows {NAME}")],
        )
        answer = run(agent, [{"role": "user", "content": [{"type": "input_text", "text": f"I am {NAME}"}]}], config)

    body = upstream.bodies()[0]
    assert answer == f"You said: I am {NAME}"
    assert (body["metadata"], body["user"], body["note"]) == ({"owner": "<Email_1>"}, "<Email_1>", ["<Password_1>"])
    assert body["tools"][0]["description"] == "knows <Real_Name_1>"
    assert settings.metadata == {"owner": MAIL}


def test_a_run_with_tracing_on_is_refused_and_nothing_is_sent() -> None:
    class Sink:
        def __getattr__(self, _name: str) -> Any:
            return lambda *_args, **_options: None

    from agents import set_trace_processors

    set_trace_processors([Sink()])  # type: ignore[list-item]
    with configured(guard()) as (config, upstream):
        config.tracing_disabled = False
        with pytest.raises(ConfigError, match="RunConfig"):
            run(Agent(name="a", model="m"), MAIL, config)
        assert upstream.seen == []
        set_tracing_disabled(True)
        try:
            assert run(Agent(name="a", model="m"), MAIL, config) == f"You said: {MAIL}"
            with trace("switched off for the whole process"):
                assert run(Agent(name="a", model="m"), MAIL, config) == f"You said: {MAIL}"
        finally:
            set_tracing_disabled(False)


@pytest.mark.parametrize(
    ("text", "tools", "recognizers", "error"),
    [
        ("x", [WebSearchTool()], (ScriptedRecognizer(),), UnsupportedFormat),
        ("x", [], (ScriptedRecognizer(error=RuntimeError("broken")),), DetectionError),
        ([{"type": "telepathy", "content": "x"}], [], (ScriptedRecognizer(),), UnsupportedFormat),
        (
            [{"role": "user", "content": [{"type": "input_image", "image_url": "data:,", "detail": "auto"}]}],
            [],
            (ScriptedRecognizer(),),
            UnsupportedFormat,
        ),
    ],
)
def test_what_cannot_be_read_is_not_sent(
    text: Any, tools: list[Any], recognizers: Any, error: type[MemveilError]
) -> None:
    with configured(guard(recognizers=recognizers)) as (config, upstream):
        with pytest.raises(error):
            run(Agent(name="a", model="m", tools=tools), text, config)
        assert upstream.seen == []


def test_a_provider_is_asked_for_models_by_name_and_closed() -> None:
    asked: list[str | None] = []

    class Recording(MultiProvider):
        def get_model(self, model_name: str | None) -> Any:
            asked.append(model_name)
            return OpenAIProvider(api_key="x").get_model(model_name)

        async def aclose(self) -> None:
            asked.append("closed")

    provider = PrivateModelProvider(Recording(), guard())
    model = provider.get_model("m")
    wait(model.close())
    wait(provider.aclose())

    assert asked == ["m", "closed"]


# --- sessions ------------------------------------------------------------------


def test_a_history_holds_placeholders_and_is_read_with_values(tmp_path: Path) -> None:
    """Two runs through one session: the second reads what the first has written."""
    alice, store = guard(), tmp_path / "store"
    store.mkdir()
    session = PrivateSession(SQLiteSession(alice.protect_label(MAIL), store / "history.db"), alice)
    with configured(alice) as (config, upstream):
        agent = Agent(name="a", model="m", tools=[send])
        run(agent, f'CALL {{"to": "{MAIL}"}}', config, session=session)
        run(agent, f"I said {SECRET}", config, session=session)
        items = wait(session.get_items())

    assert canaries_under(store) == []
    assert [item.get("type", "message") for item in items] == [
        "message",
        "function_call",
        "function_call_output",
        "message",
        "message",
        "message",
    ]
    assert json.loads(items[1]["arguments"]) == {"to": MAIL}
    assert items[2]["output"] == f"sent to {MAIL}"
    assert items[4]["content"] == f"I said {SECRET}"
    assert items == wait(session.get_items(6))
    assert upstream.bodies()[-1]["input"][:-1] != []


def test_items_can_be_popped_and_cleared(tmp_path: Path) -> None:
    session = PrivateSession(SQLiteSession("s", tmp_path / "history.db"), guard())
    wait(session.add_items([{"role": "user", "content": f"I am {NAME}"}]))

    assert wait(session.pop_item()) == {"role": "user", "content": f"I am {NAME}"}
    assert wait(session.pop_item()) is None

    wait(session.add_items([{"role": "user", "content": NAME}]))
    wait(session.clear_session())
    assert wait(session.get_items()) == []


def test_forgetting_clears_the_history_and_the_mapping_and_says_what_may_remain(tmp_path: Path) -> None:
    alice = guard()
    session = PrivateSession(SQLiteSession("s", tmp_path / "history.db"), alice)
    wait(session.add_items([{"role": "user", "content": f"{NAME} {MAIL}"}]))
    report = wait(session.forget())

    assert (report.values, report.deleted) == (2, 1)
    assert "placeholders only" in report.remains[0]
    assert wait(session.get_items()) == []
    assert alice.restore("<Email_1>") == "<Email_1>"


def test_an_item_of_an_unknown_kind_is_not_stored(tmp_path: Path) -> None:
    session = PrivateSession(SQLiteSession("s", tmp_path / "history.db"), guard())
    with pytest.raises(UnsupportedFormat):
        wait(session.add_items([{"type": "telepathy", "thought": NAME}]))  # type: ignore[list-item]

    assert wait(session.get_items()) == []


def test_a_session_id_that_is_private_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="protect_label") as raised:
        PrivateSession(SQLiteSession(MAIL, tmp_path / "history.db"), guard())

    assert_no_canary(str(raised.value))
