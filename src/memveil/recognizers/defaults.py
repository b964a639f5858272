"""The cascade that ships: which recognizers run, in which order, when nothing else is said."""

from __future__ import annotations

from functools import cache

from memveil.detect import Recognizer
from memveil.recognizers.deferring import DeferringRecognizer
from memveil.recognizers.onnx import OnnxRecognizer
from memveil.recognizers.patterns import PatternRecognizer
from memveil.recognizers.personal import PersonalRecognizer
from memveil.recognizers.phones import PhoneRecognizer
from memveil.recognizers.user_name import UserNameRecognizer

__all__ = ["default_recognizers", "rule_recognizers", "tagger"]


@cache
def rule_recognizers() -> tuple[Recognizer, ...]:
    """The recognizers that need no model. Built once: they are immutable."""
    from memveil.recognizers.rules import ALL_PATTERNS, PERSONAL_PATTERNS

    return (
        PatternRecognizer(ALL_PATTERNS),
        PersonalRecognizer(PERSONAL_PATTERNS),
        PhoneRecognizer(),
        UserNameRecognizer(),
    )


@cache
def tagger(*, sensitivity: float = 0.0) -> OnnxRecognizer:
    """The bundled model; one for all guards, loaded when it first reads a text.

    Args:
        sensitivity: see :class:`memveil.recognizers.onnx.OnnxRecognizer`.
    """
    return OnnxRecognizer(sensitivity=sensitivity)


def default_recognizers(*, sensitivity: float = 0.0) -> tuple[Recognizer, ...]:
    """The cascade of an embedded guard: rules, and the bundled model for what they leave open.

    Args:
        sensitivity: see :class:`memveil.recognizers.onnx.OnnxRecognizer`.
    """
    return (DeferringRecognizer(rule_recognizers(), tagger(sensitivity=sensitivity)),)
