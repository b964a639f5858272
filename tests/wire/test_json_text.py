from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import InputError, UnsupportedFormat
from memveil.json_values import map_json_text
from memveil.restore import as_json_string, restore
from memveil.wire.json_text import map_document, map_text
from tests.wire.veil import VALUES, lookup, protect

ODD = ' {"to" : "caf\\u00e9 \\/ <Email_1> \\ud83d\\ude00",\n "n": [1.50, -2e3, true, null], "": "<Address_1>\\t."} '

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([*VALUES.values(), 4790041773]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
).filter(lambda value: "\\ud" not in json.dumps(value))


def test_what_was_restored_is_the_same_bytes_when_it_is_protected_again() -> None:
    restored = restore(ODD, lookup, write=as_json_string)

    assert json.loads(restored)["to"] == "café / ines@larsen.example 😀"
    assert map_document(restored, protect, where="x") == ODD


def test_a_document_without_anything_private_keeps_every_byte() -> None:
    assert map_document(ODD, lambda text: text, where="x") == ODD


@given(JSON)
def test_it_means_the_same_as_the_decoded_way(value: object) -> None:
    for document in (json.dumps(value), json.dumps(value, ensure_ascii=False, indent=1)):
        try:
            expected = map_json_text(document, protect, where="x")
        except UnsupportedFormat:
            continue
        assert json.loads(map_document(document, protect, where="x")) == json.loads(expected)


def test_a_value_is_shown_with_its_key_and_a_number_becomes_text() -> None:
    seen: list[str] = []

    def note(text: str) -> str:
        seen.append(text)
        return text.replace("4417", "<Pin_1>")

    assert map_document('{"door code": [4417, {"zip": "x"}], "a": 4}', note, where="x") == (
        '{"door code": ["<Pin_1>", {"zip": "x"}], "a": 4}'
    )
    assert "door code: 4417" in seen
    assert "zip: x" in seen


def test_keys_that_are_no_identifiers_are_text() -> None:
    assert map_document('{"Ines Larsen": 1, "ines": 2}', protect, where="x") == '{"<Person_1>": 1, "ines": 2}'


@pytest.mark.parametrize("document", ["", "{", '{"a": NaN}', "[" * 200, "{'a': 1}"])
def test_what_is_no_json_is_refused(document: str) -> None:
    with pytest.raises(UnsupportedFormat):
        map_document(document, protect, where="x")


def test_a_lone_surrogate_is_refused() -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        map_document('["\\ud800"]', lambda text: text * 2, where="x")


def test_a_text_is_read_as_json_only_where_escapes_could_hide_something() -> None:
    hidden = json.dumps({"at": VALUES["<Address_1>"]})

    assert map_text(hidden, protect, where="x") == '{"at": "<Address_1>"}'
    assert map_text("{not json \\ Ines Larsen", protect, where="x") == "{not json \\ <Person_1>"
    assert map_text("Ines Larsen", protect, where="x") == "<Person_1>"


def test_escaped_letters_in_other_text_are_read_as_letters() -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in "Ines Larsen")

    assert map_text(f'see {{"n": "{escaped}", "o": "\\u00e9"}}', protect, where="x") == (
        'see {"n": "<Person_1>", "o": "\\u00e9"}'
    )
    assert (
        map_text("\\u00e9 \\ \\ud83d\\ude00 Ines Larsen", protect, where="x") == "\\u00e9 \\ \\ud83d\\ude00 <Person_1>"
    )
    assert map_text("nothing \\u00e9", protect, where="x") == "nothing \\u00e9"
    assert map_text("half \\ud83d Ines Larsen", protect, where="x") == "half \\ud83d <Person_1>"


@pytest.mark.parametrize("depth", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("before", ["", "see ", "3 of "])
def test_a_document_inside_a_document_hides_nothing(depth: int, before: str) -> None:
    """A letter that is escaped at each level has 1, 2, 4, ... backslashes before it."""
    document = VALUES["<Person_1>"].replace("I", "\u00cd") + " \U0001f600"
    for _ in range(depth):
        document = json.dumps({"body": document})

    def find(text: str) -> str:
        return text.replace("\u00cdnes Larsen \U0001f600", "<Person_1>")

    found = map_text(before + document, find, where="x")

    assert "<Person_1>" in found
    assert "nes Larsen" not in found
    assert map_text(found, find, where="x") == found


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_a_value_with_quotes_and_newlines_is_found_in_a_document_inside_a_document(depth: int) -> None:
    inner: object = VALUES["<Address_1>"]
    expected: object = "<Address_1>"
    for _ in range(depth):
        inner, expected = json.dumps({"door code": 7, "at": inner}), json.dumps({"door code": 7, "at": expected})

    assert map_document(str(inner), protect, where="x") == expected
    assert map_text(str(inner), protect, where="x") == expected


def test_a_backslash_before_an_escaped_letter_stays_one() -> None:
    assert map_text(r"Ines Larsen C:\\\u0061 Ines Larsen", protect, where="x") == r"<Person_1> C:\\a <Person_1>"
    assert map_text(r"Ines Larsen \\\\\\\\u0061", protect, where="x") == r"<Person_1> \\\\\\\\u0061"
