"""mem0 on this machine, its models elsewhere: the store holds values, the wire placeholders.

::

    memory = protect_models(Memory.from_config(...), guard)

mem0's files and its log stay readable on this machine. Where they may not be,
put :class:`memveil.integrations.mem0.PrivateMemory` around the memory instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from memveil.errors import UnsupportedFormat
from memveil.integrations.leaves import Leaves
from memveil.integrations.mem0 import demand_silence
from memveil.json_values import show_key

if TYPE_CHECKING:
    from memveil.guard import Guard

__all__ = ["PrivateEmbedder", "PrivateLLM", "protect_models"]

_Memory = TypeVar("_Memory")
_JSON_TYPES = ("json_object", "text")


def protect_models(memory: _Memory, guard: Guard) -> _Memory:
    """Put a guard before the model and the embedder of a ``Memory`` or ``AsyncMemory``; returns it.

    Raises:
        ConfigError: mem0's telemetry is on.
        UnsupportedFormat: the memory has a reranker, which would be sent values.
    """
    demand_silence()
    inner: Any = memory
    if getattr(inner, "reranker", None) is not None:
        raise UnsupportedFormat("a reranker, which memveil does not know; configure none, or use PrivateMemory")
    inner.llm = PrivateLLM(inner.llm, guard)
    inner.embedding_model = PrivateEmbedder(inner.embedding_model, guard)
    return memory


class PrivateLLM:
    """A model of mem0 that is sent placeholders.

    mem0's own instructions are public and leave as they are: what looks like a
    name in them is an example.
    """

    def __init__(self, inner: Any, guard: Guard) -> None:
        self._inner = inner
        self._leaves = Leaves(guard)
        self.config = inner.config

    def generate_response(
        self,
        messages: Sequence[Mapping[str, Any]],
        response_format: Mapping[str, Any] | None = None,
        **settings: Any,
    ) -> str:
        """Ask the model inside; see mem0's ``LLMBase.generate_response``.

        Raises:
            UnsupportedFormat: tools, or a setting that memveil does not know; and what protecting raises.
        """
        unknown = [name for name, value in settings.items() if value is not None and name != "tool_choice"]
        if unknown:
            raise UnsupportedFormat(f"a setting {show_key(unknown[0])} that memveil does not know; nothing was sent")
        if response_format is not None and dict(response_format) not in [{"type": kind} for kind in _JSON_TYPES]:
            raise UnsupportedFormat("a format of answers that memveil does not know; nothing was sent")
        answer: object = self._inner.generate_response(messages=self._sent(messages), response_format=response_format)
        if not isinstance(answer, str):
            raise UnsupportedFormat("an answer that is no text")
        return self._leaves.guard.restore_json(answer) if response_format else self._leaves.restore_text(answer)

    def _sent(self, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        heads = [_public_part(message) for message in messages]
        own = [
            {**message, "content": message["content"][len(head) :]} if head else message
            for message, head in zip(messages, heads, strict=True)
        ]
        sent = self._leaves.protect_messages(own)
        return [
            {**message, "content": head + message["content"]} if head else message
            for message, head in zip(sent, heads, strict=True)
        ]


class PrivateEmbedder:
    """An embedder of mem0 that is sent placeholders, for documents and queries alike."""

    def __init__(self, inner: Any, guard: Guard) -> None:
        self._inner = inner
        self._leaves = Leaves(guard)
        self.config = inner.config

    def embed(self, text: str, memory_action: str | None = None) -> Any:
        """The vector of a text."""
        return self._inner.embed(self._leaves.protect_text(text, where="text"), memory_action)

    def embed_batch(self, texts: Sequence[str], memory_action: str = "add") -> Any:
        """The vectors of several texts."""
        return self._inner.embed_batch([self._leaves.protect_text(text, where="text") for text in texts], memory_action)


def _public_part(message: Mapping[str, Any]) -> str:
    """How much of a system message is mem0's own: the longest of its instructions that it begins with."""
    content = message.get("content")
    if message.get("role") != "system" or not isinstance(content, str):
        return ""
    return next((prompt for prompt in _prompts() if content.startswith(prompt)), "")


@cache
def _prompts() -> tuple[str, ...]:
    from mem0.configs import prompts

    texts = {value for value in vars(prompts).values() if isinstance(value, str) and len(value) > 1_000}
    return tuple(sorted(texts, key=len, reverse=True))
