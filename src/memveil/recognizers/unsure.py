"""Rules and tagger first; a dear recognizer only for texts about which the tagger is unsure.

The tagger says for each piece of a text how unsure it is whether that is
private. Where rules or tagger found a span, the doubt is settled in favour of
privacy; what counts is doubt about text that would leave. What the tagger
misses without any doubt stays missed, so this is cheaper than asking always and
protects less: see ``docs/guides/language-model.md`` for how much.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from memveil.detect import Context, Recognizer, detect
from memveil.errors import DetectionError, MemveilError
from memveil.recognizers.deferring import is_news
from memveil.recognizers.onnx import TaggerReading
from memveil.spans import Span

__all__ = ["DoubtingRecognizer", "UnsureRecognizer", "greatest_doubt"]


class DoubtingRecognizer(Protocol):
    """A tagger that says where it is unsure."""

    @property
    def name(self) -> str: ...

    def read(self, text: str, context: Context) -> TaggerReading:
        """Spans, and doubts."""
        ...


class UnsureRecognizer:
    """Runs ``first``, then ``tagger`` for what they leave open, then ``then`` if need be.

    Args:
        first: recognizers whose spans always stand.
        tagger: the recognizer that defers to them and has doubts.
        then: who is asked where it has, and only adds.
        doubt: from which doubt on, above 0 and up to 1.
    """

    def __init__(
        self, first: Sequence[Recognizer], tagger: DoubtingRecognizer, then: Recognizer, *, doubt: float
    ) -> None:
        self._first = tuple(first)
        self._tagger = tagger
        self._then = then
        self._doubt = doubt

    @property
    def name(self) -> str:
        """Names of all in their order; each span carries that of its own recognizer."""
        first = (recognizer.name for recognizer in self._first)
        return "+".join((*first, self._tagger.name, self._then.name))

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """Spans of all that were asked."""
        certain = detect(text, self._first, context)
        # As in `detect`: a failure stops the text, and the error may quote it.
        try:
            reading = self._tagger.read(text, context)
        except MemveilError:
            raise
        except Exception as error:  # noqa: BLE001
            kind = type(error).__name__
            raise DetectionError(f"recognizer {self._tagger.name!r} failed ({kind})") from None
        found = [*certain, *(span for span in reading.spans if is_news(span, certain))]
        if greatest_doubt(reading, found) < self._doubt:
            return found
        return [*found, *detect(text, (self._then,), context)]


def greatest_doubt(reading: TaggerReading, found: Iterable[Span]) -> float:
    """The greatest doubt about a piece that no span covers whole; 0 where there is none."""
    covered = sorted((span.start, span.end) for span in found)
    greatest = 0.0
    for doubt in reading.doubts:
        if doubt.amount > greatest and not any(start <= doubt.start and doubt.end <= end for start, end in covered):
            greatest = doubt.amount
    return greatest
