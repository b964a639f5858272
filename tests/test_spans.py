"""Spans are ranges; levels are ordered; nothing in them is text."""

from __future__ import annotations

import pytest

from memveil.spans import PrivacyLevel, Span


@pytest.mark.parametrize(("start", "end"), [(0, 0), (3, 2), (-1, 2)])
def test_an_empty_or_negative_range_is_no_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="start < end"):
        Span(start, end, "Email", PrivacyLevel.PL2)


def test_overlap_needs_a_shared_character() -> None:
    span = Span(2, 5, "Email", PrivacyLevel.PL2)

    assert span.overlaps(Span(4, 9, "Email", PrivacyLevel.PL2))
    assert not span.overlaps(Span(5, 9, "Email", PrivacyLevel.PL2))
    assert len(span) == 3


def test_levels_are_ordered_and_print_their_name() -> None:
    assert PrivacyLevel.PL4 > PrivacyLevel.PL3
    assert f"{PrivacyLevel.PL2}" == "PL2"
