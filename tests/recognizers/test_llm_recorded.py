"""The cascade with a model that answers what the reference annotators wrote, as they wrote it or with mistakes.

The annotations are read from the measuring data where it is there; nothing of it is kept.
"""

from __future__ import annotations

import functools
import json
import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memveil.detect import Context, detect
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.defaults import default_recognizers
from memveil.recognizers.llm import LanguageModelRecognizer
from memveil.recognizers.llm_model import Completion
from memveil.resolve import resolve
from memveil.spans import PrivacyLevel
from tests.recognizers.test_llm import Parrot, assert_no_less, covered, degrading
from tests.shared_data import benchmark_rows, needs

BENCHMARKS = ("memprivacy_bench_dev", "personamem_v2_annotated")
CASCADE = default_recognizers()
FIELDS = ("original_text", "privacy_type", "privacy_level")
OTHER_NAMES = ("Preference", "Odd Thing", "", *PRIVACY_TYPES)
LEVELS = ("PL0", "PL1", "PL2", "PL3", "PL4", "")

on_each_benchmark = pytest.mark.parametrize("name", [pytest.param(name, marks=needs(name)) for name in BENCHMARKS])

Item = tuple[str, str, str]


@functools.cache
def recorded(name: str) -> Sequence[tuple[str, Context, tuple[Item, ...]]]:
    """Messages with their users and what annotators listed, as a model's answer would list it."""
    return tuple(
        (turn["content"], Context(row["metadata"].get("user_name")), tuple(
            (item["original_text"], item["privacy_type"], item["privacy_level"]) for item in turn["privacy_info"]
        ))
        for row in benchmark_rows(name)
        for turn in row["dialogues"]
        if turn.get("privacy_info")
    )  # fmt: skip


def answer(items: Sequence[Item]) -> str:
    return json.dumps([dict(zip(FIELDS, item, strict=True)) for item in items], ensure_ascii=False)


def mistaken(items: Sequence[Item], text: str, luck: random.Random, noise: float) -> Completion:
    """The recorded answer, each part of it wrong with the probability ``noise``.

    Items are lost, changed or repeated; the answer breaks off, is wrapped in thoughts, or is nothing at all.
    """
    said: list[Item] = []
    for item in items:
        if luck.random() >= noise:
            times = luck.randint(2, 9) if luck.random() < noise else 1
            said += [changed(item, text, luck, noise)] * times
    whole = answer(said)
    if luck.random() < noise:
        whole = luck.choice([whole[: luck.randint(0, len(whole))], f"<think>{text}</think>{whole}", "[]", "", text])
    return Completion(whole, is_cut=luck.random() < noise / 2)


def changed(item: Item, text: str, luck: random.Random, noise: float) -> Item:
    """Values cut, grown, spelled otherwise or made up, types renamed, levels lowered or raised."""
    value, kind, level = item
    at = text.find(value)
    if luck.random() < noise and at >= 0:
        start, end = max(0, at + luck.randint(-4, 4)), at + len(value) + luck.randint(-4, 4)
        value = text[start:end]
    if luck.random() < noise:
        value = luck.choice([value.upper(), value.replace(" ", ""), value[::-1], "", text])
    if luck.random() < noise:
        kind = luck.choice(OTHER_NAMES)
    if luck.random() < noise:
        level = luck.choice(LEVELS)
    return value, kind, level


@on_each_benchmark
@pytest.mark.filterwarnings("ignore::memveil.recognizers.llm.DegradedWarning")
@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.sampled_from([0.0, 0.1, 0.4, 0.9]))
def test_recorded_answers_with_noise_never_lower_protection(name: str, luck: random.Random, noise: float) -> None:
    text, context, items = luck.choice(recorded(name))
    alone = detect(text, CASCADE, context)
    together = detect(text, (*CASCADE, degrading(mistaken(items, text, luck, noise))), context)

    assert_no_less(text, alone, together)


@on_each_benchmark
@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_true_answer_covers_what_the_annotators_found_and_all_that_was_covered(
    name: str, luck: random.Random
) -> None:
    text, context, items = luck.choice(recorded(name))
    # Not every annotated value stands in its message, and some stand only within other words.
    standing = [item for item in items if item[1] in PRIVACY_TYPES and is_apart(item[0], text)]
    model = LanguageModelRecognizer(Parrot([answer(standing)]))
    alone = detect(text, CASCADE, context)
    together = detect(text, (*CASCADE, model), context)
    hidden = covered(resolve(together), PrivacyLevel.PL2)

    assert_no_less(text, alone, together)
    for value, _, _ in standing:
        start = text.find(value)
        assert hidden.issuperset(range(start, start + len(value)))


def is_apart(value: str, text: str) -> bool:
    """Whether the first place where a value stands is no part of a longer word or number."""
    start = text.find(value) if value.strip() == value and value else -1
    if start < 0:
        return False
    around = text[max(0, start - 1) : start], text[start + len(value) : start + len(value) + 1]
    return not any(char.isalnum() or char == "_" for char in around)
