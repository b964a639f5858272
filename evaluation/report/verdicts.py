"""What is asked of memveil, line by line, and whether the measured rows give it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evaluation.report.figures import Row
from evaluation.report.tables import LEVELS
from evaluation.report.words import SYSTEM_NAMES, change, order
from memveil.metrics import Share

__all__ = ["rest_verdicts", "utility_verdicts"]

_LIMIT = 0.5


def utility_verdicts(rows: Sequence[Row]) -> Iterator[str]:
    """Answers lost by typed placeholders with reference annotations at PL2."""
    for row in _typed(rows, "reference"):
        if row.contained_change is not None:
            words = "within" if -row.contained_change.mean <= _LIMIT else "NOT within"
            yield (
                f"- {row.cell.data}, {SYSTEM_NAMES[row.cell.system]}: {change(row.contained_change)} points, "
                f"{words} the limit of {_LIMIT} points lost"
            )


def rest_verdicts(rows: Sequence[Row]) -> Iterator[str]:
    """Leak at rest of memveil's detector, typed, PL2, against its leak without vault, in both units."""
    for row in _typed(rows, "memveil"):
        shares = row.result.shares
        if not shares("places"):
            continue
        pairs = (("places", "places", "detected"), ("values", "rest", "rest_detected"))
        parts: list[str] = []
        fits = True
        for unit, ours, alone in pairs:
            first, second = _all_levels(shares(ours)), _all_levels(shares(alone))
            fits &= all(
                shares(ours)[level].count <= shares(alone)[level].count for level in LEVELS if level in shares(ours)
            )
            parts.append(f"{unit} {first.percent:.1f} % (detector alone {second.percent:.1f} %)")
        known = row.result.share("rest_known")
        verdict = "as asked" if fits and not known.count else "NOT as asked"
        yield (
            f"- {row.cell.data}, {SYSTEM_NAMES[row.cell.system]}: {', '.join(parts)}, "
            f"known values {known.count} of {known.total}: {verdict}"
        )


def _typed(rows: Sequence[Row], detector: str) -> list[Row]:
    some = [
        row for row in rows if (row.cell.detector, row.cell.threshold, row.cell.style) == (detector, "PL2", "typed")
    ]
    return sorted(some, key=lambda row: (row.cell.data, order(row.cell)))


def _all_levels(shares: Mapping[str, Share]) -> Share:
    return sum((shares[level] for level in LEVELS if level in shares), Share())
