"""From bytes that came from outside to text and JSON values, or to one error that says where.

Stricter than the ``json`` module: equal keys, ``NaN`` and lone surrogates are
refused, because the other side would read something else than memveil did.
Pure: takes bytes, opens nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import cast

from memveil.errors import InputError
from memveil.json_values import show_key

__all__ = ["decode_text", "numbered_lines", "parse_json"]

_MAY_HOLD_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
_BOM = "\ufeff"


def decode_text(data: bytes, *, offset: int = 0) -> str:
    """Decode UTF-8.

    Args:
        data: the bytes.
        offset: how many bytes of the input stand before them.

    Raises:
        InputError: not UTF-8; names the first wrong byte, counted from 0.
    """
    try:
        return data.decode()
    # The error object holds the bytes.
    except UnicodeDecodeError as error:
        place = offset + error.start
    raise InputError(f"the input is not UTF-8 at byte {place}; save it as UTF-8")


def numbered_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """Decode lines one by one; blank ones are left out, numbers count from 1.

    Raises:
        InputError: as :func:`decode_text`, when the line is reached.
    """
    offset = 0
    for number, line in enumerate(lines, 1):
        text = decode_text(line, offset=offset)
        offset += len(line)
        if number == 1:
            text = text.removeprefix(_BOM)
        if text.strip():
            yield number, text


def parse_json(text: str, *, line: int = 1) -> object:
    """Decode one JSON value.

    Args:
        text: JSON, with blanks around it.
        line: number of the first line of ``text`` in the input, for errors.

    Raises:
        InputError: no JSON, or JSON that two readers may read differently. Names
            line and column, or the path of the value.
    """
    try:
        value: object = json.loads(
            text.removeprefix(_BOM), parse_constant=_refuse_constant, object_pairs_hook=_unique_keys
        )
    # Each of these quotes the document, or keeps it in an attribute.
    except _Refused as refused:
        reason = f"{refused.reason} in line {line}"
    except json.JSONDecodeError as error:
        # What follows a colon and a blank in the module's own words is a piece of the input.
        words = error.msg.split(": ")[0].lower().removesuffix(" at")
        reason = f"broken JSON in line {line + error.lineno - 1}, column {error.colno} ({words})"
    except ValueError:
        reason = f"a number of too many digits in line {line}"
    except RecursionError:
        reason = f"JSON nested too deeply in line {line}"
    else:
        if _MAY_HOLD_SURROGATE.search(text):
            _refuse_surrogates(value, "", line)
        return value
    raise InputError(f"{reason}; mend it there")


class _Refused(ValueError):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _refuse_constant(name: str) -> float:
    raise _Refused(f"{name}, which is no JSON,")


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    unique = dict(pairs)
    if len(unique) != len(pairs):
        raise _Refused("two equal keys in one object")
    return unique


def _refuse_surrogates(value: object, path: str, line: int) -> None:
    match value:
        case str():
            if not value.isascii() and any("\ud800" <= char <= "\udfff" for char in value):
                place = f"{path or 'the text'} in line {line}"
                raise InputError(f"a lone surrogate at {place}; remove it or write the whole character")
        case list():
            for index, item in enumerate(cast("list[object]", value)):
                _refuse_surrogates(item, f"{path}[{index}]", line)
        case dict():
            for key, item in cast("dict[str, object]", value).items():
                _refuse_surrogates(key, f"a key of {path or 'the object'}", line)
                _refuse_surrogates(item, f"{path}.{_step(key)}".lstrip("."), line)
        case _:
            pass


def _step(key: str) -> str:
    """A key inside a path; one that could be somebody's value is not shown."""
    return key if show_key(key) == f"'{key}'" else "*"
