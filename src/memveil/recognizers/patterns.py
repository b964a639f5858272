"""The rule recognizer: runs rows of patterns, which are data, over a folded text.

A rule is a row: privacy type, regular expression, optional validator, score,
and examples that must and must not match. Adding an identifier adds a row.

A rule runs only where one of its keywords occurs: a single automaton pass over
the text finds all keywords of all rules, so most expressions never start. Within
this recognizer, overlapping candidates are settled by score, then by length;
what is left over is for :mod:`memveil.resolve`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import ahocorasick_rs

from memveil.detect import Context
from memveil.folding import fold
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel, Span

__all__ = ["Pattern", "PatternRecognizer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One rule.

    Args:
        name: unique name, ``family.rule``.
        privacy_type: a name of the type table.
        regex: searched in the folded text, case-insensitively unless it says
            otherwise with ``(?-i:...)``. The group ``value`` is the span, the
            whole match where there is no such group. No ``\\b`` or ``\\w`` at a
            border: Chinese characters are word characters.
        keywords: lower-case literals of which one must occur in the text for the
            rule to run; empty runs it always.
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
    validate: Callable[[str], bool] | None = None
    score: float = 0.9
    level: PrivacyLevel | None = None
    examples: tuple[tuple[str, str], ...] = ()
    counterexamples: tuple[str, ...] = ()

    def compile(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.regex, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: Pattern
    search: re.Pattern[str] = field(repr=False)
    group: str | int
    level: PrivacyLevel


@dataclass(frozen=True, slots=True)
class _Candidate:
    start: int
    end: int
    rule: _Rule

    def rank(self) -> tuple[float, int, int]:
        return (-self.rule.pattern.score, self.start - self.end, self.start)


class PatternRecognizer:
    """Runs pattern rows. Immutable after construction, so safe between threads."""

    name = "patterns"

    def __init__(self, patterns: Sequence[Pattern]) -> None:
        rules: list[_Rule] = []
        for pattern in patterns:
            search = pattern.compile()
            group: str | int = "value" if "value" in search.groupindex else 0
            level = max(PRIVACY_TYPES[pattern.privacy_type].level, pattern.level or PrivacyLevel.PL1)
            rules.append(_Rule(pattern, search, group, level))
        self._always = tuple(rule for rule in rules if not rule.pattern.keywords)
        by_keyword: dict[str, list[_Rule]] = {}
        for rule in rules:
            for keyword in rule.pattern.keywords:
                by_keyword.setdefault(keyword, []).append(rule)
        self._by_keyword = tuple(by_keyword.values())
        self._keywords = ahocorasick_rs.AhoCorasick(list(by_keyword), matchkind=ahocorasick_rs.MatchKind.Standard)

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """Spans of all rules that hold, disjoint, in the order of the text."""
        folded = fold(text)
        candidates = [
            _Candidate(*match.span(rule.group), rule)
            for rule in self._awake(folded.text)
            for match in rule.search.finditer(folded.text)
            if match.group(rule.group)
            and (rule.pattern.validate is None or rule.pattern.validate(match.group(rule.group)))
        ]
        for chosen in _settle(candidates):
            start, end = folded.original(chosen.start, chosen.end)
            pattern = chosen.rule.pattern
            yield Span(start, end, pattern.privacy_type, chosen.rule.level, pattern.score, self.name)

    def _awake(self, text: str) -> list[_Rule]:
        seen = {index for index, _, _ in self._keywords.find_matches_as_indexes(text.lower(), overlapping=True)}
        awake = dict.fromkeys(self._always)
        for index in seen:
            awake.update(dict.fromkeys(self._by_keyword[index]))
        return list(awake)


def _settle(candidates: list[_Candidate]) -> list[_Candidate]:
    """Keep the best of overlapping candidates, greedily by rank."""
    taken: list[_Candidate] = []
    for candidate in sorted(candidates, key=_Candidate.rank):
        if all(candidate.end <= other.start or other.end <= candidate.start for other in taken):
            taken.append(candidate)
    return sorted(taken, key=lambda candidate: candidate.start)
