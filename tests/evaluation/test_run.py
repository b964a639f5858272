"""One whole run on invented data: figures, leaks, resumption, report."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from evaluation.answering import Answering, Endpoint
from evaluation.bench import Bench
from evaluation.cells import UNPROTECTED, Cell, default_slice, whole_plane
from evaluation.material import Memory
from evaluation.report.figures import rows_of
from evaluation.report.page import page_of
from evaluation.report.writing import markdown_of
from evaluation.results import Result, read_all, read_one
from tests.evaluation.invented import data_set

NONE = Cell("invented", "bm25", UNPROTECTED, UNPROTECTED, UNPROTECTED)
TYPED = Cell("invented", "bm25", "reference", "PL2", "typed")


def measured(folder: Path, *cells: Cell) -> Bench:
    bench = Bench({"invented": data_set()}, cache=None, results=folder)
    for cell in cells:
        bench.measure(cell)
    return bench


def result(folder: Path, cell: Cell) -> Result:
    found = read_one(cell, folder)
    assert found is not None
    return found


def test_without_protection_everything_leaks_and_comes_home(tmp_path: Path) -> None:
    measured(tmp_path, NONE)
    found = result(tmp_path, NONE)

    assert {level: share.percent for level, share in found.shares("wire").items()} == {"PL2": 100.0, "PL4": 100.0}
    assert {level: share.percent for level, share in found.shares("rest").items()} == {"PL2": 100.0, "PL4": 100.0}
    assert found.share("exact").percent == 100.0
    assert found.outcomes("contained") == [1.0] * 6
    assert found.outcomes("private") == [1.0, 0.0, 0.0] * 2


def test_typed_placeholders_leak_nothing_and_lose_nothing(tmp_path: Path) -> None:
    measured(tmp_path, NONE, TYPED)
    found = result(tmp_path, TYPED)

    assert sum(share.count for share in found.shares("wire").values()) == 0
    assert sum(share.count for share in found.shares("rest").values()) == 0
    assert (found.share("known").count, found.share("known").total) == (0, 4)
    assert (found.share("rest_known").count, found.share("rest_known").total) == (0, 2)
    assert sum(share.count for share in found.shares("places").values()) == 0
    assert found.share("exact").percent == 100.0
    assert found.outcomes("contained") == result(tmp_path, NONE).outcomes("contained")
    assert found.outcomes("recall@5") == [1.0, 1.0, 1.0] * 2


def test_what_was_stored_before_its_value_was_known_stays_readable_and_is_told_apart(tmp_path: Path) -> None:
    """The first memory loses its annotation: the name is found in a later one only."""
    data = data_set()
    first, *others = data.people[0].memories
    late = Memory(f"Once more: {first.reference[0].value}.", "2026-03-05", first.reference)
    person = replace(data.people[0], memories=(replace(first, reference=()), *others, late), questions=())
    bench = Bench({"invented": replace(data, people=(person,))}, cache=None, results=tmp_path)
    bench.measure(NONE)
    bench.measure(TYPED)
    found = result(tmp_path, TYPED)

    assert [found.shares(name)["PL2"].count for name in ("wire", "places", "rest")] == [0, 0, 1]
    assert (found.share("rest_late").count, found.share("rest_late").total) == (1, 1)
    assert found.share("rest_known").count == 0


def test_redaction_loses_the_private_answers_and_a_threshold_leaves_the_rest(tmp_path: Path) -> None:
    redact, secrets = replace(TYPED, style="redact"), replace(TYPED, threshold="PL4")
    measured(tmp_path, NONE, redact, secrets)

    assert result(tmp_path, redact).outcomes("contained")[0] == 0.0
    leaks = {level: share.percent for level, share in result(tmp_path, secrets).shares("wire").items()}
    assert leaks == {"PL2": 100.0, "PL4": 0.0}


def test_surrogates_come_home_as_values(tmp_path: Path) -> None:
    surrogate = replace(TYPED, style="surrogate")
    measured(tmp_path, NONE, surrogate)

    assert result(tmp_path, surrogate).share("exact").percent == 100.0
    assert sum(share.count for share in result(tmp_path, surrogate).shares("rest").values()) == 0


def test_no_result_holds_a_text(tmp_path: Path) -> None:
    measured(tmp_path, NONE, TYPED)
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())

    for person in data_set().people:
        for memory in person.memories:
            assert memory.text not in written
            assert all(item.value not in written for item in memory.reference)


def test_what_is_measured_is_not_measured_again_until_something_changes(tmp_path: Path) -> None:
    bench = measured(tmp_path, NONE)
    assert bench.is_fresh(NONE)
    assert not bench.is_fresh(TYPED)
    bench.measure(TYPED)
    assert bench.is_fresh(TYPED)

    changed = data_set()
    changed = replace(changed, people=changed.first(1).people)
    assert not Bench({"invented": changed}, cache=None, results=tmp_path).is_fresh(TYPED)
    answering = Answering(Endpoint("http://127.0.0.1:9", "m"), Endpoint("http://127.0.0.1:9", "m"))
    with_answers = Bench({"invented": data_set()}, cache=None, results=tmp_path, answering=answering)
    assert not with_answers.is_fresh(TYPED)


def test_a_protected_row_needs_its_unprotected_one(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="unprotected row first"):
        measured(tmp_path, TYPED)


def test_a_stopped_run_leaves_whole_files_only(tmp_path: Path) -> None:
    measured(tmp_path, NONE, TYPED)

    assert [path.suffix for path in sorted(tmp_path.rglob("*.*"))] == [".json", ".json"]
    assert {each.cell for each in read_all(tmp_path)} == {NONE, TYPED}


def test_the_report_compares_rows_of_the_same_questions(tmp_path: Path) -> None:
    redact = replace(TYPED, style="redact")
    measured(tmp_path, NONE, TYPED, redact)
    rows = {row.cell: row for row in rows_of(read_all(tmp_path))}

    assert rows[TYPED].contained_change is not None
    assert rows[TYPED].contained_change.mean == 0.0
    assert rows[redact].private_change is not None
    assert rows[redact].private_change.mean == -100.0
    assert rows[NONE].recall == 100.0


def test_a_row_of_other_questions_is_left_out(tmp_path: Path) -> None:
    measured(tmp_path, NONE, TYPED)
    path = tmp_path / "invented" / f"{TYPED.slug}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["questions"]["contained"].pop()
    path.write_text(json.dumps(document), encoding="utf-8")

    assert [row.cell for row in rows_of(read_all(tmp_path))] == [NONE]


def test_both_pages_are_made_of_the_results_alone(tmp_path: Path) -> None:
    measured(tmp_path, NONE, TYPED)
    rows = rows_of(Result(replace(each.cell, data="memveil-bench"), each.document) for each in read_all(tmp_path))
    markdown = markdown_of(rows, ["## Attacks"])
    page = page_of(markdown, rows)

    assert "| BM25, reference annotations, PL2+, typed |" in markdown
    assert "within the limit of 0.5 points lost" in markdown
    assert "| BM25, reference annotations, PL2+, typed | 0.0 / 0.0 |" in markdown
    assert page.count('role="img"') == 2
    assert "<figcaption>BM25</figcaption>" in page
    assert "Leak by privacy type" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_default_slice_is_part_of_the_plane_and_opens_with_unprotected_rows() -> None:
    plane = list(whole_plane(("x",)))
    some = list(default_slice(("x",)))

    assert set(some) < set(plane)
    assert len(set(plane)) == len(plane)
    assert {cell.unprotected for cell in some} <= set(some)
    for cell in some:
        assert some.index(cell.unprotected) <= some.index(cell)
