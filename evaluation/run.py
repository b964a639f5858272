"""Measures the plane and writes the report: ``python -m evaluation.run`` (``make report``).

Cells whose result is there and fits are not measured again, so a run that was
stopped goes on where it was.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from evaluation import fingerprints
from evaluation.answering import Answering, Endpoint
from evaluation.attacks.running import run_attacks
from evaluation.cells import SYSTEMS, THRESHOLDS, Cell, default_slice, whole_plane
from evaluation.datasets import LOADERS
from evaluation.datasets.locomo import speakers
from evaluation.datasets.place import ROOT
from evaluation.detection_cache import DetectionCache, Found
from evaluation.detectors import DETECTORS, Detector, detector_for
from evaluation.embedding import Embedder, VectorCache
from evaluation.material import DataSet, Person, dataset_digest
from evaluation.measure import measure
from evaluation.protection import STYLES
from evaluation.report.writing import write_report
from evaluation.results import RESULTS, as_document, key_of, read_one, write
from evaluation.systems.base import System
from evaluation.systems.opening import opener

__all__ = ["Bench", "main"]

CACHE = ROOT / "evaluation" / "cache"


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
        system = opener(cell.system, self._embed)
        if isinstance(system, str):
            raise click.ClickException(system)
        top: list[list[int]] | None = None
        if cell != cell.unprotected:
            unprotected = read_one(cell.unprotected, self._results)
            if unprotected is None:
                raise click.ClickException(f"{cell.unprotected.slug}: measure the unprotected row first")
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
        by = "" if self._answering is None else self._answering.name
        document = as_document(cell, measured, key=self._key(cell), commit=_commit(cell), answered_by=by)
        write(cell, document, self._results)

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


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for on the command line."""

    names: tuple[str, ...]
    systems: tuple[str, ...]
    only: Mapping[str, tuple[str, ...]]
    whole: bool
    again: bool
    attacks: bool
    answering: Answering | None


@click.command()
@click.option("--data", "names", multiple=True, type=click.Choice(list(LOADERS)), help="Only these data sets.")
@click.option("--system", "systems", multiple=True, type=click.Choice(SYSTEMS), help="Only these memory systems.")
@click.option("--detector", "detectors", multiple=True, type=click.Choice(DETECTORS), help="Only these detectors.")
@click.option("--threshold", "thresholds", multiple=True, type=click.Choice(THRESHOLDS), help="Only these levels.")
@click.option("--style", "styles", multiple=True, type=click.Choice(STYLES), help="Only these styles.")
@click.option("--whole", is_flag=True, help="Every cell of the plane, not the default slice.")
@click.option("--again", is_flag=True, help="Measure again what is there.")
@click.option("--attacks/--no-attacks", default=True, help="Whether to run the attacks.")
@click.option("--report-only", is_flag=True, help="Write the report from the results as they are.")
@click.option("--endpoint", metavar="URL", help="OpenAI-style endpoint for generated answers and a judge.")
@click.option("--model", help="Model that answers.")
@click.option("--judge", help="Model that judges; default the one that answers.")
@click.option("--key", envvar="EVALUATION_KEY", default="", help="Key of the endpoint; better in EVALUATION_KEY.")
def main(
    *,
    names: tuple[str, ...],
    systems: tuple[str, ...],
    detectors: tuple[str, ...],
    thresholds: tuple[str, ...],
    styles: tuple[str, ...],
    whole: bool,
    again: bool,
    attacks: bool,
    report_only: bool,
    endpoint: str | None,
    model: str | None,
    judge: str | None,
    key: str,
) -> None:
    """Measure what protection costs and what it saves, and write the report."""
    console = Console(stderr=True)
    if endpoint is not None and model is None:
        raise click.UsageError("--endpoint needs --model")
    if not report_only:
        answering = None
        if endpoint is not None and model is not None:
            answering = Answering(Endpoint(endpoint, model, key), Endpoint(endpoint, judge or model, key))
        only = {"detector": detectors, "threshold": thresholds, "style": styles}
        _measure_all(
            console, _Order(names or tuple(LOADERS), systems or SYSTEMS, only, whole, again, attacks, answering)
        )
    for path in write_report(RESULTS):
        console.print(f"wrote {path.relative_to(ROOT)}")


def _measure_all(console: Console, order: _Order) -> None:
    loaded = {name: LOADERS[name]() for name in order.names}
    data = {name: each for name, each in loaded.items() if each is not None}
    for name in loaded.keys() - data.keys():
        console.print(f"skipped {name}: the data is not here")
    begin = time.monotonic()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("planning")
        bench = Bench(data, answering=order.answering, say=lambda text: progress.update(task, description=text))
        plane = (whole_plane if order.whole else default_slice)(tuple(data), order.systems)
        wanted = list(_possible(console, bench, (cell for cell in plane if _is_asked_for(cell, order))))
        stale = [cell for cell in wanted if order.again or not bench.is_fresh(cell)]
        console.print(f"{len(wanted)} cells, {len(wanted) - len(stale)} of them are measured")
        progress.reset(task, total=sum(len(data[cell.data].people) for cell in stale))
        for cell in stale:
            bench.measure(cell, tick=_ticker(progress, task, cell))
        for name in bench.attack() if order.attacks else ():
            console.print(f"attacked: {name}")
        bench.close()
    console.print(f"{len(stale)} cells in {(time.monotonic() - begin) / 60:.1f} minutes")


def _is_asked_for(cell: Cell, order: _Order) -> bool:
    """Whether a cell passes the filters; an unprotected row always does, because others are compared with it."""
    return cell == cell.unprotected or all(not some or getattr(cell, name) in some for name, some in order.only.items())


def _possible(console: Console, bench: Bench, plane: Iterable[Cell]) -> Iterator[Cell]:
    """The cells that can be measured here, in their order; says why others cannot."""
    skipped: Counter[str] = Counter()
    for cell in plane:
        reason = bench.missing(cell)
        if reason is None:
            yield cell
        else:
            skipped[reason] += 1
    for reason, count in skipped.items():
        console.print(f"skipped {count} cells: {reason}")


def _ticker(progress: Progress, task: TaskID, cell: Cell) -> Callable[[Person], None]:
    def tick(_: Person) -> None:
        progress.update(task, advance=1, description=f"{cell.data} {cell.slug}")

    return tick


if __name__ == "__main__":
    main()
