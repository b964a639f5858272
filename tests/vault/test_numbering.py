"""Placeholders as the vault reads and writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.privacy_types import PRIVACY_TYPES
from memveil.vault.numbering import HIGHEST, check_count, placeholder_of, split_placeholder

TAGS = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,20}", fullmatch=True)


@given(TAGS, st.integers(1, HIGHEST))
def test_what_is_written_is_read(tag: str, number: int) -> None:
    placeholder = placeholder_of(tag, number)

    assert split_placeholder(placeholder) == (tag, number)
    assert len(placeholder) <= 64


@given(st.text())
def test_other_text_is_no_placeholder(text: str) -> None:
    parts = split_placeholder(text)

    assert parts is None or placeholder_of(*parts) == text


@pytest.mark.parametrize("text", ["<A_0>", "<A_01>", "<A_1", "A_1>", "<_1>", "<A_1>\n", "<A_１>", "<A_1234567890>"])
def test_near_misses_are_no_placeholders(text: str) -> None:
    assert split_placeholder(text) is None


def test_every_tag_of_the_type_table_is_allowed() -> None:
    for row in PRIVACY_TYPES.values():
        check_count(row.tag, 1)
