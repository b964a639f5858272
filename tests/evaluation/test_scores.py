from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.scores import agreement, choose, contains, content_tokens, coverage, paired_difference, recall, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mail <Email_1> now", ["mail", "email_1", "now"]),
        ("It's 7 May", ["it", "s", "7", "may"]),
        ("我住北京 ok", ["我", "住", "北", "京", "我住", "住北", "北京", "ok"]),
        ("", []),
    ],
)
def test_terms_are_words_placeholders_and_chinese_pairs(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_empty_words_do_not_count_unless_nothing_else_is_there() -> None:
    assert content_tokens("by the river") == {"river"}
    assert content_tokens("to be") == {"to", "be"}


@pytest.mark.parametrize(
    ("context", "accepted", "expected"),
    [
        ("we met in Bergen on 7 May", ("7 May",), True),
        ("we met in Bergen", ("Bergen", "Oslo"), True),
        ("we met in Bergen", ("Bergen harbour",), False),
        ("他在上海工作", ("上海",), True),
        ("他在上边的海里", ("上海",), False),
        ("anything", (), False),
        ("anything", ("",), False),
    ],
)
def test_an_answer_is_contained_when_all_its_words_are(context: str, accepted: tuple[str, ...], expected: bool) -> None:
    assert contains([context], accepted) is expected


def test_coverage_is_the_best_share_of_an_accepted_answer() -> None:
    assert coverage(["red and", "blue"], ("red green", "red blue green yellow")) == 0.5
    assert coverage(["nothing"], ("red",)) == 0.0


@pytest.mark.parametrize(("k", "expected"), [(1, 0.0), (2, 0.5), (3, 1.0)])
def test_recall_is_the_share_of_the_evidence_among_the_first(k: int, expected: float) -> None:
    assert recall([9, 4, 2], {4, 2}, k) == expected


@pytest.mark.parametrize(
    ("context", "right", "expected"),
    [
        ("you like wild swimming", 1, 1.0),
        ("you like wild swimming", 0, 0.0),
        ("nothing of it", 2, 1 / 3),
    ],
)
def test_the_best_supported_option_is_chosen_and_a_tie_scores_like_a_guess(
    context: str, right: int, expected: float
) -> None:
    options = ("go for chess", "go for swimming", "go for cooking")

    assert choose([context], options, right) == expected


def test_agreement_is_the_share_of_what_the_unprotected_row_found() -> None:
    assert agreement([1, 2, 3], [3, 4]) == 0.5
    assert agreement([], []) == 1.0


def test_a_difference_is_of_the_same_questions_and_has_an_interval_around_it() -> None:
    found = paired_difference([1.0, 0.0, 1.0, 1.0], [1.0, 1.0, 1.0, 0.0])

    assert found is not None
    assert found.mean == 0.0
    assert found.low < 0 < found.high
    assert paired_difference([], []) is None
    with pytest.raises(ValueError, match="cannot be compared"):
        paired_difference([1.0], [1.0, 0.0])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_a_row_does_not_differ_from_itself(row: list[float]) -> None:
    found = paired_difference(row, row)

    assert found is not None
    assert (found.mean, found.low, found.high) == (0.0, 0.0, 0.0)
