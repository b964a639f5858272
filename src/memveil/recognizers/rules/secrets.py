"""Rules: secrets."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules import (
    secrets_assigned,
    secrets_codes,
    secrets_issuers,
    secrets_keys,
    secrets_passwords,
)

__all__ = ["PATTERNS"]

PATTERNS: tuple[Pattern, ...] = (
    *secrets_codes.PATTERNS,
    *secrets_passwords.PATTERNS,
    *secrets_issuers.PATTERNS,
    *secrets_keys.PATTERNS,
    *secrets_assigned.PATTERNS,
)
