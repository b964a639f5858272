"""Resolve: disjoint, sorted, and never less covered, at every level."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from memveil.resolve import resolve
from memveil.spans import PrivacyLevel, Span

TYPES = ["Email", "Password", "Medical Health", "Third-Party Identifiable Info"]

spans = st.builds(
    lambda start, size, kind, level, score, who: Span(start, start + size, kind, PrivacyLevel(level), score, who),
    st.integers(0, 40),
    st.integers(1, 20),
    st.sampled_from(TYPES),
    st.integers(2, 4),
    st.sampled_from([0.5, 0.9, 1.0]),
    st.sampled_from(["patterns", "known", "onnx"]),
)


def covered(found: list[Span] | tuple[Span, ...], level: int) -> set[int]:
    return {i for span in found if span.level >= level for i in range(span.start, span.end)}


@given(st.lists(spans, max_size=8))
def test_the_result_is_disjoint_and_sorted(found: list[Span]) -> None:
    resolved = resolve(found)

    assert all(a.end <= b.start for a, b in pairwise(resolved))


@given(st.lists(spans, max_size=8))
def test_no_level_covers_less_than_before(found: list[Span]) -> None:
    resolved = resolve(found)

    for level in (2, 3, 4):
        assert covered(resolved, level) >= covered(found, level)


@given(st.lists(spans, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(found: list[Span], random: st.DataObject) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert resolve(shuffled) == resolve(found)


@given(st.lists(spans, max_size=8))
def test_resolving_twice_changes_nothing(found: list[Span]) -> None:
    once = resolve(found)

    assert resolve(once) == once


def test_a_longer_span_of_the_same_level_takes_the_shorter_one_in() -> None:
    relation = Span(0, 12, "Relationship Info", PrivacyLevel.PL2)
    name = Span(8, 12, "Third-Party Identifiable Info", PrivacyLevel.PL2, 1.0)

    assert resolve([name, relation]) == (relation,)


def test_a_secret_inside_a_long_span_is_cut_out_of_it() -> None:
    letter = Span(0, 60, "Communication Content", PrivacyLevel.PL3)
    code = Span(30, 36, "Verification Code", PrivacyLevel.PL4)

    assert [(s.start, s.end, s.level) for s in resolve([letter, code])] == [
        (0, 30, PrivacyLevel.PL3),
        (30, 36, PrivacyLevel.PL4),
        (36, 60, PrivacyLevel.PL3),
    ]
