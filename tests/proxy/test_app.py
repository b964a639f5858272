"""The official clients, unmodified, through the gateway."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import openai
import pytest
from pydantic import BaseModel

from memveil.proxy.access import Access, ScopeSource, token_digest
from memveil.proxy.options import SYSTEM_NOTE, GatewayOptions, ToolPolicy
from memveil.testing import CANARIES
from tests.proxy.conftest import Gateway, Plan
from tests.proxy.scripted import ScriptedUpstream

MAIL, NAME, SECRET = CANARIES["Email"], CANARIES["Real Name"], CANARIES["Password"]
HELLO = f"Mail {MAIL}, I am {NAME}, <b>not</b> <Email_7>."
ARGUMENTS = {"to": MAIL, "body": f'say "hi"\n to {NAME} \\ {CANARIES["Phone Number"]}', "n": 1}
CALL = "CALL " + json.dumps(ARGUMENTS)
SCHEMA = {"type": "object", "properties": {"to": {"type": "string", "description": f"such as {MAIL}"}}}
OPENAI_TOOL: Any = {
    "type": "function",
    "function": {"name": "send", "description": f"for {NAME}", "parameters": SCHEMA},
}
ANTHROPIC_TOOL: Any = {"name": "send", "description": f"for {NAME}", "input_schema": SCHEMA}
RESPONSES_TOOL: Any = {"type": "function", "name": "send", "parameters": SCHEMA, "strict": False}


class Letter(BaseModel):
    """A structured answer."""

    to: str
    body: str


LETTER = json.dumps({"to": MAIL, "body": f"Dear {NAME}"}, ensure_ascii=False)


def ask(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


# --- OpenAI, chat ----------------------------------------------------------------


def test_chat(oai: openai.OpenAI, upstream: ScriptedUpstream) -> None:
    answer = oai.chat.completions.create(model="m", messages=ask(HELLO), n=2)

    assert [choice.message.content for choice in answer.choices] == [f"You said: {HELLO}"] * 2
    sent = upstream.bodies()[0]
    assert sent["messages"][0] == {"role": "system", "content": SYSTEM_NOTE}
    assert sent["messages"][1]["content"] == "Mail <Email_1>, I am <Real_Name_1>, <b>not</b> <Literal_1>."
    assert upstream.headers[0]["authorization"] == "Bearer sk-upstream"


@pytest.mark.parametrize("step", [1, 2, 3, 5, 8, 13, 64, 1000])
def test_chat_stream(oai: openai.OpenAI, upstream: ScriptedUpstream, step: int) -> None:
    upstream.step = step
    chunks = list(
        oai.chat.completions.create(model="m", messages=ask(HELLO), stream=True, stream_options={"include_usage": True})
    )

    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == f"You said: {HELLO}"
    assert chunks[-1].usage is not None
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


@pytest.mark.parametrize("step", [1, 2, 4, 7, 500])
def test_chat_tools_and_their_history(oai: openai.OpenAI, upstream: ScriptedUpstream, step: int) -> None:
    upstream.step = step
    plain = oai.chat.completions.create(model="m", messages=ask(CALL), tools=[OPENAI_TOOL])
    with oai.chat.completions.stream(model="m", messages=ask(CALL), tools=[OPENAI_TOOL]) as stream:
        streamed = stream.get_final_completion()
    message = streamed.choices[0].message
    assert plain.choices[0].message.tool_calls
    assert message.tool_calls
    for call in (plain.choices[0].message.tool_calls[0], message.tool_calls[0]):
        assert json.loads(call.function.arguments) == ARGUMENTS  # type: ignore[union-attr]

    history = [
        *ask(CALL),
        message.model_dump(exclude={"parsed"}, exclude_none=True),
        {"role": "tool", "tool_call_id": "call_1", "content": f"sent to {MAIL}"},
    ]
    for call in history[1]["tool_calls"]:
        call["function"].pop("parsed_arguments", None)
    answer = oai.chat.completions.create(model="m", messages=history, tools=[OPENAI_TOOL])

    assert answer.choices[0].message.content == f"You said: sent to {MAIL}"
    first, last = upstream.bodies()[0], upstream.bodies()[-1]
    assert last["messages"][: len(first["messages"])] == first["messages"], "the prompt cache would be cold"
    assert last["messages"][2]["tool_calls"][0]["function"]["arguments"] == first["messages"][1][
        "content"
    ].removeprefix("CALL ")


def test_chat_structured_output(oai: openai.OpenAI) -> None:
    parsed = (
        oai.chat.completions.parse(model="m", messages=ask(LETTER), response_format=Letter).choices[0].message.parsed
    )
    with oai.chat.completions.stream(model="m", messages=ask(LETTER), response_format=Letter) as stream:
        streamed = stream.get_final_completion().choices[0].message.parsed

    assert parsed == streamed == Letter(to=MAIL, body=f"Dear {NAME}")


# --- OpenAI, responses, embeddings, models ---------------------------------------


@pytest.mark.parametrize("step", [1, 3, 200])
def test_responses(oai: openai.OpenAI, upstream: ScriptedUpstream, step: int) -> None:
    upstream.step = step
    plain = oai.responses.create(model="m", input=HELLO, instructions=f"The user is {NAME}.")
    with oai.responses.stream(model="m", input=HELLO) as stream:
        deltas = "".join(event.delta for event in stream if event.type == "response.output_text.delta")
        final = stream.get_final_response()

    assert plain.output_text == deltas == final.output_text == f"You said: {HELLO}"
    assert str(plain.instructions).startswith(f"The user is {NAME}.")
    assert upstream.bodies()[0]["instructions"] == f"The user is <Real_Name_1>.\n\n{SYSTEM_NOTE}"


@pytest.mark.parametrize("step", [1, 3, 200])
def test_responses_tools_and_their_history(oai: openai.OpenAI, upstream: ScriptedUpstream, step: int) -> None:
    upstream.step = step
    with oai.responses.stream(model="m", input=CALL, tools=[RESPONSES_TOOL]) as stream:
        deltas = "".join(event.delta for event in stream if event.type == "response.function_call_arguments.delta")
        final = stream.get_final_response()
    assert json.loads(deltas) == json.loads(final.output[0].arguments) == ARGUMENTS  # type: ignore[union-attr]

    item = {
        key: value for key, value in final.output[0].model_dump(exclude_none=True).items() if key != "parsed_arguments"
    }
    history: Any = [
        *ask(CALL),
        item,
        {"type": "function_call_output", "call_id": "call_1", "output": f"sent to {MAIL}"},
    ]
    assert (
        oai.responses.create(model="m", input=history, tools=[RESPONSES_TOOL]).output_text
        == f"You said: sent to {MAIL}"
    )


def test_responses_structured_output(oai: openai.OpenAI) -> None:
    assert oai.responses.parse(model="m", input=LETTER, text_format=Letter).output_parsed == Letter(
        to=MAIL, body=f"Dear {NAME}"
    )


def test_embeddings_and_models(oai: openai.OpenAI, upstream: ScriptedUpstream) -> None:
    assert oai.embeddings.create(model="m", input=[HELLO], encoding_format="float").data[0].embedding == [0.5, 1.0]
    assert [model.id for model in oai.models.list()] == ["m"]
    assert upstream.bodies()[0]["input"] == ["Mail <Email_1>, I am <Real_Name_1>, <b>not</b> <Literal_1>."]
    with pytest.raises(openai.BadRequestError, match="where text is expected"):
        oai.embeddings.create(model="m", input=[[1, 2, 3]])


# --- Anthropic -------------------------------------------------------------------


@pytest.mark.parametrize("step", [1, 3, 200])
def test_messages(ant: anthropic.Anthropic, upstream: ScriptedUpstream, step: int) -> None:
    upstream.step = step
    plain = ant.messages.create(model="m", max_tokens=9, messages=ask(HELLO), system=f"The user is {NAME}.")
    with ant.messages.stream(model="m", max_tokens=9, messages=ask(HELLO)) as stream:
        streamed = "".join(stream.text_stream)

    assert plain.content[0].text == streamed == f"You said: {HELLO}"  # type: ignore[union-attr]
    assert upstream.bodies()[0]["system"] == f"The user is <Real_Name_1>.\n\n{SYSTEM_NOTE}"
    assert b"sk-upstream" in upstream.everything()


@pytest.mark.parametrize("step", [1, 3, 200])
def test_messages_tools_and_their_history(ant: anthropic.Anthropic, upstream: ScriptedUpstream, step: int) -> None:
    upstream.step = step
    plain = ant.messages.create(model="m", max_tokens=9, messages=ask(CALL), tools=[ANTHROPIC_TOOL])
    with ant.messages.stream(model="m", max_tokens=9, messages=ask(CALL), tools=[ANTHROPIC_TOOL]) as stream:
        final = stream.get_final_message()
    assert plain.content[0].input == final.content[0].input == ARGUMENTS  # type: ignore[union-attr]

    history: Any = [
        *ask(CALL),
        {"role": "assistant", "content": [block.model_dump(exclude_none=True) for block in final.content]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": f"sent to {MAIL}"}]},
    ]
    answer = ant.messages.create(model="m", max_tokens=9, messages=history, tools=[ANTHROPIC_TOOL])

    assert answer.content[0].text == f"You said: sent to {MAIL}"  # type: ignore[union-attr]


def test_messages_structured_output_and_count(ant: anthropic.Anthropic) -> None:
    parsed = ant.messages.parse(model="m", max_tokens=9, messages=ask(LETTER), output_format=Letter)

    assert parsed.parsed_output == Letter(to=MAIL, body=f"Dear {NAME}")
    assert ant.messages.count_tokens(model="m", messages=ask(HELLO)).input_tokens == 7
    assert [model.id for model in ant.models.list()] == ["m"]


# --- values and scopes -----------------------------------------------------------


def test_a_conversation_keeps_its_bytes(oai: openai.OpenAI, upstream: ScriptedUpstream) -> None:
    """Secrets too: they have the same number in every request that carries them."""
    history = ask(f"{HELLO} My password is {SECRET}.")
    for turn in range(3):
        answer = oai.chat.completions.create(model="m", messages=history).choices[0].message.content
        history += [{"role": "assistant", "content": answer}, *ask(f"and {NAME} again, {turn}")]
    first, second, third = (body["messages"] for body in upstream.bodies())

    assert second[: len(first)] == first
    assert third[: len(second)] == second
    assert "<Password_1>" in first[1]["content"]


def test_a_secret_is_restored_only_for_the_request_that_carried_it(oai: openai.OpenAI) -> None:
    carried = oai.chat.completions.create(model="m", messages=ask(f"my password is {SECRET}"))
    assert carried.choices[0].message.content == f"You said: my password is {SECRET}"

    def reply(path: str, body: Any) -> Any:
        from starlette.responses import JSONResponse

        return JSONResponse(
            {
                "id": "1",
                "object": "chat.completion",
                "created": 1,
                "model": "m",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": "<Password_1> of <Email_9>"},
                    }
                ],
            }
        )

    _upstream_of(oai).reply = reply
    answer = oai.chat.completions.create(model="m", messages=ask("what was it?"))

    assert answer.choices[0].message.content == "<Password_1> of <Email_9>"


def _upstream_of(client: openai.OpenAI) -> ScriptedUpstream:
    return _UPSTREAMS[str(client.base_url)]


_UPSTREAMS: dict[str, ScriptedUpstream] = {}


@pytest.fixture(autouse=True)
def _remember(gateway: Gateway) -> None:
    _UPSTREAMS[f"{gateway.url}/v1/"] = gateway.upstream


class TestScopes:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(access=Access(source=ScopeSource.HEADER))

    def test_another_scope_reads_nothing(self, gateway: Gateway, upstream: ScriptedUpstream) -> None:
        def speak(scope: str, text: str) -> str:
            with openai.OpenAI(
                base_url=f"{gateway.url}/v1", api_key="x", max_retries=0, default_headers={"x-memveil-scope": scope}
            ) as client:
                return str(client.chat.completions.create(model="m", messages=ask(text)).choices[0].message.content)

        assert speak("alice", HELLO) == f"You said: {HELLO}"
        assert speak("bob", f"I am {NAME}") == f"You said: I am {NAME}"
        assert speak("bob", "<Email_1> <Real_Name_1>") == "You said: <Email_1> <Real_Name_1>"
        assert "x-memveil-scope" not in upstream.headers[0]
        with pytest.raises(openai.BadRequestError, match="name of a scope"):
            speak("no/scope", "x")


class TestTokens:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(access=Access(tokens={token_digest("let-me-in"): "alice"}))

    def test_a_token_is_needed_and_stays_here(self, gateway: Gateway, upstream: ScriptedUpstream) -> None:
        with (
            openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="x", max_retries=0) as client,
            pytest.raises(openai.AuthenticationError),
        ):
            client.chat.completions.create(model="m", messages=ask("x"))
        assert upstream.seen == []
        with openai.OpenAI(
            base_url=f"{gateway.url}/v1", api_key="x", max_retries=0, default_headers={"x-memveil-token": "let-me-in"}
        ) as client:
            client.chat.completions.create(model="m", messages=ask("x"))
        assert b"let-me-in" not in upstream.everything()


class TestTools:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(options=GatewayOptions(tools=ToolPolicy(refuse=("send",)), note=""))

    def test_a_refused_tool_is_an_error_of_the_provider(
        self, oai: openai.OpenAI, ant: anthropic.Anthropic, upstream: ScriptedUpstream
    ) -> None:
        with pytest.raises(openai.PermissionDeniedError, match="keeps values out of a tool"):
            oai.chat.completions.create(model="m", messages=ask(CALL), tools=[OPENAI_TOOL])
        with pytest.raises(openai.APIError, match="keeps values out of a tool"):
            list(oai.chat.completions.create(model="m", messages=ask(CALL), tools=[OPENAI_TOOL], stream=True))
        with (
            pytest.raises(anthropic.APIStatusError, match="keeps values out of a tool"),
            ant.messages.stream(model="m", max_tokens=9, messages=ask(CALL), tools=[ANTHROPIC_TOOL]) as stream,
        ):
            stream.get_final_message()
        last: Any = list(oai.responses.create(model="m", input=CALL, tools=[RESPONSES_TOOL], stream=True))[-1]
        assert (last.type, "keeps values out of a tool" in last.message) == ("error", True)
        assert upstream.bodies()[0]["messages"][0]["role"] == "user", "the note is off"


class TestKeptTools:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(options=GatewayOptions(tools=ToolPolicy(keep=("se*",))))

    def test_a_tool_may_get_placeholders(self, ant: anthropic.Anthropic) -> None:
        answer = ant.messages.create(model="m", max_tokens=9, messages=ask(CALL), tools=[ANTHROPIC_TOOL])

        assert answer.content[0].input["to"] == "<Email_1>"  # type: ignore[union-attr]
