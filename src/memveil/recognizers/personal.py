"""Rules for words that are private only where somebody speaks of himself.

``Migraine`` in an article is a subject; in ``my migraine is back`` it is a diagnosis.
The rows run like all rows, and what they find is kept where a word of the first
person stands near. A part of the user's own name is no mention of somebody else.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from memveil.detect import Context
from memveil.recognizers.patterns import Pattern, PatternRecognizer
from memveil.spans import Span

__all__ = ["PersonalRecognizer"]

_FIRST_PERSON = re.compile(
    r"(?<![A-Za-z])(?:I|[Mm]y|[Mm]e|MY|[Mm]ine|[Mm]yself|[Oo]ur|[Ww]e)(?![A-Za-z])"
    r"|(?<![A-Za-z])(?:im|ive|i)(?=[ '’])|我(?!们)|俺|咱"
)
# Chinese says in one character what English says in about two and a half.
_HAN_WEIGHT = 3
_NAMES = frozenset({"Third-Party Identifiable Info"})
# A title before the user's own name makes no other person of him.
_TITLE_WORDS = (
    "dr dra prof professor doctor lt col maj capt sgt rev colonel captain major lieutenant sergeant coach judge"
)
_TITLES = frozenset(_TITLE_WORDS.split())
_NAME_PART = re.compile(r"[^\W\d_]+")


class PersonalRecognizer:
    """Runs pattern rows and keeps what stands near a word of the first person.

    Args:
        patterns: the rows.
        reach: the greatest distance in characters between a value and such a word.
    """

    name = "personal"

    def __init__(self, patterns: Sequence[Pattern], *, reach: int = 160) -> None:
        self._rows = PatternRecognizer(patterns)
        self._reach = reach

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """Spans of all rows that hold and are near enough, in the order of the text."""
        spans = list(self._rows.recognize(text, context))
        if not spans:
            return
        persons = [match.start() for match in _FIRST_PERSON.finditer(text)]
        reach = self._reach if persons and text[persons[0]].isascii() else self._reach // _HAN_WEIGHT
        own = _own_names(context.user_name) if context.user_name else frozenset()
        for span in spans:
            if _distance(span, persons) > reach:
                continue
            if span.privacy_type in _NAMES and own.issuperset(
                _NAME_PART.findall(text[span.start : span.end].casefold())
            ):
                continue
            yield replace(span, recognizer=self.name)


def _distance(span: Span, persons: Sequence[int]) -> int:
    """Characters between the span and the nearest of the sorted places."""
    place = bisect_left(persons, span.start)
    after = persons[place] - span.end if place < len(persons) else 1 << 30
    before = span.start - persons[place - 1] if place else 1 << 30
    return max(0, min(after, before))


def _own_names(user_name: str) -> frozenset[str]:
    return _TITLES | frozenset(_NAME_PART.findall(user_name.casefold()))
