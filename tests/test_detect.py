"""Detect runs the whole cascade, and a recognizer that fails stops the request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from memveil.detect import Context, detect
from memveil.errors import DetectionError, PolicyError
from memveil.spans import PrivacyLevel, Span


@dataclass
class Scripted:
    """Answers with given spans, or raises a given error."""

    spans: tuple[Span, ...] = ()
    error: Exception | None = None
    name: str = "scripted"

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        yield from self.spans
        if self.error:
            raise self.error


def span(start: int, end: int) -> Span:
    return Span(start, end, "Email", PrivacyLevel.PL2)


def test_spans_of_all_recognizers_come_in_cascade_order() -> None:
    first, second = Scripted((span(3, 4),)), Scripted((span(0, 2), span(1, 4)))

    assert detect("abcd", [first, second]) == (span(3, 4), span(0, 2), span(1, 4))


def test_a_recognizer_that_raises_stops_the_request_and_its_message_is_cut_off() -> None:
    failing = Scripted((span(0, 2),), error=ValueError("cannot read lena@hartwig.example"))
    with pytest.raises(DetectionError) as caught:
        detect("lena@hartwig.example", [failing])

    assert str(caught.value) == "recognizer 'scripted' failed (ValueError)"
    assert caught.value.__suppress_context__
    assert caught.value.__cause__ is None


def test_an_error_of_our_own_passes_as_it_is() -> None:
    with pytest.raises(PolicyError):
        detect("x", [Scripted(error=PolicyError("no"))])


def test_a_span_outside_the_text_stops_the_request() -> None:
    with pytest.raises(DetectionError, match="left the text"):
        detect("abc", [Scripted((span(1, 9),))])


def test_the_context_hides_its_values() -> None:
    assert "Lena" not in repr(Context("Lena Hartwig", ("I am Lena",)))
