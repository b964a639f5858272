"""OpenAI Agents SDK: models and histories behind a guard.

Two trust boundaries. Where the model is remote, :class:`PrivateModelProvider`
masks each request and restores each answer, streamed ones too; agents, tools
and histories in this process keep values. Where the history is remote,
:class:`PrivateSession` keeps placeholders in it. Both may share one guard.

Everything the SDK hands to a model is read by the table of the Responses API,
which its items follow whatever the wire format is; what is not in the table is
refused. Its tracing sends what agents and tools see to the vendor, so a run
with tracing on is refused too.
"""

from __future__ import annotations

import asyncio
import copy
import dataclasses
from collections import deque
from collections.abc import AsyncIterator, Mapping
from typing import TYPE_CHECKING, Any, cast

from memveil.errors import ConfigError, UnsupportedFormat
from memveil.integrations.forgotten import Forgotten
from memveil.integrations.leaves import Leaves
from memveil.integrations.openai_agents_answers import StreamedAnswer, restore_items
from memveil.spans import Action
from memveil.wire import openai_responses
from memveil.wire.fields import settings
from memveil.wire.walks import Outbound

try:
    from agents import FunctionTool, Handoff, Model, ModelProvider, ModelResponse, Tool, get_current_trace
    from agents.agent_output import AgentOutputSchemaBase
except ImportError as error:
    raise ImportError("the OpenAI Agents SDK is missing; pip install 'memveil[openai-agents]'") from error

if TYPE_CHECKING:
    from agents import ModelSettings, ModelTracing, TResponseInputItem
    from agents.items import TResponseStreamEvent
    from agents.memory import Session, SessionSettings
    from agents.retry import ModelRetryAdvice, ModelRetryAdviceRequest
    from openai.types.responses import ResponsePromptParam

    from memveil.guard import Guard

__all__ = ["PrivateModel", "PrivateModelProvider", "PrivateSession"]

# Texts before the one that is looked at, as context.
_CONTEXT = 16
_NOTES = "provider_data"
_REMAINS = (
    "other sessions of this scope, and copies such as backups and logs of the store: placeholders only",
    "what the vendor keeps of requests under its own terms: placeholders only",
)


class PrivateModelProvider(ModelProvider):
    """A provider whose models see placeholders; see :class:`PrivateModel`.

    Args:
        provider: where the models come from.
        guard: the scope of the user whose run it is.
        allows_media: whether images, sounds and files may leave, unread.
    """

    def __init__(self, provider: ModelProvider, guard: Guard, *, allows_media: bool = False) -> None:
        self._guard = guard
        self._provider = provider
        self._allows_media = allows_media

    def get_model(self, model_name: str | None) -> PrivateModel:
        """The provider's model of that name, behind the guard."""
        return PrivateModel(self._provider.get_model(model_name), self._guard, allows_media=self._allows_media)

    async def aclose(self) -> None:
        """Release what the provider holds."""
        await self._provider.aclose()


class PrivateModel(Model):
    """A model that sees placeholders, while the run keeps values.

    Protected: instructions, input items, descriptions and schemas of tools and
    handoffs, the schema of a structured answer, metadata, variables of a stored
    prompt, and what ``extra_args``, ``extra_body`` and ``extra_query`` add.
    ``extra_headers`` are credentials and stay. Tools that the vendor runs are
    refused; use the gateway for those it knows.

    Args:
        model: the model that requests go to.
        guard: the scope of the user whose run it is.
        allows_media: whether images, sounds and files may leave, unread.

    Raises:
        ConfigError: tracing is on; ``RunConfig(tracing_disabled=True)`` turns it off.
        UnsupportedFormat: something is of a kind that memveil does not know. In
            either case, and with any other :class:`memveil.errors.MemveilError`, nothing was sent.
    """

    def __init__(self, model: Model, guard: Guard, *, allows_media: bool = False) -> None:
        self._guard = guard
        self._model = model
        self._allows_media = allows_media

    async def get_response(  # noqa: PLR0917 - the order is the SDK's
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],  # noqa: A002 - the name is the SDK's
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff[Any, Any]],
        tracing: ModelTracing,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: ResponsePromptParam | None,
    ) -> ModelResponse:
        """See :meth:`agents.Model.get_response`; raises as this class says."""
        asked = _Request(system_instructions, input, model_settings, tools, output_schema, handoffs, prompt)
        sent = await asyncio.to_thread(self._protect, asked)
        response = await self._model.get_response(
            sent.instructions,
            sent.input,
            sent.settings,
            sent.tools,
            sent.schema,
            sent.handoffs,
            tracing,
            previous_response_id=previous_response_id,
            conversation_id=conversation_id,
            prompt=sent.prompt,
        )
        output = await asyncio.to_thread(restore_items, self._guard, response.output, is_json=_is_json(output_schema))
        return dataclasses.replace(response, output=output)

    async def stream_response(  # noqa: PLR0917 - the order is the SDK's
        self,
        system_instructions: str | None,
        input: str | list[TResponseInputItem],  # noqa: A002 - the name is the SDK's
        model_settings: ModelSettings,
        tools: list[Tool],
        output_schema: AgentOutputSchemaBase | None,
        handoffs: list[Handoff[Any, Any]],
        tracing: ModelTracing,
        *,
        previous_response_id: str | None,
        conversation_id: str | None,
        prompt: ResponsePromptParam | None,
    ) -> AsyncIterator[TResponseStreamEvent]:
        """See :meth:`agents.Model.stream_response`; raises as this class says."""
        asked = _Request(system_instructions, input, model_settings, tools, output_schema, handoffs, prompt)
        sent = await asyncio.to_thread(self._protect, asked)
        events = self._model.stream_response(
            sent.instructions,
            sent.input,
            sent.settings,
            sent.tools,
            sent.schema,
            sent.handoffs,
            tracing,
            previous_response_id=previous_response_id,
            conversation_id=conversation_id,
            prompt=sent.prompt,
        )
        restored = StreamedAnswer(self._guard, is_json=_is_json(output_schema))
        async for event in events:
            for each in await asyncio.to_thread(restored.feed, event):
                yield each
        for each in await asyncio.to_thread(restored.flush):
            yield each

    async def close(self) -> None:
        """Release what the model holds."""
        await self._model.close()

    def get_retry_advice(self, request: ModelRetryAdviceRequest) -> ModelRetryAdvice | None:
        """The model's own advice."""
        return self._model.get_retry_advice(request)

    async def _cleanup_on_run_end(self, owner: object) -> None:
        # The runner calls it by this name, and without it connections would stay open.
        await self._model._cleanup_on_run_end(owner)  # noqa: SLF001

    def _protect(self, asked: _Request) -> _Request:
        _refuse_tracing()
        walk = _away(self._guard, allows_media=self._allows_media)
        sent = _mapped(_body_of(asked), walk)
        functions = cast("list[dict[str, Any]]", sent["tools"])
        added = {
            name: walk.values(getattr(asked.settings, name), name)
            for name in ("extra_args", "extra_body", "extra_query")
            if getattr(asked.settings, name) is not None
        }
        order = cast("dict[str, Any] | None", sent["text"])
        return _Request(
            cast("str | None", sent["instructions"]),
            cast("str | list[TResponseInputItem]", sent["input"]),
            dataclasses.replace(asked.settings, metadata=cast("Any", sent["metadata"]), **cast("Any", added)),
            [_told_tool(*each) for each in zip(asked.tools, functions, strict=False)],
            asked.schema if order is None else _ToldSchema(asked.schema, order["format"]["schema"]),
            [_told_handoff(*each) for each in zip(asked.handoffs, functions[len(asked.tools) :], strict=True)],
            cast("ResponsePromptParam | None", sent["prompt"]),
        )


class PrivateSession:
    """A history that holds placeholders, and is read as it was written.

    A session finds its history by its id, and the id goes to the store as it is:
    make it with ``guard.protect_label``. Methods that are not here are not offered,
    compaction by the vendor among them.

    Args:
        session: the history that is kept elsewhere.
        guard: the scope of the user whose history it is.

    Raises:
        ConfigError: the id of the session holds something private.
    """

    def __init__(self, session: Session, guard: Guard) -> None:
        Leaves(guard).check_name(session.session_id, where="session_id")
        self._guard = guard
        self._session = session
        self.session_id: str = session.session_id
        self.session_settings: SessionSettings | None = session.session_settings

    async def get_items(self, limit: int | None = None) -> list[TResponseInputItem]:
        """The latest items, oldest first, with their values."""
        return await asyncio.to_thread(restore_items, self._guard, await self._session.get_items(limit))

    async def add_items(self, items: list[TResponseInputItem]) -> None:
        """Add items, protected.

        Raises:
            UnsupportedFormat: an item of a kind that memveil does not know; nothing was stored.
        """

        def protected() -> object:
            return _mapped({"input": items}, _away(self._guard, allows_media=False))["input"]

        await self._session.add_items(cast("list[TResponseInputItem]", await asyncio.to_thread(protected)))

    async def pop_item(self) -> TResponseInputItem | None:
        """Remove and return the latest item, with its values."""
        item = await self._session.pop_item()
        return None if item is None else (await asyncio.to_thread(restore_items, self._guard, [item]))[0]

    async def clear_session(self) -> None:
        """Remove all items; their values stay in the vault, see :meth:`forget`."""
        await self._session.clear_session()

    async def forget(self) -> Forgotten:
        """Remove all items, then erase the mapping of the scope.

        Raises:
            Exception: what the history raises; then the mapping is still there, and this can be called again.
        """
        deleted = len(await self._session.get_items())
        await self._session.clear_session()
        return Forgotten(await asyncio.to_thread(self._guard.forget), deleted, _REMAINS)


# --- the way out ---------------------------------------------------------------


@dataclasses.dataclass(frozen=True, slots=True, repr=False)
class _Request:
    """What a model is asked, in the order of its arguments."""

    instructions: str | None
    input: str | list[TResponseInputItem]
    settings: ModelSettings
    tools: list[Tool]
    schema: AgentOutputSchemaBase | None
    handoffs: list[Handoff[Any, Any]]
    prompt: ResponsePromptParam | None


def _body_of(asked: _Request) -> dict[str, object]:
    """The request as the table of the API reads it."""
    schema = asked.schema
    is_ordered = schema is not None and not schema.is_plain_text()
    order = {"format": {"type": "json_schema", "schema": schema.json_schema()}} if schema and is_ordered else None
    return {
        "instructions": asked.instructions,
        "input": asked.input,
        "tools": [*map(_function_of, asked.tools), *map(_function_of_handoff, asked.handoffs)],
        "text": order,
        "metadata": asked.settings.metadata,
        "prompt": asked.prompt,
    }


def _mapped(body: Mapping[str, object], walk: Outbound) -> dict[str, object]:
    """The request that may leave. The SDK's own notes on items are no part of the API, and stay beside it."""
    items = body["input"]
    if not isinstance(items, list):
        return openai_responses.map_request(dict(body), walk)
    given = [dict(item) if isinstance(item, Mapping) else item for item in items]
    notes = [item.pop(_NOTES, None) if isinstance(item, dict) else None for item in given]
    sent = openai_responses.map_request({**body, "input": given}, walk)
    told = zip(cast("list[dict[str, Any]]", sent["input"]), notes, strict=True)
    return {
        **sent,
        "input": [item if note is None else {**item, _NOTES: settings(walk, note, _NOTES)} for item, note in told],
    }


class _ToldSchema(AgentOutputSchemaBase):
    """The schema of an answer, as the model is told it; answers are validated by the real one."""

    def __init__(self, schema: AgentOutputSchemaBase | None, told: dict[str, Any]) -> None:
        self._schema = cast("AgentOutputSchemaBase", schema)
        self._told = told

    def is_plain_text(self) -> bool:
        return False

    def name(self) -> str:
        return self._schema.name()

    def json_schema(self) -> dict[str, Any]:
        return self._told

    def is_strict_json_schema(self) -> bool:
        return self._schema.is_strict_json_schema()

    def validate_json(self, json_str: str) -> Any:
        return self._schema.validate_json(json_str)


def _refuse_tracing() -> None:
    trace = get_current_trace()
    if trace is not None and trace.export() is not None:
        raise ConfigError(
            "tracing: it sends what agents and tools see to the vendor; "
            "turn it off with RunConfig(tracing_disabled=True); nothing was sent"
        )


def _away(guard: Guard, *, allows_media: bool) -> Outbound:
    previous: deque[str] = deque(maxlen=_CONTEXT)

    def protect(text: str) -> str:
        protected = guard.protect(text, previous=tuple(previous)).text
        previous.append(text)
        return protected

    def is_clean(text: str) -> bool:
        return all(span.action is Action.KEEP for span in guard.detect(text))

    return Outbound(protect, is_clean, allows_media=allows_media)


def _is_json(schema: AgentOutputSchemaBase | None) -> bool:
    return schema is not None and not schema.is_plain_text()


def _function_of(tool: Tool) -> dict[str, object]:
    if not isinstance(tool, FunctionTool) or getattr(tool, "_tool_namespace", None) is not None:
        raise UnsupportedFormat(f"a tool of class {type(tool).__name__} that is no plain function; nothing was sent")
    return {
        "type": "function",
        "name": tool.name,
        "description": tool.description,
        "parameters": tool.params_json_schema,
        "output_schema": tool.output_json_schema,
    }


def _told_tool(tool: Tool, told: Mapping[str, Any]) -> Tool:
    copied = cast("FunctionTool", copy.copy(tool))
    copied.description = told["description"]
    copied.params_json_schema = told["parameters"]
    copied.output_json_schema = told["output_schema"]
    return copied


def _function_of_handoff(handoff: Handoff[Any, Any]) -> dict[str, object]:
    return {
        "type": "function",
        "name": handoff.tool_name,
        "description": handoff.tool_description,
        "parameters": handoff.input_json_schema,
    }


def _told_handoff(handoff: Handoff[Any, Any], told: Mapping[str, Any]) -> Handoff[Any, Any]:
    return dataclasses.replace(handoff, tool_description=told["description"], input_json_schema=told["parameters"])
