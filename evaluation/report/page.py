"""The report as one HTML page that needs nothing else: plots, then the same tables as in the Markdown page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import groupby

from evaluation.cells import UNPROTECTED
from evaluation.report.figures import Row
from evaluation.report.plots import Bar, Point, bars, key_mark, plane
from evaluation.report.words import DETECTOR_NAMES, SYSTEM_NAMES, label, order

__all__ = ["page_of"]

_COLOURS = {
    UNPROTECTED: "#888888",
    "reference": "#2e7d32",
    "memveil": "#1565c0",
    "rules": "#6a9fd8",
    "presidio": "#c62828",
    "argus-redact": "#ef6c00",
}
_SHAPES = {UNPROTECTED: "circle", "typed": "circle", "generic": "square", "redact": "triangle", "surrogate": "diamond"}
_LABELS = {("PL3", "typed"): "PL3+", ("PL4", "typed"): "PL4", ("PL2", "redact"): "***"}
_DRAWN = ("bm25", "minilm")
# The points of the real systems lie on those of MiniLM, which is inside them.
_TYPES_SHOWN = 18
_MIN_VALUES = 10

_STYLE = """
:root{color-scheme:light dark}
body{font:15px/1.5 system-ui,sans-serif;max-width:80rem;margin:2rem auto;padding:0 1rem}
p,ul{max-width:54rem}
svg{width:100%;max-width:44rem;height:auto;display:block;margin:.5rem 0 1.5rem}
svg text{fill:currentColor;font-size:11px}svg text.small{font-size:9px}
.grid{stroke:currentColor;opacity:.15}.mark{stroke:canvas;stroke-width:1;fill-opacity:.85}
.open{stroke-width:1.5}.line{fill:none;stroke-width:1.2;opacity:.5}
.planes{display:flex;flex-wrap:wrap;gap:0 2rem}.planes figure{flex:1 1 26rem;max-width:38rem;margin:0}
figcaption{font-weight:600}
table{border-collapse:collapse;font-size:12px;margin:.5rem 0 1.5rem;display:block;overflow-x:auto}
th,td{padding:.2rem .4rem;text-align:right;border-bottom:1px solid #8884;white-space:nowrap}
th{white-space:normal;vertical-align:bottom}tr:hover td{background:#8882}
th:first-child,td:first-child{text-align:left;position:sticky;left:0;background:canvas}
.key span{margin-right:1rem;white-space:nowrap}.key i{display:inline-block;width:.8em;height:.8em;margin-right:.3em}
svg.mark-key{display:inline-block;width:1em;height:1em;margin:0 .3em 0 0;vertical-align:-.1em}
code{font-size:.92em}
"""


def page_of(markdown: str, rows: Sequence[Row]) -> str:
    """The page.

    Args:
        markdown: the Markdown page; its text and tables are shown below the plots.
        rows: all rows, for the plots.
    """
    body = "\n".join([*_plots(rows), *_as_html(markdown.splitlines())])
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>memveil: evaluation</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>\n<body>\n{body}\n'
        "</body></html>\n"
    )


def _plots(rows: Sequence[Row]) -> Iterator[str]:
    yield "<h1>Privacy and utility, measured</h1>"
    yield _key()
    for data in sorted({row.cell.data for row in rows}):
        some = [row for row in rows if row.cell.data == data and row.result.document["wire"]]
        planes = list(_planes(some))
        if planes:
            yield f"<h2>The plane: {escape(data)}</h2>"
            yield (
                "<p>To the left less is readable, upwards more answers come home. A point is a row, hover it; a line "
                "joins the thresholds of one detector, typed.</p>"
            )
            yield f'<div class="planes">{"".join(planes)}</div>'
        groups = list(_type_groups(some))
        if groups:
            yield f"<h2>Leak by privacy type: {escape(data)}</h2>"
            yield "<p>Values still readable on the wire at PL2+, typed, in percent; types by number of values.</p>"
            yield bars(groups, unit=" %")
    yield "<h2>Latency</h2><p>Median time of detection a text, in milliseconds, logarithmic.</p>"
    yield bars(list(_latency_groups(rows)), unit=" ms", logarithmic=True)


def _key() -> str:
    names = {UNPROTECTED: "no protection", **DETECTOR_NAMES}
    colours = (f'<span><i style="background:{_COLOURS[key]}"></i>{escape(name)}</span>' for key, name in names.items())
    styles = {"typed": "typed", "generic": "generic", "redact": "redact: ***", "surrogate": "surrogate values"}
    shapes = (f"<span>{key_mark(_SHAPES[key])}{escape(name)}</span>" for key, name in styles.items())
    return f'<p class="key">{"".join(colours)}</p><p class="key">{"".join(shapes)}</p>'


def _planes(rows: Sequence[Row]) -> Iterator[str]:
    """A plane a memory system, side by side, where there is more than an unprotected row."""
    for system in _DRAWN:
        name = SYSTEM_NAMES[system]
        points = list(_points([row for row in rows if row.cell.system == system]))
        if len(points) > 1:
            drawn = plane(points, x_title="values readable on the wire, %", y_title="answers that come home, %")
            yield f"<figure><figcaption>{_inline(name)}</figcaption>{drawn}</figure>"


def _points(rows: Sequence[Row]) -> Iterator[Point]:
    for row in sorted(rows, key=lambda row: order(row.cell)):
        shares = row.result.shares("wire").values()
        total = sum(share.total for share in shares)
        if row.contained is not None and total:
            leak = 100 * sum(share.count for share in shares) / total
            cell = row.cell
            title = f"{SYSTEM_NAMES[cell.system]}, {label(cell)}: {leak:.1f} % readable, {row.contained:.1f} % answers"
            yield Point(
                leak,
                row.contained,
                title,
                _COLOURS[cell.detector],
                _SHAPES[cell.style],
                label=_LABELS.get((cell.threshold, cell.style), ""),
                line=cell.detector if cell.style == "typed" else "",
            )


def _type_groups(rows: Sequence[Row]) -> Iterator[tuple[str, list[Bar]]]:
    chosen = {
        row.cell.detector: row.result.shares("types")
        for row in sorted(rows, key=lambda row: order(row.cell), reverse=True)
        if (row.cell.threshold, row.cell.style) == ("PL2", "typed") and row.cell.detector != "reference"
    }
    chosen = {name: chosen[name] for name in DETECTOR_NAMES if name in chosen}
    if not chosen:
        return
    totals = {name: share.total for name, share in next(iter(chosen.values())).items() if share.total >= _MIN_VALUES}
    for name in sorted(totals, key=lambda n: -totals[n])[:_TYPES_SHOWN]:
        yield (
            f"{name} ({totals[name]})",
            [
                Bar(each[name].percent, f"{DETECTOR_NAMES[d]}: {each[name].percent:.1f} %", _COLOURS[d])
                for d, each in chosen.items()
            ],
        )


def _latency_groups(rows: Sequence[Row]) -> Iterator[tuple[str, list[Bar]]]:
    times = {
        (row.cell.data, row.cell.detector): row.result.document["ms"]
        for row in rows
        if (row.cell.threshold, row.cell.style) == ("PL2", "typed") and row.cell.detector != "reference"
    }
    for data in sorted({key[0] for key in times}):
        yield (
            data,
            [
                Bar(times[data, d][0], f"{name}: {times[data, d][0]:.1f} ms", _COLOURS[d])
                for d, name in DETECTOR_NAMES.items()
                if times.get((data, d))
            ],
        )


def _as_html(lines: Iterable[str]) -> Iterator[str]:
    """The Markdown that our own page uses: headings, tables, lists, paragraphs, code."""
    for kind, block in groupby(lines, key=_kind):
        some = list(block)
        match kind:
            case "table":
                yield from _table(some)
            case "list":
                yield f"<ul>{''.join(f'<li>{_inline(line[2:])}</li>' for line in some)}</ul>"
            case "heading":
                for line in some:
                    level = 1 + len(line) - len(line.lstrip("#"))
                    yield f"<h{level}>{_inline(line.lstrip('# '))}</h{level}>"
            case "text":
                yield f"<p>{_inline(' '.join(some))}</p>"
            case _:
                pass


def _kind(line: str) -> str:
    kinds = (("|", "table"), ("- ", "list"), ("#", "heading"))
    return next((name for start, name in kinds if line.startswith(start)), "text" if line else "")


def _table(lines: Sequence[str]) -> Iterator[str]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    head = "".join(f"<th>{_inline(cell)}</th>" for cell in cells[0])
    yield f"<table><tr>{head}</tr>"
    for row in cells[2:]:
        yield f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row)}</tr>"
    yield "</table>"


def _inline(text: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text, quote=False))
