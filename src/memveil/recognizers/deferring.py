"""A cascade from cheap to dear: the later recognizer fills what the earlier ones leave open.

Rules know their values to the character: a tagger that sees the same place with
other borders would only blur them. So its spans count where no rule found
anything, and where they tell a longer story of which a rule saw a small part;
then both stand, and :mod:`memveil.resolve` covers all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from memveil.detect import Context, Recognizer, detect
from memveil.spans import Span

__all__ = ["DeferringRecognizer", "is_news"]

# A span of which the rules saw less than this share is another fact than theirs.
_SMALL_PART = 0.3


class DeferringRecognizer:
    """Runs ``first``, then ``then`` for what is left.

    Args:
        first: recognizers whose spans always stand.
        then: the recognizer that defers to them.
    """

    def __init__(self, first: Sequence[Recognizer], then: Recognizer) -> None:
        self._first = tuple(first)
        self._then = then

    @property
    def name(self) -> str:
        """Names of all in their order; each span carries that of its own recognizer."""
        return "+".join(recognizer.name for recognizer in (*self._first, self._then))

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """Spans of all; those of ``then`` only where they are news."""
        certain = detect(text, self._first, context)
        more = detect(text, (self._then,), context)
        return [*certain, *(span for span in more if is_news(span, certain))]


def is_news(span: Span, certain: Iterable[Span]) -> bool:
    """Whether ``span`` tells what the ``certain`` spans do not."""
    met = [other for other in certain if other.overlaps(span)]
    if any(other.start < span.start or other.end > span.end for other in met):
        return False
    return sum(map(len, met)) < _SMALL_PART * len(span)
