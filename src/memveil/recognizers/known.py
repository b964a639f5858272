"""Values already known in a scope are found again, wherever and however they stand.

This closes the reference system's largest gap: there, up to 19 % of messages
still show a value that was masked elsewhere. Exact text is found, and obvious
variants: full-width, another case where case carries nothing, other spacing of
numbers.

Look-up is by automaton (Aho and Corasick 1975), so its time does not depend on
how many values are known. New values go into a small automaton of their own;
automata of similar size are merged, so that adding stays cheap too.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import ahocorasick_rs

from memveil.detect import Context
from memveil.errors import DetectionError
from memveil.folding import Folded, fold
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel, Span

__all__ = ["KnownSource", "KnownValue", "KnownValues"]

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"[0-9A-Za-z\u00c0-\u024f\u0370-\u052f]")
_PROPER_WORD = re.compile(r"[^\W\d_]+")
_NUMBER_LIKE = re.compile(r"[0-9A-Za-z\s\-.()/+_·]*")
_SEPARATORS = re.compile(r"[\s\-.()/+_·]+")
_NOT_SEPARATORS = re.compile(r"[^\s\-.()/+_·]+")
_WIDE_GAP = re.compile(r"[\s\-.()/+_·]{3}")
_MERGE_FACTOR = 8
_MIN_INSIDE = 4
_MIN_COMPACT = 6
_MIN_DIGITS = 4


class KnownValue(Protocol):
    """What this recognizer needs to know of a vault's entry."""

    @property
    def value(self) -> str: ...
    @property
    def privacy_type(self) -> str: ...
    @property
    def level(self) -> PrivacyLevel: ...
    @property
    def position(self) -> int: ...


class Revision(Protocol):
    """State of the scope: compared with the one seen last."""

    @property
    def incarnation(self) -> bytes: ...
    @property
    def erasures(self) -> int: ...
    @property
    def position(self) -> int: ...


class KnownSource(Protocol):
    """Where the values of a scope come from: a vault's scope, as this recognizer sees it."""

    def revision(self) -> Revision:
        """Cheap to ask: has anything changed?"""
        ...

    def known(self, after: int = 0) -> Iterable[KnownValue]:
        """Stored values with a position above ``after``, in order."""
        ...

    def secrets(self) -> Iterable[KnownValue]:
        """Values that live in memory only (PL4), as they are now."""
        ...


class KnownValues:
    """Recognizes the values of one scope. Thread-safe.

    Args:
        source: the scope; asked at each text for what is new, by whatever process.
        limit: how many values are kept readable in memory; about 0.5 kB each, besides the automaton.

    Raises:
        DetectionError: when used, if the scope holds more: a text that is searched
            for some of the known values may show the others.
    """

    name = "known"

    def __init__(self, source: KnownSource, *, limit: int = 1_000_000) -> None:
        self._source = source
        self._limit = limit
        self._lock = threading.Lock()
        self._life: tuple[bytes, int] | None = None
        self._position = 0
        self._tiers: list[_Automaton] = []
        self._secrets = _Automaton(())

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """All occurrences of known values; they may overlap."""
        del context
        tiers = self._current()
        if not tiers:
            return ()
        folded = fold(text)
        compact = _compact(folded.text) if any(tier.has_numbers for tier in tiers) else None
        found: list[Span] = []
        for tier in tiers:
            found.extend(tier.find(folded, compact))
        return found

    def _current(self) -> list[_Automaton]:
        with self._lock:
            revision = self._source.revision()
            life = (revision.incarnation, revision.erasures)
            if life != self._life:
                # Something was erased: what was erased must not be found again.
                self._life, self._position, self._tiers = life, 0, []
            if revision.position > self._position:
                fresh = list(self._source.known(self._position))
                self._position = max((entry.position for entry in fresh), default=revision.position)
                self._add([entry for entry in fresh if entry.privacy_type in PRIVACY_TYPES])
                if sum(len(tier.entries) for tier in self._tiers) > self._limit:
                    # Read anew next time: values may have been forgotten by then.
                    self._life = None
                    raise DetectionError(
                        f"more than {self._limit} known values in this scope; forget some, or split it"
                    )
            secrets = [entry for entry in self._source.secrets() if entry.privacy_type in PRIVACY_TYPES]
            if [entry.position for entry in secrets] != [entry.position for entry in self._secrets.entries]:
                self._secrets = _Automaton(secrets)
            return [*self._tiers, self._secrets] if secrets else list(self._tiers)

    def _add(self, entries: list[KnownValue]) -> None:
        while self._tiers and len(self._tiers[-1].entries) < _MERGE_FACTOR * len(entries):
            entries = [*self._tiers.pop().entries, *entries]
        if entries:
            self._tiers.append(_Automaton(entries))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A value as it is looked for."""

    entry: KnownValue = field(repr=False)
    folded: str = field(repr=False)
    case_matters: bool

    def shows_inside_a_word(self, *, at_start: bool) -> bool:
        """Whether a word that holds the value shows it: `Petersson` does, `current` does not show `rent`."""
        if len(self.folded) < _MIN_INSIDE:
            return False
        if self.case_matters and self.folded.islower():
            return at_start and len(self.folded) > _MIN_INSIDE
        return True


class _Automaton:
    """An immutable set of values, searchable in one pass."""

    def __init__(self, entries: Iterable[KnownValue]) -> None:
        self.entries = tuple(entries)
        plain: dict[str, list[_Wanted]] = {}
        numbers: dict[str, list[_Wanted]] = {}
        for entry in self.entries:
            value = fold(entry.value).text
            if not _worth_finding(value, entry.level):
                continue
            wanted = _Wanted(entry, value, _PROPER_WORD.fullmatch(value) is not None)
            plain.setdefault(_lower(value), []).append(wanted)
            squeezed = _squeeze(value)
            if squeezed is not None:
                numbers.setdefault(squeezed, []).append(wanted)
        self._plain = tuple(plain.values())
        self._numbers = tuple(numbers.values())
        self._find_plain = _build(plain)
        self._find_numbers = _build(numbers)

    @property
    def has_numbers(self) -> bool:
        """Whether some value is a number that may be spaced in another way."""
        return bool(self._numbers)

    def find(self, folded: Folded, compact: tuple[str, list[int]] | None) -> Iterable[Span]:
        text = folded.text
        for index, start, end in self._find_plain.find_matches_as_indexes(_lower(text), overlapping=True):
            first, last = _whole_words(text, start, end)
            alone = (first, last) == (start, end)
            for wanted in self._plain[index]:
                # A word of letters may be an ordinary word in another case: Rose, rose.
                if wanted.case_matters and text[start:end] != wanted.folded:
                    continue
                if alone or wanted.shows_inside_a_word(at_start=first == start):
                    yield self._span(folded, first, last, wanted.entry)
        if compact is None or not self._numbers:
            return
        squeezed, origin = compact
        for index, first, last in self._find_numbers.find_matches_as_indexes(squeezed, overlapping=True):
            start, end = origin[first], origin[last - 1] + 1
            start -= text[start - 1 : start] == "+"
            if _whole_words(text, start, end) == (start, end) and _WIDE_GAP.search(text, start, end) is None:
                for wanted in self._numbers[index]:
                    yield self._span(folded, start, end, wanted.entry)

    def _span(self, folded: Folded, start: int, end: int, entry: KnownValue) -> Span:
        start, end = folded.original(start, end)
        return Span(start, end, entry.privacy_type, entry.level, 1.0, KnownValues.name)


def _build(keys: Iterable[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(list(keys), matchkind=ahocorasick_rs.MatchKind.Standard)


def _lower(text: str) -> str:
    """Lower case that keeps every index (one character stays one character)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _worth_finding(value: str, level: PrivacyLevel) -> bool:
    """Whether an occurrence of ``value`` says something: `35` stands everywhere."""
    if _CJK.search(value):
        return len(value) > 1
    letters = sum(char.isalnum() for char in value)
    if value.isdecimal():
        return letters >= (3 if level is PrivacyLevel.PL4 else 4)
    return letters > 1


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The range widened so that neither border cuts a word or number in two."""
    if _WORD.match(text[start]):
        while start > 0 and _WORD.match(text[start - 1]):
            start -= 1
    if _WORD.match(text[end - 1]):
        while end < len(text) and _WORD.match(text[end]):
            end += 1
    return start, end


def _squeeze(value: str) -> str | None:
    """A number-like value without its separators, or ``None``."""
    if _NUMBER_LIKE.fullmatch(value) is None:
        return None
    squeezed = _SEPARATORS.sub("", value).lower()
    digits = sum(char.isdecimal() for char in squeezed)
    if len(squeezed) < _MIN_COMPACT or digits < _MIN_DIGITS or 2 * digits < len(squeezed):
        return None
    return squeezed


def _compact(text: str) -> tuple[str, list[int]] | None:
    """The text without separators, and where each character stood; ``None`` without digits."""
    if sum(map(text.count, "0123456789")) < _MIN_DIGITS:
        return None
    origin: list[int] = []
    for run in _NOT_SEPARATORS.finditer(text):
        origin.extend(range(*run.span()))
    return _lower(_SEPARATORS.sub("", text)), origin
