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
_PIECE = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|[^\\]", re.DOTALL
)


def map_text(text: str, transform: Transform, *, where: str) -> str:
    """Apply ``transform`` to a text that may be a JSON document with escapes in it.

    A value with a quote or a newline in it stands escaped in JSON, where nobody
    would find it; so such a text is read as JSON where it is JSON.
    """
    if "\\" in text and text.lstrip()[:1] in {"{", "["}:
        try:
            return map_document(text, transform, where=where)
        except UnsupportedFormat:
            pass  # it only begins like JSON, so it is plain text
    return transform(text)


def map_document(document: str, transform: Transform, *, where: str) -> str:
    """Apply ``transform`` to every text inside a JSON document, byte for byte the same elsewhere.

    What is text, and how a value is shown with its key, is as in
    :func:`memveil.json_values.map_json_text`.

    Raises:
        UnsupportedFormat: no JSON, too deep, or a number out of range.
        InputError: a lone surrogate.
    """
    map_json_text(document, lambda text: text, where=where)  # raises where it is no JSON
    written = "".join(_tokens(document, transform, where))
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
    head = _common(before, after)
    rest = min(len(before), len(after)) - head
    tail = _common(before[::-1][:rest], after[::-1][:rest])
    middle = as_json_string(after[head : len(after) - tail])
    return f'"{"".join(pieces[:head])}{middle}{"".join(pieces[len(pieces) - tail :])}"'


def _common(left: str, right: str) -> int:
    """How many characters two texts begin with alike."""
    return next(
        (at for at, (one, other) in enumerate(zip(left, right, strict=False)) if one != other),
        min(len(left), len(right)),
    )
