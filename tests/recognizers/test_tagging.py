"""Decoding: no span goes on that did not begin, borders fall on whole words, cues vote."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from memveil.recognizers.tagging import LEFT_CONTEXT, Scores, best_tags, decode, doubts, snap, tag_runs, type_scores

rows = hnp.arrays(np.float32, st.tuples(st.integers(0, 12), st.just(3)), elements=st.floats(-8, 8, width=32))


def total(scores: np.ndarray, tags: list[int]) -> float:
    return float(sum(scores[i, tag] for i, tag in enumerate(tags)))


def sequences(n: int) -> list[list[int]]:
    """All sequences in which `inside` follows `begin` or `inside`."""
    found: list[list[int]] = [[]]
    for _ in range(n):
        found = [[*s, tag] for s in found for tag in (0, 1, 2) if tag != 2 or (s and s[-1] != 0)]
    return found


@given(rows.filter(lambda r: len(r) <= 6))
def test_the_best_sequence_is_the_best_of_all_allowed_ones(scores: np.ndarray) -> None:
    tags = best_tags(scores)

    assert tags in sequences(len(scores))
    assert total(scores, tags) == pytest.approx(max(total(scores, s) for s in sequences(len(scores))), abs=1e-3)


@given(rows)
def test_runs_are_disjoint_and_begin_where_a_span_begins(scores: np.ndarray) -> None:
    tags = best_tags(scores)
    runs = tag_runs(tags)

    assert [first for first, _ in runs] == [i for i, tag in enumerate(tags) if tag == 1]
    assert all(a[1] <= b[0] for a, b in pairwise(runs))


@pytest.mark.parametrize(
    ("text", "cut", "whole"),
    [
        ("call Marabel now", "rabe", "Marabel"),
        ("in 2031 there", "03", "2031"),
        ("code AB-1234.", "B-123", "AB-1234"),
        ("叫苏婉吧", "苏婉", "苏婉"),
        ("叫Mara吧", "ar", "Mara"),
        ("(Mara", "(Mara", "Mara"),
        ("see (Mara) and", "Mara)", "Mara"),
        ("see f(x) and", "f(x)", "f(x)"),
        ("a, Mara, b", ", Mara,", "Mara"),
        ("a ，。 b", "，。", ""),
    ],
)
def test_borders_fall_on_whole_words_and_inside_punctuation(text: str, cut: str, whole: str) -> None:
    start = text.index(cut)
    first, last = snap(text, start, start + len(cut))

    assert text[first:last] == whole


def flat(n: int, kinds: int) -> np.ndarray:
    return np.zeros((n, kinds), np.float32)


def test_the_word_before_a_span_can_decide_its_type() -> None:
    before = flat(4, 2)
    before[1, 1] = LEFT_CONTEXT * 5.0
    inside = flat(4, 2)
    inside[2, 0] = 1.0
    scores = Scores(flat(4, 3), inside, flat(4, 2), before)

    assert type_scores(scores, 2, 4).argmax() == 1
    assert type_scores(Scores(flat(4, 3), inside, flat(4, 2), flat(4, 2)), 2, 4).argmax() == 0


def test_a_lower_score_for_outside_finds_more() -> None:
    text, offsets = "ask Mara", [(0, 3), (4, 8)]
    tags = np.array([[3, 0, 0], [1, 0.5, 0]], np.float32)
    scores = Scores(tags, flat(2, 1), flat(2, 1), flat(2, 1))

    assert decode(text, offsets, scores) == []
    (found,) = decode(text, offsets, scores, outside_bias=-1.0)
    assert (found.start, found.end, found.type_index) == (4, 8, 0)
    assert 0 < found.score < 1


@given(rows, st.floats(-3, 3))
def test_a_doubt_is_greatest_where_both_are_as_likely(tags: np.ndarray, bias: float) -> None:
    none = np.zeros((len(tags), 1), np.float32)
    offsets = [(at, at + 1) for at in range(len(tags))]
    found = doubts(offsets, Scores(tags, none, none, none), outside_bias=bias)

    for row, doubt in zip(tags.astype(float), found, strict=True):
        outside, private = np.exp(row[0] + bias), np.exp(row[1]) + np.exp(row[2])
        assert doubt.amount == pytest.approx(2 * min(outside, private) / (outside + private), abs=1e-3)
