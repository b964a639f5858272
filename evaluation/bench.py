"""Everything that cells share: data, detections, vectors; measures one cell at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from evaluation import fingerprints
from evaluation.answering import Answering
from evaluation.attacks.running import run_attacks
from evaluation.cells import Cell
from evaluation.datasets.locomo import speakers
from evaluation.datasets.place import ROOT
from evaluation.detection_cache import DetectionCache, Found
from evaluation.detectors import Detector, detector_for
from evaluation.embedding import Embedder, VectorCache
from evaluation.material import DataSet, Person, dataset_digest
from evaluation.measure import measure
from evaluation.results import RESULTS, Origin, as_document, key_of, read_one, write
from evaluation.systems.base import System
from evaluation.systems.opening import opener

__all__ = ["CACHE", "Bench", "NotMeasurable"]

CACHE = ROOT / "evaluation" / "cache"
"""Where the caches are."""


class NotMeasurable(Exception):
    """A cell cannot be measured here, or not yet; the message says why."""


class Bench:
    """Everything that cells share: data, detections, vectors.

    Args:
        data: data sets by name.
        cache: folder of the caches; ``None`` keeps them in memory.
        results: folder of the results.
        answering: for generated answers.
        say: told in words what is being done.
    """

    def __init__(
        self,
        data: Mapping[str, DataSet],
        *,
        cache: Path | None = CACHE,
        results: Path = RESULTS,
        answering: Answering | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._data = data
        self._results = results
        self._answering = answering
        self._say = say
        self._pipeline = fingerprints.digest_of(fingerprints.PIPELINE)
        self._digests = {name: dataset_digest(each) for name, each in data.items()}
        self._detections = DetectionCache(None if cache is None else cache / "detections.sqlite")
        self._vectors = VectorCache(None if cache is None else cache / "vectors.sqlite")
        self._embed = Embedder(self._vectors)
        self._detectors: dict[tuple[str, str], Detector | None] = {}
        self._found: dict[tuple[str, str, str], Mapping[str, Found]] = {}

    def missing(self, cell: Cell) -> str | None:
        """Why a cell cannot be measured here; ``None`` where it can."""
        if cell.data not in self._data:
            return "the data is not here"
        system = opener(cell.system, self._embed)
        if isinstance(system, str):
            return f"{cell.system}: {system}"
        if cell != cell.unprotected and self._detector(cell) is None:
            return f"{cell.detector}: not installed, or no reference for {cell.data}"
        return None

    def is_fresh(self, cell: Cell) -> bool:
        """Whether the stored result was measured with just this code and data."""
        stored = read_one(cell, self._results)
        if stored is None or stored.key != self._key(cell):
            return False
        return self._answering is None or stored.document.get("answered_by") == self._answering.name

    def measure(self, cell: Cell, *, tick: Callable[[Person], object] = lambda _: None) -> None:
        """Measure a cell and store its result; its unprotected row must be there."""
        data = self._data[cell.data]
        begin = time.perf_counter(), _processor_seconds()
        system = opener(cell.system, self._embed)
        if isinstance(system, str):
            raise NotMeasurable(system)
        top: list[list[int]] | None = None
        if cell != cell.unprotected:
            unprotected = read_one(cell.unprotected, self._results)
            if unprotected is None:
                raise NotMeasurable(f"{cell.unprotected.slug}: measure the unprotected row first")
            top = unprotected.document["top"]
        measured = measure(
            cell,
            data,
            found=lambda person: self._found_by(cell, person),
            open_system=_opening(system),
            private_values=self._private_values(data),
            unprotected_top=top,
            answering=self._answering,
            tick=tick,
        )
        origin = Origin(
            self._key(cell),
            _commit(cell),
            model=fingerprints.bundled_model() if cell.detector == "memveil" else "",
            answered_by="" if self._answering is None else self._answering.name,
            seconds=(_processor_seconds() - begin[1], time.perf_counter() - begin[0]),
        )
        write(cell, as_document(cell, measured, origin), self._results)

    def attack(self) -> Iterable[str]:
        """Run the attacks on what is here; gives their names as they end."""

        def found(name: str, person: Person) -> Mapping[str, Found]:
            return self._found_by(Cell(name, "", "reference", "", ""), person)

        return run_attacks(self._data, found, self._embed)

    def close(self) -> None:
        """Close the caches."""
        self._detections.close()
        self._vectors.close()

    def _found_by(self, cell: Cell, person: Person) -> Mapping[str, Found]:
        detector = self._detector(cell)
        if cell == cell.unprotected or detector is None:
            return {}
        place = (cell.data, cell.detector, person.name)
        if place not in self._found:
            self._say(f"{cell.detector} reads {cell.data}")
            self._found[place] = detector.detect(person, cache=self._detections, tick=lambda: None)
        return self._found[place]

    def _private_values(self, data: DataSet) -> Callable[[Person], frozenset[str]]:
        """What the reference calls private: by annotation, else by the stand-in, without those who talk."""
        if data.annotated:
            return lambda person: frozenset(item.value for item in person.values)
        reference = Cell(data.name, "", "reference", "", "")
        if self._detector(reference) is None:
            return lambda _: frozenset()

        def values(person: Person) -> frozenset[str]:
            found = self._found_by(reference, person)
            spans = ((text, span) for text, each in found.items() for span in each.spans)
            return frozenset(text[span.start : span.end] for text, span in spans) - frozenset(speakers(person))

        return values

    def _detector(self, cell: Cell) -> Detector | None:
        place = (cell.data, cell.detector)
        if place not in self._detectors:
            self._detectors[place] = detector_for(cell.detector, self._data[cell.data])
        return self._detectors[place]

    def _key(self, cell: Cell) -> str:
        parts = [str(fingerprints.PROTOCOL), self._digests[cell.data]]
        if cell != cell.unprotected:
            detector = self._detector(cell)
            parts += ["" if detector is None else detector.fingerprint, self._pipeline]
        return key_of(cell, parts)


def _opening(system: Callable[[], System]) -> Callable[[], System]:
    return system


def _commit(cell: Cell) -> str:
    if cell == cell.unprotected:
        return ""
    own = {"memveil": fingerprints.CASCADE, "rules": fingerprints.RULES}.get(cell.detector, ())
    return fingerprints.commit_of([*own, *fingerprints.PIPELINE])


def _processor_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    return sum(os.times()[:4])
