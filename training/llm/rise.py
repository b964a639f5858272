"""Did a curve rise? The last third of its steps against the first, and the slope over all of them, with intervals.

    python -m training.llm.rise training/llm/runs/tiny-curve/grpo.csv --columns reward metric format

Each step draws new questions, so steps are taken as independent witnesses and drawn with replacement (Efron and
Tibshirani 1993, chapters 8 and 9). Rows that have no figure in a column are left out of it.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from training.llm.intervals import Interval

DRAWS = 10_000


@dataclass(frozen=True, slots=True)
class Rise:
    """A curve from its first third to its last. ``slope`` is the change a hundred steps, by least squares."""

    steps: int
    first: float
    last: float
    difference: Interval
    slope: Interval


def rise(steps: Sequence[float], values: Sequence[float], *, draws: int = DRAWS, seed: int = 1) -> Rise:
    """How a curve moves, with 95 % percentile intervals.

    Args:
        steps: in rising order.
        values: one figure a step.
        draws: how often steps are drawn.
        seed: of the random numbers.
    """
    if len(steps) < 6 or len(steps) != len(values):
        raise ValueError("as many values as steps, and at least six")
    x, y = np.asarray(steps, float), np.asarray(values, float)
    random = np.random.default_rng(seed)
    third = len(y) // 3
    first, last = y[:third], y[-third:]
    differences = _means(last, draws, random) - _means(first, draws, random)
    drawn = random.integers(0, len(y), size=(draws, len(y)))
    return Rise(
        steps=len(y),
        first=float(first.mean()),
        last=float(last.mean()),
        difference=_interval(float(last.mean() - first.mean()), differences),
        slope=_interval(100 * float(_slopes(x, y)), 100 * _slopes(x[drawn], y[drawn])),
    )


def _means(values: np.ndarray, draws: int, random: np.random.Generator) -> np.ndarray:
    return values[random.integers(0, len(values), size=(draws, len(values)))].mean(1)


def _slopes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    away = x - x.mean(-1, keepdims=True)
    return (away * y).sum(-1) / (away * away).sum(-1)


def _interval(mean: float, drawn: np.ndarray) -> Interval:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Interval(mean, float(low), float(high))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("curve", type=Path)
    parser.add_argument("--columns", nargs="+", required=True)
    args = parser.parse_args()
    with args.curve.open(newline="") as file:
        rows = list(csv.DictReader(file))
    print("| | steps | first third | last third | difference | slope, 100 steps |\n|---|---|---|---|---|---|")
    for column in args.columns:
        points = [(int(row["step"]), float(row[column])) for row in rows if row[column]]
        found = rise(*zip(*points, strict=True))
        print(
            f"| {column} | {found.steps} | {found.first:.3f} | {found.last:.3f} | {found.difference} | {found.slope} |"
        )


if __name__ == "__main__":
    main()
