"""How rows and numbers are written, the same in both pages."""

from __future__ import annotations

from evaluation.cells import SYSTEMS, THRESHOLDS, UNPROTECTED, Cell
from evaluation.detectors import DETECTORS
from evaluation.protection import STYLES
from evaluation.scores import Interval
from memveil.metrics import Share

__all__ = ["DETECTOR_NAMES", "SYSTEM_NAMES", "change", "label", "number", "order", "share"]

DETECTOR_NAMES = {
    "reference": "reference annotations",
    "memveil": "memveil",
    "rules": "memveil, rules only",
    "presidio": "Presidio",
    "argus-redact": "argus-redact",
}
SYSTEM_NAMES = {
    "bm25": "BM25",
    "minilm": "MiniLM",
    "langgraph": "LangGraph store",
    "mem0": "mem0, `infer=False`",
}
_LEVELS = {"PL4": "PL4", "PL3": "PL3+", "PL2": "PL2+"}


def label(cell: Cell) -> str:
    """A row's name without data set and system."""
    if cell.style == UNPROTECTED:
        return "no protection"
    return f"{DETECTOR_NAMES[cell.detector]}, {_LEVELS[cell.threshold]}, {cell.style}"


def order(cell: Cell) -> tuple[int, ...]:
    """Where a row stands in a table."""
    detectors, thresholds = (UNPROTECTED, *DETECTORS), (UNPROTECTED, *reversed(THRESHOLDS))
    return (
        SYSTEMS.index(cell.system),
        detectors.index(cell.detector),
        thresholds.index(cell.threshold),
        STYLES.index(cell.style),
    )


def number(value: float | None) -> str:
    """A percentage with one digit, or nothing."""
    return "" if value is None else f"{value:.1f}"


def change(interval: Interval | None) -> str:
    """A difference in points with its interval."""
    if interval is None:
        return ""
    return f"{interval.mean:+.2f} [{interval.low:+.2f}, {interval.high:+.2f}]"


def share(value: Share | None) -> str:
    """A share in percent; nothing where there was nothing to count."""
    return "" if value is None or not value.total else f"{value.percent:.1f}"
