from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from memveil.errors import PolicyError, UnsupportedFormat
from memveil.wire import anthropic_messages as messages
from memveil.wire.walks import Outbound
from tests.wire.veil import KEPT, REFUSED, VALUES, inbound, outbound, private_in

NAME, ADDRESS = VALUES["<Person_1>"], VALUES["<Address_1>"]
REQUEST: dict[str, Any] = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 100,
    "system": [{"type": "text", "text": f"Help {NAME}", "cache_control": {"type": "ephemeral"}}],
    "messages": [
        {"role": "user", "content": f"I am {NAME}"},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "of <Person_1>", "signature": "c2ln"},
                {"type": "tool_use", "id": "t1", "name": "send", "input": {"to": NAME, "at": ADDRESS}},
            ],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": f"sent to {NAME}"}]},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": f"of {NAME}", "signature": "c2ln"},
                {"type": "text", "text": NAME},
            ],
        },
    ],
    "metadata": {"user_id": NAME},
    "stop_sequences": [NAME],
    "tools": [
        {
            "name": "send",
            "description": NAME,
            "input_schema": {"type": "object", "properties": {"to": {"description": NAME}}},
        }
    ],
    "tool_choice": {"type": "tool", "name": "send"},
    "thinking": {"type": "enabled", "budget_tokens": 1024},
    "output_config": {"effort": "high", "format": {"type": "json_schema", "schema": {"enum": [NAME]}}},
    "context_management": {"edits": [{"type": "clear_tool_uses_20250919", "keep": {"type": "tool_uses", "value": 3}}]},
    "stream": True,
    "temperature": 1,
    "container": "c_1",
}


def test_no_field_of_a_request_carries_a_value() -> None:
    before = copy.deepcopy(REQUEST)
    walk = outbound()

    sent: Any = messages.map_request(REQUEST, walk)

    assert private_in(sent) == []
    assert before == REQUEST
    assert sent["messages"][1]["content"][0] == REQUEST["messages"][1]["content"][0]
    assert sent["messages"][1]["content"][1]["input"] == {"to": "<Person_1>", "at": "<Address_1>"}
    assert sent["messages"][3]["content"] == [{"type": "text", "text": "<Person_1>"}]
    assert walk.dropped_count == 1
    assert messages.user_of(REQUEST) == NAME
    assert messages.wants_json(REQUEST)


@pytest.mark.parametrize(
    "extra",
    [
        {"mcp_servers": [{"url": "x"}]},
        {NAME: 1},
        {"messages": [{"role": "user", "content": [{"type": "x"}]}]},
        {"system": 7},
        {"max_tokens": NAME},
    ],
)
def test_what_is_not_known_stops_the_request(extra: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedFormat, match="nothing was sent") as caught:
        messages.map_request({"model": "m", "messages": []} | extra, outbound())

    assert NAME not in str(caught.value)


def answer(*content: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "content": list(content),
        "stop_reason": "end_turn",
        "usage": {"output_tokens": 5},
        **more,
    }


def test_every_text_of_an_answer_is_restored_and_thinking_stays() -> None:
    thought = {"type": "thinking", "thinking": "of <Person_1>", "signature": "c2ln"}
    got: Any = messages.map_response(
        answer(
            thought,
            {"type": "text", "text": "Hi <Person_1>", "citations": None},
            {"type": "tool_use", "id": "t", "name": "send", "input": {"at": "<Address_1>", "n": 1}},
            {"type": "new", "x": "<Person_1>"},
            stop_sequence="<Person_1>",
            new=1,
        ),
        inbound(),
    )

    assert got["content"] == [
        thought,
        {"type": "text", "text": f"Hi {NAME}", "citations": None},
        {"type": "tool_use", "id": "t", "name": "send", "input": {"at": ADDRESS, "n": 1}},
        {"type": "new", "x": "<Person_1>"},
    ]
    assert (got["stop_sequence"], got["new"], got["usage"]) == (NAME, 1, {"output_tokens": 5})


def test_structured_answers_and_tools() -> None:
    def calling(name: str) -> dict[str, Any]:
        return answer({"type": "tool_use", "id": "t", "name": name, "input": {"a": "<Person_1>"}})

    got: Any = messages.map_response(answer({"type": "text", "text": '{"at":"<Address_1>"}'}), inbound(is_json=True))
    assert json.loads(got["content"][0]["text"]) == {"at": ADDRESS}
    assert messages.map_response(calling(KEPT), inbound()) == calling(KEPT)
    with pytest.raises(PolicyError):
        messages.map_response(calling(REFUSED), inbound())


def test_what_came_home_goes_out_as_the_same_bytes() -> None:
    blocks = [
        {"type": "thinking", "thinking": "of <Person_1>", "signature": "c2ln"},
        {"type": "text", "text": "at <Address_1>"},
        {"type": "tool_use", "id": "t", "name": "send", "input": {"z": "<Person_1>", "a": ["<Address_1>"]}},
    ]
    home: Any = messages.map_response(answer(*blocks), inbound())

    assert messages.map_request({"messages": [{"role": "assistant", "content": home["content"]}]}, outbound()) == {
        "messages": [{"role": "assistant", "content": blocks}]
    }


@pytest.mark.parametrize(
    ("system", "noted"),
    [
        (None, "NOTE"),
        ("", "NOTE"),
        ("Be kind.", "Be kind.\n\nNOTE"),
        ([{"type": "text", "text": "x"}], [{"type": "text", "text": "x"}, {"type": "text", "text": "NOTE"}]),
    ],
)
def test_the_note_never_comes_before_the_clients_own_instructions(system: object, noted: object) -> None:
    body = {} if system is None else {"system": system}

    assert messages.add_note(body, "NOTE") == {"system": noted}


def test_json_may_be_ordered_in_the_older_way() -> None:
    assert messages.wants_json({"output_format": {"type": "json_schema", "schema": {}}})
    assert not messages.wants_json({"output_config": {"effort": "low"}})


PROGRAMS = [
    "You are Claude Code, Anthropic's official CLI for Claude.",
    "You are Claude Code, Anthropic's official CLI for Claude, running within the Claude Agent SDK.",
    "You are a Claude agent, built on Anthropic's Claude Agent SDK.",
    "x-anthropic-billing-header: cc_version=2.1.197.32a; cc_entrypoint=sdk-cli;",
    "x-anthropic-billing-header: cc_version=2.1.197.32a; cc_entrypoint=cli; cch=00000; cc_is_subagent=true;",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_sentence_that_a_key_is_bound_to_stays_whatever_a_recognizer_says(program: str) -> None:
    suspicious = Outbound(lambda text: f"<{len(text)}>", lambda _: False)
    blocks = [{"type": "text", "text": program}, {"type": "text", "text": f"{program} For {NAME}."}]

    sent: Any = messages.map_request({"system": blocks, "messages": []}, suspicious)

    assert sent["system"][0] == blocks[0]
    assert sent["system"][1]["text"] == f"<{len(blocks[1]['text'])}>"
    assert messages.map_request({"system": program, "messages": []}, suspicious)["system"] == program
    said: Any = messages.map_request({"messages": [{"role": "user", "content": program}]}, suspicious)
    assert said["messages"][0]["content"] == f"<{len(program)}>"


@pytest.mark.parametrize(
    "line",
    [
        "x-anthropic-billing-header: name=Ines; surname=Larsen;",
        "x-anthropic-billing-header: cc_version=2.1.197.32a; cc_entrypoint=cli; phone=4790041773;",
        "x-anthropic-billing-header: cc_version=4790041773; cc_entrypoint=cli;",
        "x-anthropic-billing-header: cc_version=2.1.197; cc_entrypoint=Ines.Larsen;",
        "x-anthropic-billing-header: cc_version=2.1.197.32a; cc_entrypoint=cli;\n",
    ],
)
def test_a_line_that_only_looks_like_the_programs_is_read_as_text(line: str) -> None:
    suspicious = Outbound(lambda text: f"<{len(text)}>", lambda _: False)

    sent = messages.map_request({"system": [{"type": "text", "text": line}], "messages": []}, suspicious)

    assert sent["system"] == [{"type": "text", "text": f"<{len(line)}>"}]
