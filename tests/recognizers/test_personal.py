"""Rows for personal texts do what their examples say, and nothing where nobody speaks of himself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.detect import Context
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.personal import PersonalRecognizer
from memveil.recognizers.rules import ALL_PATTERNS, PERSONAL_PATTERNS

_ALL = PersonalRecognizer(PERSONAL_PATTERNS)


def _found(text: str, *patterns: Pattern, user_name: str | None = None) -> list[str]:
    recognizer = PersonalRecognizer(patterns) if patterns else _ALL
    return [text[span.start : span.end] for span in recognizer.recognize(text, Context(user_name=user_name))]


@pytest.mark.parametrize(
    ("pattern", "text", "value"),
    [
        pytest.param(pattern, text, value, id=f"{pattern.name}-{number}")
        for pattern in PERSONAL_PATTERNS
        for number, (text, value) in enumerate(pattern.examples)
    ],
)
def test_an_example_is_found(pattern: Pattern, text: str, value: str) -> None:
    assert value in _found(f"{text} for me", pattern)
    assert value in _found(f"我说，{text}", pattern)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        pytest.param(pattern, text, id=f"{pattern.name}-{number}")
        for pattern in PERSONAL_PATTERNS
        for number, text in enumerate(pattern.counterexamples)
    ],
)
def test_a_counterexample_is_left_alone(pattern: Pattern, text: str) -> None:
    assert _found(text, pattern) == []


def test_every_row_has_an_example_and_a_name_of_its_own() -> None:
    names = [pattern.name for pattern in (*PERSONAL_PATTERNS, *ALL_PATTERNS)]

    assert all(pattern.examples for pattern in PERSONAL_PATTERNS)
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("personal", "general"),
    [
        ("My migraine is back.", "Migraine is common."),
        ("I told Ingrid.", "Ingrid is a Nordic name."),
        ("我有偏头痛", "偏头痛很常见"),
        ("我最近每天吃二甲双胍", "二甲双胍是一种药，我们来介绍它"),
    ],
)
def test_the_first_person_decides(personal: str, general: str) -> None:
    assert _found(personal) != []
    assert _found(general) == []


def test_a_word_far_from_the_first_person_is_left_alone() -> None:
    assert _found("I like tea. " + "It rains. " * 40 + "Migraine is common.") == []


def test_chinese_reaches_less_far_because_it_says_more() -> None:
    assert _found("我喜欢茶。" + "今天下雨。" * 15 + "偏头痛很常见。") == []


def test_a_part_of_the_own_name_is_nobody_else() -> None:
    text = "I am Ingrid, as Dr. Ingrid Haugland signs; my friend is Takumi Ingrid."

    assert _found(text, user_name="Ingrid Haugland") == []
    assert "Ingrid" in _found(text)


def test_a_namesake_with_another_family_name_is_somebody_else() -> None:
    assert _found("I met Ingrid Solberg", user_name="Ingrid Haugland") == ["Ingrid Solberg"]


_PIECES = st.sampled_from(
    ["I ", "my ", "我", "migraine", "偏头痛", "Ingrid", " ", "，", ". ", "severe ", "Dr. ", "·", "Haugland", "\n"]
)


@given(text=st.lists(_PIECES, max_size=30).map("".join), user_name=st.sampled_from([None, "Ingrid Haugland"]))
def test_spans_are_disjoint_ordered_and_inside_the_text(text: str, user_name: str | None) -> None:
    spans = list(_ALL.recognize(text, Context(user_name=user_name)))

    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start for end, span in zip(ends, spans, strict=False))
    assert ends[-1] <= len(text)
    assert {span.recognizer for span in spans} <= {"personal"}
