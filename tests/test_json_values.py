from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import InputError, UnsupportedFormat
from memveil.json_values import kind_of, map_json_text, map_values, show_key

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def veil(text: str) -> str:
    return text.replace("sesame", "<Password_1>").replace("4417", "<Code_1>")


@given(VALUES)
def test_a_function_that_changes_nothing_changes_nothing(value: object) -> None:
    document = json.dumps(value)

    assert map_values(value, str, where="here") == value
    assert map_json_text(document, str, where="here") == document


@given(VALUES)
def test_every_string_and_number_is_shown_to_the_function(value: object) -> None:
    shown: list[str] = []

    map_values(value, lambda text: shown.append(text) or text, where="here")

    for leaf in leaves(value):
        assert any(text.endswith(leaf) for text in shown)


def leaves(value: object) -> list[str]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in leaves(item)]
    if value is None or isinstance(value, bool):
        return []
    return [value if isinstance(value, str) else json.dumps(value)]


def test_the_key_is_shown_before_the_value_and_taken_away_again() -> None:
    shown: list[str] = []

    def transform(text: str) -> str:
        shown.append(text)
        return veil(text)

    assert map_values({"doorCode_now": ["sesame"]}, transform, where="here") == {"doorCode_now": ["<Password_1>"]}
    assert shown == ["door Code now: sesame"]


def test_a_value_is_shown_alone_when_its_key_did_not_survive() -> None:
    assert map_values({"sesame": "open sesame"}, veil, where="here") == {"sesame": "open <Password_1>"}


def test_a_number_that_changes_becomes_a_string_and_other_numbers_stay() -> None:
    assert map_values([4417, 4418, 1.5], veil, where="here") == ["<Code_1>", 4418, 1.5]


def test_a_key_that_is_no_identifier_is_transformed_and_an_identifier_stays() -> None:
    assert map_values({"the sesame": 1, "sesame": 2}, veil, where="here") == {
        "the <Password_1>": 1,
        "sesame": 2,
    }


def test_two_keys_that_become_one_are_refused() -> None:
    with pytest.raises(UnsupportedFormat, match="two keys that become one at here"):
        map_values({"a a": 1, "b b": 2}, lambda text: "same" if text in {"a a", "b b"} else text, where="here")


def test_a_changed_document_is_compact_and_escaped() -> None:
    document = '{ "note": "say \\"sesame\\"", "城": "卑尔根" }'

    mapped = map_json_text(document, lambda text: text.replace("sesame", 'a"b'), where="here")

    assert mapped == '{"note":"say \\"a\\"b\\"","城":"卑尔根"}'


@pytest.mark.parametrize("document", ["", "{", "{'a': 1}", "NaN", "[" * 100_000, "[" + "9" * 5000 + "]"])
def test_a_document_that_is_no_json_is_refused_without_being_quoted(document: str) -> None:
    with pytest.raises(UnsupportedFormat, match=r"^text that is not JSON at here; nothing was sent$") as caught:
        map_json_text(document, str, where="here")

    assert caught.value.__suppress_context__


def test_deep_nesting_is_refused() -> None:
    with pytest.raises(UnsupportedFormat, match="levels of nesting"):
        map_json_text("[" * 200 + "]" * 200, str, where="here")


def test_a_lone_surrogate_in_a_changed_document_is_refused() -> None:
    with pytest.raises(InputError, match="lone surrogate at here"):
        map_json_text('["\\ud800", "sesame"]', veil, where="here")


def test_an_infinite_number_in_a_changed_document_is_refused() -> None:
    with pytest.raises(UnsupportedFormat, match="number out of range at here"):
        map_json_text('[1e999, "sesame"]', veil, where="here")


@pytest.mark.parametrize("value", [{1: "a"}, {"a": b"bytes"}])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(UnsupportedFormat):
        map_values(value, str, where="here")


def test_only_keys_made_of_plain_words_are_shown() -> None:
    assert show_key("image_url") == "'image_url'"
    assert show_key("ines@larsen.no") == "of 14 characters"


def test_kinds_are_named_in_words() -> None:
    values = [None, True, 1, 1.5, "a", [], {}, b""]

    assert [kind_of(value) for value in values] == [
        "null",
        "true or false",
        "a number",
        "a number",
        "text",
        "a list",
        "an object",
        "a bytes",
    ]
