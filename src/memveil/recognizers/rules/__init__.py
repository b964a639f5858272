"""The rules, as data: tuples of :class:`~memveil.recognizers.patterns.Pattern` rows by subject."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules import (
    ages,
    background,
    children,
    contact,
    documents,
    finance,
    government,
    health,
    identifiers,
    income,
    measurements,
    names,
    national_ids,
    network,
    organizations,
    payments,
    places,
    plates,
    relations,
    secrets,
    sensitive,
    trips,
    work,
)

__all__ = ["ALL_PATTERNS", "PERSONAL_PATTERNS"]

ALL_PATTERNS: tuple[Pattern, ...] = (
    *secrets.PATTERNS,
    *network.PATTERNS,
    *identifiers.PATTERNS,
    *ages.PATTERNS,
    *background.PATTERNS,
    *children.PATTERNS,
    *contact.PATTERNS,
    *documents.PATTERNS,
    *finance.PATTERNS,
    *government.PATTERNS,
    *health.PATTERNS,
    *income.PATTERNS,
    *measurements.PATTERNS,
    *names.PATTERNS,
    *national_ids.PATTERNS,
    *organizations.PATTERNS,
    *payments.PATTERNS,
    *places.PATTERNS,
    *plates.PATTERNS,
    *relations.PATTERNS,
    *sensitive.PATTERNS,
    *trips.PATTERNS,
    *work.PATTERNS,
)

PERSONAL_PATTERNS: tuple[Pattern, ...] = (*health.PERSONAL, *names.PERSONAL, *relations.PERSONAL, *work.PERSONAL)
"""Rows that hold only where somebody speaks of himself."""
