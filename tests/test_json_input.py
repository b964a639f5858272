from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import InputError
from memveil.json_input import decode_text, numbered_lines, parse_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=10,
)


@given(VALUES, st.booleans())
def test_honest_json_is_read_as_the_json_module_reads_it(value: object, ascii_only: bool) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=ascii_only)) == value


@given(st.text(st.characters(codec="utf-8")))
def test_text_comes_through_with_every_character(text: str) -> None:
    assert decode_text(text.encode()) == text


def test_a_wrong_byte_is_named_from_the_start_of_the_input() -> None:
    with pytest.raises(InputError, match=r"^the input is not UTF-8 at byte 3; save it as UTF-8$") as caught:
        decode_text(b"abc\xff")

    assert caught.value.__context__ is None

    with pytest.raises(InputError, match=r"at byte 6;"):
        list(numbered_lines([b"one\n", b"ab\xed\xa0\x80\n"]))


def test_blank_lines_are_counted_and_left_out() -> None:
    assert list(numbered_lines([b"\n", b"a\r\n", b" \n", b"b"])) == [(2, "a\r\n"), (4, "b")]


def test_a_byte_order_mark_is_no_text() -> None:
    assert list(numbered_lines(["\ufeff{}".encode()])) == [(1, "{}")]
    assert parse_json("\ufeff{}") == {}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": secret}', "broken JSON in line 7, column 7 (expecting value); mend it there"),
        (
            '{\n"a": 1,\n"secret" 2}',
            "broken JSON in line 9, column 10 (expecting ':' delimiter); mend it there",
        ),
        ('["\\s"]', "broken JSON in line 7, column 3 (invalid \\escape); mend it there"),
        ("[1] secret", "broken JSON in line 7, column 5 (extra data); mend it there"),
        ("[NaN]", "NaN, which is no JSON, in line 7; mend it there"),
        ('{"secret": 1, "secret": 2}', "two equal keys in one object in line 7; mend it there"),
        ("1" * 5000, "a number of too many digits in line 7; mend it there"),
        ("[" * 100_000, "JSON nested too deeply in line 7; mend it there"),
    ],
)
def test_a_mistake_is_named_by_its_place_and_never_quoted(text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_json(text, line=7)

    assert str(caught.value) == message
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (r'{"messages": [{"content": "a\ud83d"}]}', "messages[0].content in line 2"),
        (r'{"Ines L.": "\uDC00"}', "* in line 2"),
        (r'{"a": {"\ud800": 1}}', "a key of a in line 2"),
        (r'"\ud800"', "the text in line 2"),
    ],
)
def test_a_lone_surrogate_is_named_by_its_path(text: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_json(text, line=2)

    assert str(caught.value) == f"a lone surrogate at {place}; remove it or write the whole character"


def test_a_pair_of_surrogates_is_a_character() -> None:
    assert parse_json(r'["\ud83d\ude42", null, 1]') == ["🙂", None, 1]
