"""Who measures which cells: this process, or several at once.

Unprotected rows come first, because the others are compared with them. Then the
cells of one detector on one data set stay together: its texts are read once and
most of what they become is embedded once.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from itertools import groupby
from queue import Empty
from typing import TYPE_CHECKING

from evaluation.answering import Answering
from evaluation.bench import Bench
from evaluation.cells import Cell
from evaluation.datasets import LOADERS
from evaluation.material import Person

if TYPE_CHECKING:
    from multiprocessing.queues import Queue

__all__ = ["in_processes", "in_this_process", "waves"]

_PATIENCE = 0.5
# Seconds between two looks at whether a process failed.


def waves(cells: Sequence[Cell]) -> list[list[list[Cell]]]:
    """Groups of cells that may be measured at the same time, wave after wave; each group in its order."""
    first = [cell for cell in cells if cell == cell.unprotected]
    others = [cell for cell in cells if cell != cell.unprotected]
    # In the order of the data, whatever the system: long conversations first.
    return [_groups(some) for some in (first, others) if some]


def in_this_process(bench: Bench, groups: Sequence[Sequence[Cell]]) -> Iterator[Cell]:
    """Measure one cell after another; yields the cell once a person, when the cell is stored."""
    for group in groups:
        for cell in group:
            seen: list[Person] = []
            bench.measure(cell, tick=seen.append)
            yield from [cell] * len(seen)


def in_processes(groups: Sequence[Sequence[Cell]], *, jobs: int, answering: Answering | None = None) -> Iterator[Cell]:
    """Measure groups in ``jobs`` processes; yields a cell once a person, as it goes.

    Raises:
        Exception: whatever one of them failed with; what others have stored stays.
    """
    context = multiprocessing.get_context("spawn")
    ticks: Queue[Cell] = context.Queue()
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(ticks, answering))
    try:
        waiting: list[Future[None]] = [pool.submit(_measure, list(group)) for group in groups]
        while waiting or not ticks.empty():
            try:
                yield ticks.get(timeout=_PATIENCE)
            except Empty:
                for done in [each for each in waiting if each.done()]:
                    done.result()
                    waiting.remove(done)
    finally:
        pool.shutdown(cancel_futures=True)


def _groups(cells: Sequence[Cell]) -> list[list[Cell]]:
    def place(cell: Cell) -> tuple[int, str]:
        return list(LOADERS).index(cell.data) if cell.data in LOADERS else len(LOADERS), cell.detector

    return [list(group) for _, group in groupby(sorted(cells, key=place), key=place)]


class _Worker:
    """What a process keeps from group to group."""

    ticks: Queue[Cell]
    answering: Answering | None = None


def _begin(ticks: Queue[Cell], answering: Answering | None) -> None:
    _Worker.ticks, _Worker.answering = ticks, answering


def _measure(cells: list[Cell]) -> None:
    name = cells[0].data
    data = LOADERS[name]()
    if data is None:
        raise FileNotFoundError(name)
    bench = Bench({name: data}, answering=_Worker.answering)
    for cell in cells:
        bench.measure(cell, tick=partial(_tell, cell))
    bench.close()


def _tell(cell: Cell, _: Person) -> None:
    _Worker.ticks.put(cell)
