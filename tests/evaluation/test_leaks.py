from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.leaks import (
    by_level,
    distinct_values,
    distinctive,
    exposed,
    known_in_store,
    mentioned,
    places_at_rest,
    standing_in,
)
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
    values = distinct_values([NAME, NAME, CODE, annotation("35", "Specific Age")])

    assert values == {NAME.value: PrivacyLevel.PL2, CODE.value: PrivacyLevel.PL4}
    assert by_level(values, standing_in(TEXT.encode(), values)) == {
        PrivacyLevel.PL2: Share(1, 1),
        PrivacyLevel.PL4: Share(1, 1),
    }
    assert by_level(values, standing_in(b"<Real_Name_1>", values)) == {
        PrivacyLevel.PL2: Share(0, 1),
        PrivacyLevel.PL4: Share(0, 1),
    }


def test_a_value_of_two_levels_counts_at_the_higher_one() -> None:
    low, high = Annotation("Quimby", "Email", PrivacyLevel.PL2), Annotation("Quimby", "Email", PrivacyLevel.PL3)

    assert distinct_values([high, low]) == distinct_values([low, high]) == {"Quimby": PrivacyLevel.PL3}


@pytest.mark.parametrize(
    ("covered", "store", "names"),
    [
        ([], TEXT, 1),
        ([], "nothing of it", 0),
        ([(0, 11)], TEXT, 0),
        ([(0, 4)], "<Real_Name_1> Quimby lives here", 1),
        ([(0, 5)], "<Real_Name_1>Quimby lives here", 1),
        ([(4, 11)], "Orla<Real_Name_1>", 0),
    ],
)
def test_a_place_leaks_at_rest_where_it_left_and_stands_in_the_store(
    covered: list[tuple[int, int]], store: str, names: int
) -> None:
    assert places_at_rest(TEXT, covered, (NAME,), store.encode()) == {PrivacyLevel.PL2: Share(names, 1)}


@given(st.sets(st.integers(0, len(TEXT) - 1)))
def test_a_store_that_keeps_what_it_got_shows_the_places_that_the_wire_showed(hidden: set[int]) -> None:
    covered = [(at, at + 1) for at in hidden]
    stored = "".join(char for at, char in enumerate(TEXT) if at not in hidden)

    assert places_at_rest(TEXT, covered, (NAME, CODE), stored.encode()) == exposed(TEXT, covered, (NAME, CODE)).levels


def test_known_values_count_as_shown_where_they_stand_as_words() -> None:
    assert mentioned("Ask Orla Quimby.", ["Orla Quimby", "Quimbyson", "Ask"]) == {"Orla Quimby"}
    assert mentioned("Ask Quimbysons.", ["Quimby"]) == frozenset()


@pytest.mark.parametrize(
    ("sent", "store", "shown"),
    [
        (["Orla Quimby", "<Real_Name_1>"], "Orla Quimby <Real_Name_1>", 0),
        (["<Real_Name_1>", "<Real_Name_1>"], "<Real_Name_1>", 0),
        (["<Real_Name_1>", "Orla Quimby"], "<Real_Name_1> Orla Quimby", 1),
        (["<Real_Name_1>", "<Real_Name_1>"], "<Real_Name_1> log: Orla Quimby", 1),
        (["Orla Quimby", "Orla Quimby"], "Orla Quimby Orla Quimby", 1),
        (["<Real_Name_1> ORLA QUIMBY", "<Real_Name_1>"], "<Real_Name_1> ORLA QUIMBY, index: Orla Quimby", 0),
    ],
)
def test_a_store_must_not_show_what_was_known_when_it_was_stored(sent: list[str], store: str, shown: int) -> None:
    original = ["Orla Quimby", "Ask Orla Quimby."]

    assert known_in_store({"Orla Quimby": 1}, original, sent, store.encode()) == Share(shown, 1)
    assert known_in_store({"Orla Quimby": 2}, original, sent, store.encode()) == Share(0, 0)
