"""What the language-model recognizer needs of a language model: one method.

Three things have it: :mod:`memveil.recognizers.llm_endpoint` (a server that
speaks OpenAI's format), :mod:`memveil.recognizers.llm_llama_cpp` and
:mod:`memveil.recognizers.llm_transformers` (in this process).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from memveil.errors import DetectionError

__all__ = ["Completion", "Decoding", "LanguageModel", "ModelFailed"]


class ModelFailed(DetectionError):
    """A language model gave no answer, or one that cannot be used. Quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model wrote. The repr does not show it.

    Args:
        text: as it came; nobody has looked at it yet.
        is_cut: whether the model was stopped before it was done.
    """

    text: str = field(repr=False)
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoding:
    """How a model writes; the defaults are those MemPrivacy was evaluated with (arXiv 2605.09530).

    Args:
        temperature: 0 always takes the likeliest token.
        top_p: share of the likeliest tokens that are drawn from.
        max_tokens: length of an answer at most, in tokens.
    """

    temperature: float = 0.1
    top_p: float = 0.1
    max_tokens: int = 4096


class LanguageModel(Protocol):
    """A model that answers a prompt. Calls are independent and thread-safe."""

    @property
    def name(self) -> str:
        """What an error calls it; no secret."""
        ...

    def complete(self, prompt: str, schema: Mapping[str, Any]) -> Completion:
        """Answer one message of a user.

        Args:
            prompt: the message.
            schema: JSON schema that the answer should follow, where the model can be held to one.

        Raises:
            ModelFailed: no answer.
        """
        ...

    def close(self) -> None:
        """Give back what is held: connections, memory."""
        ...
