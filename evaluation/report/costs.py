"""How long the evaluation took, which model it measured and what it did not measure: as the results say."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from evaluation.cells import default_slice
from evaluation.report.figures import Row
from evaluation.report.tables import markdown_table
from evaluation.report.words import DETECTOR_NAMES, SYSTEM_NAMES, label

__all__ = ["cost_lines", "missing_lines", "model_lines"]


def model_lines(rows: Sequence[Row]) -> Iterator[str]:
    """SHA-256 of the bundled model that the rows of memveil were measured with; one line a model."""
    models = Counter(row.result.document["model"] for row in rows if row.cell.detector == "memveil")
    for model, count in sorted(models.items()):
        yield f"- `{model}`: {count} rows"


def missing_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Cells of the default slice without a result, by data set and system; nothing where all are there."""
    there = {row.cell for row in rows}
    with_reference = {cell.data for cell in there if cell.detector == "reference"}
    missing: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for cell in default_slice():
        if cell not in there and (cell.detector != "reference" or cell.data in with_reference):
            missing[cell.data, SYSTEM_NAMES[cell.system]].append(label(cell))
    for (data, system), labels in missing.items():
        yield f"- {data}, {system}: {'; '.join(labels)}"


def cost_lines(rows: Sequence[Row]) -> Iterator[str]:
    """Processor time by system, and the time of reading by detector."""
    cells: defaultdict[str, list[float]] = defaultdict(list)
    reading: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for row in rows:
        cells[SYSTEM_NAMES[row.cell.system]].append(row.result.document["seconds"][0])
        if row.cell.detector in DETECTOR_NAMES:
            name = DETECTOR_NAMES[row.cell.detector]
            reading[name][row.cell.data] = max(reading[name].get(row.cell.data, 0.0), row.result.document["read_s"])
    body = [(f"{name}: {len(some)} cells, processor time", f"{sum(some) / 60:.1f}") for name, some in cells.items()]
    body += [
        (f"{name} reads every text once, wall time", f"{sum(some.values()) / 60:.1f}")
        for name, some in reading.items()
        if sum(some.values()) > 0
    ]
    yield from markdown_table(("what", "minutes"), body)
    total = sum(sum(some) for some in cells.values()) / 60
    read = sum(sum(some.values()) for some in reading.values()) / 60
    yield ""
    yield (
        f"Together {total:.0f} minutes of processor time for {sum(map(len, cells.values()))} cells, memveil's reading "
        f"among them, and at most {read:.0f} minutes of reading, by the clock of a machine that did other work. "
        "That is for one core; `--jobs 2` shares it between two."
    )
