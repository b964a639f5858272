"""Conversations as they come in files: what shape an input has, and its texts.

Three kinds of input, told apart by content and never by file name:

* plain text: everything that does not open like one of the other two;
* one JSON document: a list of messages, or an object that holds one;
* JSON lines: one such list or object a line, read one by one.

An object is either ``{"messages": [...]}`` with OpenAI messages, or a record of
the benchmark schema (MemPrivacy-Bench): ``{"metadata": {...}, "dialogues":
[{"role", "content", "privacy_info", ...}], ...}``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import cast

from memveil.errors import DetectionError, InputError, MemveilError, PolicyError, UnsupportedFormat
from memveil.json_input import decode_text, numbered_lines, parse_json
from memveil.json_values import kind_of, map_values, show_key
from memveil.messages import Transform, map_message

__all__ = [
    "Conversation",
    "ConversationDocument",
    "ConversationLines",
    "PlainText",
    "read_conversations",
    "read_input",
]

# `{"`, `{}`, `[{` and `[]` open JSON; `[note] call Ines` and `{{name}}` do not.
_OPENS_JSON = re.compile(rb'\{\s*["}]|\[\s*[{\]]')
_BOM = b"\xef\xbb\xbf"
_ID = re.compile(r"[A-Za-z0-9_.:|=+/\-]{1,256}")

# Texts outside the messages are shown to the transform in this role.
_NOBODY = "system"
_MESSAGE_LIST_KEYS = frozenset({"messages", "id", "uuid", "model", "user_name", "metadata", "tools"})
_BENCHMARK_KEYS = frozenset({"dialogues", "uuid", "metadata", "questions"})
_TURN_KEYS = frozenset({"role", "content", "date", "privacy_info", "privacy_info_llm"})
# They quote the values of the message, so they never stand beside its protected form.
_ANNOTATIONS = frozenset({"privacy_info", "privacy_info_llm"})


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation in the shape it came in. The repr shows no text.

    Args:
        record: the decoded JSON value.
        line: number of its line in the input; ``None`` where it is the whole input.
    """

    record: object = field(repr=False)
    line: int | None = None

    @property
    def user_name(self) -> str | None:
        """The user's own name, where the record tells it."""
        if not isinstance(self.record, dict):
            return None
        record = cast("dict[str, object]", self.record)
        metadata = record.get("metadata")
        inner = cast("dict[str, object]", metadata).get("user_name") if isinstance(metadata, dict) else None
        name = record.get("user_name", inner)
        if name is not None and not isinstance(name, str):
            raise self._in_line(
                InputError(f"{kind_of(name)} at user_name where text is expected; write it as a string")
            )
        return name or None

    def map(self, transform: Transform) -> object:
        """Apply ``transform`` to every text of the conversation, in order.

        Returns:
            A new record of the same shape, without the annotations of the
            benchmark schema, which quote the original text.

        Raises:
            UnsupportedFormat: something in it is unknown, so it could hold anything.
            InputError: something else stands where text is expected. These, and
                the DetectionError or PolicyError of ``transform``, name the line.
        """
        try:
            return _map_record(self.record, transform)
        except (DetectionError, InputError, PolicyError, UnsupportedFormat) as error:
            raise self._in_line(error) from None

    def _in_line(self, error: MemveilError) -> MemveilError:
        return error if self.line is None else type(error)(f"line {self.line}: {error}")


@dataclass(frozen=True, slots=True)
class PlainText:
    """An input that is one text. The repr hides it."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ConversationDocument:
    """An input that is one JSON document."""

    conversation: Conversation

    @staticmethod
    def write(record: object) -> str:
        """A record as an indented JSON document."""
        return json.dumps(record, ensure_ascii=False, indent=2) + "\n"


@dataclass(frozen=True, slots=True)
class ConversationLines:
    """An input of one conversation a line; lines are read when asked for."""

    conversations: Iterator[Conversation]

    @staticmethod
    def write(record: object) -> str:
        """A record as one line of JSON."""
        return json.dumps(record, ensure_ascii=False) + "\n"


def read_input(lines: Iterable[bytes]) -> PlainText | ConversationDocument | ConversationLines:
    """Tell the kind of an input from how it opens, and read it.

    Args:
        lines: the input, cut after newlines. JSON lines are consumed one by one
            later; everything else is consumed now.

    Raises:
        InputError: not UTF-8, or it opens like JSON and is not. Names the place.
    """
    source = iter(lines)
    head: list[bytes] = []
    opening = b""
    for line in source:
        head.append(line)
        opening = (opening + line.strip()).removeprefix(_BOM).lstrip()
        if len(opening) > 1:
            break
    if not _OPENS_JSON.match(opening):
        return PlainText(decode_text(b"".join(chain(head, source))))
    if _first_line_is_complete(head):
        return ConversationLines(read_conversations(chain(head, source)))
    text = decode_text(b"".join(chain(head, source)))
    return ConversationDocument(Conversation(parse_json(text)))


def read_conversations(lines: Iterable[bytes]) -> Iterator[Conversation]:
    """Read JSON lines, one conversation a line; each is parsed when it is reached.

    Raises:
        InputError: a line is no JSON; when it is reached.
    """
    for number, text in numbered_lines(lines):
        yield Conversation(parse_json(text, line=number), number)


def _first_line_is_complete(head: Iterable[bytes]) -> bool:
    """Whether the first line that is not blank is JSON by itself, if perhaps not JSON that is accepted."""
    try:
        _, text = next(numbered_lines(head))
        json.loads(text)
    except (InputError, ValueError, RecursionError):
        return False
    return True


def _map_record(record: object, transform: Transform) -> object:
    if isinstance(record, list):
        return _map_list(cast("list[object]", record), "messages", transform, map_message)
    if isinstance(record, dict):
        fields = cast("dict[str, object]", record)
        if "messages" in fields:
            _refuse_others(fields, _MESSAGE_LIST_KEYS, "beside 'messages'")
            return {key: _map_field(key, value, transform) for key, value in fields.items()}
        if "dialogues" in fields:
            _refuse_others(fields, _BENCHMARK_KEYS, "beside 'dialogues'")
            return {key: _map_field(key, value, transform) for key, value in fields.items()}
    raise UnsupportedFormat(
        f"{kind_of(record)} that is neither a message list nor an object with 'messages' or 'dialogues'; "
        "nothing was sent"
    )


def _map_field(key: str, value: object, transform: Transform) -> object:
    match key:
        case "messages":
            return _map_list(value, key, transform, map_message)
        case "dialogues":
            return _map_list(value, key, transform, _map_turn)
        case "id" | "uuid" | "model" if isinstance(value, str) and _ID.fullmatch(value):
            return value
        case _:
            named = {key: value}
            mapped = map_values(named, lambda text: transform(_NOBODY, text), where=key)
            return cast("dict[str, object]", mapped)[key]


def _map_list(
    value: object,
    path: str,
    transform: Transform,
    map_one: Callable[[object, Transform, str], object],
) -> list[object]:
    if not isinstance(value, list):
        raise InputError(f"{kind_of(value)} at {path} where a list is expected; see the message format")
    items = cast("list[object]", value)
    return [map_one(item, transform, f"{path}[{index}]") for index, item in enumerate(items)]


def _map_turn(value: object, transform: Transform, where: str) -> dict[str, object]:
    """A turn of the benchmark schema, without its annotations."""
    if not isinstance(value, dict):
        raise InputError(f"{kind_of(value)} at {where} where an object is expected; see the message format")
    turn = cast("dict[str, object]", value)
    _refuse_others(turn, _TURN_KEYS, f"at {where}")
    plain = {key: turn[key] for key in ("role", "content") if key in turn}
    mapped = map_message(plain, transform, where)
    if "date" in turn:
        mapped["date"] = map_values(turn["date"], lambda text: transform(_NOBODY, text), where=where)
    return {key: mapped[key] for key in turn if key not in _ANNOTATIONS}


def _refuse_others(fields: Mapping[str, object], known: frozenset[str], place: str) -> None:
    for key in fields:
        if key not in known:
            names = ", ".join(sorted(known))
            raise UnsupportedFormat(
                f"a key {show_key(key)} that memveil does not know {place}; remove it (known: {names})"
            )
