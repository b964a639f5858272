"""Dense retrieval: cosine of sentence embeddings, every memory compared."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evaluation.embedding import Array, Embedder
from evaluation.systems.base import SEPARATOR, Hit

__all__ = ["Dense"]


class Dense:
    """A matrix of vectors in memory."""

    def __init__(self, embed: Embedder) -> None:
        self._embed = embed
        self._memories: list[str] = []
        self._vectors: Array = np.zeros((0, 0), np.float32)

    def store(self, memories: Sequence[str]) -> None:
        """Embed all."""
        self._memories = list(memories)
        self._vectors = self._embed(memories)

    def search(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """The nearest; of equals the earlier first."""
        if not queries or not self._memories:
            return [[] for _ in queries]
        scores = self._embed(queries) @ self._vectors.T
        best = np.argsort(-scores, axis=1, kind="stable")[:, :k]
        return [[Hit(int(index), self._memories[int(index)]) for index in row] for row in best]

    def at_rest(self) -> bytes:
        """The texts and the vectors."""
        return SEPARATOR.join(self._memories).encode("utf-8", "surrogatepass") + self._vectors.tobytes()

    def close(self) -> None:
        """Nothing is open."""
