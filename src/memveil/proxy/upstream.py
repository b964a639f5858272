"""The only place that speaks to the outside world.

Requests go out with headers of a short list; everything else that a client
sends along stays here. Keys pass through and are never kept or shown.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import httpx2

from memveil.errors import ConfigError, InputError, MemveilError

__all__ = ["Upstream", "UpstreamAnswer", "UpstreamFailed"]

CONNECT_TIMEOUT = 10.0
"""Seconds until a connection must stand."""

IDLE_CONNECTION = 2.0
"""Seconds until a connection that nobody uses is closed.

Servers of models on one's own machine close theirs after 5, and what is sent at
that moment is lost.
"""

_PASSED_ON = frozenset(
    {"authorization", "x-api-key", "api-key", "accept", "user-agent", "idempotency-key", "http-referer", "x-title"}
    | {"x-app", "x-request-id", "x-client-request-id"}
)
_PASSED_ON_FAMILIES = ("openai-", "anthropic-", "x-stainless-")
_KEPT_HERE = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "te", "trailer", "transfer-encoding", "upgrade"}
    | {"content-encoding", "content-length", "set-cookie", "date", "server"}
)
_PLAIN = re.compile(r"[A-Za-z0-9_.:|=+/\-]{0,128}")


class UpstreamFailed(MemveilError):
    """The upstream gave no answer, or stopped giving it.

    Args:
        message: what happened, without any content.
        status: the HTTP status that tells it.
    """

    def __init__(self, message: str, *, status: int = 502) -> None:
        super().__init__(message)
        self.status = status


class UpstreamAnswer:
    """An answer whose body has not been read yet."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self._response.status_code

    @property
    def is_stream(self) -> bool:
        """Whether the body is a stream of events."""
        return self._response.headers.get("content-type", "").lower().startswith("text/event-stream")

    @property
    def headers(self) -> dict[str, str]:
        """The headers that the client gets."""
        return {
            name: value
            for name, value in self._response.headers.items()
            if name.lower() not in _KEPT_HERE and name.lower() != "content-type"
        }

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body as it comes.

        Raises:
            UpstreamFailed: it stopped before its end.
        """
        try:
            async for piece in self._response.aiter_bytes():
                yield piece
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            failure = _failure(error)
        else:
            return
        raise failure

    async def read(self, limit: int) -> bytes:
        """The whole body.

        Raises:
            UpstreamFailed: it stopped before its end, or is longer than ``limit``.
        """
        data = bytearray()
        async for piece in self.pieces():
            data += piece
            if len(data) > limit:
                raise UpstreamFailed("the upstream's answer is too long")
        return bytes(data)

    async def close(self) -> None:
        """Stop the answer, wherever it is."""
        await self._response.aclose()


class Upstream:
    """One provider.

    Args:
        url: its base, such as ``https://api.openai.com/v1``; without a path, ``/v1`` is meant.
        timeout: seconds until the next byte of an answer must have come.
        transport: how to reach it, for tests.

    Raises:
        ConfigError: ``url`` is none.
    """

    def __init__(self, url: str, *, timeout: float = 600.0, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.username:
            raise ConfigError("gateway.upstream: not an address such as https://api.openai.com/v1")
        self._base = url.rstrip("/") if parts.path.strip("/") else f"{parts.scheme}://{parts.netloc}/v1"
        self._client = httpx2.AsyncClient(
            timeout=httpx2.Timeout(timeout, connect=CONNECT_TIMEOUT),
            limits=httpx2.Limits(
                max_connections=None, max_keepalive_connections=None, keepalive_expiry=IDLE_CONNECTION
            ),
            follow_redirects=False,
            # The environment could send requests, or bring credentials, elsewhere.
            trust_env=False,
            transport=transport,
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Close all connections at the end."""
        async with self._client:
            yield

    async def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str],
        params: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> UpstreamAnswer:
        """Send a request and wait for the beginning of its answer.

        Args:
            method: of HTTP.
            path: after the base, such as ``/chat/completions``.
            headers: of the client, by lower-case name.
            params: of the query.
            content: JSON.

        Raises:
            InputError: a parameter is not of the kind that APIs have.
            UpstreamFailed: no answer.
        """
        passed = {
            name: value for name, value in headers.items() if name in _PASSED_ON or name.startswith(_PASSED_ON_FAMILIES)
        }
        # Compressed streams come late and in lumps.
        passed["accept-encoding"] = "identity"
        if content is not None:
            passed["content-type"] = "application/json"
        for name, value in (params or {}).items():
            if not _PLAIN.fullmatch(name) or not _PLAIN.fullmatch(value):
                raise InputError("a parameter in the address that is no plain word; nothing was sent")
        request = self._client.build_request(
            method, f"{self._base}{path}", headers=passed, params=params or None, content=content
        )
        try:
            response = await self._client.send(request, stream=True)
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            failure = _failure(error)
        else:
            return UpstreamAnswer(response)
        raise failure


def _failure(error: Exception) -> UpstreamFailed:
    """In our own words: theirs may quote the request."""
    match error:
        case httpx2.ConnectTimeout() | httpx2.ConnectError():
            return UpstreamFailed("the upstream cannot be reached")
        case httpx2.TimeoutException():
            return UpstreamFailed("the upstream did not answer in time", status=504)
        case _:
            return UpstreamFailed(f"the upstream broke off ({type(error).__name__})")
