"""Annotated dialogues: records of the benchmark schema, read for evaluation.

A record a line: ``{"metadata": {"user_name", "language"}, "dialogues": [{"role",
"content", "privacy_info": [{"original_text", "privacy_type", "privacy_level"}]}]}``.
Other keys are not looked at: nothing of a record goes anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import cast

from memveil.errors import InputError
from memveil.json_input import numbered_lines, parse_json
from memveil.json_values import kind_of
from memveil.metrics import Annotation
from memveil.spans import PrivacyLevel

__all__ = ["AnnotatedDialogue", "AnnotatedMessage", "read_annotated"]


@dataclass(frozen=True, slots=True)
class AnnotatedMessage:
    """A message with what is private in it. The repr shows no text."""

    role: str
    text: str = field(repr=False)
    reference: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class AnnotatedDialogue:
    """All messages of one user, in order. The repr shows no name.

    Args:
        user_name: the user's own full name, or empty.
        language: as the record names it (``English``, ``Chinese``), or empty.
        messages: user and assistant messages.
    """

    user_name: str = field(repr=False)
    language: str
    messages: tuple[AnnotatedMessage, ...]


def read_annotated(lines: Iterable[bytes]) -> Iterator[AnnotatedDialogue]:
    """Read records one by one.

    Raises:
        InputError: a line is no JSON or no annotated record; names line and path.
    """
    for number, text in numbered_lines(lines):
        yield _Reader(number).dialogue(parse_json(text, line=number))


class _Reader:
    """Reads one record; knows its line."""

    def __init__(self, line: int) -> None:
        self._line = line

    def dialogue(self, value: object) -> AnnotatedDialogue:
        record = self._object(value, "the record")
        metadata = self._object(record.get("metadata", {}), "metadata")
        return AnnotatedDialogue(
            self._text(metadata.get("user_name", ""), "metadata.user_name"),
            self._text(metadata.get("language", ""), "metadata.language"),
            tuple(
                self._message(item, f"dialogues[{index}]")
                for index, item in enumerate(self._list(record.get("dialogues"), "dialogues"))
            ),
        )

    def _message(self, value: object, path: str) -> AnnotatedMessage:
        message = self._object(value, path)
        items = self._list(message.get("privacy_info"), f"{path}.privacy_info")
        return AnnotatedMessage(
            self._text(message.get("role"), f"{path}.role"),
            self._text(message.get("content"), f"{path}.content"),
            tuple(self._annotation(item, f"{path}.privacy_info[{i}]") for i, item in enumerate(items)),
        )

    def _annotation(self, value: object, path: str) -> Annotation:
        item = self._object(value, path)
        level = self._text(item.get("privacy_level"), f"{path}.privacy_level")
        if level not in PrivacyLevel.__members__:
            names = ", ".join(PrivacyLevel.__members__)
            raise self._error(f"an unknown level at {path}.privacy_level; use one of {names}")
        return Annotation(
            self._text(item.get("original_text"), f"{path}.original_text"),
            self._text(item.get("privacy_type"), f"{path}.privacy_type"),
            PrivacyLevel[level],
        )

    def _text(self, value: object, path: str) -> str:
        if not isinstance(value, str):
            raise self._error(f"{kind_of(value)} at {path} where text is expected; write it as a string")
        return value

    def _list(self, value: object, path: str) -> list[object]:
        if not isinstance(value, list):
            raise self._error(f"{kind_of(value)} at {path} where a list is expected; see the benchmark schema")
        return cast("list[object]", value)

    def _object(self, value: object, path: str) -> dict[str, object]:
        if not isinstance(value, dict):
            raise self._error(f"{kind_of(value)} at {path} where an object is expected; see the benchmark schema")
        return cast("dict[str, object]", value)

    def _error(self, text: str) -> InputError:
        return InputError(f"line {self._line}: {text}")
