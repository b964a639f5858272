"""The gateway as an ASGI application: paths to formats, and what is not served is refused."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from memveil.errors import InputError, MemveilError
from memveil.proxy.access import Access, Denied
from memveil.proxy.audit import AuditLog
from memveil.proxy.exchange import Exchanges
from memveil.proxy.metrics import Metrics
from memveil.proxy.options import GatewayOptions
from memveil.proxy.turns import Scopes
from memveil.proxy.upstream import Upstream
from memveil.version import __version__
from memveil.wire import anthropic_messages, openai_chat, openai_embeddings, openai_responses
from memveil.wire.format import Format

__all__ = ["create_app"]

_POSTED: dict[str, tuple[str, Format]] = {
    "/chat/completions": ("chat", openai_chat),
    "/responses": ("responses", openai_responses),
    "/embeddings": ("embeddings", openai_embeddings),
    "/messages": ("messages", anthropic_messages),
    "/messages/count_tokens": ("count_tokens", anthropic_messages),
}
_ID = re.compile(r"[A-Za-z0-9_.:\-]{1,128}(?:/[A-Za-z0-9_.:\-]{1,128})?")


def create_app(
    scopes: Scopes,
    upstream: Upstream,
    *,
    access: Access | None = None,
    options: GatewayOptions | None = None,
    audit: AuditLog | None = None,
    metrics: Metrics | None = None,
) -> Starlette:
    """Make the gateway.

    Args:
        scopes: the guards; their vault stays the caller's to close.
        upstream: the provider; its connections are closed when the application ends.
        access: who may come in; everybody on this machine by default.
        options: limits and choices.
        audit: the log of exchanges, if there is to be one.
        metrics: counts, shown at ``/metrics``.
    """
    access = Access() if access is None else access
    metrics = Metrics() if metrics is None else metrics
    exchanges = Exchanges(
        scopes,
        upstream,
        access=access,
        options=GatewayOptions() if options is None else options,
        metrics=metrics,
        audit=audit,
    )

    pages = _Pages(scopes, exchanges, access, metrics)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        async with upstream.running():
            yield

    routes = [Route("/healthz", pages.health), Route("/metrics", pages.metrics)]
    # OpenAI's clients put the version into their base URL, Anthropic's into the path.
    for prefix in ("/v1", ""):
        routes += [Route(f"{prefix}{path}", partial(pages.post, path=path), methods=["POST"]) for path in _POSTED]
        routes += [
            Route(f"{prefix}/models", pages.models),
            Route(f"{prefix}/models/{{id:path}}", pages.models),
            Route(f"{prefix}/responses/{{id}}", pages.response, methods=["GET", "DELETE"]),
        ]
    routes.append(Route("/{path:path}", pages.unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]))
    return Starlette(routes=routes, lifespan=lifespan)


class _Pages:
    """What is served at each path."""

    def __init__(self, scopes: Scopes, exchanges: Exchanges, access: Access, metrics: Metrics) -> None:
        self._scopes = scopes
        self._exchanges = exchanges
        self._access = access
        self._metrics = metrics

    async def health(self, request: Request) -> Response:
        """Whether the vault can be used."""
        del request
        try:
            await self._exchanges.restore(self._scopes.probe)
        except MemveilError as error:
            return JSONResponse({"status": "failed", "error": type(error).__name__}, 503)
        return JSONResponse({"status": "ok", "version": __version__})

    async def metrics(self, request: Request) -> Response:
        """The counts."""
        try:
            self._access.check({name.lower(): value for name, value in request.headers.items()})
        except Denied as error:
            return self._exchanges.refused(openai_chat, error)
        return PlainTextResponse(self._metrics.render(), media_type="text/plain; version=0.0.4")

    async def post(self, request: Request, *, path: str) -> Response:
        """A request of one of the formats."""
        api, form = _POSTED[path]
        return await self._exchanges.serve(request, form=form, api=api, path=path)

    async def models(self, request: Request) -> Response:
        """The models of the upstream, or one of them."""
        return await self._by_id(request, "/models", _of_client(request, openai_embeddings), "models")

    async def response(self, request: Request) -> Response:
        """A response that the upstream has kept."""
        return await self._by_id(request, "/responses", openai_responses, "responses")

    async def unknown(self, request: Request) -> Response:
        """Anything else: it may hold text at places that nobody has looked at."""
        self._metrics.add("requests", api="unknown", outcome="UnknownPath")
        message = "a path or method that memveil does not know; nothing was sent"
        body = _of_client(request, openai_chat).error_body(404, message)
        return JSONResponse(body, 404, {"x-should-retry": "false"})

    async def _by_id(self, request: Request, path: str, form: Format, api: str) -> Response:
        name = request.path_params.get("id")
        if name is None:
            return await self._exchanges.serve(request, form=form, api=api, path=path)
        if not _ID.fullmatch(name):
            return self._exchanges.refused(form, InputError("an id with other characters than ids have"))
        return await self._exchanges.serve(request, form=form, api=api, path=f"{path}/{name}")


def _of_client(request: Request, otherwise: Format) -> Format:
    """The format whose errors this client understands."""
    return anthropic_messages if "anthropic-version" in request.headers else otherwise
