"""Every row does what its examples and counterexamples say, also in mixed scripts."""

from __future__ import annotations

import pytest

from memveil.detect import Context
from memveil.recognizers.patterns import Pattern, PatternRecognizer
from memveil.recognizers.rules import ALL_PATTERNS, identifiers, network, secrets

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
_CODES = (*secrets.PATTERNS, *network.PATTERNS, *identifiers.PATTERNS)


def _found(pattern: Pattern, text: str) -> list[str]:
    return [text[span.start : span.end] for span in PatternRecognizer([pattern]).recognize(text, Context())]


def _examples(patterns: tuple[Pattern, ...]) -> list[object]:
    return [
        pytest.param(pattern, text, value, id=f"{pattern.name}-{number}")
        for pattern in patterns
        for number, (text, value) in enumerate(pattern.examples)
    ]


def test_rows_have_names_of_their_own() -> None:
    names = [pattern.name for pattern in ALL_PATTERNS]

    assert len(names) == len(set(names))


@pytest.mark.parametrize("pattern", ALL_PATTERNS, ids=lambda pattern: pattern.name)
def test_every_row_has_an_example_that_holds_its_value(pattern: Pattern) -> None:
    assert pattern.examples
    assert all(value in text for text, value in pattern.examples)


@pytest.mark.parametrize(("pattern", "text", "value"), _examples(ALL_PATTERNS))
def test_an_example_is_found(pattern: Pattern, text: str, value: str) -> None:
    assert value in _found(pattern, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param(pattern, text, id=f"{pattern.name}-{number}")
        for pattern in ALL_PATTERNS
        for number, text in enumerate(pattern.counterexamples)
    ],
)
def test_a_counterexample_is_left_alone(pattern: Pattern, text: str) -> None:
    assert _found(pattern, text) == []


@pytest.mark.parametrize(("pattern", "text", "value"), _examples(ALL_PATTERNS))
def test_full_width_digits_hide_nothing(pattern: Pattern, text: str, value: str) -> None:
    assert value.translate(_FULL_WIDTH) in _found(pattern, text.translate(_FULL_WIDTH))


@pytest.mark.parametrize(("pattern", "text", "value"), _examples(_CODES))
def test_chinese_on_both_sides_hides_no_code(pattern: Pattern, text: str, value: str) -> None:
    assert value in _found(pattern, f"我说{text}好的")


@pytest.mark.parametrize(("pattern", "text", "value"), _examples(_CODES))
def test_the_rows_together_give_a_code_the_type_of_its_example(pattern: Pattern, text: str, value: str) -> None:
    spans = PatternRecognizer(_CODES).recognize(text, Context())

    assert {text[span.start : span.end]: span.privacy_type for span in spans}.get(value) == pattern.privacy_type
