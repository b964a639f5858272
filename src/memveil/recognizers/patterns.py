"""The rule recognizer: runs rows of patterns, which are data, over a folded text.

A rule is a row: privacy type, regular expression, optional validator, score,
and examples that must and must not match. Adding an identifier adds a row.

A rule runs only near its keywords: a single automaton pass over the text finds
all keywords of all rules, and an expression is tried only at places that its
keywords can reach. So most rules never start (nor even compile), and the work
grows linearly with the text as long as the expressions are bounded. Within this
recognizer, overlapping candidates are settled by score, then length, then by the
nearer cue; what is left over is for :mod:`memveil.resolve`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import ahocorasick_rs

from memveil.detect import Context
from memveil.folding import fold
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel, Span

__all__ = ["Pattern", "PatternRecognizer"]

# A window shows this much text behind the last place where a match may start.
_TAIL = 1024
# A match that ends this close to the end of its window may have been cut by it.
_EDGE = 64
# Keywords are looked up in slices of this size, so that a text full of them needs no more memory.
_SLICE = 1 << 16
# A list that goes on between cue and value makes them strangers: so many characters farther apart.
_SEPARATOR = re.compile(r"[、,，;]|[和及与]|[ ]and[ ]")
_SEPARATED = 8
# Equal values this long, with a digit, are one thing: they get one type in a text.
_MIN_AGREEING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    r"""One rule.

    Args:
        name: unique name, ``family.rule``.
        privacy_type: a name of the type table.
        regex: searched in the folded text, case-insensitively unless it says
            otherwise with ``(?-i:...)``. The group ``value`` is the span, the
            whole match where there is no such group; the group ``cue`` is the
            word that gives the value its type: of two rules that claim the same
            value with the same score, the one whose cue stands nearer wins, of
            equally near ones the longer. No ``\b`` or ``\w`` at a border:
            Chinese characters are word characters. Quantifiers need bounds, or
            the work is not linear.
        keywords: lower-case literals of which one must occur near the match for
            the rule to run; empty runs it everywhere, which is slow.
        reach: distance in characters from a keyword within which a match must
            start. 0: it starts exactly where a keyword starts, which is the
            cheapest kind of rule.
        validate: check on the value, such as a checksum.
        score: confidence; settles overlaps between rules.
        level: where the cue raises the level of the type.
        examples: pairs of a text and the value that must be found in it.
        counterexamples: texts in which the rule must find nothing.
    """

    name: str
    privacy_type: str
    regex: str
    keywords: tuple[str, ...] = ()
    reach: int = 256
    validate: Callable[[str], bool] | None = None
    score: float = 0.9
    level: PrivacyLevel | None = None
    examples: tuple[tuple[str, str], ...] = ()
    counterexamples: tuple[str, ...] = ()

    def compile(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.regex, re.IGNORECASE)


@dataclass(slots=True, eq=False)
class _Rule:
    """A row ready to run. Compiles on first use; doing it twice does no harm."""

    pattern: Pattern
    level: PrivacyLevel
    compiled: re.Pattern[str] | None = field(default=None, repr=False)
    group: str | int = 0
    has_cue: bool = False

    def expression(self) -> re.Pattern[str]:
        if self.compiled is None:
            compiled = self.pattern.compile()
            self.group = "value" if "value" in compiled.groupindex else 0
            self.has_cue = "cue" in compiled.groupindex
            self.compiled = compiled
        return self.compiled

    def candidate(self, match: re.Match[str]) -> _Candidate | None:
        start, end = match.span(self.group)
        if start >= end:
            return None
        validate = self.pattern.validate
        if validate is not None and not validate(match.group(self.group)):
            return None
        distance = length = 0
        if self.has_cue:
            cue_start, cue_end = match.span("cue")
            # A cue in front counts as one nearer than a cue behind.
            distance = start - cue_end if cue_end <= start else max(cue_start - end, 0) + 1
            if cue_end < start and _SEPARATOR.search(match.string, cue_end, start):
                distance += _SEPARATED
            length = cue_end - cue_start
        return _Candidate(start, end, self, (distance, -length))


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    rule: _Rule
    cue: tuple[int, int]
    """Distance of the cue, and its length, negated: smaller is better."""

    def rank(self) -> tuple[float, int, tuple[int, int], int, str]:
        pattern = self.rule.pattern
        return (-pattern.score, self.start - self.end, self.cue, self.start, pattern.name)


class PatternRecognizer:
    """Runs pattern rows. Safe between threads: what it keeps does not depend on any text."""

    name = "patterns"

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        self._always: list[_Rule] = []
        by_keyword: dict[str, list[_Rule]] = {}
        for pattern in patterns:
            level = max(PRIVACY_TYPES[pattern.privacy_type].level, pattern.level or PrivacyLevel.PL1)
            rule = _Rule(pattern, level)
            if not pattern.keywords:
                self._always.append(rule)
            for keyword in dict.fromkeys(pattern.keywords):
                if not keyword or keyword != keyword.lower():
                    raise ValueError(f"rule {pattern.name}: keywords must be lower-case literals")
                by_keyword.setdefault(keyword, []).append(rule)
        self._by_keyword = tuple(by_keyword.values())
        self._overhang = max(map(len, by_keyword), default=1) - 1
        self._keywords = ahocorasick_rs.AhoCorasick(list(by_keyword), matchkind=ahocorasick_rs.MatchKind.Standard)

    def recognize(self, text: str, context: Context) -> Iterable[Span]:  # noqa: ARG002 (the rules need no context)
        """Spans of all rules that hold, disjoint, in the order of the text."""
        folded = fold(text)
        chosen = _agree(_settle(list(self._candidates(folded.text)), len(folded.text)), folded.text)
        for candidate in chosen:
            start, end = folded.original(candidate.start, candidate.end)
            rule = candidate.rule
            yield Span(start, end, rule.pattern.privacy_type, rule.level, rule.pattern.score, self.name)

    def _candidates(self, text: str) -> Iterator[_Candidate]:
        for rule in self._always:
            for match in rule.expression().finditer(text):
                if (found := rule.candidate(match)) is not None:
                    yield found
        for hits in self._hits(_lower(text)):
            for rule, places in hits.items():
                matches = _at(rule, text, places) if rule.pattern.reach == 0 else _near(rule, text, places)
                for match in matches:
                    if (found := rule.candidate(match)) is not None:
                        yield found

    def _hits(self, text: str) -> Iterator[dict[_Rule, list[tuple[int, int]]]]:
        """Where the keywords of each rule stand, for one slice of the text after another."""
        for offset in range(0, len(text), _SLICE):
            piece = text[offset : offset + _SLICE + self._overhang]
            hits: dict[_Rule, list[tuple[int, int]]] = {}
            for index, start, end in self._keywords.find_matches_as_indexes(piece, overlapping=True):
                if start < _SLICE:
                    place = (offset + start, offset + end)
                    for rule in self._by_keyword[index]:
                        hits.setdefault(rule, []).append(place)
            yield hits


def _lower(text: str) -> str:
    """Lower case without a change of length, so that indices stay valid."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _at(rule: _Rule, text: str, places: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Matches that start where a keyword starts."""
    expression = rule.expression()
    for start in {start: None for start, _ in places}:
        if (match := expression.match(text, start)) is not None:
            yield match


def _near(rule: _Rule, text: str, places: list[tuple[int, int]]) -> Iterator[re.Match[str]]:
    """Matches that start within reach of a keyword."""
    expression, reach = rule.expression(), rule.pattern.reach
    size = len(text)
    if size <= reach:
        yield from expression.finditer(text)
        return
    for low, high in _merge((max(0, start - reach), min(size, end + reach + 1)) for start, end in places):
        limit = min(size, high + _TAIL)
        position = low
        while (match := expression.search(text, position, limit)) is not None and match.start() < high:
            start, end = match.span()
            position = max(end, start + 1)
            if limit < size and end > limit - _EDGE:
                # The window may have cut this match short, or hidden what forbids it.
                match = expression.match(text, start)
                if match is None:
                    position = start + 1
                    continue
                position = max(match.end(), start + 1)
            yield match
            if position > high:
                break


def _merge(windows: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join windows that touch, so that no place is searched twice."""
    current: tuple[int, int] | None = None
    for low, high in sorted(windows):
        if current is None:
            current = (low, high)
        elif low <= current[1]:
            current = (current[0], max(current[1], high))
        else:
            yield current
            current = (low, high)
    if current is not None:
        yield current


def _settle(candidates: list[_Candidate], size: int) -> list[_Candidate]:
    """Keep the best of overlapping candidates, greedily by rank, in the order of the text."""
    if not candidates:
        return []
    taken = bytearray(size)
    chosen: list[_Candidate] = []
    for candidate in sorted(candidates, key=_Candidate.rank):
        if taken.find(1, candidate.start, candidate.end) < 0:
            taken[candidate.start : candidate.end] = b"\x01" * (candidate.end - candidate.start)
            chosen.append(candidate)
    chosen.sort(key=lambda candidate: candidate.start)
    return chosen


def _agree(chosen: list[_Candidate], text: str) -> list[_Candidate]:
    """Give equal values one type: that of the surest mention, of equals the first with the nearest cue."""
    best: dict[str, _Candidate] = {}
    for candidate in chosen:
        value = text[candidate.start : candidate.end]
        known = best.get(value)
        if known is None or _surety(candidate) < _surety(known):
            best[value] = candidate
    if len(best) == len(chosen):
        return chosen
    agreed: list[_Candidate] = []
    for candidate in chosen:
        value = text[candidate.start : candidate.end]
        if len(value) >= _MIN_AGREEING and any(char.isdigit() for char in value):
            winner = best[value]
            agreed.append(_Candidate(candidate.start, candidate.end, winner.rule, winner.cue))
        else:
            agreed.append(candidate)
    return agreed


def _surety(candidate: _Candidate) -> tuple[float, tuple[int, int]]:
    return (-candidate.rule.pattern.score, candidate.cue)
