"""An answer is never trusted: it is read as far as it goes, and counts only where it stands in the text."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.llm_answer import LONGEST_ANSWER, MOST_SPANS, Item, locate, read_answer
from memveil.spans import PrivacyLevel
from tests.texts import texts

PL2, PL3, PL4 = PrivacyLevel.PL2, PrivacyLevel.PL3, PrivacyLevel.PL4
GOOD = '[{"original_text": "asthma", "privacy_type": "Medical Health", "privacy_level": "PL3"}]'
ASTHMA = Item("asthma", "Medical Health", PL3)


def found(text: str, *items: Item) -> list[str]:
    return [text[span.start : span.end] for span in locate(text, items, recognizer="llm").spans]


@pytest.mark.parametrize(
    "answer",
    [
        GOOD,
        f"<think>The user speaks of [health] {{so}}</think>\n{GOOD}",
        f"thinking without its first tag</think>{GOOD}",
        f"Here is the list:\n```json\n{GOOD}\n```\nAnything else?",
        f'{{"items": {GOOD}}}',
        GOOD.strip("[]"),
        GOOD[:-1].replace('"PL3"', "'PL3'") + ",]",
        GOOD.replace('"', "'"),
        GOOD.replace("PL3", "3"),
    ],
)  # fmt: skip
def test_a_list_is_read_in_whatever_it_is_wrapped(answer: str) -> None:
    reading = read_answer(answer)

    assert reading.items == (ASTHMA,)
    assert (reading.is_complete, reading.unreadable) == (True, 0)


@pytest.mark.parametrize("answer", ["[]", " [] ", "```json\n[]\n```", "<think>x</think>[]", '{"items": []}'])
def test_nothing_private_is_a_complete_answer(answer: str) -> None:
    assert read_answer(answer).is_complete
    assert read_answer(answer).items == ()


@pytest.mark.parametrize(
    "answer",
    [
        "", " ", "I found nothing private.", "null", "true", '"[]', "It says: answer []! I will not.", "{}", "[1, 2]", '["asthma"]', "<think>so", f"<think>{GOOD}",
        '{"original_text": 3.5}', '[{"privacy_type": "Email"}]', "[" * 50_000, "{" * 5_000, '["' * 20_000, '{"a":' * 9_000,
        "x" * (LONGEST_ANSWER + 1), "```" + " " * 60_000, "<think>" * 9_000, json.dumps([{"original_text": str(n)} for n in range(1001)]),
    ],
)  # fmt: skip
def test_what_is_no_list_of_items_is_incomplete(answer: str) -> None:
    assert not read_answer(answer).is_complete


def test_of_an_answer_that_is_cut_off_the_whole_items_stand() -> None:
    two = GOOD[:-1] + ', {"original_text": "lena@hartwig.example", "privacy_type": "Email", "privacy_level": "PL2"}'

    for end in range(len(GOOD), len(two)):
        reading = read_answer(two[:end])
        assert not reading.is_complete
        assert reading.items[0] == ASTHMA


def test_an_object_that_says_no_text_makes_the_answer_incomplete() -> None:
    reading = read_answer(GOOD[:-1] + ', {"privacy_type": "Email"}]')

    assert reading.items == (ASTHMA,)
    assert (reading.is_complete, reading.unreadable) == (False, 1)


@pytest.mark.parametrize(
    ("kind", "level", "expected"),
    [
        ("Email", "PL2", ("Email", PL2)),
        ("Email", "PL4", ("Email", PL4)),
        ("Password", "PL2", ("Password", PL4)),
        ("OTP", "PL4", ("Verification Code", PL4)),
        ("Fertility Clinic Payment", "PL3", ("Transaction Record", PL3)),
        ("Something Else Entirely", "PL4", ("Business Secret", PL4)),
        ("Email", None, ("Email", PL2)),
        ("Email", "very high", ("Email", PL2)),
        (None, "PL3", ("Sensitive Identity", PL3)),
        ("Email", "PL1", ("Email", PL2)),
        (7, 3, ("Identity Background", PL2)),
    ],
)
def test_types_come_from_the_table_and_levels_never_fall(kind: object, level: object, expected: object) -> None:
    answer = json.dumps([{"original_text": "x", "privacy_type": kind, "privacy_level": level}])

    (item,) = read_answer(answer).items
    assert (item.privacy_type, item.level) == expected


def test_tastes_that_the_model_lists_as_such_are_left_alone() -> None:
    reading = read_answer('[{"original_text": "jazz", "privacy_type": "Preference", "privacy_level": "PL1"}]')

    assert (reading.items, reading.is_complete) == ((), True)


def test_a_number_without_quotes_is_text() -> None:
    assert (
        read_answer('[{"original_text": 829417, "privacy_type": "OTP", "privacy_level": "PL4"}]').items[0].original_text
        == "829417"
    )


def test_items_are_read_once_and_do_not_show_themselves() -> None:
    reading = read_answer(GOOD[:-1] + "," + GOOD[1:])

    assert reading.items == (ASTHMA,)
    assert "asthma" not in repr(reading)


def test_every_occurrence_is_marked() -> None:
    text = "asthma, my asthma! 哮喘asthma哮喘"

    assert found(text, ASTHMA) == ["asthma"] * 3


def test_inside_longer_words_and_numbers_only_what_stands_nowhere_else() -> None:
    assert found("Ana and Anastasia", Item("Ana", "Real Name", PL2)) == ["Ana"]
    assert locate("Ana and Anastasia", [Item("Ana", "Real Name", PL2)], recognizer="llm").spans[0].start == 0
    assert found("Anastasia", Item("Ana", "Real Name", PL2)) == ["Ana"]
    assert found("code 1234, not 12345", Item("1234", "Password", PL4)) == ["1234"]
    assert found("我叫苏婉，苏婉婉是猫", Item("苏婉", "Real Name", PL2)) == ["苏婉", "苏婉"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Ring １３９ １２３４ ５６７８ now", "139 1234 5678"),
        ("mail le\u200bna@hartwig.example", "lena@hartwig.example"),
        ("the code is 829417.", '"829417"'),
        ("the code is 829417.", " 829417,\n"),
        ("号码是８２９４１７。", "829417。"),
    ],
)
def test_what_the_model_tidied_up_is_found_as_it_was_typed(text: str, said: str) -> None:
    assert len(found(text, Item(said, "Password", PL4))) == 1


def test_what_stands_nowhere_is_dropped_and_counted() -> None:
    located = locate(
        "I have asthma.", [Item("diabetes", "Medical Health", PL3), ASTHMA, Item("  ", "Email", PL2)], recognizer="llm"
    )

    assert (len(located.spans), located.invented, located.is_plausible) == (1, 2, True)


def test_an_answer_that_marks_letters_is_implausible() -> None:
    assert not locate(
        "a b " * MOST_SPANS, [Item("a", "Email", PL2), Item("b", "Email", PL2)], recognizer="llm"
    ).is_plausible
    assert not locate("aa" * MOST_SPANS, [Item("a", "Email", PL2)], recognizer="llm").is_plausible


@given(texts(), st.one_of(st.text(), texts()))
def test_any_answer_gives_spans_inside_the_text(text: str, answer: str) -> None:
    located = locate(text, read_answer(answer).items, recognizer="llm")

    assert all(span.end <= len(text) for span in located.spans)


@example("<\x0c", [(1, 1, "", "")])
@given(texts(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60), st.text(), st.text(max_size=5)), max_size=6))
def test_any_items_give_spans_of_known_types_that_read_as_asked(
    text: str, drawn: list[tuple[int, int, str, str]]
) -> None:
    items = [
        {"original_text": text[start : start + length], "privacy_type": kind, "privacy_level": level}
        for start, length, kind, level in drawn
    ]
    reading = read_answer(json.dumps(items))
    located = locate(text, reading.items, recognizer="llm")

    assert reading.is_complete
    for span in located.spans:
        assert span.level >= max(PL2, PRIVACY_TYPES[span.privacy_type].level)
        assert text[span.start : span.end].strip()
    marked = {i for span in located.spans for i in range(span.start, span.end)}
    for item in reading.items:
        stretch = item.original_text.strip()
        if stretch:
            assert any(
                set(range(at, at + len(stretch))) <= marked for at in range(len(text)) if text.startswith(stretch, at)
            )
