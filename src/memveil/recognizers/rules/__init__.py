"""The rules, as data: tuples of :class:`~memveil.recognizers.patterns.Pattern` rows by subject."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules import identifiers, network, secrets

__all__ = ["ALL_PATTERNS"]

ALL_PATTERNS: tuple[Pattern, ...] = (*secrets.PATTERNS, *network.PATTERNS, *identifiers.PATTERNS)
