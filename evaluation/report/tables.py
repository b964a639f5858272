"""The tables of the report, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from evaluation.cells import UNPROTECTED
from evaluation.report.figures import Row
from evaluation.report.words import DETECTOR_NAMES, SYSTEM_NAMES, change, label, number, order, share
from memveil.metrics import Share

__all__ = ["LEVELS", "latency_table", "leak_table", "markdown_table", "rest_table", "type_table", "utility_table"]

LEVELS = ("PL2", "PL3", "PL4")
_MIN_VALUES = 10

Column = tuple[str, Callable[[Row], str]]


def markdown_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of a table; the first column is text, the others numbers."""
    yield f"| {' | '.join(header)} |"
    yield f"|---|{'---:|' * (len(header) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def utility_table(rows: Sequence[Row]) -> Iterator[str]:
    """Utility of one data set, all systems; columns without any figure are left out."""
    columns: list[Column] = [
        ("recall@10", lambda row: number(row.recall)),
        ("answers", lambda row: number(row.contained)),
        ("change", lambda row: _changed(row, change(row.contained_change))),
        ("private answers", lambda row: number(row.private)),
        ("change", lambda row: _changed(row, change(row.private_change))),
        ("answer words", lambda row: number(row.covered)),
        ("judged", lambda row: number(row.judged)),
        ("change", lambda row: _changed(row, change(row.judged_change))),
        ("choice", lambda row: number(row.chosen)),
        ("change", lambda row: _changed(row, change(row.chosen_change))),
        ("same memories", lambda row: number(row.agreed)),
        ("home exactly", lambda row: share(row.result.share("exact"))),
    ]
    ordered = sorted(rows, key=lambda row: order(row.cell))
    used = [column for column in columns if any(column[1](row) for row in ordered)]
    body = [(_with_system(row), *(write(row) for _, write in used)) for row in ordered]
    yield from markdown_table(("system, row", *(name for name, _ in used)), body)


def leak_table(rows: Sequence[Row]) -> Iterator[str]:
    """Leaks of one annotated data set on the wire: what the first system of each row received, the same for all."""
    header = (
        "row",
        *(f"wire {level}" for level in LEVELS),
        *(f"detector {level}" for level in LEVELS),
        "over-masked",
        "known shown",
    )
    body: list[tuple[str, ...]] = []
    for row in _first_system(rows):
        wire, alone = (row.result.shares(name) for name in ("wire", "detected"))
        body.append(
            (
                label(row.cell),
                *(share(wire.get(level)) for level in LEVELS),
                *("" if row.cell.style == UNPROTECTED else share(alone.get(level)) for level in LEVELS),
                share(row.result.share("overmasked")),
                _counted(row.result.share("known")),
            )
        )
    yield from markdown_table(header, body)


def rest_table(rows: Sequence[Row]) -> Iterator[str]:
    """What the bytes of each store show of one annotated data set, beside the detector alone, in the same unit."""
    header = (
        "system, row",
        *(f"places {level}" for level in LEVELS),
        *(f"values {level}" for level in LEVELS),
        "of them told before known",
        "known values",
    )
    body: list[tuple[str, ...]] = []
    for row in sorted(rows, key=lambda row: order(row.cell)):
        if row.cell.style == UNPROTECTED:
            continue
        late = row.result.share("rest_late")
        body.append(
            (
                _with_system(row),
                *(_beside(row, "places", "detected", level) for level in LEVELS),
                *(_beside(row, "rest", "rest_detected", level) for level in LEVELS),
                f"{late.count} of {late.total}",
                _counted(row.result.share("rest_known")),
            )
        )
    yield from markdown_table(header, body)


def type_table(rows: Sequence[Row]) -> Iterator[str]:
    """Leak on the wire by privacy type at PL2, typed, for each detector; types with few values are left out."""
    chosen = {
        row.cell.detector: row.result.shares("types")
        for row in _first_system(rows)
        if (row.cell.threshold, row.cell.style) == ("PL2", "typed")
    }
    if not chosen:
        return
    any_of = next(iter(chosen.values()))
    names = sorted((name for name, each in any_of.items() if each.total >= _MIN_VALUES), key=lambda n: -any_of[n].total)
    header = ("type", "values", *(DETECTOR_NAMES[name] for name in chosen))
    body = [(name, str(any_of[name].total), *(share(each.get(name)) for each in chosen.values())) for name in names]
    yield from markdown_table(header, body)


def latency_table(rows: Sequence[Row]) -> Iterator[str]:
    """Detection time of a text, by detector and data set."""
    times = {
        (row.cell.detector, row.cell.data): row.result.document["ms"]
        for row in rows
        if (row.cell.threshold, row.cell.style) == ("PL2", "typed") and row.cell.detector != "reference"
    }
    data = sorted({name for _, name in times})
    detectors = [name for name in DETECTOR_NAMES if any(key[0] == name for key in times)]
    body = []
    for detector in detectors:
        cells = [times.get((detector, name)) for name in data]
        body.append((DETECTOR_NAMES[detector], *(f"{c[0]:.1f} / {c[1]:.1f}" if c else "" for c in cells)))
    yield from markdown_table(("detector", *data), body)


def _beside(row: Row, ours: str, alone: str, level: str) -> str:
    first, second = row.result.shares(ours).get(level), row.result.shares(alone).get(level)
    return f"{share(first)} / {share(second)}" if first is not None and second is not None else ""


def _counted(some: Share) -> str:
    return f"{some.count} of {some.total}" if some.total else ""


def _changed(row: Row, text: str) -> str:
    return "" if row.cell.style == UNPROTECTED else text


def _with_system(row: Row) -> str:
    return f"{SYSTEM_NAMES[row.cell.system]}, {label(row.cell)}"


def _first_system(rows: Sequence[Row]) -> list[Row]:
    ordered = sorted(rows, key=lambda row: order(row.cell))
    first: dict[tuple[str, str, str], Row] = {}
    for row in ordered:
        first.setdefault((row.cell.detector, row.cell.threshold, row.cell.style), row)
    return list(first.values())
