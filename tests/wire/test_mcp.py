from __future__ import annotations

from typing import Any

import pytest

from memveil.errors import PolicyError, UnsupportedFormat
from memveil.wire.mcp import Client, error_reply
from tests.wire.veil import VALUES, inbound, outbound, private_in

NAME = "Ines Larsen"


@pytest.fixture
def client() -> Client:
    return Client(outbound(), inbound())


def ask(method: str, name: int | str = 1, /, **params: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": name, "method": method, "params": params}


@pytest.mark.parametrize(
    "message",
    [
        ask("tools/call", arguments={"text": NAME, "n": 4790041773, NAME: [VALUES["<Address_1>"]]})
        | {"params": {"name": "add", "arguments": {"text": NAME}, "_meta": {"progressToken": 1, "note": NAME}}},
        ask("resources/read", uri=f"memory://{NAME}"),
        ask("prompts/get", arguments={"who": NAME}),
        ask("completion/complete", ref={"type": "ref/prompt", "name": "x"}, argument={"name": "who", "value": NAME}),
        ask("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": "c", "version": "1"}),
        ask("tools/list", cursor="abc"),
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1, "reason": NAME}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
    ],
)
def test_what_goes_to_the_server_holds_no_value(client: Client, message: dict[str, Any]) -> None:
    sent = client.to_server(message)

    assert private_in(sent) == []
    assert list(sent) == list(message)


@pytest.mark.parametrize(
    "message",
    [
        ask("telepathy/send", thought=NAME),
        ask("tools/call", extra=NAME),
        {"jsonrpc": "2.0", "id": 1, "method": 7},
        {"jsonrpc": "1.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "id": 1, "method": "ping", "aside": NAME},
        {"jsonrpc": "2.0", "id": 9, "result": {"text": NAME}},
        {"jsonrpc": "2.0", "id": None, "result": {}},
        {"jsonrpc": "2.0", "method": "notifications/odd", "params": NAME},
        [1],
        None,
    ],
)
def test_what_is_not_known_is_not_sent(client: Client, message: Any) -> None:
    with pytest.raises(UnsupportedFormat, match="nothing was sent") as caught:
        client.to_server(message)

    assert NAME not in str(caught.value)


def test_results_come_home_restored_once(client: Client) -> None:
    result = {
        "content": [{"type": "text", "text": "of <Person_1>"}],
        "structuredContent": {"who": "<Person_1>", "n": 1},
    }
    client.to_server(ask("tools/call", "a", name="find", arguments={}))
    answer = {"jsonrpc": "2.0", "id": "a", "result": result}

    home: Any = client.to_client(answer)

    assert home["result"] == {
        "content": [{"type": "text", "text": f"of {NAME}"}],
        "structuredContent": {"who": NAME, "n": 1},
    }
    assert client.to_client(answer) == answer, "nobody has asked for it again"
    client.to_server(ask("tools/call", 2, name="find", arguments={}))
    failed: Any = client.to_client({"jsonrpc": "2.0", "id": 2, "error": {"code": -1, "message": "no <Person_1>"}})
    assert failed["error"]["message"] == f"no {NAME}"
    client.to_server(ask("initialize", 3))
    assert client.to_client({"jsonrpc": "2.0", "id": 3, "result": {"instructions": "<Person_1>"}}) == {
        "jsonrpc": "2.0",
        "id": 3,
        "result": {"instructions": "<Person_1>"},
    }


def test_what_the_server_asks_is_restored_for_people_only_and_answers_are_protected(client: Client) -> None:
    person = ask("elicitation/create", 5, message="Is it <Person_1>?")
    model = ask("sampling/createMessage", 6, messages=[{"content": "<Person_1>"}])
    asked: Any = client.to_client(person)

    assert asked["params"]["message"] == f"Is it {NAME}?"
    assert client.to_client(model) == model
    assert client.to_client(ask("roots/list", 7)) == ask("roots/list", 7)
    told: Any = client.to_client(
        {"jsonrpc": "2.0", "method": "notifications/message", "params": {"data": "<Person_1>"}}
    )
    assert told["params"]["data"] == NAME
    answers: list[dict[str, Any]] = [
        {"jsonrpc": "2.0", "id": 5, "result": {"action": "accept", "content": {"who": NAME}}},
        {
            "jsonrpc": "2.0",
            "id": 6,
            "result": {"role": "assistant", "model": "m", "content": {"type": "text", "text": NAME}},
        },
        {"jsonrpc": "2.0", "id": 7, "result": {"roots": [{"uri": f"file:///home/{NAME}", "name": NAME}]}},
    ]
    assert [private_in(client.to_server(answer)) for answer in answers] == [[], [], []]
    client.to_client(ask("roots/list", 8))
    assert private_in(client.to_server({"jsonrpc": "2.0", "id": 8, "error": {"code": -1, "message": NAME}})) == []
    client.to_client(ask("new/thing", 9))
    with pytest.raises(UnsupportedFormat):
        client.to_server({"jsonrpc": "2.0", "id": 9, "result": {"x": NAME}})


def test_a_refused_request_is_answered_and_anything_else_is_not() -> None:
    error = PolicyError("it may not leave")

    assert error_reply(ask("tools/call", "x"), error) == {
        "jsonrpc": "2.0",
        "id": "x",
        "error": {"code": -32001, "message": "it may not leave"},
    }
    assert error_reply({"jsonrpc": "2.0", "method": "notifications/odd"}, error) is None
    assert error_reply({"jsonrpc": "2.0", "id": 1, "result": {}}, error) is None
