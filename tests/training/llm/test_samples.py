"""Samples: the answer is what the metric calls perfect, and no persona is both learned and asked."""

import json
from pathlib import Path

import pytest

from memveil.recognizers.llm_answer import read_answer
from training.corpus import Dialogue, Message, unmark
from training.llm import rewards
from training.llm.samples import COMPACT, samples_of, split, that_fit, true_answer

CORPUS = Path(__file__).parents[3] / "corpus" / "dialogues"
TEXT, SPANS = unmark(
    "I am \u27e6Odile Tarnow|Real Name\u27e7, not \u27e6Odile Tarnow|Real Name\u27e7's cousin. "
    'The code is \u27e6"51\\08"|Verification Code\u27e7.'
)
DIALOGUE = Dialogue(
    "none.txt", "Odile Tarnow", "en", "tests", (Message("user", TEXT, SPANS), Message("assistant", "Fine.", ()))
)


def test_an_answer_holds_each_value_once_and_survives_quotes_and_backslashes() -> None:
    assert json.loads(true_answer(DIALOGUE.messages[0])) == [
        {"original_text": "Odile Tarnow", "privacy_type": "Real Name", "privacy_level": "PL2"},
        {"original_text": '"51\\08"', "privacy_type": "Verification Code", "privacy_level": "PL4"},
    ]


def test_a_message_without_private_values_is_answered_by_an_empty_array() -> None:
    assert true_answer(DIALOGUE.messages[1]) == "[]"


def test_a_question_holds_name_and_message_after_the_instructions() -> None:
    first, _ = samples_of(DIALOGUE, COMPACT)
    assert first.prompt.startswith(COMPACT)
    assert "Odile Tarnow" in first.prompt
    assert json.dumps(TEXT)[1:-1] in first.prompt


def test_a_sample_that_does_not_fit_is_left_out_whole() -> None:
    both = tuple(samples_of(DIALOGUE, None))
    assert that_fit(both, lambda sample: len(sample.message), 10) == both[1:]


@pytest.fixture(scope="module", name="parts")
def corpus_parts() -> tuple:
    return split(CORPUS, languages=("en", "zh"), instructions=COMPACT)


def test_no_persona_is_both_learned_and_asked(parts: tuple) -> None:
    training, validation = parts
    assert training
    assert validation
    assert not {s.persona for s in training} & {s.persona for s in validation}


def test_every_true_answer_of_the_validation_part_earns_everything(parts: tuple) -> None:
    _, validation = parts
    for sample in validation[:200]:
        worth = rewards.total(sample.answer, message=sample.message, spans=sample.spans, truth=sample.answer)
        assert worth == pytest.approx(1.5), sample.persona


def test_the_recognizer_reads_every_true_answer_whole(parts: tuple) -> None:
    _, validation = parts
    for sample in validation[:200]:
        reading = read_answer(sample.answer)
        assert reading.is_complete
        assert len(reading.items) == len(json.loads(sample.answer))
