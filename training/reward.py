"""What a set of spans in one window is worth: the reward of ``rl.py``. Pure."""

from __future__ import annotations

from memveil.metrics.pairs import LENIENT_TYPES
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel

Run = tuple[int, int, int]

TYPES = tuple(PRIVACY_TYPES)
LEVELS = [PRIVACY_TYPES[name].level for name in TYPES]
LENIENT = [name in LENIENT_TYPES for name in TYPES]
WEIGHTS = {PrivacyLevel.PL2: 1.0, PrivacyLevel.PL3: 1.5, PrivacyLevel.PL4: 2.0}
WEIGHT = [WEIGHTS[PRIVACY_TYPES[name].level] for name in TYPES]
# What two different type names of one level are worth to each other: about the mean similarity of their names.
OTHER_TYPE = 0.4


def reward(found: list[Run], gold: list[Run], pieces: int, *, recall: float, cover: float) -> float:
    """The worth of the spans ``found`` in a window of ``pieces`` whose true spans are ``gold``."""
    return f1(found, gold) + recall * covered(found, gold) - cover * needless(found, gold, pieces)


def f1(found: list[Run], gold: list[Run]) -> float:
    """The reference metric on ranges of pieces, greedy matching, product form."""
    if not gold or not found:
        return float(not gold and not found)
    pairs = sorted(((pair(f, g), i, j) for i, f in enumerate(found) for j, g in enumerate(gold)), reverse=True)
    used_found, used_gold, total = set(), set(), 0.0
    for score, i, j in pairs:
        if score > 0 and i not in used_found and j not in used_gold:
            used_found.add(i)
            used_gold.add(j)
            total += score
    return 2 * total / (len(found) + len(gold))


def pair(found: Run, gold: Run) -> float:
    """Text x level x type of two spans."""
    (start, end, kind), (first, last, true) = found, gold
    shared = min(end, last) - max(start, first)
    if shared <= 0 or LEVELS[kind] != LEVELS[true]:
        return 0.0
    exact = (start, end) == (first, last)
    text = 1.0 if exact else 2 * shared / (end - start + last - first) if LENIENT[true] else 0.0
    return text * (1.0 if kind == true else OTHER_TYPE)


def covered(found: list[Run], gold: list[Run]) -> float:
    """Share of the private pieces that are covered, weighted by level; 1 where nothing is private."""
    hidden = {piece for start, end, _ in found for piece in range(start, end)}
    total = sum(WEIGHT[kind] * (last - first) for first, last, kind in gold)
    seen = sum(WEIGHT[kind] * sum(piece in hidden for piece in range(first, last)) for first, last, kind in gold)
    return seen / total if total else 1.0


def needless(found: list[Run], gold: list[Run], pieces: int) -> float:
    """Share of the pieces that are covered and not private."""
    private = {piece for first, last, _ in gold for piece in range(first, last)}
    return sum(piece not in private for start, end, _ in found for piece in range(start, end)) / max(1, pieces)
