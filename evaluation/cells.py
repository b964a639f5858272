"""The plane that is measured: detector, threshold, style, system, data set; one cell is one point of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation.datasets import LOADERS
from evaluation.detectors import DETECTORS
from evaluation.protection import STYLES

__all__ = ["SYSTEMS", "THRESHOLDS", "UNPROTECTED", "Cell", "default_slice", "whole_plane"]

THRESHOLDS = ("PL4", "PL3", "PL2")
"""The lowest level that is protected, from the most open to the strictest."""

SYSTEMS = ("bm25", "minilm", "langgraph", "mem0")
"""Memory systems by name."""

UNPROTECTED = "none"
"""The style, detector and threshold of the rows that protect nothing."""

_REAL_SYSTEMS = ("langgraph", "mem0")
_WITH_REAL_SYSTEMS = ("memveil-bench", "personamem_v2")


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One point of the plane."""

    data: str
    system: str
    detector: str
    threshold: str
    style: str

    @property
    def slug(self) -> str:
        """Its file name, without folder and ending."""
        return f"{self.system}-{self.detector}-{self.threshold}-{self.style}"

    @property
    def unprotected(self) -> Cell:
        """The row that this one is compared with."""
        return Cell(self.data, self.system, UNPROTECTED, UNPROTECTED, UNPROTECTED)


def whole_plane(data: Sequence[str] = tuple(LOADERS), systems: Sequence[str] = SYSTEMS) -> Iterator[Cell]:
    """Every cell; the unprotected one of each data set and system first."""
    for name in data:
        for system in systems:
            yield Cell(name, system, UNPROTECTED, UNPROTECTED, UNPROTECTED)
            for detector in DETECTORS:
                for threshold in THRESHOLDS:
                    for style in STYLES:
                        if style != UNPROTECTED:
                            yield Cell(name, system, detector, threshold, style)


def default_slice(data: Sequence[str] = tuple(LOADERS), systems: Sequence[str] = SYSTEMS) -> Iterator[Cell]:
    """The cells that answer the questions of ``docs/evaluation.md``, for two cores and an hour.

    With BM25, which costs next to nothing: typed placeholders at PL2 for every
    detector, other styles and thresholds for the reference and memveil. With
    MiniLM, which reads every protected text: these two, typed, at PL2. Real memory
    systems: the same two where annotations are.
    """
    return (cell for cell in whole_plane(data, systems) if _in_default_slice(cell))


def _in_default_slice(cell: Cell) -> bool:
    ours = cell.detector in {"reference", "memveil"}
    typed = (cell.threshold, cell.style) == ("PL2", "typed")
    if cell.system in _REAL_SYSTEMS:
        return cell.data in _WITH_REAL_SYSTEMS and (cell.style == UNPROTECTED or (ours and typed))
    if cell.style == UNPROTECTED:
        return True
    if cell.system == "minilm":
        return ours and typed
    if typed or not ours:
        return typed
    if cell.style == "surrogate":
        return cell.threshold == "PL2" and cell.detector == "reference"
    return cell.style == "typed" or cell.threshold == "PL2"
