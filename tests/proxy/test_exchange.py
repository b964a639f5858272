"""What goes wrong: nothing private leaves, nothing hangs, and the client is told."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from starlette.responses import JSONResponse, Response

from memveil.errors import VaultError, WrongKey
from memveil.proxy.access import Access
from memveil.proxy.options import GatewayOptions
from memveil.testing import CANARIES, ScriptedRecognizer, canaries_in
from memveil.vault.memory import MemoryVault
from tests.proxy.conftest import Gateway, Plan
from tests.proxy.scripted import ScriptedUpstream, sse, until

MAIL = CANARIES["Email"]
BODY: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": f"mail {MAIL}"}]}
MESSAGES = {
    "/v1/chat/completions": BODY,
    "/v1/responses": {"model": "m", "input": f"mail {MAIL}"},
    "/v1/messages": {**BODY, "max_tokens": 9},
}


def post(gateway: Gateway, body: Any = BODY, path: str = "/v1/chat/completions", **options: Any) -> httpx2.Response:
    with httpx2.Client(base_url=gateway.url, trust_env=False, timeout=20) as client:
        return client.post(path, content=body if isinstance(body, bytes) else json.dumps(body).encode(), **options)


@contextmanager
def streaming(url: str, body: Any) -> Iterator[httpx2.Response]:
    with httpx2.Client(base_url=url, trust_env=False, timeout=20) as client:
        path = "/v1/chat/completions"
        with client.stream("POST", path, json=body) as response:
            yield response


def told(response: httpx2.Response) -> str:
    assert canaries_in(response.content) == []
    return str(response.json()["error"]["message"])


def record(gateway: Gateway) -> dict[str, Any]:
    until(lambda: gateway.log.getvalue().endswith("\n"))
    return json.loads(gateway.log.getvalue().splitlines()[-1])  # type: ignore[no-any-return]


def chunk(content: str, finish: str | None = None) -> dict[str, Any]:
    return {"id": "1", "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}


def read(response: httpx2.Response) -> tuple[str, str]:
    """The text of a chat stream, and its error."""
    text, error = "", ""
    for line in response.text.splitlines():
        if line.startswith("data: {"):
            value = json.loads(line.removeprefix("data: "))
            text += "".join(choice["delta"].get("content") or "" for choice in value.get("choices", []))
            error += value.get("error", {}).get("message", "")
    return text, error


# --- before anything leaves --------------------------------------------------------


class TestBlindRecognizer:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(recognizer=ScriptedRecognizer(error=ValueError(MAIL)))

    @pytest.mark.parametrize("path", MESSAGES)
    def test_a_recognizer_that_raises_stops_the_request(self, gateway: Gateway, path: str) -> None:
        response = post(gateway, MESSAGES[path], path)

        assert response.status_code == 500
        assert told(response) == "recognizer 'scripted' failed (ValueError); nothing was sent"
        assert response.headers["x-should-retry"] == "false"
        assert gateway.upstream.seen == []
        assert record(gateway)["outcome"] == "DetectionError"


class LockedVault(MemoryVault):
    """A vault that opens later, or never."""

    error: VaultError | None = WrongKey("the key does not open this vault")

    def assign(self, scope: str, values: Any) -> list[str]:
        if self.error is not None:
            raise self.error
        return super().assign(scope, values)

    def scopes(self) -> list[str]:
        if self.error is not None:
            raise self.error
        return super().scopes()

    def lookup(self, scope: str, placeholders: Any) -> dict[str, str]:
        if self.error is not None:
            raise self.error
        return super().lookup(scope, placeholders)


class TestLockedVault:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(vault=LockedVault())

    def test_a_vault_with_another_key_stops_the_request(self, gateway: Gateway) -> None:
        response = post(gateway)

        assert (response.status_code, told(response)) == (500, "the key does not open this vault; nothing was sent")
        assert gateway.upstream.seen == []
        with httpx2.Client(base_url=gateway.url, trust_env=False) as client:
            assert client.get("/healthz").json() == {"status": "failed", "error": "WrongKey"}

    def test_a_vault_that_fails_on_the_way_home_is_told_in_the_stream(self, gateway: Gateway, plan: Plan) -> None:
        vault: Any = plan.vault
        vault.error = None

        def reply(path: str, body: Any) -> Response:
            vault.error = VaultError("the disk is gone")
            return gateway.upstream.streamed(
                sse(chunk("a <Email_1> ")), 0.05, sse(chunk("<Email_9>"), chunk("", "stop"), "[DONE]")
            )

        gateway.upstream.reply = reply
        text, error = read(post(gateway, {**BODY, "stream": True}))

        assert (text, error) == (f"a {MAIL} ", "the disk is gone"), "what the request showed is at hand"
        assert record(gateway)["outcome"] == "VaultError"


class TestLimits:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(options=GatewayOptions(max_request=500, body_timeout=0.3, max_answer=2000))

    def test_requests_that_are_too_large_or_late_or_strange_are_refused(self, gateway: Gateway) -> None:
        large = post(gateway, {**BODY, "user": "x" * 500})
        packed = post(gateway, gzip.compress(b"{}"), headers={"content-encoding": "gzip"})
        broken = [
            post(gateway, body)
            for body in (b"{" + MAIL.encode(), b"[1]", b"\xff", b'{"seed": NaN}', b'{"user": "\\ud800"}', b"[" * 450)
        ]

        assert (large.status_code, told(large)) == (413, "a request of more than 500 bytes; nothing was sent")
        assert "compressed" in told(packed)
        assert [response.status_code for response in [packed, *broken]] == [400] * 7
        assert next(told(response) for response in broken) == "a request that is no JSON; nothing was sent"
        assert gateway.upstream.seen == []

    def test_a_body_that_does_not_come_is_given_up(self, gateway: Gateway) -> None:
        host, port = gateway.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as client:
            client.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n{")
            answer = client.recv(65536)

        assert b" 408 " in answer

    def test_an_answer_that_is_too_long_is_an_error(self, gateway: Gateway) -> None:
        gateway.upstream.reply = lambda _path, _body: JSONResponse({"x": "y" * 3000})

        response = post(gateway)

        assert (response.status_code, told(response)) == (502, "the upstream's answer is too long")


def test_a_page_of_a_browser_is_refused(gateway: Gateway) -> None:
    assert post(gateway, headers={"origin": "https://evil.example"}).status_code == 403
    assert post(gateway, headers={"host": "rebound.example"}).status_code == 403
    assert post(gateway, headers={"origin": "http://localhost:3000"}).status_code == 200
    assert len(gateway.upstream.seen) == 1


def test_a_parameter_with_text_in_it_is_refused(gateway: Gateway) -> None:
    assert post(gateway, params={"q": f"who is {MAIL}"}).status_code == 400
    assert post(gateway, params={"beta": "true"}).status_code == 200
    assert b"beta=true" in gateway.upstream.seen[0]


# --- the upstream fails ------------------------------------------------------------


def test_errors_of_the_upstream_come_through_restored(gateway: Gateway) -> None:
    gateway.upstream.reply = lambda _path, body: JSONResponse(
        {"error": {"message": f"cannot read {body['messages'][-1]['content']}", "type": "x"}},
        429,
        {"retry-after": "7", "x-request-id": "r1", "set-cookie": "a=b"},
    )

    response = post(gateway)

    assert (response.status_code, response.json()["error"]["message"]) == (429, f"cannot read mail {MAIL}")
    assert (response.headers["retry-after"], response.headers["x-request-id"]) == ("7", "r1")
    assert "set-cookie" not in response.headers
    assert record(gateway)["outcome"] == "UpstreamError"


@pytest.mark.parametrize("path", MESSAGES)
@pytest.mark.parametrize("status", [200, 500, 503])
def test_an_answer_that_is_no_json_is_an_error_of_its_own(gateway: Gateway, path: str, status: int) -> None:
    gateway.upstream.reply = lambda _path, _body: Response("<html>", status)

    response = post(gateway, MESSAGES[path], path)

    assert (response.status_code, told(response)) == (
        502,
        f"the upstream answered with {status} and something that is no JSON",
    )


class TestNoUpstream:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(upstream_url="http://127.0.0.1:9/v1")

    def test_an_upstream_that_is_not_there(self, gateway: Gateway) -> None:
        response = post(gateway)

        assert (response.status_code, told(response)) == (502, "the upstream cannot be reached")
        assert "x-should-retry" not in response.headers


class TestHangs:
    @pytest.fixture
    def plan(self) -> Plan:
        return Plan(timeout=0.3)

    def test_an_upstream_that_hangs_is_given_up(self, gateway: Gateway) -> None:
        def hang(_path: str, _body: Any) -> Response:
            return gateway.upstream.streamed(2.0)

        gateway.upstream.reply = hang
        response = post(gateway, {**BODY, "stream": True})

        assert read(response)[1] == "the upstream did not answer in time"
        assert record(gateway)["outcome"] == "UpstreamFailed"

    def test_a_stream_that_hangs_in_the_middle_is_ended_with_an_error(self, gateway: Gateway) -> None:
        gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(sse(chunk("to <Email_1> <Em")), 2.0)

        assert read(post(gateway, {**BODY, "stream": True})) == (
            f"to {MAIL} <Em",
            "the upstream did not answer in time",
        )


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ([sse(chunk("to <Email_1>")), RuntimeError()], "the upstream broke off"),
        ([sse(chunk("to <Email_1>")) + b'data: {"half'], "the upstream stopped in the middle of an event"),
        ([sse(chunk("to <Email_1>"))], "the upstream stopped before its answer was complete"),
        ([sse(chunk("to <Email_1>")) + b"data: nonsense\n\n"], "an event of the upstream is no JSON object"),
        ([sse(chunk("to <Email_1>")), b"data: \xff\n\n"], "the upstream's stream is not UTF-8"),
    ],
    ids=["dies", "half an event", "stops early", "nonsense", "no text"],
)
def test_a_broken_stream_ends_with_an_error_after_what_came_whole(
    gateway: Gateway, pieces: list[Any], message: str
) -> None:
    gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(*pieces)

    text, error = read(post(gateway, {**BODY, "stream": True}))

    assert text == f"to {MAIL}"
    assert error.startswith(message)
    assert record(gateway)["outcome"] != "ok"


def test_a_stream_that_is_an_error_comes_through_as_one(gateway: Gateway) -> None:
    gateway.upstream.reply = lambda _path, _body: Response(
        '{"error": {"message": "no"}}', 400, media_type="text/event-stream"
    )

    assert post(gateway, {**BODY, "stream": True}).status_code == 400


# --- the client fails --------------------------------------------------------------


@pytest.mark.parametrize("is_stream", [True, False])
def test_a_client_that_goes_stops_the_upstream(gateway: Gateway, is_stream: bool) -> None:
    """The upstream would speak for a minute."""
    said = [sse(chunk("x "))] if is_stream else []
    gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(*said, *[0.05, b": ping\n\n"] * 1200)

    def go() -> None:
        with streaming(gateway.url, {**BODY, "stream": is_stream}) as response:
            next(response.iter_bytes())

    go()
    until(lambda: gateway.upstream.open_streams == 0)
    until(gateway.log.getvalue)
    assert record(gateway)["outcome"] == "ClientGone"


def test_a_client_that_goes_before_the_answer_begins_stops_the_upstream(gateway: Gateway) -> None:
    began, release = threading.Event(), threading.Event()

    def slow(_path: str, _body: Any) -> Response:
        began.set()
        release.wait(5)
        return JSONResponse({})

    gateway.upstream.reply = slow
    host, port = gateway.url.removeprefix("http://").split(":")
    raw = json.dumps(BODY).encode()
    with socket.create_connection((host, int(port))) as client:
        client.sendall(
            b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s" % (len(raw), raw)
        )
        assert began.wait(5)
    until(gateway.log.getvalue)
    release.set()
    assert record(gateway)["outcome"] == "ClientGone"


def test_a_slow_client_does_not_hold_up_the_others(gateway: Gateway) -> None:
    gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(
        *[sse(chunk("x" * 1000 + " "))] * 2000, sse(chunk("", "stop"), "[DONE]")
    )
    with streaming(gateway.url, {**BODY, "stream": True}) as response:
        pieces = response.iter_bytes()
        next(pieces)
        gateway.upstream.reply = None
        assert post(gateway).status_code == 200
        assert sum(map(len, pieces)) > 1_000_000


# --- what is said -------------------------------------------------------------------


def test_the_first_text_comes_before_the_last_is_written(gateway: Gateway) -> None:
    gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(
        sse(chunk("first ")), 0.5, sse(chunk("last", "stop"), "[DONE]")
    )
    with streaming(gateway.url, {**BODY, "stream": True}) as response:
        pieces = response.iter_bytes()
        first = next(pieces)
        assert gateway.upstream.open_streams == 1
        rest = b"".join(pieces)

    assert b"first " in first
    assert b"last" in rest


def test_comments_keep_the_connection_alive(gateway: Gateway) -> None:
    gateway.upstream.reply = lambda _path, _body: gateway.upstream.streamed(
        b": ping\n\n", sse(chunk("x", "stop"), "[DONE]")
    )

    assert post(gateway, {**BODY, "stream": True}).text.startswith(": ping\n\ndata: {")


class TestOthersCanReach:
    def test_a_gateway_that_others_can_reach_needs_a_token(self) -> None:
        from memveil.errors import ConfigError

        with pytest.raises(ConfigError, match="needs a token"):
            Access(is_local=False)


def test_shutting_down_lets_streams_finish(upstream: ScriptedUpstream) -> None:
    from memveil.proxy.app import create_app
    from memveil.proxy.turns import Scopes
    from memveil.proxy.upstream import Upstream
    from tests.proxy.scripted import running

    upstream.reply = lambda _path, _body: upstream.streamed(
        sse(chunk("first ")), 0.6, sse(chunk("<Email_1>", "stop"), "[DONE]")
    )
    with running(upstream.app()) as (url, _):
        app = create_app(Scopes(MemoryVault(), recognizers=(ScriptedRecognizer(),)), Upstream(url))
        with running(app) as (own, server), streaming(own, {**BODY, "stream": True}) as response:
            pieces = response.iter_bytes()
            next(pieces)
            server.should_exit = True
            time.sleep(0.1)
            assert MAIL.encode() in b"".join(pieces)
