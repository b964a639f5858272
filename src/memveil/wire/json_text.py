"""JSON as text: exchange the texts in it and leave every other byte as it is.

A provider keeps what it has read under the bytes it has read. When the same
arguments come by again, they must be the same bytes, with their own blanks and
escapes, or nothing is found again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import cast

from memveil.errors import InputError, UnsupportedFormat
from memveil.json_values import map_json_text, map_values
from memveil.restore import as_json_string

__all__ = ["map_document", "map_text"]

Transform = Callable[[str], str]

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s"{}\[\],:]+|\s+')
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_LETTER = re.compile(rf"{_PAIR}|\\u[0-9a-fA-F]{{4}}")
_PIECE = re.compile(rf"{_LETTER.pattern}|\\.|[^\\]", re.DOTALL)
# In a document inside a document each backslash is escaped once more, so its letters have 2, 4, 8 or 16.
_DEEPER = r"(?<!\\)(\\\\|\\{4}|\\{8}|\\{16})u"
_DEEP_LETTER = re.compile(
    rf"{_DEEPER}(?:[dD][89abAB][0-9a-fA-F]{{2}}\1u[dD][c-fC-F][0-9a-fA-F]{{2}}|[0-9a-fA-F]{{4}})|{_LETTER.pattern}"
)
_BACKSLASHES, _BACKSLASH = re.compile(r"\\+"), r"\\"
_LETTER_OR_OTHER = re.compile(rf"{_DEEP_LETTER.pattern}|.", re.DOTALL)


def map_text(text: str, transform: Transform, *, where: str) -> str:
    """Apply ``transform`` to a text that may hold JSON with escapes in it.

    A value with a quote, a newline or a Chinese letter in it may stand escaped in
    JSON, where nobody would find it. So a text that is JSON is read as JSON, and
    in any other text escaped letters are read as the letters they mean, however
    often they were escaped; where something is found there, they come home as letters.
    """
    if "\\" not in text:
        return transform(text)
    if text.lstrip()[:1] in {"{", "["}:
        try:
            return map_document(text, transform, where=where)
        except UnsupportedFormat:
            pass  # it only begins like JSON, so it is plain text
    if _DEEP_LETTER.search(text) is None:
        return transform(text)
    pieces = [match[0] for match in _LETTER_OR_OTHER.finditer(text)]
    before = "".join(_letter(piece) for piece in pieces)
    after = transform(before)
    if after == before:
        return text
    head, tail = _unchanged(before, after)
    return "".join([*pieces[:head], after[head : len(after) - tail], *pieces[len(pieces) - tail :]])


def _letter(piece: str) -> str:
    """The letter that an escape means; half a pair of surrogates means none."""
    letter: str = json.loads(f'"{_BACKSLASHES.sub(_BACKSLASH, piece)}"') if len(piece) > 1 else piece
    return "\ufffd" if "\ud800" <= letter <= "\udfff" else letter


def map_document(document: str, transform: Transform, *, where: str) -> str:
    """Apply ``transform`` to every text inside a JSON document, byte for byte the same elsewhere.

    What is text, and how a value is shown with its key, is as in
    :func:`memveil.json_values.map_json_text`. A text in it is read as
    :func:`map_text` reads texts: it may be a document itself.

    Raises:
        UnsupportedFormat: no JSON, too deep, or a number out of range.
        InputError: a lone surrogate.
    """
    map_json_text(document, lambda text: text, where=where)  # raises where it is no JSON
    written = "".join(_tokens(document, lambda text: map_text(text, transform, where=where), where))
    try:
        written.encode()
    except UnicodeEncodeError:
        raise InputError(f"a lone surrogate at {where}; remove it or write the whole character") from None
    return written


@dataclass(slots=True)
class _Container:
    is_object: bool
    key: str
    at_key: bool


def _tokens(document: str, transform: Transform, where: str) -> Iterator[str]:
    open_: list[_Container] = [_Container(is_object=False, key="", at_key=False)]
    for match in _TOKEN.finditer(document):
        token, inner = match[0], open_[-1]
        match token[0]:
            case "{" | "[":
                open_.append(_Container(is_object=match[0] == "{", key=inner.key, at_key=match[0] == "{"))
                yield token
            case "}" | "]":
                open_.pop()
                yield token
            case ",":
                inner.at_key = inner.is_object
                yield token
            case ":":
                inner.at_key = False
                yield token
            case '"' if inner.at_key:
                inner.key = json.loads(token)
                renamed, _ = _leaf(inner.key, None, transform, where)
                yield _written(token, inner.key, renamed)
            case '"' | "-" | "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9":
                value = json.loads(token)
                _, mapped = _leaf(inner.key, value, transform, where)
                yield _written(token, value, mapped)
            case _:
                yield token


def _leaf(key: str, value: object, transform: Transform, where: str) -> tuple[str, object]:
    """A key and its value after ``transform``, which sees them as :func:`map_values` shows them."""
    mapped = cast("dict[str, object]", map_values({key: value}, transform, where=where))
    return next(iter(mapped.items()))


def _written(token: str, before: object, after: object) -> str:
    """The token again, new only from its first changed character to its last."""
    if not isinstance(after, str) or after == before:
        return token
    if not isinstance(before, str):
        return f'"{as_json_string(after)}"'
    pieces = _PIECE.findall(token[1:-1])
    if len(pieces) != len(before):  # a lone surrogate among the escapes
        return f'"{as_json_string(after)}"'
    head, tail = _unchanged(before, after)
    middle = as_json_string(after[head : len(after) - tail])
    return f'"{"".join(pieces[:head])}{middle}{"".join(pieces[len(pieces) - tail :])}"'


def _unchanged(before: str, after: str) -> tuple[int, int]:
    """How many characters two texts begin with alike, and end with."""
    head = _common(before, after)
    rest = min(len(before), len(after)) - head
    return head, _common(before[::-1][:rest], after[::-1][:rest])


def _common(left: str, right: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other),
        min(len(left), len(right)),
    )
