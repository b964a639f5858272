from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.conversations import (
    Conversation,
    ConversationDocument,
    ConversationLines,
    PlainText,
    read_conversations,
    read_input,
)
from memveil.errors import InputError, MemveilError, PolicyError, UnsupportedFormat

MESSAGES = [{"role": "user", "content": "I am Ines"}, {"role": "assistant", "content": "Hello"}]
RECORD: dict[str, Any] = {
    "uuid": "58f6-aa",
    "metadata": {"user_name": "Ines Larsen", "round_num": 2, "language": "English"},
    "dialogues": [
        {
            "role": "user",
            "date": "2026-02-25",
            "content": "I am Ines",
            "privacy_info": [{"original_text": "Ines", "privacy_type": "Real Name", "privacy_level": "PL2"}],
            "privacy_info_llm": [],
        },
        {"role": "assistant", "content": "Hello", "privacy_info": []},
    ],
    "questions": [{"question": "What is the name of Ines?", "all_options": ["(a) Ines"]}],
}


def veil(_role: str, text: str) -> str:
    return text.replace("Ines", "<Name>")


def lines_of(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


# --- which kind of input ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \r\n",
        "Hello\r\n",
        "[note] call Ines",
        "[",
        "[\n\nIt began",
        "{{name}} {x}",
        "[1, 2]",
        '["a"]',
        "42",
        '"quoted"',
        "a\x00b",
        "\ufeffHello",
        '说："{}"',
    ],
)
def test_everything_that_does_not_open_like_a_conversation_is_plain_text(text: str) -> None:
    assert read_input(lines_of(text.encode())) == PlainText(text)


@given(st.text(st.characters(codec="utf-8")).filter(lambda text: not text.lstrip("\ufeff \n").startswith(("{", "["))))
def test_plain_text_comes_through_with_every_character(text: str) -> None:
    assert read_input(lines_of(text.encode())) == PlainText(text)


@pytest.mark.parametrize("value", [MESSAGES, {"messages": MESSAGES}, RECORD])
def test_json_over_several_lines_is_one_document(value: object) -> None:
    read = read_input(lines_of(b"\xef\xbb\xbf\n " + json.dumps(value, indent=1).encode()))

    assert read == ConversationDocument(Conversation(value))


def test_json_on_one_line_is_a_document_of_lines() -> None:
    data = b"\n" + json.dumps({"messages": MESSAGES}).encode() + b"\r\n\n" + json.dumps(RECORD).encode()

    read = read_input(lines_of(data))

    assert isinstance(read, ConversationLines)
    assert list(read.conversations) == [Conversation({"messages": MESSAGES}, 2), Conversation(RECORD, 4)]


def test_lines_are_read_one_by_one() -> None:
    """The second line is not touched before the first conversation was handed out."""

    def source() -> Any:
        yield b'{"messages": []}\n'
        raise AssertionError("read ahead")

    read = read_input(source())

    assert isinstance(read, ConversationLines)
    assert next(read.conversations) == Conversation({"messages": []}, 1)


def test_many_blank_lines_before_the_text_cost_little() -> None:
    assert read_input([b"\n"] * 200_000 + [b"[]"]) is not None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"caf\xe9", "the input is not UTF-8 at byte 3; save it as UTF-8"),
        (b'{"messages": \xff', "the input is not UTF-8 at byte 13; save it as UTF-8"),
        (b'{"messages": [', "broken JSON in line 1, column 15 (expecting value); mend it there"),
        (b'[\n{"role": "user"\n"content": 1}]', "broken JSON in line 3, column 1 (expecting ',' delimiter)"),
    ],
)
def test_broken_input_is_one_error_with_its_place(data: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_input(lines_of(data))

    assert str(caught.value).startswith(message)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (b"{oops", "broken JSON in line 2, column 2"),
        (b"\xff", "the input is not UTF-8 at byte 3"),
        (b'["\\ud800"]', "a lone surrogate at [0] in line 2"),
    ],
)
def test_a_broken_line_is_an_error_when_it_is_reached(second: bytes, message: str) -> None:
    read = read_input(lines_of(b"[]\n" + second))

    assert isinstance(read, ConversationLines)
    assert next(read.conversations) == Conversation([], 1)
    with pytest.raises(InputError) as caught:
        next(read.conversations)
    assert str(caught.value).startswith(message)


def test_a_first_line_that_is_json_but_refused_is_still_the_first_of_lines() -> None:
    read = read_input(lines_of(b'{"messages": NaN}\n{}\n'))

    assert isinstance(read, ConversationLines)
    with pytest.raises(InputError, match="NaN, which is no JSON, in line 1"):
        next(read.conversations)


# --- exchanging texts -------------------------------------------------------------------------


def test_a_message_list_comes_back_in_its_shape() -> None:
    assert Conversation(MESSAGES).map(veil) == [{"role": "user", "content": "I am <Name>"}, MESSAGES[1]]


def test_an_object_comes_back_with_every_text_in_it_exchanged() -> None:
    record = {
        "id": "a-1",
        "model": "big/model:2",
        "user_name": "Ines",
        "messages": MESSAGES,
        "metadata": {"note": "Ines"},
        "tools": [],
        "uuid": "of Ines",
    }

    assert Conversation(record).map(veil) == {
        "id": "a-1",
        "model": "big/model:2",
        "user_name": "<Name>",
        "messages": [{"role": "user", "content": "I am <Name>"}, MESSAGES[1]],
        "metadata": {"note": "<Name>"},
        "tools": [],
        "uuid": "of <Name>",
    }


def test_a_benchmark_record_comes_back_without_its_annotations() -> None:
    """They quote the values; beside the protected text they would undo it."""
    assert Conversation(RECORD).map(veil) == {
        "uuid": "58f6-aa",
        "metadata": {"user_name": "<Name> Larsen", "round_num": 2, "language": "English"},
        "dialogues": [
            {"role": "user", "date": "2026-02-25", "content": "I am <Name>"},
            {"role": "assistant", "content": "Hello"},
        ],
        "questions": [{"question": "What is the name of <Name>?", "all_options": ["(a) <Name>"]}],
    }


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (RECORD, "Ines Larsen"),
        ({"messages": [], "user_name": "Mara"}, "Mara"),
        ({"messages": [], "user_name": ""}, None),
        ({"messages": [], "metadata": 7}, None),
        (MESSAGES, None),
    ],
)
def test_the_user_name_is_found_where_the_record_tells_it(record: object, name: str | None) -> None:
    assert Conversation(record).user_name == name


def test_a_user_name_that_is_no_text_is_refused() -> None:
    with pytest.raises(InputError, match=r"^line 4: a number at user_name where text is expected"):
        _ = Conversation({"messages": [], "user_name": 7}, 4).user_name


@pytest.mark.parametrize(
    ("record", "error", "message"),
    [
        ({"foo": 1}, UnsupportedFormat, "line 3: an object that is neither a message list nor"),
        (7, UnsupportedFormat, "line 3: a number that is neither"),
        ({"messages": [], "image": "x"}, UnsupportedFormat, "line 3: a key 'image' .* beside 'messages'"),
        ({"dialogues": [], "note": "x"}, UnsupportedFormat, "line 3: a key 'note' .* beside 'dialogues'"),
        ({"messages": {}}, InputError, "line 3: an object at messages where a list is expected"),
        (
            {"messages": [{"role": "user", "content": 1}]},
            InputError,
            r"line 3: a number at messages\[0\].content",
        ),
        ([{"role": "user", "content": 1}], InputError, r"line 3: a number at messages\[0\].content"),
        ({"dialogues": ["x"]}, InputError, r"line 3: text at dialogues\[0\] where an object"),
        (
            {"dialogues": [{"role": "user", "content": 1}]},
            InputError,
            r"line 3: a number at dialogues\[0\].content",
        ),
        ({"dialogues": [{"role": "user", "x": 1}]}, UnsupportedFormat, r"'x' .* at dialogues\[0\]"),
        ({"dialogues": [{"role": "user"}]}, InputError, r"no content at dialogues\[0\]"),
    ],
)
def test_an_unknown_shape_is_refused_with_line_and_path(
    record: object, error: type[MemveilError], message: str
) -> None:
    with pytest.raises(error, match=message):
        Conversation(record, 3).map(veil)


def test_a_document_needs_no_line_in_its_errors() -> None:
    with pytest.raises(UnsupportedFormat, match=r"^an object that is neither"):
        Conversation({"foo": 1}).map(veil)


def test_an_error_of_the_policy_names_the_line_too() -> None:
    def block(_role: str, _text: str) -> str:
        raise PolicyError("the policy blocks this")

    with pytest.raises(PolicyError, match=r"^line 2: the policy blocks this$"):
        Conversation(MESSAGES, 2).map(block)


def test_what_is_written_is_what_was_read() -> None:
    line = json.dumps({"messages": [{"role": "user", "content": "城\u2028"}]}, ensure_ascii=False) + "\n"

    (conversation,) = read_conversations([line.encode()])

    assert ConversationLines.write(conversation.record) == line
    assert json.loads(ConversationDocument.write(conversation.record)) == conversation.record


def test_reprs_show_no_text() -> None:
    assert "Ines" not in repr(Conversation(MESSAGES)) + repr(PlainText("Ines"))
