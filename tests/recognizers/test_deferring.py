"""The later recognizer fills gaps and never weakens what the earlier ones found."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from memveil.detect import Context
from memveil.recognizers.deferring import DeferringRecognizer
from memveil.resolve import resolve
from memveil.spans import PrivacyLevel, Span

TEXT = "x" * 60


class Fixed:
    """Answers with given ranges."""

    def __init__(self, name: str, spans: list[Span]) -> None:
        self.name = name
        self._spans = spans

    def recognize(self, text: str, context: Context) -> list[Span]:
        return self._spans


def span(start: int, end: int, level: int = 2, who: str = "onnx") -> Span:
    return Span(start, end, "Medical Health", PrivacyLevel(level), 0.9, who)


def spans(who: str) -> st.SearchStrategy[list[Span]]:
    one = st.builds(
        lambda s, n, level: span(s, s + n, level, who), st.integers(0, 40), st.integers(1, 20), st.integers(2, 4)
    )
    return st.lists(one, max_size=5)


def run(first: list[Span], then: list[Span]) -> list[Span]:
    recognizer = DeferringRecognizer((Fixed("rules", first),), Fixed("onnx", then))
    return list(recognizer.recognize(TEXT, Context()))


def test_its_name_tells_the_whole_cascade() -> None:
    assert DeferringRecognizer((Fixed("a", []), Fixed("b", [])), Fixed("c", [])).name == "a+b+c"


def test_a_span_beside_the_rules_counts() -> None:
    assert run([span(0, 5, who="rules")], [span(10, 15)]) == [span(0, 5, who="rules"), span(10, 15)]


def test_a_span_with_other_borders_over_a_rule_does_not() -> None:
    assert run([span(0, 5, who="rules")], [span(0, 8), span(3, 9)]) == [span(0, 5, who="rules")]


def test_a_long_story_of_which_a_rule_saw_a_small_part_counts() -> None:
    assert span(0, 40) in run([span(10, 15, who="rules")], [span(0, 40)])


@given(spans("rules"), spans("onnx"))
def test_what_the_rules_found_always_stands(first: list[Span], then: list[Span]) -> None:
    found = run(first, then)

    assert found[: len(first)] == first
    assert set(found[len(first) :]) <= set(then)


@given(spans("rules"), spans("onnx"))
def test_no_level_is_covered_less_than_by_the_rules_alone(first: list[Span], then: list[Span]) -> None:
    for level in (2, 3, 4):
        alone = {i for s in resolve(first) if s.level >= level for i in range(s.start, s.end)}
        both = {i for s in resolve(run(first, then)) if s.level >= level for i in range(s.start, s.end)}
        assert both >= alone
