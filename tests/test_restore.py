"""Restoration: one pass, whole or streamed, never a value that was not issued."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.placeholders import MAX_LENGTH, find
from memveil.restore import StreamRestorer, as_json_string, restore
from tests.texts import VALUES, texts

ISSUED = {f"<Email_{n}>": value for n, value in enumerate(VALUES, 1)} | {"<Literal_1>": "<Email_2>"}


def lookup(placeholders: Iterable[str]) -> dict[str, str]:
    return {p: ISSUED[p] for p in placeholders if p in ISSUED}


def streamed(text: str, cuts: Iterable[int]) -> str:
    stream = StreamRestorer(lookup)
    out, position = [], 0
    for cut in [*sorted(cuts), len(text)]:
        out.append(stream.feed(text[position:cut]))
        assert stream.held_back < MAX_LENGTH
        position = cut
    return "".join(out) + stream.flush()


REWRITES = {
    "exact": "<Email_1>",
    "bold": "**<Email_1>**",
    "backticks": "`<Email_1>`",
    "in a URL": "https://x.example/?to=<Email_1>",
    "possessive": "<Email_1>'s",
    "plural": "<Email_1>s",
    "lower case": "<email_1>",
    "title case": "<EMAIL_1>",
    "inner spaces": "< Email_1 >",
    "space for underscore": "<Email 1>",
    "hyphen for underscore": "<Email-1>",
    "zero padding": "<Email_01>",
    "brackets dropped": "Email_1",
    "square brackets": "[Email_1]",
    "Chinese brackets": "【Email_1】",
    "full-width brackets": "＜Email_1＞",
    "HTML-escaped": "&lt;Email_1&gt;",
    "JSON-escaped": "\\u003cEmail_1\\u003e",
    "escaped underscore": "<Email\\_1>",
    "line break inside": "<Email_\n1>",
    "glued to Chinese": "请联系<Email_1>谢谢",
    "type word translated": "<邮箱_1>",
}


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES.keys())
def test_rewrites_of_models_are_restored(rewrite: str) -> None:
    """The 22 rewrites that other restorers were probed with."""
    restored = restore(f"I wrote to {rewrite} today.", lookup)

    assert VALUES[0] in restored
    assert "mail_1" not in restored.lower()
    assert "Email 1" not in restored


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES.keys())
def test_rewrites_of_an_index_never_issued_stay(rewrite: str) -> None:
    text = f"I wrote to {rewrite} today.".replace("1", "98")

    assert restore(text, lookup) == text


def test_restored_text_is_not_scanned_again() -> None:
    assert restore("<Literal_1>", lookup) == "<Email_2>"


def test_a_value_inside_json_is_escaped() -> None:
    values = {"<Password_1>": 'a"b\\c\nd'}
    document = '{"text": "use <Password_1> now"}'
    restored = restore(document, lambda wanted: {p: values[p] for p in wanted}, write=as_json_string)

    assert json.loads(restored) == {"text": 'use a"b\\c\nd now'}


def test_a_stream_does_not_wait_longer_than_needed() -> None:
    stream = StreamRestorer(lookup)

    assert stream.feed("I wrote to <Em") == "I wrote to "
    assert stream.feed("ail_1>") == VALUES[0]
    assert stream.feed(" and then <b>") == " and then <b>"
    assert stream.feed(" Plain Words.") == " Plain Words."
    assert stream.flush() == ""


@given(texts(), st.data())
def test_every_way_of_cutting_a_stream_gives_the_whole_result(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text))))

    assert streamed(text, cuts) == restore(text, lookup)


@given(texts(6))
def test_every_single_cut_and_character_by_character(text: str) -> None:
    whole = restore(text, lookup)

    assert streamed(text, range(len(text))) == whole
    for cut in range(len(text)):
        assert streamed(text, [cut]) == whole


@given(texts())
def test_a_text_without_issued_placeholders_is_unchanged(text: str) -> None:
    assert restore(text, lambda _wanted: {}) == text


@given(texts())
def test_only_issued_values_ever_appear(text: str) -> None:
    """What is not a found and issued placeholder stays where it was."""
    expected, position = "", 0
    for p in find(text):
        expected += text[position : p.start] + ISSUED.get(p.written, text[p.start : p.end])
        position = p.end

    assert restore(text, lookup) == expected + text[position:]


@given(texts(), st.integers(0, 40))
def test_a_fork_of_a_stream_ends_as_the_stream_does(text: str, cut: int) -> None:
    stream = StreamRestorer(lookup)
    begun = stream.feed(text[:cut])
    fork = stream.fork()
    rest = stream.feed(text[cut:]) + stream.flush()

    assert fork.feed(text[cut:]) + fork.flush() == rest
    assert begun + rest == restore(text, lookup)
