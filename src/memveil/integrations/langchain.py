"""LangChain behind a guard: the model reads placeholders, you and your tools read values.

::

    agent = create_agent(model, tools, middleware=[..., PrivateMiddleware(guard)])
    model = PrivateChatModel(inner=ChatOpenAI(...), guard=guard)    # wherever a chat model is taken

State, checkpoints and tools stay on this machine and keep values. Everything
that goes to the model is protected: messages of all roles, the system prompt,
descriptions and schemas of tools, formats of answers, settings. Answers come
home restored, whole and streamed, arguments of tools as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from memveil.errors import ConfigError
from memveil.guard import Guard
from memveil.integrations.langchain_messages import protect_messages, restore_message
from memveil.integrations.langchain_settings import Settings
from memveil.integrations.langchain_stream import RestoredChunks
from memveil.integrations.leaves import Leaves

try:
    from langchain.agents.middleware import AgentMiddleware, ModelRequest, ModelResponse
    from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage
    from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
    from langsmith.utils import tracing_is_enabled
    from pydantic import ConfigDict, PrivateAttr
except ImportError as error:
    raise ImportError("LangChain is missing; pip install 'memveil[langchain]'") from error

__all__ = ["PrivateChatModel", "PrivateMiddleware"]

# The call of the model inside is nobody's business: its tokens are placeholders, and ours follow.
_QUIET: Any = {"callbacks": [], "tags": ["nostream"]}


class PrivateChatModel(BaseChatModel):
    """A chat model that is sent placeholders and answers with values.

    Args:
        inner: any chat model, or one with tools bound to it.
        guard: protects requests and restores answers.

    Raises:
        ConfigError: LangSmith's tracing is on; it would be sent every message as you read it.
    """

    inner: Any
    guard: Any
    model_config = ConfigDict(arbitrary_types_allowed=True)
    _leaves: Leaves = PrivateAttr()
    _settings: Settings = PrivateAttr()

    def model_post_init(self, context: object) -> None:
        """See pydantic."""
        super().model_post_init(context)
        if tracing_is_enabled():
            raise ConfigError("LANGSMITH_TRACING: it sends every message to LangSmith; set it to false")
        self._leaves = Leaves(self.guard)
        self._settings = Settings(self._leaves)
        if self.profile is None:
            self.profile = getattr(self.inner, "profile", None)

    @property
    def _llm_type(self) -> str:
        return f"private-{getattr(self.inner, '_llm_type', 'chat')}"

    def bind_tools(self, tools: Sequence[Any], *, tool_choice: str | None = None, **options: Any) -> Any:
        """Bind tools; names stay, descriptions and schemas are protected."""
        choice = {} if tool_choice is None else {"tool_choice": tool_choice}
        bound = self.inner.bind_tools(
            [self._settings.tool(tool) for tool in tools], **self._settings.of(options | choice)
        )
        return PrivateChatModel(inner=bound, guard=self.guard, profile=self.profile)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        sent, options = self._request(messages, stop, kwargs)
        return self._result(self.inner.invoke(sent, _QUIET, **options))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        sent, options = await asyncio.to_thread(self._request, messages, stop, kwargs)
        return await asyncio.to_thread(self._result, await self.inner.ainvoke(sent, _QUIET, **options))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        sent, options = self._request(messages, stop, kwargs)
        chunks = RestoredChunks(self.guard)
        for chunk in self.inner.stream(sent, _QUIET, **options):
            yield from _generations(chunks.feed(chunk))
        yield from _generations(chunks.flush())

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        sent, options = await asyncio.to_thread(self._request, messages, stop, kwargs)
        chunks = RestoredChunks(self.guard)
        async for chunk in self.inner.astream(sent, _QUIET, **options):
            for generation in _generations(await asyncio.to_thread(chunks.feed, chunk)):
                yield generation
        for generation in _generations(chunks.flush()):
            yield generation

    def _request(
        self, messages: Sequence[BaseMessage], stop: list[str] | None, options: Mapping[str, Any]
    ) -> tuple[list[BaseMessage], dict[str, Any]]:
        marks = {} if stop is None else {"stop": stop}
        return protect_messages(self._leaves, messages), self._settings.of({**options, **marks})

    def _result(self, answer: BaseMessage) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=restore_message(self._leaves, answer))])


class PrivateMiddleware(AgentMiddleware[Any, Any, Any]):
    """Puts a guard before the model of an agent. Name it last, so that it is next to the model.

    Another middleware that calls a model by itself, to summarize for instance,
    needs a :class:`PrivateChatModel`.

    Args:
        guard: protects requests and restores answers.
    """

    def __init__(self, guard: Guard) -> None:
        super().__init__()
        self._guard = guard

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> ModelResponse[Any]:
        """Call the model behind the guard."""
        return handler(self._private(request))

    async def awrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], Awaitable[ModelResponse[Any]]]
    ) -> ModelResponse[Any]:
        """As :meth:`wrap_model_call`."""
        return await handler(self._private(request))

    def _private(self, request: ModelRequest[Any]) -> ModelRequest[Any]:
        return request.override(model=PrivateChatModel(inner=request.model, guard=self._guard))


def _generations(chunks: Sequence[AIMessageChunk]) -> Iterator[ChatGenerationChunk]:
    return (ChatGenerationChunk(message=chunk) for chunk in chunks)
