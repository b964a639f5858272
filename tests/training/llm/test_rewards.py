"""The rewards of GRPO: the true answer earns most, and every way around the task earns less than one honest item."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.privacy_types import PRIVACY_TYPES
from training.llm import rewards

MESSAGE = (
    "Mail me at odile@tarn.example, the gate opens with 51-08-K, and my coeliac disease is back, "
    "so no bread for the picnic on Sunday, please, and do not tell the others."
)
KINDS = {"odile@tarn.example": "Email", "51-08-K": "Password", "coeliac disease": "Medical Health"}
SPANS = [(MESSAGE.index(value), MESSAGE.index(value) + len(value), kind) for value, kind in KINDS.items()]


def item(value: str, kind: str, level: str = "") -> dict[str, str]:
    return {
        "original_text": value,
        "privacy_type": kind,
        "privacy_level": level or str(PRIVACY_TYPES[kind].level),
    }


RIGHT = [item(value, kind) for value, kind in KINDS.items()]
TRUTH = json.dumps(RIGHT)
ONE_RIGHT = json.dumps(RIGHT[:1])


def worth(answer: str) -> float:
    return rewards.total(answer, message=MESSAGE, spans=SPANS, truth=TRUTH)


def test_the_true_answer_earns_everything() -> None:
    assert worth(TRUTH) == pytest.approx(1.5)
    assert rewards.total("[]", message=MESSAGE, spans=[], truth="[]") == pytest.approx(1.5)


HACKS = {
    "an empty answer": "[]",
    "no answer": "",
    "the whole message as one span": json.dumps([item(MESSAGE, "Medical Health")]),
    "the whole message, and the true items": json.dumps([item(MESSAGE, "Medical Health"), *RIGHT]),
    "every word a span": json.dumps([item(word, "Email") for word in MESSAGE.split()]),
    "right texts of a wrong level": json.dumps(
        [item(RIGHT[0]["original_text"], "Password"), item(RIGHT[1]["original_text"], "Medical Health"),
         item(RIGHT[2]["original_text"], "Email")]
    ),
    "right texts and types of a wrong level": json.dumps([right | {"privacy_level": "PL1"} for right in RIGHT]),
    "right types, texts from nowhere": json.dumps([item("someone@else.example", "Email"), item("9", "Password")]),
    "the true answer, not closed": TRUTH[:-1],
    "the true answer in words": f"Here is what I found: {TRUTH}",
    "the true answer twice": TRUTH + TRUTH,
    "an answer without end": "[" + ", ".join(json.dumps(RIGHT[0]) for _ in range(400)),
    "a fourth field": json.dumps([right | {"why": "private"} for right in RIGHT]),
    "an object, no array": json.dumps({"items": RIGHT}),
    "an array of arrays": "[" * 5000,
}  # fmt: skip


@pytest.mark.parametrize("name", HACKS)
def test_a_trick_earns_less_than_one_honest_item(name: str) -> None:
    assert worth(HACKS[name]) < worth(ONE_RIGHT)


def test_a_repeated_item_never_pays() -> None:
    for times in (2, 3, 30):
        assert worth(json.dumps(RIGHT + RIGHT[:1] * (times - 1))) < worth(TRUTH) - 0.1
        assert worth(json.dumps(RIGHT[:1] * times)) < worth(ONE_RIGHT)


@pytest.mark.parametrize("broken", ["", "[", "]", "null", "7", '"[]"', "{}", "[1]", "[[]]", '[{"original_text": 1}]'])
def test_an_invalid_answer_earns_nothing(broken: str) -> None:
    assert rewards.parse(broken) is None
    assert rewards.format_reward(broken) == 0
    assert rewards.metric_reward(broken, MESSAGE, SPANS) == 0
    assert rewards.recall_reward(broken, MESSAGE, SPANS) == 0
    assert worth(broken) <= 0


def test_a_level_that_is_not_of_its_type_costs_form_and_metric() -> None:
    wrong = json.dumps([item("odile@tarn.example", "Email", "PL4")])
    assert rewards.format_reward(wrong) == 0
    assert rewards.metric_reward(wrong, MESSAGE, SPANS) == 0


def test_a_coined_type_is_read_but_costs_form() -> None:
    coined = json.dumps([item("odile@tarn.example", "Electric Letterbox", "PL2")])
    assert rewards.parse(coined) is not None
    assert rewards.format_reward(coined) == 0


def test_a_missed_secret_costs_more_than_a_missed_address() -> None:
    without_password = json.dumps([RIGHT[0], RIGHT[2]])
    without_email = json.dumps([RIGHT[1], RIGHT[2]])
    assert rewards.recall_reward(without_password, MESSAGE, SPANS) < rewards.recall_reward(
        without_email, MESSAGE, SPANS
    )


def test_part_of_a_phrase_earns_part_and_part_of_a_value_nothing() -> None:
    phrase = rewards.metric_reward(json.dumps([item("disease", "Medical Health")]), MESSAGE, SPANS)
    value = rewards.metric_reward(json.dumps([item("odile", "Email")]), MESSAGE, SPANS)
    assert 0 < phrase < rewards.metric_reward(ONE_RIGHT, MESSAGE, SPANS)
    assert value == 0


def test_the_metric_does_not_hang_on_the_order_of_items() -> None:
    assert rewards.metric_reward(json.dumps(RIGHT[::-1]), MESSAGE, SPANS) == pytest.approx(1)


def test_length_costs_only_far_beyond_the_truth() -> None:
    assert rewards.length_cost(TRUTH, TRUTH) == 0
    assert rewards.length_cost(json.dumps([*RIGHT, RIGHT[0]]), TRUTH) == 0
    assert 0 < rewards.length_cost(json.dumps(RIGHT * 3), TRUTH) < 1
    assert rewards.length_cost("x" * 10_000, TRUTH) == 1


VALUES = st.one_of(
    st.sampled_from(list(KINDS)),
    st.integers(0, len(MESSAGE) - 1).flatmap(
        lambda start: st.integers(start + 1, min(len(MESSAGE), start + 40)).map(lambda end: MESSAGE[start:end])
    ),
)
ANSWERS = st.lists(st.builds(item, VALUES, st.sampled_from(sorted(PRIVACY_TYPES))), max_size=6).map(json.dumps)


@given(ANSWERS | st.text(max_size=80))
def test_each_reward_is_a_share_and_nothing_earns_more_than_the_truth(answer: str) -> None:
    parts = rewards.each(answer, message=MESSAGE, spans=SPANS, truth=TRUTH)
    assert parts.keys() == rewards.WEIGHTS.keys()
    assert all(0 <= part <= 1 for part in parts.values())
    assert worth(answer) <= worth(TRUTH) + 1e-9
