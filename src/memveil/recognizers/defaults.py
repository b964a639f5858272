"""The cascade that ships: which recognizers run, in which order, when nothing else is said."""

from __future__ import annotations

from functools import cache

from memveil.detect import Recognizer
from memveil.recognizers.patterns import PatternRecognizer

__all__ = ["default_recognizers", "rule_recognizers"]


@cache
def rule_recognizers() -> tuple[Recognizer, ...]:
    """The recognizers that need no model. Built once: they are immutable."""
    from memveil.recognizers.rules import ALL_PATTERNS

    return (PatternRecognizer(ALL_PATTERNS),)


def default_recognizers() -> tuple[Recognizer, ...]:
    """The cascade of an embedded guard: rules now, the bundled model beside them."""
    return rule_recognizers()
