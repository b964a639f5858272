"""The reward of reinforcement learning: right answers earn most, and no trick earns more."""

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel

_spec = importlib.util.spec_from_file_location(
    "memveil_training_reward", Path(__file__).parents[2] / "training" / "reward.py"
)
assert _spec
assert _spec.loader
rewards = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(rewards)

Runs = list[tuple[int, int, int]]

TYPES = tuple(PRIVACY_TYPES)
EMAIL, PASSWORD, HEALTH, PHONE = (TYPES.index(name) for name in ("Email", "Password", "Medical Health", "Phone Number"))
PIECES = 40
GOLD = [(2, 5, EMAIL), (10, 16, HEALTH), (30, 33, PASSWORD)]


def worth(found: Runs) -> float:
    return rewards.reward(found, GOLD, PIECES, recall=0.3, cover=1.0)


@st.composite
def span_lists(draw: st.DrawFn) -> Runs:
    borders = sorted(draw(st.sets(st.integers(0, PIECES), max_size=12)))
    pairs = list(zip(borders[::2], borders[1::2], strict=False))
    return [(start, end, draw(st.integers(0, len(TYPES) - 1))) for start, end in pairs]


@given(span_lists(), span_lists())
def test_the_truth_earns_most(found: Runs, gold: Runs) -> None:
    def score(spans: Runs) -> float:
        return rewards.reward(spans, gold, PIECES, recall=0.3, cover=1.0)

    assert score(found) <= score(gold) + 1e-9
    assert score(gold) == pytest.approx(1.3)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("an empty answer", []),
        ("the whole message as one span", [(0, PIECES, HEALTH)]),
        ("every piece a span", [(at, at + 1, EMAIL) for at in range(PIECES)]),
        ("right texts of a wrong level", [(2, 5, PASSWORD), (10, 16, EMAIL), (30, 33, HEALTH)]),
        ("right levels at wrong places", [(6, 9, EMAIL), (17, 23, HEALTH), (34, 37, PASSWORD)]),
    ],
)
def test_a_trick_earns_less_than_one_right_span(name: str, found: Runs) -> None:
    assert worth(found) < worth(GOLD[:1]), name


def test_a_repeated_span_is_paid_once() -> None:
    assert rewards.f1([GOLD[0], GOLD[0]], GOLD) < rewards.f1([GOLD[0]], GOLD) + 1e-9


def test_part_of_a_phrase_earns_part_and_part_of_a_value_nothing() -> None:
    assert 0 < rewards.pair((10, 14, HEALTH), (10, 16, HEALTH)) < 1
    assert rewards.pair((2, 4, EMAIL), (2, 5, EMAIL)) == 0


def test_another_type_of_the_level_earns_part_another_level_nothing() -> None:
    assert 0 < rewards.pair((2, 5, PHONE), (2, 5, EMAIL)) < 1
    assert rewards.pair((2, 5, PASSWORD), (2, 5, EMAIL)) == 0


def test_a_missed_secret_costs_more_than_a_missed_address() -> None:
    assert PRIVACY_TYPES["Password"].level is PrivacyLevel.PL4
    gold = [(0, 3, EMAIL), (10, 13, PASSWORD)]
    assert rewards.covered(gold[1:], gold) > rewards.covered(gold[:1], gold)


def test_nothing_private_and_nothing_found_is_right() -> None:
    assert rewards.reward([], [], PIECES, recall=0.3, cover=1.0) == pytest.approx(1.3)
    assert rewards.reward([(0, 4, EMAIL)], [], PIECES, recall=0.3, cover=1.0) < 0.5
