"""A language model in this process, from a folder of weights, by transformers.

The extra ``transformers`` brings no framework to compute with: install the build
of PyTorch that fits the machine. Nothing is downloaded and no code of the folder
is run. Such models cannot be held to a JSON schema; a server can
(:mod:`memveil.recognizers.llm_endpoint`).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from memveil.errors import ConfigError
from memveil.recognizers.llm_model import Completion, Decoding, ModelFailed

__all__ = ["TransformersModel"]


class TransformersModel:
    """A folder as ``save_pretrained`` writes it. Loads at first use; thread-safe.

    Args:
        folder: weights, tokenizer and chat template.
        device: where it computes, a word of PyTorch such as ``cpu`` or ``cuda``.
        decoding: how the model writes.

    Raises:
        ConfigError: at first use, if the extra or the model is missing.
    """

    def __init__(self, folder: Path, *, device: str = "cpu", decoding: Decoding | None = None) -> None:
        self._folder = folder
        self._device = device
        self._decoding = Decoding() if decoding is None else decoding
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self._folder.name

    def complete(self, prompt: str, schema: Mapping[str, Any]) -> Completion:
        """See :meth:`memveil.recognizers.llm_model.LanguageModel.complete`. The schema is not enforced."""
        del schema
        with self._lock:
            tokenizer, model = self._load()
            try:
                return self._generate(tokenizer, model, prompt)
            # Whatever the library raises may quote the prompt.
            except Exception as error:  # noqa: BLE001
                kind = type(error).__name__
        raise ModelFailed(f"the language model {self.name} failed ({kind})")

    def close(self) -> None:
        """Let the model go."""
        with self._lock:
            self._loaded = None

    def _generate(self, tokenizer: Any, model: Any, prompt: str) -> Completion:  # noqa: ANN401, no types
        import torch

        encoded = tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}],
            add_generation_prompt=True,
            enable_thinking=False,
            return_dict=True,
            return_tensors="pt",
        ).to(self._device)
        sampling: dict[str, Any] = (
            {"do_sample": True, "temperature": self._decoding.temperature, "top_p": self._decoding.top_p}
            if self._decoding.temperature > 0
            else {"do_sample": False}
        )
        with torch.inference_mode():
            ids = model.generate(**encoded, max_new_tokens=self._decoding.max_tokens, **sampling)
        new = ids[0][encoded["input_ids"].shape[1] :]
        return Completion(tokenizer.decode(new, skip_special_tokens=True), is_cut=len(new) >= self._decoding.max_tokens)

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            try:
                import torch
                from transformers import AutoModelForCausalLM, AutoTokenizer
            except ModuleNotFoundError:
                raise ConfigError(
                    "recognizers.llm.weights: needs more packages, pip install 'memveil[transformers]' and PyTorch"
                ) from None
            assert torch  # noqa: S101, imported to see whether it is there
            try:
                tokenizer = AutoTokenizer.from_pretrained(self._folder, local_files_only=True, trust_remote_code=False)
                model = AutoModelForCausalLM.from_pretrained(
                    self._folder, local_files_only=True, trust_remote_code=False, dtype="auto"
                )
            # Both say a broken folder in many ways, errors of the format's own library among them.
            except Exception:  # noqa: BLE001
                raise ConfigError(f"recognizers.llm.weights: no model that can be read in {self._folder}") from None
            self._loaded = tokenizer, model.to(self._device).eval()
        return self._loaded
