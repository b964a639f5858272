from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.leaks import distinctive, exposed, shown_values, stored_values
from memveil.metrics import Annotation, Share, measure_exposure
from memveil.spans import PrivacyLevel
from tests.evaluation.invented import annotation

TEXT = "Orla Quimby lives here, code 77391."
NAME, CODE = annotation("Orla Quimby", "Real Name"), annotation("77391", "Password")


@pytest.mark.parametrize(
    ("covered", "names", "codes", "overmasked"),
    [
        ([], 1, 1, 0),
        ([(0, 11)], 0, 1, 0),
        ([(0, 4)], 1, 1, 0),
        ([(0, 5), (5, 11)], 0, 1, 0),
        ([(0, 35)], 0, 0, 19),
        ([(12, 17)], 1, 1, 5),
    ],
)
def test_a_value_leaks_when_more_than_half_of_it_is_readable(
    covered: list[tuple[int, int]], names: int, codes: int, overmasked: int
) -> None:
    found = exposed(TEXT, covered, (NAME, CODE))

    assert found.levels == {PrivacyLevel.PL2: Share(names, 1), PrivacyLevel.PL4: Share(codes, 1)}
    assert found.types == {"Real Name": Share(names, 1), "Password": Share(codes, 1)}
    assert found.overmasked == Share(overmasked, len(TEXT) - 16)


@given(st.text("ab c", max_size=12), st.text("abc", min_size=1, max_size=4), st.text("abc", min_size=1, max_size=4))
def test_leaks_are_those_of_the_metric_of_the_package(before: str, value: str, found: str) -> None:
    """Where the detector's value stands once, covering spans and covering values is the same."""
    text = f"{before}|{value}"
    reference = [Annotation(value, "Email", PrivacyLevel.PL2)]
    if text.count(found) != 1:
        return
    at = text.index(found)
    theirs = measure_exposure(text, [Annotation(found, "Email", PrivacyLevel.PL2)], reference)

    assert exposed(text, [(at, at + len(found))], reference).levels == theirs.leaks


def test_counts_of_texts_add_up() -> None:
    total = exposed(TEXT, [], (NAME,))
    total.add(exposed(TEXT, [(0, 11)], (NAME, CODE)))

    assert total.levels == {PrivacyLevel.PL2: Share(1, 2), PrivacyLevel.PL4: Share(1, 1)}


@pytest.mark.parametrize(
    ("value", "expected"), [("35", False), ("Quimby", True), ("王小明", True), ("王明", False), ("a-b-c", False)]
)
def test_short_values_stand_in_a_store_by_chance(value: str, expected: bool) -> None:
    assert distinctive(value) is expected


def test_the_store_is_searched_for_each_distinct_value_once() -> None:
    values = [NAME, NAME, CODE, annotation("35", "Specific Age")]

    assert stored_values(values, TEXT.encode()) == {PrivacyLevel.PL2: Share(1, 1), PrivacyLevel.PL4: Share(1, 1)}
    assert stored_values(values, b"<Real_Name_1>") == {PrivacyLevel.PL2: Share(0, 1), PrivacyLevel.PL4: Share(0, 1)}


def test_known_values_count_as_shown_where_they_stand_as_words() -> None:
    assert shown_values("Ask Orla Quimby.", ["Orla Quimby", "Quimbyson"]) == 1
    assert shown_values("Ask Quimbysons.", ["Quimby"]) == 0
