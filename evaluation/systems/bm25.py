"""BM25 (Robertson and Zaragoza 2009), in the form of Lucene, over words and Chinese pairs."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from evaluation.scores import terms
from evaluation.systems.base import SEPARATOR, Hit

__all__ = ["Bm25"]

_K1, _B = 1.2, 0.75


class Bm25:
    """An inverted index in memory."""

    def __init__(self) -> None:
        self._memories: list[str] = []
        self._weights: dict[str, list[tuple[int, float]]] = {}

    def store(self, memories: Sequence[str]) -> None:
        """Build the index."""
        self._memories = list(memories)
        counts = [Counter(terms(text)) for text in memories]
        lengths = [sum(count.values()) for count in counts]
        mean = sum(lengths) / max(1, len(lengths)) or 1.0
        postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for index, count in enumerate(counts):
            for term, times in count.items():
                postings[term].append((index, times))
        for term, places in postings.items():
            rarity = math.log(1 + (len(memories) - len(places) + 0.5) / (len(places) + 0.5))
            self._weights[term] = [
                (i, rarity * times / (times + _K1 * (1 - _B + _B * lengths[i] / mean))) for i, times in places
            ]

    def search(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """The best by the sum of weights; of equals the earlier first; without any word in common none."""
        return [self._search(query, k) for query in queries]

    def _search(self, query: str, k: int) -> list[Hit]:
        scores: defaultdict[int, float] = defaultdict(float)
        for term in terms(query):
            for index, weight in self._weights.get(term, ()):
                scores[index] += weight
        best = sorted(scores, key=lambda index: (-scores[index], index))[:k]
        return [Hit(index, self._memories[index]) for index in best]

    def at_rest(self) -> bytes:
        """The texts and the words of the index."""
        return SEPARATOR.join([*self._memories, *self._weights]).encode("utf-8", "surrogatepass")

    def close(self) -> None:
        """Nothing is open."""
