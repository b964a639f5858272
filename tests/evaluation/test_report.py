from __future__ import annotations

import re
from pathlib import Path

import pytest

from evaluation.attacks.records import attack_lines
from evaluation.cells import UNPROTECTED, Cell
from evaluation.report.costs import missing_lines
from evaluation.report.figures import rows_of
from evaluation.report.page import page_of
from evaluation.report.plots import Bar, Point, bars, plane
from evaluation.report.tables import markdown_table
from evaluation.report.words import change, label, number, share
from evaluation.report.writing import markdown_of
from evaluation.results import read_all
from evaluation.scores import Interval
from memveil.metrics import Share

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_committed_pages_are_those_of_the_committed_results() -> None:
    """`python -m evaluation.run --report-only` rewrites them."""
    rows = rows_of(read_all())
    markdown = markdown_of(rows, attack_lines())

    assert (DOCS / "evaluation.md").read_text(encoding="utf-8") == markdown
    assert (DOCS / "privacy-utility.html").read_text(encoding="utf-8") == page_of(markdown, rows)


def test_the_page_needs_nothing_from_a_network() -> None:
    page = (DOCS / "privacy-utility.html").read_text(encoding="utf-8")

    assert re.findall(r"(?:src|href)=|<script|@import|url\(", page) == []


def test_the_report_says_which_cells_of_the_slice_are_missing() -> None:
    rows = rows_of(read_all())
    typed = Cell("memveil-bench", "bm25", "rules", "PL2", "typed")
    line = "- memveil-bench, BM25: memveil, rules only, PL2+, typed"

    assert line not in list(missing_lines(rows))
    assert line in list(missing_lines([row for row in rows if row.cell != typed]))
    assert not any("memorybank" in each and "reference" in each for each in missing_lines(rows))


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (Cell("d", "bm25", UNPROTECTED, UNPROTECTED, UNPROTECTED), "no protection"),
        (Cell("d", "bm25", "memveil", "PL3", "typed"), "memveil, PL3+, typed"),
        (Cell("d", "minilm", "presidio", "PL4", "redact"), "Presidio, PL4, redact"),
    ],
)
def test_rows_are_named_by_what_stands_between(cell: Cell, expected: str) -> None:
    assert label(cell) == expected


def test_figures_that_are_not_there_are_blank() -> None:
    assert (number(None), change(None), share(None), share(Share(0, 0))) == ("", "", "", "")
    assert (number(12.345), share(Share(1, 3))) == ("12.3", "33.3")
    assert change(Interval(-0.5, -1.0, 0.25)) == "-0.50 [-1.00, +0.25]"


def test_a_table_has_a_ruler_of_its_width() -> None:
    assert list(markdown_table(("a", "b"), [("x", "1")])) == ["| a | b |", "|---|---:|", "| x | 1 |"]


def test_points_lie_inside_the_plane_and_titles_are_escaped() -> None:
    drawn = plane(
        [Point(0, 0, "<a>", "#000", "circle"), Point(90, 45, "b", "#000", "square")], x_title="x", y_title="y"
    )

    assert "&lt;a&gt;" in drawn
    assert [drawn.count(f'class="{name}"') for name in ("mark", "open")] == [1, 1]
    [(x, y)] = re.findall(r'cx="([\d.]+)" cy="([\d.]+)"', drawn)
    assert (float(x), float(y)) == (56.0, 336.0)
    assert plane([], x_title="x", y_title="y").startswith("<svg")


def test_points_of_one_line_are_joined_and_labels_stay_inside() -> None:
    left, right = (Point(x, 50, "t", "#123", "circle", label=f"PL{x}", line="one") for x in (2, 100))
    drawn = plane([left, right], x_title="x", y_title="y")

    assert drawn.count("<polyline") == 1
    assert 'text-anchor="start">PL2<' in drawn
    assert 'text-anchor="end">PL100<' in drawn
    assert "<polyline" not in plane([Point(1, 1, "t", "#123", "circle")], x_title="x", y_title="y")


def test_lines_of_a_paragraph_and_of_a_list_stand_together() -> None:
    page = page_of("# A\n\none\ntwo\n\n- x\n- y\n\n| a | b |\n|---|---:|\n| 1 | 2 |\n", [])

    assert "<p>one two</p>" in page
    assert "<ul><li>x</li><li>y</li></ul>" in page
    assert "<tr><td>1</td><td>2</td></tr>" in page


def test_bars_grow_with_their_values() -> None:
    drawn = bars([("one", [Bar(10, "t", "#000"), Bar(5, "t", "#000")])], unit=" %")
    ten, five = (float(width) for width in re.findall(r'width="([\d.]+)" height', drawn))

    assert round(ten / five, 1) == 2.0
    assert bars([], unit="").startswith("<svg")
    assert (
        bars([("a", [Bar(0.001, "t", "#000"), Bar(100, "t", "#000")])], unit="", logarithmic=True).count("<rect") == 2
    )
