"""Rules: network."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern

__all__ = ["PATTERNS"]

PATTERNS: tuple[Pattern, ...] = ()
