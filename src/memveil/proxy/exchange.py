"""One exchange: a request of a client, the protected one that leaves, and the answer on its way home."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Mapping
from functools import partial
from typing import Any, TypeVar

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from memveil.errors import InputError, MemveilError, PolicyError, UnsupportedFormat
from memveil.proxy.access import Access, Denied
from memveil.proxy.audit import AuditLog, Record, scope_hash
from memveil.proxy.metrics import Metrics
from memveil.proxy.options import GatewayOptions
from memveil.proxy.stream import Relay
from memveil.proxy.turns import Scopes, Turn
from memveil.proxy.upstream import Upstream, UpstreamAnswer, UpstreamFailed
from memveil.wire.fields import check_object
from memveil.wire.format import Format
from memveil.wire.walks import Inbound, Outbound

__all__ = ["Exchanges", "TooLarge", "TooSlow"]

_T = TypeVar("_T")
# Seconds for closing a connection that nobody reads any more.
_CLOSING = 5.0
# Looking values up is short work.
_RESTORING = 32


class TooLarge(MemveilError):
    """A request has more bytes than allowed."""


class TooSlow(MemveilError):
    """A request did not arrive in time."""


class _Streamed(StreamingResponse):
    """A stream that ends properly even if it never began."""

    def __init__(self, relay: Relay, ended: Callable[[], object], answer: UpstreamAnswer) -> None:
        super().__init__(relay.events(), answer.status, answer.headers, media_type="text/event-stream")
        self._ended = ended
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            with anyio.move_on_after(_CLOSING, shield=True):
                await self._answer.close()
            self._ended()


class Exchanges:
    """Serves requests of all formats.

    Args:
        scopes: the guards.
        upstream: the provider.
        access: who may come in.
        options: limits and choices.
        metrics: counts.
        audit: the log, if there is one.
    """

    def __init__(
        self,
        scopes: Scopes,
        upstream: Upstream,
        *,
        access: Access,
        options: GatewayOptions,
        metrics: Metrics,
        audit: AuditLog | None,
    ) -> None:
        self.scopes = scopes
        self.upstream = upstream
        self.access = access
        self.options = options
        self.metrics = metrics
        self.audit = audit
        self._protecting = anyio.CapacityLimiter(options.workers)
        self._restoring = anyio.CapacityLimiter(_RESTORING)

    async def protect(self, function: Callable[[], _T]) -> _T:
        """Call a function in a worker thread; those that find no free one wait their turn."""
        return await anyio.to_thread.run_sync(function, limiter=self._protecting)

    async def restore(self, function: Callable[[], _T]) -> _T:
        """The same for answers, which never wait for requests."""
        return await anyio.to_thread.run_sync(function, limiter=self._restoring)

    async def serve(self, request: Request, *, form: Format, api: str, path: str) -> Response:
        """Serve one request.

        Args:
            request: of the client.
            form: its format.
            api: the name of the format, for counts.
            path: where it goes, after the upstream's base.
        """
        exchange = _Exchange(self, request, form, api, path)
        self.metrics.began()
        try:
            return await exchange.answer()
        finally:
            if not exchange.is_streaming:
                exchange.end()

    def refused(self, form: Format, error: Exception, *, has_left: bool = False) -> Response:
        """The error of a request that was not served, in its provider's shape."""
        status, message = _explain(error)
        if not has_left and "nothing was sent" not in message:
            message += "; nothing was sent"
        # A client that tries again gets the same answer.
        headers = {} if isinstance(error, UpstreamFailed) else {"x-should-retry": "false"}
        return JSONResponse(form.error_body(status, message), status, headers)


class _Exchange:
    """One exchange; see :meth:`Exchanges.serve`."""

    def __init__(self, owner: Exchanges, request: Request, form: Format, api: str, path: str) -> None:
        self._owner = owner
        self._request = request
        self._form = form
        self._path = path
        self._began = time.monotonic()
        self._record = Record(api=api, outcome="ClientGone")
        self._turn: Turn | None = None
        self._outbound: Outbound | None = None
        self._relay: Relay | None = None
        self._has_left = False
        self.is_streaming = False

    async def answer(self) -> Response:
        """The answer for the client; never raises."""
        try:
            response = await self._answer()
            if self._relay is None:
                self._record.outcome = "ok" if response.status_code < 400 else "UpstreamError"
        except ClientDisconnect:
            return Response(status_code=499)
        # The last line of defence: nothing has left, or nothing comes home.
        except Exception as error:  # noqa: BLE001
            self._record.outcome = type(error).__name__
            response = self._owner.refused(self._form, error, has_left=self._has_left)
        self._record.status = response.status_code
        return response

    def end(self) -> None:
        """Count and log the exchange. Called once."""
        owner, record, turn, metrics = self._owner, self._record, self._turn, self._owner.metrics
        if self._relay is not None:
            record.outcome, record.bytes_out = self._relay.outcome, self._relay.bytes_out
        if turn is not None:
            record.scope, record.restored = scope_hash(turn.scope), turn.restored
            record.types, record.levels, record.actions = turn.types, turn.levels, turn.actions
            metrics.add_all("spans", "level", turn.levels)
            metrics.add_all("actions", "action", turn.actions)
            metrics.add("degraded", turn.degraded)
            record.degraded = turn.degraded
            metrics.add("restored", turn.restored)
        if self._outbound is not None:
            record.media, record.dropped = self._outbound.media_count, self._outbound.dropped_count
            metrics.add("media", record.media)
            metrics.add("sealed_dropped", record.dropped)
        record.milliseconds = int((time.monotonic() - self._began) * 1000)
        metrics.add("requests", api=record.api, outcome=record.outcome)
        metrics.add("request_bytes", record.bytes_in)
        metrics.add("answer_bytes", record.bytes_out)
        metrics.ended()
        if owner.audit is not None:
            owner.audit.write(record)

    async def _answer(self) -> Response:
        owner, request = self._owner, self._request
        headers = {name.lower(): value for name, value in request.headers.items()}
        bound = owner.access.check(headers)
        content, wants_json = None, False
        if request.method == "POST":
            raw = await self._body(headers)
            began = time.monotonic()
            sent, wants_json = await owner.protect(partial(self._protect, raw, headers, bound))
            owner.metrics.took(time.monotonic() - began)
            content, self._record.bytes_sent = sent, len(sent)
        else:
            self._begin(owner.access.scope(headers, bound=bound, user=None))
        self._has_left = True
        return await _unless_gone(request, self._forward(headers, content, wants_json=wants_json))

    async def _forward(self, headers: Mapping[str, str], content: bytes | None, *, wants_json: bool) -> Response:
        assert self._turn is not None  # noqa: S101, for the type checker
        answer = await self._owner.upstream.send(
            self._request.method,
            self._path,
            headers=headers,
            params=dict(self._request.query_params),
            content=content,
        )
        walk = self._turn.inbound(is_json=wants_json, note=self._owner.options.note)
        try:
            if answer.is_stream and answer.status < 400:
                return self._stream(answer, walk)
            return await self._whole(answer, walk)
        finally:
            if not self.is_streaming:
                with anyio.move_on_after(_CLOSING, shield=True):
                    await answer.close()

    def _stream(self, answer: UpstreamAnswer, walk: Inbound) -> Response:
        assert self._turn is not None  # noqa: S101, for the type checker
        self._relay = Relay(
            answer.pieces(), self._form.begin_stream(walk), at_once=self._turn.at_once, run=self._owner.restore
        )
        response = _Streamed(self._relay, self.end, answer)
        self.is_streaming = True
        return response

    async def _whole(self, answer: UpstreamAnswer, walk: Inbound) -> Response:
        data = await answer.read(self._owner.options.max_answer)
        content = await self._owner.restore(partial(self._restore, data, answer.status, walk))
        self._record.bytes_out = len(content)
        return Response(content, answer.status, answer.headers, media_type="application/json")

    async def _body(self, headers: Mapping[str, str]) -> bytes:
        limit = self._owner.options.max_request
        if headers.get("content-encoding", "identity") != "identity":
            raise UnsupportedFormat("a compressed request; send it plain; nothing was sent")
        data = bytearray()
        try:
            with anyio.fail_after(self._owner.options.body_timeout):
                async for piece in self._request.stream():
                    data += piece
                    if len(data) > limit:
                        raise TooLarge(f"a request of more than {limit} bytes; nothing was sent")
        except TimeoutError:
            raise TooSlow("the request did not arrive in time; nothing was sent") from None
        self._record.bytes_in = len(data)
        return bytes(data)

    # -- in a worker thread -----------------------------------------------------

    def _begin(self, scope: str) -> Turn:
        self._turn = self._owner.scopes.begin(scope, self._owner.options.tools)
        return self._turn

    def _protect(self, raw: bytes, headers: Mapping[str, str], bound: str | None) -> tuple[bytes, bool]:
        options, form = self._owner.options, self._form
        body = check_object(_decode(raw))
        turn = self._begin(self._owner.access.scope(headers, bound=bound, user=form.user_of(body)))
        self._outbound = turn.outbound(allows_media=options.allows_media)
        sent = form.map_request(body, self._outbound)
        if form.wants_stream(body):
            turn.prepare()
        if options.note:
            sent = form.add_note(sent, options.note)
        return _encode(sent), form.wants_json(body)

    def _restore(self, data: bytes, status: int, walk: Inbound) -> bytes:
        if not data:
            return b""
        try:
            body: object = json.loads(data)
        # Either error quotes the answer.
        except (ValueError, RecursionError):
            body = None
        if body is None:
            raise UpstreamFailed(f"the upstream answered with {status} and something that is no JSON")
        # Errors may quote the request, at any place.
        home = walk.values(body, "") if status >= 400 else self._form.map_response(body, walk)
        return json.dumps(home, ensure_ascii=False).encode("utf-8", "surrogatepass")


def _decode(raw: bytes) -> object:
    try:
        return json.loads(raw)
    # Either error quotes the request.
    except (ValueError, RecursionError):
        pass
    raise InputError("a request that is no JSON; nothing was sent")


def _encode(body: dict[str, object]) -> bytes:
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    # A lone surrogate, or a number that JSON has not.
    except ValueError:
        pass
    raise InputError("a lone surrogate or a number out of range in the request; nothing was sent")


def _explain(error: Exception) -> tuple[int, str]:
    """The HTTP status of an error, and its message."""
    match error:
        case UpstreamFailed():
            return error.status, str(error)
        case Denied():
            return 401 if "token" in str(error) else 403, str(error)
        case InputError() | UnsupportedFormat():
            return 400, str(error)
        case PolicyError():
            return 403, str(error)
        case TooLarge():
            return 413, str(error)
        case TooSlow():
            return 408, str(error)
        case MemveilError():
            return 500, str(error)
        case _:
            # Its message may quote a text.
            return 500, f"an error inside memveil ({type(error).__name__})"


async def _unless_gone(request: Request, work: Coroutine[Any, Any, Response]) -> Response:
    """Await an answer; stop waiting when the client does.

    Raises:
        ClientDisconnect: it did.
    """
    answering, watching = asyncio.ensure_future(work), asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({answering, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not answering.done():
            raise ClientDisconnect
        return answering.result()
    finally:
        for task in (answering, watching):
            task.cancel()
        await asyncio.gather(answering, watching, return_exceptions=True)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
