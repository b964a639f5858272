"""The prompt: all types, the user's name, the text as data, and nothing else of the user."""

from __future__ import annotations

import json

from hypothesis import given

from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.llm_answer import read_answer
from memveil.recognizers.llm_prompt import ANSWER_SCHEMA, build_prompt, default_instructions
from memveil.spans import PrivacyLevel
from tests.texts import texts


def test_every_type_is_explained_under_its_level() -> None:
    text = default_instructions()

    for row in PRIVACY_TYPES.values():
        if row.level is not PrivacyLevel.PL1:
            assert f"\n- {row.name}: {row.description}" in text
    assert text.index("PL4:") < text.index("PL3:") < text.index("PL2:")


def test_the_example_in_the_instructions_is_a_complete_answer() -> None:
    answer = default_instructions().split("Answer:\n")[1].split("\n")[0]
    message = default_instructions().split('"content": ')[1].split("\n")[0]
    reading = read_answer(answer)

    assert reading.is_complete
    assert len(reading.items) == 3
    assert all(item.original_text in message for item in reading.items)


def test_name_and_text_stand_at_the_end() -> None:
    prompt = build_prompt('Mail "me"\nnow', user_name="Lena\nHartwig")

    assert prompt.endswith(
        'User\'s Real Name: Lena Hartwig\nCurrent Input Dialogue:\n{\n  "role": "user",\n  "content": "Mail \\"me\\"\\nnow"\n}'
    )
    assert "Earlier messages" not in prompt


def test_earlier_turns_stand_before_the_text_and_are_cut() -> None:
    prompt = build_prompt("It is 40-71.", previous=["x" * 9000 + " What is the door code?"])

    assert prompt.index("What is the door code?") < prompt.index("It is 40-71.")
    assert len(prompt) < len(default_instructions()) + 1000


def test_other_instructions_take_the_place_of_ours() -> None:
    assert build_prompt("Hi", instructions="Find everything.\n") == (
        "Find everything.\nUser's Real Name: unknown\nCurrent Input Dialogue:\n"
        + json.dumps({"role": "user", "content": "Hi"}, indent=2)
    )


@given(texts())
def test_any_text_is_one_json_string_that_can_be_sent(text: str) -> None:
    prompt = build_prompt(text)
    sent = json.loads(prompt.split("Current Input Dialogue:\n")[-1])

    assert prompt.encode()
    assert len(sent["content"]) == len(text)


def test_the_schema_names_the_three_fields() -> None:
    item = ANSWER_SCHEMA["items"]

    assert item["required"] == list(item["properties"]) == ["original_text", "privacy_type", "privacy_level"]
