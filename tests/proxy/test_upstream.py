from __future__ import annotations

import asyncio
from collections.abc import Callable

import httpx2
import pytest

from memveil.errors import ConfigError, InputError
from memveil.proxy.upstream import Upstream, UpstreamAnswer, UpstreamFailed


def ask(
    handler: Callable[[httpx2.Request], httpx2.Response],
    *,
    url: str = "https://api.example/v1",
    headers: dict[str, str] | None = None,
    params: dict[str, str] | None = None,
    limit: int = 1000,
) -> tuple[UpstreamAnswer, bytes]:
    async def go() -> tuple[UpstreamAnswer, bytes]:
        upstream = Upstream(url, transport=httpx2.MockTransport(handler))
        async with upstream.running():
            answer = await upstream.send("POST", "/chat", headers=headers or {}, params=params, content=b"{}")
            data = await answer.read(limit)
            await answer.close()
            return answer, data

    return asyncio.run(go())


def test_only_headers_of_the_list_leave() -> None:
    seen: list[httpx2.Request] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(
            200,
            headers={"content-type": "text/event-stream; charset=utf-8", "openai-version": "1", "set-cookie": "a"},
            content=b"data",
        )

    given = {
        "authorization": "Bearer k",
        "x-api-key": "k",
        "openai-organization": "o",
        "anthropic-beta": "b",
        "user-agent": "u",
        "cookie": "c",
        "x-memveil-token": "t",
        "x-forwarded-for": "1.2.3.4",
        "referer": "r",
        "accept-encoding": "br",
        "host": "localhost",
    }
    answer, data = ask(handler, headers=given, params={"beta": "true"})

    sent = seen[0]
    assert {
        name: sent.headers[name]
        for name in ("authorization", "x-api-key", "openai-organization", "anthropic-beta", "user-agent")
    } == {
        name: given[name]
        for name in ("authorization", "x-api-key", "openai-organization", "anthropic-beta", "user-agent")
    }
    assert not {"cookie", "x-memveil-token", "x-forwarded-for", "referer"} & set(sent.headers)
    assert (sent.headers["accept-encoding"], sent.headers["host"], str(sent.url)) == (
        "identity",
        "api.example",
        "https://api.example/v1/chat?beta=true",
    )
    assert (answer.status, answer.is_stream, data) == (200, True, b"data")
    assert answer.headers == {"openai-version": "1"}


@pytest.mark.parametrize(
    ("url", "reached"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat"),
        ("https://x.example/", "https://x.example/v1/chat"),
        ("https://x.example/api/v3/", "https://x.example/api/v3/chat"),
    ],
)
def test_a_base_without_a_path_means_version_one(url: str, reached: str) -> None:
    seen: list[str] = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(200)

    ask(handler, url=url)
    assert seen == [reached]


@pytest.mark.parametrize(
    "url", ["", "api.example", "ftp://x", "https://", "https://user:pass@x.example", "https://x.example/?key=1"]
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^gateway\.upstream"):
        Upstream(url)


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (httpx2.ConnectError("secret"), 502, "the upstream cannot be reached"),
        (httpx2.ConnectTimeout("secret"), 502, "the upstream cannot be reached"),
        (httpx2.ReadTimeout("secret"), 504, "the upstream did not answer in time"),
        (httpx2.RemoteProtocolError("secret"), 502, "the upstream broke off (RemoteProtocolError)"),
    ],
)
def test_failures_are_told_in_our_own_words(error: Exception, status: int, message: str) -> None:
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise error

    with pytest.raises(UpstreamFailed) as caught:
        ask(handler)

    assert (caught.value.status, str(caught.value)) == (status, message)
    assert caught.value.__context__ is None


def test_long_answers_and_redirections_and_odd_parameters() -> None:
    with pytest.raises(UpstreamFailed, match="too long"):
        ask(lambda _: httpx2.Response(200, content=b"x" * 1001))
    with pytest.raises(InputError, match="no plain word"):
        ask(lambda _: httpx2.Response(200), params={"q": "two words"})
    assert ask(lambda _: httpx2.Response(302, headers={"location": "https://evil.example"}))[0].status == 302
