"""Rules: identifiers."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules import identifiers_accounts, identifiers_codes

__all__ = ["PATTERNS"]

PATTERNS: tuple[Pattern, ...] = (*identifiers_codes.PATTERNS, *identifiers_accounts.PATTERNS)
