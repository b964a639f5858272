"""Bootstrap intervals over personas. Pure.

Messages of one persona resemble each other, so whole personas are drawn, not messages (cluster bootstrap, Davison and
Hinkley 1997, section 3.8).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean with its 95 % percentile interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


def mean_interval(values: Sequence[float], personas: Sequence[str], *, draws: int = 10_000, seed: int = 1) -> Interval:
    """The mean over messages, its interval over draws of personas.

    Args:
        values: one figure a message; for a comparison the difference of two systems on the same message.
        personas: who each message belongs to.
        draws: how often personas are drawn.
        seed: of the random numbers.
    """
    if not values or len(values) != len(personas):
        raise ValueError("as many values as personas, and at least one")
    names, index = np.unique(np.asarray(personas), return_inverse=True)
    sums = np.bincount(index, weights=np.asarray(values, float))
    sizes = np.bincount(index)
    drawn = np.random.default_rng(seed).integers(0, len(names), size=(draws, len(names)))
    means = sums[drawn].sum(1) / sizes[drawn].sum(1)
    low, high = np.percentile(means, [2.5, 97.5])
    return Interval(float(np.mean(values)), float(low), float(high))
