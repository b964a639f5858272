from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from memveil.errors import PolicyError, UnsupportedFormat
from memveil.wire import openai_responses as responses
from tests.wire.veil import KEPT, REFUSED, VALUES, events, inbound, outbound, private_in, run

NAME, MAIL, ADDRESS = VALUES["<Person_1>"], VALUES["<Email_1>"], VALUES["<Address_1>"]
ARGUMENTS = json.dumps({"to": MAIL, "at": ADDRESS})
REQUEST: dict[str, Any] = {
    "model": "gpt-5.2",
    "instructions": f"Help {NAME}.",
    "input": [
        {"role": "user", "content": f"I am {NAME}"},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": NAME}]},
        {
            "type": "message",
            "id": "msg_1",
            "status": "completed",
            "role": "assistant",
            "content": [
                {
                    "type": "output_text",
                    "text": NAME,
                    "annotations": [
                        {
                            "type": "url_citation",
                            "title": NAME,
                            "url": "https://x.example",
                            "start_index": 1,
                            "end_index": 2,
                        }
                    ],
                },
                {"type": "refusal", "refusal": NAME},
            ],
        },
        {
            "type": "reasoning",
            "id": "rs_1",
            "summary": [{"type": "summary_text", "text": NAME}],
            "encrypted_content": "gAAAA==",
        },
        {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "call_1",
            "name": "send",
            "arguments": ARGUMENTS,
            "status": "completed",
        },
        {"type": "function_call_output", "call_id": "call_1", "output": f"sent to {MAIL}"},
        {"type": "function_call_output", "call_id": "call_1", "output": [{"type": "input_text", "text": MAIL}]},
        {"type": "custom_tool_call", "call_id": "call_2", "name": "sh", "input": f"mail {MAIL}"},
        {"type": "custom_tool_call_output", "call_id": "call_2", "output": MAIL},
        {
            "type": "local_shell_call",
            "id": "l",
            "call_id": "call_3",
            "status": "completed",
            "action": {
                "type": "exec",
                "command": ["mail", MAIL],
                "env": {"TO": MAIL},
                "working_directory": f"/home/{NAME}",
            },
        },
        {"type": "local_shell_call_output", "id": "l", "output": MAIL},
        {"type": "shell_call", "call_id": "c", "action": {"commands": [f"mail {MAIL}"], "timeout_ms": 5}},
        {
            "type": "shell_call_output",
            "call_id": "c",
            "output": [{"stdout": MAIL, "stderr": NAME, "outcome": {"type": "exit", "exit_code": 0}}],
        },
        {
            "type": "apply_patch_call",
            "call_id": "c",
            "operation": {"type": "update_file", "path": "a.txt", "diff": f"+{NAME}"},
            "status": "completed",
        },
        {"type": "apply_patch_call_output", "call_id": "c", "output": NAME, "status": "completed"},
        {
            "type": "web_search_call",
            "id": "w",
            "status": "completed",
            "action": {
                "type": "search",
                "query": NAME,
                "queries": [NAME],
                "sources": [{"type": "url", "url": "https://x"}],
            },
        },
        {
            "type": "file_search_call",
            "id": "f",
            "status": "completed",
            "queries": [NAME],
            "results": [{"file_id": "f", "filename": "a", "text": NAME, "score": 1, "attributes": {"who": NAME}}],
        },
        {
            "type": "code_interpreter_call",
            "id": "c",
            "code": f"print({NAME!r})",
            "container_id": "cntr",
            "outputs": [{"type": "logs", "logs": NAME}],
            "status": "completed",
        },
        {
            "type": "computer_call",
            "id": "c",
            "call_id": "c",
            "action": {"type": "type", "text": "4790041773"},
            "pending_safety_checks": [],
            "status": "completed",
        },
        {"type": "item_reference", "id": "msg_1"},
    ],
    "tools": [
        {
            "type": "function",
            "name": "send",
            "description": NAME,
            "strict": False,
            "parameters": {"properties": {"to": {"default": MAIL}}},
        },
        {
            "type": "custom",
            "name": "sh",
            "description": NAME,
            "format": {"type": "grammar", "syntax": "lark", "definition": NAME},
        },
        {"type": "web_search_preview", "user_location": {"type": "approximate", "city": NAME}},
        {"type": "file_search", "vector_store_ids": ["vs_1"], "filters": {"key": "who", "type": "eq", "value": NAME}},
        {"type": "code_interpreter", "container": {"type": "auto"}},
    ],
    "text": {
        "format": {
            "type": "json_schema",
            "name": "letter",
            "description": NAME,
            "schema": {"enum": [NAME]},
            "strict": True,
        }
    },
    "metadata": {"customer": NAME},
    "client_metadata": {"session_id": "01a2", "phone": VALUES["<Phone_1>"], "turn": json.dumps({"for": NAME})},
    "prompt": {"id": "pmpt_1", "version": "2", "variables": {"who": NAME}},
    "prompt_cache_key": MAIL,
    "safety_identifier": MAIL,
    "user": MAIL,
    "include": ["reasoning.encrypted_content"],
    "reasoning": {"effort": "high", "summary": "auto"},
    "tool_choice": "auto",
    "stream": True,
    "store": False,
    "max_output_tokens": 50,
    "previous_response_id": "resp_1",
}


def test_no_field_of_a_request_carries_a_value() -> None:
    before = copy.deepcopy(REQUEST)

    sent: Any = responses.map_request(REQUEST, outbound())

    assert private_in(sent) == []
    assert before == REQUEST
    assert sent["input"][3]["encrypted_content"] == "gAAAA=="
    assert json.loads(sent["input"][4]["arguments"]) == {"to": "<Email_1>", "at": "<Address_1>"}
    assert responses.wants_json(REQUEST)
    assert responses.user_of(REQUEST) == MAIL
    assert responses.map_request({"input": NAME}, outbound()) == {"input": "<Person_1>"}


@pytest.mark.parametrize(
    "extra",
    [
        {"input": [{"type": "telepathy", "text": NAME}]},
        {"input": [{"type": "mcp_call", "arguments": NAME}]},
        {"input": [{"role": "user", "content": [{"type": "input_video"}]}]},
        {"input": [{"role": "user", "content": [{"type": "input_image", "image_url": "data:"}]}]},
        {"input": [{"type": "image_generation_call", "result": "AAAA"}]},
        {"input": [{"role": "user", "content": "x", "extra": 1}]},
        {"input": 7},
        {"tools": [{"type": "mcp", "server_url": "https://x", "authorization": "t"}]},
        {"tools": [{"type": "code_interpreter", "container": {"type": "auto", "file_ids": ["f"]}}]},
        {"text": {"format": {"type": "xml"}}},
        {NAME: 1},
    ],
)
def test_what_is_not_known_stops_the_request(extra: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedFormat, match="nothing was sent") as caught:
        responses.map_request({"model": "m", "input": []} | extra, outbound())

    assert NAME not in str(caught.value)


def response(*output: Any, **more: Any) -> dict[str, Any]:
    return {
        "id": "resp_1",
        "object": "response",
        "status": "completed",
        "output": list(output),
        "usage": {"total_tokens": 3},
        **more,
    }


def test_every_text_of_an_answer_is_restored_and_the_rest_kept() -> None:
    message = {
        "type": "message",
        "id": "msg_1",
        "role": "assistant",
        "content": [{"type": "output_text", "text": "Hi <Person_1>", "annotations": [], "logprobs": [{"token": "<"}]}],
    }
    plain = {"type": "message", "content": [{"type": "output_text", "text": "x", "logprobs": [{"token": "x"}]}]}
    call = {"type": "function_call", "id": "fc", "call_id": "c", "name": "send", "arguments": '{"at":"<Address_1>"}'}
    thought = {
        "type": "reasoning",
        "id": "rs",
        "summary": [{"type": "summary_text", "text": "of <Person_1>"}],
        "encrypted_content": "gA==",
    }
    odd = {"type": "new_thing", "text": "<Person_1>"}

    got: Any = responses.map_response(
        response(
            message, plain, call, thought, odd, instructions="for <Person_1>", metadata={"who": "<Person_1>"}, new=1
        ),
        inbound(),
    )

    assert got["output"][0]["content"][0] == {
        "type": "output_text",
        "text": f"Hi {NAME}",
        "annotations": [],
        "logprobs": [],
    }
    assert got["output"][1] == plain
    assert json.loads(got["output"][2]["arguments"]) == {"at": ADDRESS}
    assert got["output"][3]["summary"][0]["text"] == f"of {NAME}"
    assert got["output"][4] == odd
    assert (got["instructions"], got["metadata"], got["new"]) == (f"for {NAME}", {"who": NAME}, 1)


def test_structured_answers_and_tools() -> None:
    def calling(name: str) -> dict[str, Any]:
        return response({"type": "function_call", "call_id": "c", "name": name, "arguments": '{"a":"<Person_1>"}'})

    text = response(
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": '{"at":"<Address_1>"}'}]}
    )
    got: Any = responses.map_response(text, inbound(is_json=True))
    assert json.loads(got["output"][0]["content"][0]["text"]) == {"at": ADDRESS}
    assert responses.map_response(calling(KEPT), inbound()) == calling(KEPT)
    with pytest.raises(PolicyError):
        responses.map_response(calling(REFUSED), inbound())


def test_what_came_home_goes_out_as_the_same_bytes() -> None:
    items = [
        {
            "type": "reasoning",
            "id": "rs",
            "summary": [{"type": "summary_text", "text": "of <Person_1>"}],
            "encrypted_content": "gA==",
        },
        {
            "type": "message",
            "id": "m",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": '"<Address_1>"', "annotations": [], "logprobs": []}],
        },
        {
            "type": "function_call",
            "id": "fc",
            "call_id": "c",
            "name": "send",
            "arguments": '{ "at":"<Address_1>"}',
            "status": "completed",
        },
    ]
    home: Any = responses.map_response(response(*items), inbound())

    assert responses.map_request({"input": home["output"]}, outbound()) == {"input": items}


@pytest.mark.parametrize(
    ("body", "noted"),
    [
        ({}, {"instructions": "NOTE"}),
        ({"instructions": "Be kind."}, {"instructions": "Be kind.\n\nNOTE"}),
        ({"instructions": ""}, {"instructions": "NOTE"}),
        ({"prompt": {"id": "p"}}, {"prompt": {"id": "p"}}),
        ({"instructions": []}, {"instructions": []}),
    ],
)
def test_the_note_stands_in_the_instructions(body: dict[str, Any], noted: dict[str, Any]) -> None:
    assert responses.add_note(body, "NOTE") == noted


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"text": {"format": {"type": "json_object"}}}, True),
        ({"text": {"format": {"type": "text"}}}, False),
        ({"text": {}}, False),
    ],
)
def test_json_is_ordered_in_the_text_settings(body: dict[str, Any], wanted: bool) -> None:
    assert responses.wants_json(body) is wanted


@pytest.mark.parametrize("own", [None, "Be kind to <Person_1>.", [{"role": "developer", "content": "x"}]])
def test_the_client_reads_its_own_instructions_and_not_the_note(own: object) -> None:
    """Restored, the example in the note would even show somebody's address."""
    note = "Copy placeholders such as <Email_1>."
    noted = responses.add_note({} if own is None else {"instructions": own}, note)
    walk = replace(inbound(), note=note)
    read = responses.map_response({"id": "r", **noted}, walk)
    stream = responses.begin_stream(walk)
    (event,) = run(stream, events({"type": "response.created", "response": {"id": "r", **noted}}))

    expected = own.replace("<Person_1>", NAME) if isinstance(own, str) else own
    assert read == event["response"] == {"id": "r", "instructions": expected}
