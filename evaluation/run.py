"""Measures the plane and writes the report: ``python -m evaluation.run`` (``make report``).

Cells whose result is there and fits are not measured again, so a run that was
stopped goes on where it was.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from evaluation.answering import Answering, Endpoint
from evaluation.bench import Bench
from evaluation.cells import SYSTEMS, THRESHOLDS, Cell, default_slice, whole_plane
from evaluation.datasets import LOADERS
from evaluation.datasets.place import ROOT
from evaluation.detectors import DETECTORS
from evaluation.jobs import in_processes, in_this_process, waves
from evaluation.protection import STYLES
from evaluation.report.writing import write_report
from evaluation.results import RESULTS

__all__ = ["main"]


@dataclass(frozen=True, slots=True)
class _Order:
    """What was asked for on the command line."""

    names: tuple[str, ...]
    systems: tuple[str, ...]
    only: Mapping[str, tuple[str, ...]]
    whole: bool
    again: bool
    attacks: bool
    jobs: int
    answering: Answering | None


@click.command()
@click.option("--data", "names", multiple=True, type=click.Choice(list(LOADERS)), help="Only these data sets.")
@click.option("--system", "systems", multiple=True, type=click.Choice(SYSTEMS), help="Only these memory systems.")
@click.option("--detector", "detectors", multiple=True, type=click.Choice(DETECTORS), help="Only these detectors.")
@click.option("--threshold", "thresholds", multiple=True, type=click.Choice(THRESHOLDS), help="Only these levels.")
@click.option("--style", "styles", multiple=True, type=click.Choice(STYLES), help="Only these styles.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Processes; one a core.")
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
    jobs: int,
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
        chosen = names or tuple(LOADERS), systems or SYSTEMS
        _measure_all(console, _Order(*chosen, only, whole, again, attacks, jobs, answering))
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
        for wave in waves(stale):
            if order.jobs == 1:
                ticks = in_this_process(bench, wave)
            else:
                ticks = in_processes(wave, jobs=order.jobs, answering=order.answering)
            for cell in ticks:
                progress.update(task, advance=1, description=f"{cell.data} {cell.slug}")
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


if __name__ == "__main__":
    main()
