"""A language model in this process, from a GGUF file, by llama-cpp-python.

The extra ``llama-cpp`` compiles llama.cpp on installation. One text is read at a
time; where several are to be read at once, or on a large GPU, a server is better
(:mod:`memveil.recognizers.llm_endpoint`).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from memveil.errors import ConfigError
from memveil.recognizers.llm_model import Completion, Decoding, ModelFailed

__all__ = ["LlamaCppModel"]


class LlamaCppModel:
    """A GGUF file. Loads at first use; thread-safe.

    Args:
        path: the file.
        context_tokens: length of prompt and answer together; memory grows with it.
        decoding: how the model writes.
        gpu_layers: layers that a GPU computes, where llama.cpp was built for one; -1 for all.

    Raises:
        ConfigError: at first use, if the extra or the file is missing.
    """

    def __init__(
        self,
        path: Path,
        *,
        context_tokens: int = 12_288,
        decoding: Decoding | None = None,
        gpu_layers: int = -1,
    ) -> None:
        self._path = path
        self._context_tokens = context_tokens
        self._decoding = Decoding() if decoding is None else decoding
        self._gpu_layers = gpu_layers
        self._lock = threading.Lock()
        self._loaded: Any = None

    @property
    def name(self) -> str:
        """Name of the file."""
        return self._path.name

    def complete(self, prompt: str, schema: Mapping[str, Any]) -> Completion:
        """See :meth:`memveil.recognizers.llm_model.LanguageModel.complete`. The schema is kept by a grammar."""
        with self._lock:
            model = self._load()
            from llama_cpp import LlamaGrammar

            try:
                reply = model.create_chat_completion(
                    [{"role": "user", "content": prompt}],
                    temperature=self._decoding.temperature,
                    top_p=self._decoding.top_p,
                    max_tokens=self._decoding.max_tokens,
                    grammar=LlamaGrammar.from_json_schema(json.dumps(dict(schema)), verbose=False),
                )
                choice = reply["choices"][0]
                return Completion(choice["message"]["content"] or "", is_cut=choice["finish_reason"] == "length")
            # Whatever the library raises may quote the prompt, as where it is longer than the context.
            except Exception as error:  # noqa: BLE001
                kind = type(error).__name__
        raise ModelFailed(f"the language model {self.name} failed ({kind}); its context may be too short")

    def close(self) -> None:
        """Free the model's memory."""
        with self._lock:
            if self._loaded is not None:
                self._loaded.close()
                self._loaded = None

    def _load(self) -> Any:  # noqa: ANN401, the library has no types
        if self._loaded is None:
            try:
                from llama_cpp import Llama
            except ModuleNotFoundError:
                raise ConfigError(
                    "recognizers.llm.gguf: needs one more package, pip install 'memveil[llama-cpp]'"
                ) from None
            if not self._path.is_file():
                raise ConfigError(f"recognizers.llm.gguf: no file {self._path}")
            try:
                self._loaded = Llama(
                    str(self._path), n_ctx=self._context_tokens, n_gpu_layers=self._gpu_layers, verbose=False
                )
            # It says what is wrong with a file only on its own log.
            except (ValueError, RuntimeError, OSError):
                raise ConfigError(f"recognizers.llm.gguf: llama.cpp cannot read {self._path}") from None
        return self._loaded
