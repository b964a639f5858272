"""The shared pieces of expressions match what they say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.recognizers.rules.fragments import AMOUNT, AMOUNT_ZH, DATE, NOT_AFTER_WORD, NOT_BEFORE_WORD, PERSON, any_of


def _matches(piece: str, text: str) -> list[str]:
    return [match.group() for match in re.finditer(piece, text, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("€210 for the vet", ["€210"]),
        ("US$1,250.50 today", ["US$1,250.50"]),
        ("$1.2 million", ["$1.2 million"]),
        ("1,200 euros", ["1,200 euros"]),
        ("R12,500 on it", ["R12,500"]),
        ("CHF 4950", ["CHF 4950"]),
        ("$11$ apples", []),
        ("R2D2 and 40 apples", []),
    ],
)
def test_amounts_carry_a_currency(text: str, amounts: list[str]) -> None:
    assert _matches(AMOUNT, text) == amounts


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("花了2.5万元", ["2.5万元"]),
        ("那笔85欧元的", ["85欧元"]),
        ("￥3,200", ["￥3,200"]),
        ("三百块钱", ["三百块钱"]),
        ("一起走", []),
    ],
)
def test_chinese_amounts_carry_a_currency(text: str, amounts: list[str]) -> None:
    assert _matches(AMOUNT_ZH, text) == amounts


@pytest.mark.parametrize(
    "date",
    ["12 March 1988", "March 12, 1988", "7th March 1990", "1988-03-12", "03/12/1988", "1988年3月12日", "3月12号"],
)
def test_dates_in_figures(date: str) -> None:
    assert _matches(DATE, f"（{date}）") == [date]


@pytest.mark.parametrize(
    "name", ["Mara", "Mara O'Brien", "Ludwig van Dyck", "Al-Sayed", "Wren R. Ferraby", "Šárka Žižková"]
)
def test_latin_names(name: str) -> None:
    assert _matches(PERSON, f"是{name}，") == [name]


@pytest.mark.parametrize("text", ["mara", "the boat", "NATO", "3rd"])
def test_what_is_no_latin_name(text: str) -> None:
    assert _matches(PERSON, text) == []


@given(words=st.sets(st.text(alphabet="abc 界.+", min_size=1, max_size=5), min_size=1, max_size=12))
def test_any_of_matches_each_word_whole_and_nothing_else(words: set[str]) -> None:
    piece = any_of(words)

    assert all(re.fullmatch(piece, word) for word in words)
    assert not re.fullmatch(piece, "abc 界.+x")


def test_any_of_prefers_the_longest_word() -> None:
    assert _matches(any_of(["hep", "hepatitis", "hepatitis b"]), "hepatitis b") == ["hepatitis b"]


def test_edges_stand_beside_han_characters_and_not_inside_latin_words() -> None:
    piece = rf"{NOT_AFTER_WORD}gout{NOT_BEFORE_WORD}"

    assert _matches(piece, "患gout了") == ["gout"]
    assert _matches(piece, "ragout gouty gout2") == []
