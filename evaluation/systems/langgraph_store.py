"""LangGraph's ``InMemoryStore`` with an index: the store that LangMem keeps its memories in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

import numpy as np
from langgraph.store.base import Item
from langgraph.store.memory import InMemoryStore

from evaluation.embedding import Array
from evaluation.systems.base import SEPARATOR, Hit

__all__ = ["LangGraphStore"]

_NAMESPACE = ("memories",)
_WIDTH = 384


class LangGraphStore:
    """One namespace of a store; embeddings by the same model as :class:`evaluation.systems.dense.Dense`."""

    def __init__(self, embed: Callable[[Sequence[str]], Array]) -> None:
        def vectors(texts: Sequence[str]) -> list[list[float]]:
            return [[float(number) for number in row] for row in embed(texts)]

        self._embed = embed
        self._store = InMemoryStore(index={"dims": _WIDTH, "embed": vectors, "fields": ["text"]})
        self._size = 0

    def store(self, memories: Sequence[str]) -> None:
        """Put every memory under its number."""
        self._embed(memories)  # all at once, so that each is known when the store asks for it
        for index, text in enumerate(memories):
            self._store.put(_NAMESPACE, str(index), {"text": text})
        self._size = len(memories)

    def search(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """As the store ranks them."""
        self._embed(queries)
        return [
            [
                Hit(int(item.key), str(item.value["text"]))
                for item in self._store.search(_NAMESPACE, query=query, limit=k)
            ]
            for query in queries
        ]

    def at_rest(self) -> bytes:
        """Every item, and the vectors of their texts."""
        items: list[Item] = list(self._store.search(_NAMESPACE, limit=self._size + 1))
        texts = [str(item.value["text"]) for item in items]
        vectors = self._embed(texts) if texts else np.zeros((0, 0), np.float32)
        document = json.dumps([[*item.namespace, item.key, item.value] for item in items], ensure_ascii=False)
        return (
            document.encode("utf-8", "surrogatepass")
            + SEPARATOR.join(texts).encode("utf-8", "surrogatepass")
            + vectors.tobytes()
        )

    def close(self) -> None:
        """Nothing is open."""
