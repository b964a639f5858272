"""Folding undoes disguises, and every folded character knows where it stood."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from memveil.folding import fold
from tests.texts import texts


def test_full_width_becomes_ascii_and_zero_width_vanishes() -> None:
    folded = fold("电话\u200b１３８\u30000-Ａｂ")

    assert folded.text == "电话138 0-Ab"
    assert folded.original(2, 5) == (3, 6)


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    assert fold("a\ud83d").text == "a\ufffd"


@given(texts())
def test_every_range_maps_back_into_the_text_in_order(text: str) -> None:
    folded = fold(text)
    ranges = [folded.original(i, i + 1) for i in range(len(folded.text))]

    assert folded.size == len(text)
    assert all(0 <= start < end <= len(text) for start, end in ranges)
    assert all(a[1] <= b[0] for a, b in pairwise(ranges))


@given(texts())
def test_folding_twice_changes_nothing(text: str) -> None:
    once = fold(text).text

    assert fold(once).text == once


@given(texts())
def test_folded_text_can_be_encoded(text: str) -> None:
    assert fold(text).text.encode() is not None
