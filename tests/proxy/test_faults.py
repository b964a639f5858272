"""Everything that can break, in every format: nothing private leaves, the client is told in its provider's words,
and nothing stays behind. What leaves is searched for canaries by the gateway of the tests itself."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.responses import JSONResponse, Response

from memveil.detect import Context
from memveil.spans import Span
from memveil.testing import CANARIES, ScriptedRecognizer, canaries_in
from memveil.vault import sqlite
from memveil.vault.keys import RawKey
from memveil.vault.rekey import change_master_key
from memveil.vault.sqlite import open_sqlite
from memveil.vault.table import TableVault
from memveil.wire.sse import Event, SseDecoder
from tests.proxy.conftest import Gateway, Plan
from tests.proxy.scripted import sse, until
from tests.proxy.streams import STREAMS, at

MAIL = CANARIES["Email"]
ASKED = [{"role": "user", "content": f"Write to {MAIL}"}]
PATHS = {"chat": "/v1/chat/completions", "responses": "/v1/responses", "messages": "/v1/messages"}
BODIES: dict[str, dict[str, Any]] = {
    "chat": {"model": "m", "messages": ASKED},
    "responses": {"model": "m", "input": f"Write to {MAIL}"},
    "messages": {"model": "m", "max_tokens": 9, "messages": ASKED},
}
SAID = "To <Email_1> <Em"
ANSWERS: dict[str, dict[str, Any]] = {
    "chat": {
        "id": "c",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": SAID}, "finish_reason": "stop"}],
        "usage": {},
    },
    "responses": {
        "id": "r",
        "status": "completed",
        "output": [{"type": "message", "id": "m", "content": [{"type": "output_text", "text": SAID}]}],
    },
    "messages": {
        "id": "m",
        "content": [{"type": "text", "text": SAID}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {},
    },
}
every_format = pytest.mark.parametrize("api", list(PATHS))


def post(gateway: Gateway, api: str, *, stream: bool = False) -> httpx2.Response:
    body = BODIES[api] | ({"stream": True} if stream else {})
    with httpx2.Client(base_url=gateway.url, trust_env=False, timeout=20) as client:
        return client.post(PATHS[api], json=body)


def begun(api: str) -> bytes:
    """A stream up to the end of its text, which stops inside a placeholder."""
    make, texts, _ = STREAMS[api]
    events = make(ANSWERS[api], at(9))
    last = max(number for number, event in enumerate(events) if "> <Em" in json.dumps(event) and _is_delta(event))
    assert texts(ANSWERS[api])
    return sse(*events[: last + 1], named=api != "chat")


def _is_delta(event: Any) -> bool:
    return isinstance(event, dict) and ("choices" in event or str(event.get("type")).endswith("delta"))


def told(api: str, error: Any) -> str:
    """The message of an error, which has the shape that the provider's own errors have."""
    assert canaries_in(json.dumps(error)) == []
    if api == "messages":
        assert error["type"] == "error"
        assert set(error["error"]) == {"type", "message"}
    else:
        assert set(error["error"]) == {"message", "type", "param", "code"}
    return str(error["error"]["message"])


def told_in_stream(api: str, response: httpx2.Response) -> tuple[str, str]:
    """The text of a stream, and the message of the error that is its last event."""
    decoder = SseDecoder()
    events = [event for event in [*decoder.feed(response.content), *decoder.end()] if isinstance(event, Event)]
    *values, last = [json.loads(event.data) for event in events]
    if api == "responses":
        assert (last["type"], last["sequence_number"]) == ("error", len(values))
        message = str(last["message"])
    else:
        message = told(api, last)
    assert [event.event for event in events][-1] == ("" if api == "chat" else "error")
    return _text(values), message


def _text(values: Iterable[Any]) -> str:
    text = ""
    for value in values:
        for choice in value.get("choices", []):
            text += choice["delta"].get("content") or ""
        delta = value.get("delta", "") if "output_text" in value.get("type", "") else value.get("delta", {})
        text += delta if isinstance(delta, str) else delta.get("text", "")
    return text


def at_rest(gateway: Gateway) -> None:
    """Nothing runs any more: no exchange, no stream."""

    def active() -> bool:
        metrics = httpx2.get(f"{gateway.url}/metrics", trust_env=False).text
        return re.search(r"^memveil_active 0$", metrics, re.MULTILINE) is None

    until(lambda: not active() and gateway.upstream.open_streams == 0)


# --- the guard ----------------------------------------------------------------------


class SecondTextFails(ScriptedRecognizer):
    """Reads one text, and then fails with the next in its message."""

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        if context.previous:
            raise RuntimeError(text)
        return super().recognize(text, context)


class TestRecognizers:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(recognizer=SecondTextFails())

    @every_format
    @pytest.mark.parametrize("stream", [False, True])
    def test_a_recognizer_that_fails_in_the_middle_of_a_request_stops_it(
        self, gateway: Gateway, api: str, stream: bool
    ) -> None:
        two = [*ASKED, *ASKED]
        more = {"input": two} if api == "responses" else {"messages": two}
        with httpx2.Client(base_url=gateway.url, trust_env=False, timeout=20) as client:
            response = client.post(PATHS[api], json=BODIES[api] | more | ({"stream": True} if stream else {}))

        assert response.status_code == 500
        assert told(api, response.json()) == "recognizer 'scripted' failed (RuntimeError); nothing was sent"
        assert gateway.upstream.seen == []
        at_rest(gateway)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TableVault]:
    monkeypatch.setattr(sqlite, "_PATIENCE", 0.2)
    with_value = open_sqlite(tmp_path / "vault.db", RawKey(b"k" * 32))
    yield with_value
    with_value.close()


class TestVaults:
    @pytest.fixture
    def plan(self, vault: TableVault) -> Plan:
        return Plan(vault=vault)  # type: ignore[arg-type]

    def _refused(self, gateway: Gateway, api: str, *, stream: bool, error: str) -> None:
        seen = len(gateway.upstream.seen)
        response = post(gateway, api, stream=stream)

        assert response.status_code == 500
        message = told(api, response.json())
        assert error in message
        assert message.endswith("nothing was sent")
        assert len(gateway.upstream.seen) == seen
        at_rest(gateway)

    @every_format
    @pytest.mark.parametrize("stream", [False, True])
    def test_a_locked_vault_stops_the_request_and_only_while_it_is_locked(
        self, gateway: Gateway, tmp_path: Path, api: str, stream: bool
    ) -> None:
        other = sqlite3.connect(tmp_path / "vault.db", isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            self._refused(gateway, api, stream=stream, error="another process kept it locked")
        finally:
            other.close()
        assert post(gateway, api, stream=stream).status_code == 200

    @every_format
    def test_a_vault_with_a_changed_entry_stops_the_request(self, gateway: Gateway, tmp_path: Path, api: str) -> None:
        """Somebody, or a bad disk, changed one byte of what is sealed."""
        assert post(gateway, api).status_code == 200
        with sqlite3.connect(tmp_path / "vault.db") as other:
            ((sealed,),) = other.execute("SELECT sealed FROM memveil_entry").fetchall()
            other.execute("UPDATE memveil_entry SET sealed = ?", (sealed[:-1] + bytes([sealed[-1] ^ 1]),))
        other.close()

        self._refused(gateway, api, stream=False, error="")

    @every_format
    def test_a_vault_that_lost_its_tables_stops_the_request(self, gateway: Gateway, tmp_path: Path, api: str) -> None:
        with sqlite3.connect(tmp_path / "vault.db") as other:
            other.execute("DROP TABLE memveil_entry")
        other.close()

        self._refused(gateway, api, stream=False, error="the file is damaged")

    @every_format
    def test_a_vault_whose_key_was_changed_stops_the_request(self, gateway: Gateway, tmp_path: Path, api: str) -> None:
        with_new_key = open_sqlite(tmp_path / "vault.db", RawKey(b"k" * 32))
        change_master_key(with_new_key, RawKey(b"n" * 32))
        with_new_key.close()

        self._refused(gateway, api, stream=True, error="open it again with the new key")


# --- the upstream -------------------------------------------------------------------


@every_format
@pytest.mark.parametrize(
    ("after", "message"),
    [
        ((RuntimeError("the upstream dies"),), "the upstream broke off"),
        ((b'data: {"half',), "the upstream stopped in the middle of an event"),
        ((), "the upstream stopped before its answer was complete"),
        ((b"data: [1]\n\n",), "an event of the upstream is no JSON object"),
        ((b"data: \xff\n\n",), "the upstream's stream is not UTF-8"),
    ],
    ids=["dies", "half an event", "stops early", "nonsense", "no text"],
)
def test_a_broken_stream_ends_in_an_error_after_all_that_came(
    gateway: Gateway, api: str, after: tuple[Any, ...], message: str
) -> None:
    gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(begun(api), *after)

    text, error = told_in_stream(api, post(gateway, api, stream=True))

    assert text == f"To {MAIL} <Em"
    assert error.startswith(message)
    at_rest(gateway)


class TestHangs:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(timeout=0.5)

    @every_format
    def test_a_stream_that_hangs_ends_in_an_error(self, gateway: Gateway, api: str) -> None:
        gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(begun(api), 5.0)

        assert told_in_stream(api, post(gateway, api, stream=True)) == (
            f"To {MAIL} <Em",
            "the upstream did not answer in time",
        )
        at_rest(gateway)

    @every_format
    @pytest.mark.parametrize("stream", [False, True])
    def test_an_upstream_that_never_answers_is_given_up(self, gateway: Gateway, api: str, stream: bool) -> None:
        release = threading.Event()

        def hang(_path: str, _body: Any) -> Response:
            release.wait(10)
            return JSONResponse({})

        gateway.upstream.reply = hang
        try:
            response = post(gateway, api, stream=stream)
        finally:
            release.set()

        assert (response.status_code, told(api, response.json())) == (504, "the upstream did not answer in time")
        at_rest(gateway)


@every_format
@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("status", [429, 500, 503, 529])
def test_errors_of_the_upstream_come_home_in_its_own_words(
    gateway: Gateway, api: str, status: int, stream: bool
) -> None:
    """With the values that they quote, and with what says when to try again."""
    gateway.upstream.reply = lambda _path, _body: JSONResponse(
        {"type": "error", "error": {"type": "overloaded", "message": "busy with <Email_1>"}},
        status,
        {"retry-after": "3"},
    )

    response = post(gateway, api, stream=stream)

    assert (response.status_code, response.headers["retry-after"]) == (status, "3")
    assert response.json()["error"] == {"type": "overloaded", "message": f"busy with {MAIL}"}
    at_rest(gateway)


@every_format
@pytest.mark.parametrize("stream", [False, True])
def test_a_page_of_some_machine_between_is_an_error_of_the_gateway(gateway: Gateway, api: str, stream: bool) -> None:
    gateway.upstream.reply = lambda _path, _body: Response("<html>bad gateway</html>", 502, media_type="text/html")

    response = post(gateway, api, stream=stream)

    assert response.status_code == 502
    assert told(api, response.json()) == "the upstream answered with 502 and something that is no JSON"
    at_rest(gateway)


@every_format
def test_an_error_inside_a_stream_comes_home_and_is_the_last_word(gateway: Gateway, api: str) -> None:
    error = {"message": "lost <Email_1>", "type": "server_error", "param": None, "code": None}
    event: dict[str, Any] = {
        "chat": {"error": error},
        "responses": {"type": "error", "message": "lost <Email_1>", "code": None, "param": None, "sequence_number": 6},
        "messages": {"type": "error", "error": {"type": "api_error", "message": "lost <Email_1>"}},
    }[api]
    gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(begun(api), sse(event, named=api != "chat"))

    lines = [line for line in post(gateway, api, stream=True).text.splitlines() if line.startswith("data: ")]

    values = [json.loads(line.removeprefix("data: ")) for line in lines]
    assert _text(values) == f"To {MAIL} <Em"
    assert f"lost {MAIL}" in json.dumps(values[-1])
    assert sum("error" in json.dumps(value.get("type", value)) for value in values) == 1


# --- the client ---------------------------------------------------------------------


def leave(gateway: Gateway, api: str, *, stream: bool, after: Callable[[socket.socket], object]) -> None:
    """A client that asks and goes."""
    host, port = gateway.url.removeprefix("http://").split(":")
    raw = json.dumps(BODIES[api] | {"stream": stream}).encode()
    head = f"POST {PATHS[api]} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(raw)}\r\n\r\n"
    with socket.create_connection((host, int(port))) as client:
        client.sendall(head.encode() + raw)
        after(client)


@every_format
def test_a_client_that_leaves_a_stream_ends_it_everywhere(gateway: Gateway, api: str) -> None:
    gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(begun(api), *[0.02, b": ping\n\n"] * 3000)

    leave(gateway, api, stream=True, after=lambda client: client.recv(100))

    at_rest(gateway)
    until(gateway.log.getvalue)
    assert json.loads(gateway.log.getvalue().splitlines()[-1])["outcome"] == "ClientGone"


class Slow(ScriptedRecognizer):
    """Thinks until it is told that it has thought enough."""

    began = threading.Event()
    release = threading.Event()

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        self.began.set()
        self.release.wait(10)
        return super().recognize(text, context)


class TestSlowRecognizer:
    @pytest.fixture
    def plan(self) -> Plan:
        Slow.began.clear()
        Slow.release.clear()
        return Plan(recognizer=Slow())

    @every_format
    def test_a_client_that_leaves_while_its_text_is_read_leaves_nothing_behind(
        self, gateway: Gateway, api: str
    ) -> None:
        leave(gateway, api, stream=False, after=lambda _client: Slow.began.wait(10))
        Slow.release.set()

        at_rest(gateway)
        until(gateway.log.getvalue)
        assert json.loads(gateway.log.getvalue().splitlines()[-1])["outcome"] == "ClientGone"
