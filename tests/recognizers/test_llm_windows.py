"""Windows cover a text, are no longer than allowed, and cut nothing short that fits the overlap."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.recognizers.llm_windows import windows
from tests.texts import texts


@given(texts(40), st.integers(1, 60), st.data())
def test_every_short_stretch_lies_whole_in_a_window(text: str, size: int, data: st.DataObject) -> None:
    overlap = data.draw(st.integers(0, (size - 1) // 2))
    found = list(windows(text, size=size, overlap=overlap))

    assert all(0 < end - start <= size for start, end in found)
    assert sorted(found) == found
    covered = {i for start, end in found for i in range(start, end)}
    assert covered == set(range(len(text)))
    for at in range(len(text) - overlap + 1) if overlap else ():
        assert any(start <= at and at + overlap <= end for start, end in found)


def test_a_window_ends_behind_a_word_or_a_sentence() -> None:
    text = "One two three. Four five six seven eight nine ten."

    assert [text[start:end] for start, end in windows(text, size=30, overlap=6)] == [
        "One two three. Four five six ",
        "e six seven eight nine ten.",
    ]


def test_a_short_text_is_one_window_and_an_empty_one_none() -> None:
    assert list(windows("abc", size=30, overlap=5)) == [(0, 3)]
    assert list(windows("", size=30, overlap=5)) == []


@pytest.mark.parametrize("overlap", [-1, 15, 40])
def test_windows_have_to_go_forward(overlap: int) -> None:
    with pytest.raises(ValueError, match="less than half"):
        list(windows("abc", size=30, overlap=overlap))
