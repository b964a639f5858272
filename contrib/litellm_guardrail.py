"""memveil as a guardrail of the LiteLLM proxy: requests leave with placeholders, answers come home with values.

Put this file beside LiteLLM's configuration, install memveil into LiteLLM's environment, and name it there::

    guardrails:
      - guardrail_name: memveil
        litellm_params:
          guardrail: litellm_guardrail.MemveilGuardrail
          mode: [pre_call, post_call]
          default_on: true

Served are chat completions, responses, Anthropic messages and embeddings, plain and streamed; every other kind of
call is refused, and so is every field that memveil does not know. Configuration, vault and policy are those of the
``memveil`` command (``MEMVEIL_CONFIG``, ``MEMVEIL_VAULT``, ``MEMVEIL_KEY_FILE``); the scope is that of the
configuration, or one for each LiteLLM key where ``gateway.scope_from`` is ``key``.

LiteLLM runs no guardrail where it counts tokens or hands out a stored response; use ``memveil serve`` for these.
Outside the package, because memveil does not depend on LiteLLM. Written for LiteLLM 1.106.
"""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable
from typing import Any, NamedTuple

from fastapi import HTTPException
from litellm.integrations.custom_guardrail import CustomGuardrail

from memveil.cli.workspace import Workspace
from memveil.errors import ConfigError, InputError, MemveilError, UnsupportedFormat
from memveil.proxy.options import SYSTEM_NOTE, ToolPolicy
from memveil.proxy.turns import ScopeRules, Scopes, Turn
from memveil.wire import anthropic_messages, openai_chat, openai_embeddings, openai_responses
from memveil.wire.format import Format, StreamMapper
from memveil.wire.sse import Comment, Event, SseDecoder, encode
from memveil.wire.walks import Inbound

__all__ = ["MemveilGuardrail"]

_FORMATS: dict[str, Format] = {
    "completion": openai_chat,
    "acompletion": openai_chat,
    "responses": openai_responses,
    "aresponses": openai_responses,
    "anthropic_messages": anthropic_messages,
    "embedding": openai_embeddings,
    "aembedding": openai_embeddings,
    "embeddings": openai_embeddings,
}
# What LiteLLM adds to a request for itself; it does not leave.
_OWN = frozenset({"proxy_server_request", "secret_fields", "provider_specific_header", "shared_session", "deployment"})
_OWN_BEGINNINGS = ("litellm_", "_litellm_")
# Requests whose answers are awaited; more than any proxy has at the same time.
_AWAITED = 65536


# LiteLLM loads this file without making it a module, which data classes need.
class _Asked(NamedTuple):
    """What the way home needs to know of a request."""

    form: Format
    walk: Inbound


class MemveilGuardrail(CustomGuardrail):
    """See the head of this file. ``apply_guardrail`` is missing on purpose: a class with it gets texts alone."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        workspace = Workspace()
        config = workspace.config
        table = config.gateway
        if table.scope_from not in {"fixed", "key"}:
            raise ConfigError("gateway.scope_from: a guardrail knows only fixed and key, choose one of them")
        # A proxy has nobody at a terminal, so tools that ask are refused.
        self._tools = ToolPolicy(keep=table.keep_tools, ask=table.ask_tools, refuse=table.refuse_tools)
        self._allows_media = table.media == "allow"
        self._note = SYSTEM_NOTE if table.note else ""
        self._is_by_key = table.scope_from == "key"
        self._scope = workspace.scope
        self._scopes = Scopes(
            workspace.vault(),
            recognizers=workspace.recognizers(),
            rules=ScopeRules(policy=workspace.policy(), user_name=config.user_name),
        )
        self._asked: OrderedDict[str, _Asked] = OrderedDict()

    # -- out --------------------------------------------------------------------------

    async def async_pre_call_hook(self, user_api_key_dict: Any, cache: Any, data: Any, call_type: str) -> Any:
        """Protect a request. Whatever fails, it does not leave."""
        del cache
        try:
            return await asyncio.to_thread(self._protect, data, call_type, user_api_key_dict)
        except (InputError, UnsupportedFormat) as error:
            raise HTTPException(400, f"memveil: {error}; nothing was sent") from None
        except MemveilError as error:
            raise HTTPException(500, f"memveil: {error}; nothing was sent") from None
        # An error of another kind may quote the text.
        except Exception as error:  # noqa: BLE001
            raise HTTPException(500, f"memveil: failed ({type(error).__name__}); nothing was sent") from None

    def _protect(self, data: dict[str, Any], call_type: str, key: Any) -> dict[str, Any]:
        form = _FORMATS.get(call_type)
        if form is None:
            raise UnsupportedFormat("a kind of call that memveil does not know")
        # LiteLLM keeps its own notes under the one name or the other.
        own = _OWN if "litellm_metadata" in data else _OWN | {"metadata"}
        body = {name: data[name] for name in data if name not in own and not name.startswith(_OWN_BEGINNINGS)}
        turn = self._begin(key)
        sent = form.map_request(body, turn.outbound(allows_media=self._allows_media))
        if self._note and form is not openai_embeddings:
            sent = form.add_note(sent, self._note)
        walk = turn.inbound(is_json=form.wants_json(body), note=self._note)
        self._asked[data["litellm_call_id"]] = _Asked(form, walk)
        if len(self._asked) > _AWAITED:
            self._asked.popitem(last=False)
        protected = {**{name: data[name] for name in data if name not in body}, **sent}
        if isinstance(data.get("proxy_server_request"), dict):
            # LiteLLM's logs read the request from here.
            protected["proxy_server_request"] = {**data["proxy_server_request"], "body": sent}
        return protected

    def _begin(self, key: Any) -> Turn:
        scope = f"key:{key.api_key[:24]}" if self._is_by_key and key.api_key else self._scope
        return self._scopes.begin(scope, self._tools)

    # -- home -------------------------------------------------------------------------

    async def async_post_call_success_hook(self, data: Any, user_api_key_dict: Any, response: Any) -> Any:
        """Restore a whole answer."""
        del user_api_key_dict
        asked = self._asked.pop(data.get("litellm_call_id", ""), None)
        if asked is None or asked.form is openai_embeddings:
            return response
        try:
            return await asyncio.to_thread(_restored, response, asked)
        except MemveilError as error:
            raise HTTPException(500, f"memveil: {error}") from None

    async def async_post_call_streaming_iterator_hook(
        self, user_api_key_dict: Any, response: Any, request_data: dict[str, Any]
    ) -> AsyncIterator[Any]:
        """Restore a stream as it comes: objects of LiteLLM, or an Anthropic stream's bytes."""
        del user_api_key_dict
        asked = self._asked.pop(request_data.get("litellm_call_id", ""), None)
        if asked is None:
            async for piece in response:
                yield piece
            return
        mapper = asked.form.begin_stream(asked.walk)
        stream = _Bytes(mapper) if asked.form is anthropic_messages else _Objects(mapper)
        async for piece in response:
            for restored in await asyncio.to_thread(stream.feed, piece):
                yield restored
        for restored in await asyncio.to_thread(stream.flush):
            yield restored


def _restored(response: Any, asked: _Asked) -> Any:
    if isinstance(response, dict):
        return asked.form.map_response(response, asked.walk)
    return _rebuilt(response, asked.form.map_response(response.model_dump(mode="json"), asked.walk))


def _rebuilt(like: Any, value: Any) -> Any:
    """An object of the same class, with LiteLLM's notes on it."""
    rebuilt = type(like)(**value)
    if hasattr(like, "_hidden_params"):
        rebuilt._hidden_params = like._hidden_params  # noqa: SLF001, LiteLLM's own name
    return rebuilt


class _Bytes:
    """A stream that LiteLLM passes on as it came."""

    def __init__(self, mapper: StreamMapper) -> None:
        self._mapper = mapper
        self._decoder = SseDecoder()

    def feed(self, piece: bytes | str) -> Iterable[bytes]:
        data = piece.encode() if isinstance(piece, str) else piece
        restored = b"".join(
            encode(event)
            for item in self._decoder.feed(data)
            for event in ([item] if isinstance(item, Comment) else self._mapper.feed(item))
        )
        return [restored] if restored else []

    def flush(self) -> Iterable[bytes]:
        return [encode(event) for event in self._mapper.flush()]


class _Objects:
    """A stream that LiteLLM has read. Each event becomes the class that its kind had before."""

    def __init__(self, mapper: StreamMapper) -> None:
        self._mapper = mapper
        self._seen: dict[str, Any] = {}

    def feed(self, piece: Any) -> list[Any]:
        value = piece.model_dump(mode="json", exclude_none=True)
        self._seen[value.get("type", "")] = piece
        return self._objects(self._mapper.feed(Event(json.dumps(value))))

    def flush(self) -> list[Any]:
        return self._objects(self._mapper.flush())

    def _objects(self, events: Iterable[Event]) -> list[Any]:
        values = [json.loads(event.data) for event in events]
        return [_rebuilt(self._seen[value.get("type", "")], value) for value in values]
