"""The table ``[recognizers.llm]`` of the configuration, and the recognizer that it describes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from memveil.errors import ConfigError

if TYPE_CHECKING:
    from memveil.recognizers.llm import LanguageModelRecognizer
    from memveil.recognizers.llm_model import LanguageModel

__all__ = ["LanguageModelTable"]

_PLACE = "recognizers.llm"


class LanguageModelTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A language model, and when it is asked. One of ``url``, ``gguf`` and ``weights`` says where it is.

    ``model`` and ``api_key_env`` are for ``url``; ``context_tokens`` is for ``gguf`` and ``device``
    for ``weights``. ``timeout`` is for ``url`` and in seconds, ``context`` in turns, ``window`` and ``overlap`` in
    characters, ``max_tokens`` and ``context_tokens`` in tokens, ``doubt`` between 0 and 1.
    """

    url: str | None = None
    gguf: str | None = None
    weights: str | None = None
    model: str | None = None
    api_key_env: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    timeout: float = 120.0
    on_failure: Literal["fail", "degrade"] = "fail"
    only_when_unsure: bool = False
    doubt: float = 0.05
    context: int = 0
    window: int = 3000
    overlap: int = 200
    instructions: str | None = None
    temperature: float = 0.1
    max_tokens: int = 4096
    context_tokens: int = 12_288
    device: str = "cpu"

    def check(self) -> None:
        """Find every wrong value.

        Raises:
            ConfigError: starts with the path of the key.
        """
        if sum(place is not None for place in (self.url, self.gguf, self.weights)) != 1:
            raise ConfigError(f"{_PLACE}: give one of url, gguf and weights")
        if (self.url is None) != (self.model is None):
            raise ConfigError(f"{_PLACE}.model: the name of the model at {_PLACE}.url, and only for one")
        if self.api_key_env is not None and self.url is None:
            raise ConfigError(f"{_PLACE}.api_key_env: only with {_PLACE}.url")
        checks = (
            ("timeout", 0 < self.timeout < float("inf"), "seconds, more than 0"),
            ("doubt", 0 < self.doubt <= 1, "a number above 0 and up to 1"),
            ("context", 0 <= self.context <= 16, "turns, from 0 to 16"),
            ("window", self.window >= 200, "characters, 200 or more"),
            ("overlap", 0 <= 2 * self.overlap < self.window, "characters, less than half of the window"),
            ("temperature", 0 <= self.temperature <= 2, "a number from 0 to 2"),
            ("max_tokens", self.max_tokens > 0, "tokens, more than 0"),
            ("context_tokens", self.context_tokens > self.max_tokens, "tokens, more than max_tokens"),
        )
        for key, is_right, wanted in checks:
            if not is_right:
                raise ConfigError(f"{_PLACE}.{key}: {wanted}")

    def build(self, *, api_key: str | None = None, instructions: str | None = None) -> LanguageModelRecognizer:
        """The recognizer. Nothing is connected to or loaded before its first text.

        Args:
            api_key: what the variable ``api_key_env`` holds.
            instructions: what the file ``instructions`` holds.

        Raises:
            ConfigError: the host is not allowed, or a package is missing.
        """
        try:
            from memveil.recognizers.llm import LanguageModelRecognizer, OnFailure

            model = self._model(api_key)
        except ModuleNotFoundError:
            extra = "llm" if self.url else "llama-cpp" if self.gguf else "transformers"
            raise ConfigError(f"{_PLACE}: needs more packages, pip install 'memveil[{extra}]'") from None
        return LanguageModelRecognizer(
            model,
            on_failure=OnFailure(self.on_failure),
            previous=self.context,
            window=self.window,
            overlap=self.overlap,
            instructions=instructions,
        )

    def _model(self, api_key: str | None) -> LanguageModel:
        from memveil.recognizers.llm_model import Decoding

        decoding = Decoding(temperature=self.temperature, max_tokens=self.max_tokens)
        if self.gguf is not None:
            from memveil.recognizers.llm_llama_cpp import LlamaCppModel

            return LlamaCppModel(Path(self.gguf).expanduser(), context_tokens=self.context_tokens, decoding=decoding)
        if self.weights is not None:
            from memveil.recognizers.llm_transformers import TransformersModel

            return TransformersModel(Path(self.weights).expanduser(), device=self.device, decoding=decoding)
        from memveil.recognizers.llm_endpoint import LanguageModelEndpoint

        return LanguageModelEndpoint(
            self.url or "",
            model=self.model or "",
            api_key=api_key,
            allowed_hosts=self.allowed_hosts,
            timeout=self.timeout,
            decoding=decoding,
        )
