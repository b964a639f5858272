from __future__ import annotations

from dataclasses import replace

import pytest

from evaluation import jobs
from evaluation.cells import UNPROTECTED, Cell, default_slice
from evaluation.datasets import LOADERS


def test_unprotected_rows_are_measured_before_the_others() -> None:
    cells = list(default_slice(("x", "locomo10")))
    first, second = jobs.waves(cells)

    assert all(cell == cell.unprotected for group in first for cell in group)
    assert sorted(cell for wave in (first, second) for group in wave for cell in group) == sorted(cells)


def test_the_cells_of_one_detector_on_one_data_set_stay_together() -> None:
    _, groups = jobs.waves(list(default_slice(("x", "locomo10"))))

    places = [(group[0].data, group[0].detector) for group in groups]
    assert len(set(places)) == len(places)
    assert {cell.system for cell in groups[places.index(("locomo10", "reference"))]} == {"bm25", "minilm"}
    assert places[0][0] == "locomo10"


def test_what_is_measured_already_makes_no_wave() -> None:
    assert jobs.waves([]) == []


def test_what_fails_in_a_process_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = Cell("no such data", "bm25", UNPROTECTED, UNPROTECTED, UNPROTECTED)

    with pytest.raises(KeyError, match="no such data"):
        list(jobs.in_processes([[nowhere]], jobs=1))


@pytest.mark.skipif(LOADERS["memveil-bench"]() is None, reason="needs bench/")
def test_a_process_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The unprotected row of our own benchmark is stored again as it was."""
    cell = Cell("memveil-bench", "bm25", UNPROTECTED, UNPROTECTED, UNPROTECTED)
    data = LOADERS["memveil-bench"]()
    assert data is not None

    told: list[Cell] = []
    begin = jobs.Bench({cell.data: data}, cache=None)
    monkeypatch.setattr(begin, "measure", lambda each, *, tick: [tick(person) for person in data.people])
    told += jobs.in_this_process(begin, [[cell]])

    assert told == [cell] * len(data.people)
    assert replace(cell, style="typed") not in told
