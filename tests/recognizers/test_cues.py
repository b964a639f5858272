"""Rows made of cue words."""

from __future__ import annotations

import pytest

from memveil.detect import Context
from memveil.recognizers.cues import LINK, LOOSE, cue_then_value, value_then_cue, words
from memveil.recognizers.patterns import Pattern, PatternRecognizer

_ROW = cue_then_value("t.after", "Token", cues=words("gate key, 门钥"), value=r"\d{4}", examples=())
_BACK = value_then_cue("t.before", "Token", cues=words("gate key, 门钥"), value=r"\d{4}", examples=())


def _values(row: Pattern, text: str) -> list[str]:
    return [text[span.start : span.end] for span in PatternRecognizer([row]).recognize(text, Context())]


def test_words_are_separated_by_commas() -> None:
    assert words("gate key, 水,x") == ("gate key", "水", "x")


def test_chinese_words_come_as_traditional_characters_too() -> None:
    assert words("验证码, 水") == ("验证码", "驗證碼", "水")


@pytest.mark.parametrize(
    "text",
    [
        "gate key 4471",
        "Gate-Key: 4471",
        "GATE_KEY=4471",
        "gatekey is now **4471**",
        "the gate keys are: 4471",
        "gate key (new) → '4471'",
        "我的门钥是“4471”",
        "门钥：4471",
        "问gate key 4471呢",
    ],
)
def test_a_cue_leads_to_its_value(text: str) -> None:
    assert _values(_ROW, text) == ["4471"]


@pytest.mark.parametrize(
    "text", ["investigate key 4471", "gate keyring 4471", "gate key and then some 4471", "gate  keep 4471"]
)
def test_a_latin_cue_is_a_whole_word_beside_its_value(text: str) -> None:
    assert _values(_ROW, text) == []


@pytest.mark.parametrize("text", ["4471 gate key", "“4471”这个门钥", "`4471` gate-key", "4471的门钥"])
def test_a_value_may_stand_before_its_cue(text: str) -> None:
    assert _values(_BACK, text) == ["4471"]


def test_a_loose_gap_stays_in_the_sentence_and_takes_the_first_value() -> None:
    row = cue_then_value("t.loose", "Token", cues=("key",), gap=LOOSE, value=r"\d{4}", examples=())

    assert _values(row, "the key that they gave us was 4471, not 4472") == ["4471"]
    assert _values(row, "I have the key. It cost 4471") == []
    assert _values(row, "钥匙key丢了。4471") == []


def test_a_suffix_counts_as_a_part_of_the_cue() -> None:
    row = cue_then_value(
        "t.suffix", "Token", cues=("key",), suffix="(?: number)", gap=LINK, value=r"\d{4}", examples=()
    )

    assert _values(row, "key number 4471") == ["4471"]
    assert _values(row, "key 4471") == []


def test_some_words_turn_a_cue_into_another_thing() -> None:
    row = cue_then_value(
        "t.unless", "Token", cues=("key", "码"), unless_after=("piano", "邮政编"), value=r"\d{4}", examples=()
    )

    assert _values(row, "piano key 4471, piano-key 4472, 邮政编码4473") == []
    assert _values(row, "key 4471") == ["4471"]
