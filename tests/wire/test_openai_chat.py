from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from memveil.errors import InputError, PolicyError, UnsupportedFormat
from memveil.wire import openai_chat as chat
from tests.wire.veil import KEPT, REFUSED, VALUES, inbound, outbound, private_in

NAME, MAIL, ADDRESS = VALUES["<Person_1>"], VALUES["<Email_1>"], VALUES["<Address_1>"]
ARGUMENTS = json.dumps({"to": MAIL, "at": ADDRESS, "n": 4790041773})
REQUEST: dict[str, Any] = {
    "model": "gpt-5.2",
    "messages": [
        {"role": "system", "content": f"Help {NAME}."},
        {"role": "developer", "content": [{"type": "text", "text": NAME, "cache_control": {"type": "ephemeral"}}]},
        {
            "role": "user",
            "name": NAME,
            "content": [{"type": "text", "text": f"I am {NAME}", "prompt_cache_breakpoint": {"mode": "explicit"}}],
        },
        {
            "role": "assistant",
            "content": None,
            "refusal": None,
            "audio": None,
            "annotations": [],
            "reasoning_content": NAME,
            "tool_calls": [
                {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": ARGUMENTS}},
                {"id": "call_2", "type": "custom", "custom": {"name": "sh", "input": f"mail {MAIL}"}},
            ],
        },
        {"role": "tool", "tool_call_id": "call_1", "content": json.dumps({"sent to": ADDRESS})},
        {"role": "tool", "tool_call_id": "call_2", "content": [{"type": "text", "text": NAME}]},
        {"role": "assistant", "content": [{"type": "text", "text": NAME}, {"type": "refusal", "refusal": NAME}]},
        {"role": "assistant", "content": "", "function_call": {"name": "send", "arguments": ARGUMENTS}},
        {"role": "function", "name": "send", "content": NAME},
        {
            "role": "assistant",
            "content": NAME,
            "refusal": NAME,
            "reasoning_details": [
                {"type": "reasoning.text", "text": "of <Person_1>", "signature": "c2ln"},
                {"type": "reasoning.text", "text": NAME},
            ],
            "annotations": [
                {
                    "type": "url_citation",
                    "url_citation": {"title": NAME, "url": "https://x.example", "start_index": 0, "end_index": 2},
                }
            ],
        },
    ],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "send",
                "description": f"for {NAME}",
                "strict": True,
                "parameters": {"type": "object", "properties": {"to": {"type": "string", "examples": [MAIL]}}},
            },
        },
        {
            "type": "custom",
            "custom": {
                "name": "sh",
                "description": NAME,
                "format": {"type": "grammar", "grammar": {"syntax": "regex", "definition": NAME}},
            },
        },
    ],
    "functions": [{"name": "send", "description": NAME, "parameters": {}}],
    "tool_choice": {"type": "function", "function": {"name": "send"}},
    "metadata": {"customer": NAME},
    "user": MAIL,
    "safety_identifier": MAIL,
    "prompt_cache_key": MAIL,
    "prediction": {"type": "content", "content": [{"type": "text", "text": NAME}]},
    "stop": [NAME, "END"],
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "letter", "description": NAME, "strict": True, "schema": {"enum": [NAME]}},
    },
    "web_search_options": {"user_location": {"type": "approximate", "approximate": {"city": NAME}}},
    "temperature": 0.2,
    "n": 2,
    "logprobs": True,
    "top_logprobs": 2,
    "logit_bias": {"50256": -100},
    "stream": True,
    "stream_options": {"include_usage": True},
    "reasoning_effort": "high",
    "store": False,
    "seed": 7,
}


def test_no_field_of_a_request_carries_a_value() -> None:
    before = copy.deepcopy(REQUEST)
    walk = outbound()

    sent: Any = chat.map_request(REQUEST, walk)

    assert private_in(sent) == []
    assert before == REQUEST
    assert (
        sent["messages"][3]["tool_calls"][0]["function"]["arguments"]
        == '{"to": "<Email_1>", "at": "<Address_1>", "n": "<Phone_1>"}'
    )
    assert json.loads(sent["messages"][4]["content"]) == {"sent to": "<Address_1>"}
    assert sent["stop"] == ["<Person_1>", "END"]
    assert [key for key in sent if sent[key] == REQUEST[key]] == [
        "model", "tool_choice", "temperature", "n", "logprobs", "top_logprobs", "logit_bias", "stream", "stream_options", "reasoning_effort", "store", "seed"
    ]  # fmt: skip
    assert sent["messages"][-1]["reasoning_details"] == [REQUEST["messages"][-1]["reasoning_details"][0]]
    assert walk.dropped_count == 1


@pytest.mark.parametrize(
    "extra",
    [
        {"messages": [{"role": "user", "content": "x", "secret": 1}]},
        {"messages": [{"role": "robot", "content": "x"}]},
        {"messages": [{"role": "user", "content": [{"type": "video", "video": "x"}]}]},
        {"messages": [{"role": "user", "content": {"text": NAME}}]},
        {"messages": [{"role": "tool", "tool_call_id": NAME, "content": "x"}]},
        {
            "messages": [
                {
                    "role": "assistant",
                    "tool_calls": [{"id": "1", "type": "function", "function": {"name": NAME, "arguments": ""}}],
                }
            ]
        },
        {"messages": NAME},
        {"suffix": NAME},
        {NAME: 1},
        {"tools": [{"type": "mcp", "server_url": "https://x"}]},
        {"response_format": {"type": "yaml"}},
        {"model": NAME},
        {"temperature": NAME},
        {"stop": 7},
    ],
)
def test_what_is_not_known_stops_the_request(extra: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedFormat, match="nothing was sent") as caught:
        chat.map_request({"model": "m", "messages": []} | extra, outbound())

    assert NAME not in str(caught.value)


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}},
        {"type": "input_audio", "input_audio": {"data": "AA"}},
        {"type": "file", "file": {"file_id": "f"}},
    ],
)
def test_media_stay_here_unless_they_are_allowed(part: dict[str, Any]) -> None:
    body = {"messages": [{"role": "user", "content": [part]}]}
    walk = outbound(allows_media=True)

    with pytest.raises(UnsupportedFormat, match="an image, a sound or a file"):
        chat.map_request(body, outbound())
    assert chat.map_request(body, walk) == body
    assert walk.media_count == 1


def test_a_body_that_is_no_object_is_refused() -> None:
    with pytest.raises(InputError):
        chat.map_request([], outbound())


def answer(**message: Any) -> dict[str, Any]:
    return {
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": None, **message},
                "finish_reason": "stop",
                "logprobs": {"content": []},
            }
        ],
        "usage": {"total_tokens": 5},
    }


def test_every_text_of_an_answer_is_restored_and_the_rest_kept() -> None:
    call = {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": '{"at": "<Address_1>"}'}}
    given = {
        **answer(content="Hi <Person_1>", refusal="<Person_1>", new_field={"x": "<Person_1>"}, tool_calls=[call]),
        "id": "chatcmpl-1",
        "new": [1],
    }
    given["choices"].append(
        {"index": 1, "message": {"role": "assistant", "content": "plain"}, "logprobs": {"content": [1]}}
    )

    got: Any = chat.map_response(given, inbound())

    message = got["choices"][0]["message"]
    assert (message["content"], message["refusal"], message["new_field"]) == (f"Hi {NAME}", NAME, {"x": "<Person_1>"})
    assert json.loads(message["tool_calls"][0]["function"]["arguments"]) == {"at": ADDRESS}
    assert got["choices"][0]["logprobs"] is None
    assert got["choices"][1]["logprobs"] == {"content": [1]}
    assert (got["id"], got["new"], got["usage"]) == ("chatcmpl-1", [1], {"total_tokens": 5})


def test_structured_answers_stay_json() -> None:
    assert chat.wants_json(REQUEST)
    got: Any = chat.map_response(answer(content='{"at":"<Address_1>"}'), inbound(is_json=True))

    assert json.loads(got["choices"][0]["message"]["content"]) == {"at": ADDRESS}


def test_tools_get_what_the_policy_gives_them() -> None:
    def calling(name: str) -> dict[str, Any]:
        return answer(
            tool_calls=[{"id": "1", "type": "function", "function": {"name": name, "arguments": '{"a":"<Person_1>"}'}}]
        )

    assert chat.map_response(calling(KEPT), inbound()) == calling(KEPT)
    with pytest.raises(PolicyError):
        chat.map_response(calling(REFUSED), inbound())


def test_what_came_home_goes_out_as_the_same_bytes() -> None:
    said = answer(
        content='Dear <Person_1>, "<Address_1>"?',
        tool_calls=[
            {
                "id": "1",
                "type": "function",
                "function": {"name": "send", "arguments": '{ "at" :"<Address_1>" , "to":["<Email_1>"]}'},
            }
        ],
    )
    home: Any = chat.map_response(said, inbound())

    again: Any = chat.map_request({"messages": [home["choices"][0]["message"]]}, outbound())

    assert again["messages"][0] == said["choices"][0]["message"]


@pytest.mark.parametrize(
    ("messages", "noted"),
    [
        ([{"role": "user", "content": "x"}], [{"role": "system", "content": "NOTE"}, {"role": "user", "content": "x"}]),
        ([{"role": "system", "content": "Be kind."}], [{"role": "system", "content": "Be kind.\n\nNOTE"}]),
        ([{"role": "developer", "content": ""}], [{"role": "developer", "content": "NOTE"}]),
        (
            [{"role": "system", "content": [{"type": "text", "text": "x"}]}],
            [{"role": "system", "content": [{"type": "text", "text": "x"}, {"type": "text", "text": "NOTE"}]}],
        ),
        ([], [{"role": "system", "content": "NOTE"}]),
    ],
)
def test_the_note_stands_in_the_first_instruction(messages: list[Any], noted: list[Any]) -> None:
    assert chat.add_note({"messages": messages}, "NOTE") == {"messages": noted}
    assert chat.add_note({}, "NOTE") == {}
