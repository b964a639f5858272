"""The figures of one question, and of many: pure functions over texts and numbers."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

__all__ = [
    "Interval",
    "agreement",
    "choose",
    "contains",
    "content_tokens",
    "coverage",
    "paired_difference",
    "recall",
    "terms",
]

_HAN = "\u3400-\u9fff"
_TERM = re.compile(rf"[{_HAN}]+|[^\W{_HAN}]+")
_EMPTY = frozenset(
    "a an the of to in on at by for from with and or is are was were be been it its this that these those as he she "
    "his her they their them you your i my me we our would will".split()
)
_RESAMPLES = 2000
_SEED = 20_26


def terms(text: str) -> list[str]:
    """Words in lower case; a run of Chinese is its characters and its pairs of neighbours.

    What a BM25 index keeps. ``<Email_1>`` is one term, ``email_1``.
    """
    found: list[str] = []
    for run in _TERM.findall(text.lower()):
        if "\u3400" <= run[0] <= "\u9fff":
            found += list(run) + [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(run)
    return found


@lru_cache(maxsize=50_000)
def _term_set(text: str) -> frozenset[str]:
    """The terms of a text; the same memories come home again and again."""
    return frozenset(terms(text))


def _there(context: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*map(_term_set, context))


def content_tokens(text: str) -> frozenset[str]:
    """The terms of a text without words that say nothing; all terms where nothing else is left."""
    every = _term_set(text)
    return every - _EMPTY or every


def recall(retrieved: Sequence[int], evidence: Collection[int], k: int) -> float:
    """Share of the evidence among the first ``k``."""
    return len(set(retrieved[:k]) & set(evidence)) / len(evidence)


def contains(context: Sequence[str], accepted: Sequence[str]) -> bool:
    """Whether the texts of the context hold, together, all content tokens of one of the accepted answers."""
    there = _there(context)
    return any(content_tokens(answer) <= there for answer in accepted if terms(answer))


def coverage(context: Sequence[str], accepted: Sequence[str]) -> float:
    """The largest share of an accepted answer's content tokens that the texts of the context hold."""
    there = _there(context)
    shares = [len(wanted & there) / len(wanted) for answer in accepted if (wanted := content_tokens(answer))]
    return max(shares, default=0.0)


def choose(context: Sequence[str], options: Sequence[str], right: int) -> float:
    """Credit for choosing the option that the context supports best.

    An option's support is the share of its own content tokens, those that no
    other option has, that stand in the context. Options that share the first
    place share the credit, so that no support at all scores as guessing does.
    """
    there = _there(context)
    every = [content_tokens(option) for option in options]
    support: list[float] = []
    for index, tokens in enumerate(every):
        own = tokens - frozenset().union(*(other for i, other in enumerate(every) if i != index))
        support.append(len(own & there) / len(own) if own else 0.0)
    best = max(support)
    winners = [index for index, value in enumerate(support) if value == best]
    return 1 / len(winners) if right in winners else 0.0


def agreement(retrieved: Sequence[int], unprotected: Sequence[int]) -> float:
    """Share of what the unprotected system retrieved that was retrieved here too; 1 where it retrieved nothing."""
    return len(set(retrieved) & set(unprotected)) / len(unprotected) if unprotected else 1.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean difference with its 95 % bootstrap interval, in points of percent."""

    mean: float
    low: float
    high: float


def paired_difference(protected: Sequence[float], unprotected: Sequence[float]) -> Interval | None:
    """Difference of two rows on the same questions; the questions are resampled, the seed is fixed.

    Returns:
        ``None`` where there is no question.

    Raises:
        ValueError: the rows are of different questions.
    """
    if len(protected) != len(unprotected):
        raise ValueError(f"rows of {len(protected)} and {len(unprotected)} questions cannot be compared")
    if not protected:
        return None
    difference = 100 * (np.asarray(protected, np.float64) - np.asarray(unprotected, np.float64))
    draws = np.random.default_rng(_SEED).integers(0, len(difference), (_RESAMPLES, len(difference)))
    means = difference[draws].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(float(difference.mean()), float(low), float(high))
