"""Apply a function from text to text to every text inside a JSON value.

What counts as text: strings, keys that are no identifiers, and numbers (which
become strings when the function changes them: a telephone number must not
leave because somebody left out the quotes). Identifier keys are the schema of
somebody's tool and stay; ``true``, ``false`` and ``null`` say nothing.

A value is shown to the function together with its key, ``door code: 4417``,
because a bare ``4417`` tells a recognizer nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import cast

from memveil.errors import InputError, UnsupportedFormat

__all__ = ["is_identifier", "kind_of", "map_json_text", "map_values", "show_key"]

TextTransform = Callable[[str], str]

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]{0,63}")
_SHOWABLE = re.compile(r"[a-z_]{1,40}")
_WORD_BREAK = re.compile(r"[_\-.]+|(?<=[a-z])(?=[A-Z])")
_LONGEST_HINT = 64
# Deeper than any honest document, and far from the interpreter's own limit.
_DEEPEST = 100


def map_json_text(document: str, transform: TextTransform, *, where: str) -> str:
    """Apply ``transform`` to every text inside a JSON document given as text.

    Args:
        document: JSON text, such as the arguments of a tool call.
        transform: from text to text.
        where: place of the document, for errors.

    Returns:
        Compact JSON; the document as it was, byte for byte, where nothing changed.

    Raises:
        UnsupportedFormat: ``document`` is no JSON, or is nested too deeply.
        InputError: a string in it holds a lone surrogate.
    """
    try:
        value: object = json.loads(document, parse_constant=_refuse_constant)
    # ValueError: no JSON, or a number of too many digits. Either error quotes the document.
    except (ValueError, RecursionError):
        raise UnsupportedFormat(f"text that is not JSON at {where}; nothing was sent") from None
    mapped = map_values(value, transform, where=where)
    if mapped == value:
        return document
    try:
        written = json.dumps(mapped, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        written.encode()
    except UnicodeEncodeError:
        raise InputError(f"a lone surrogate at {where}; remove it or write the whole character") from None
    except ValueError:
        raise UnsupportedFormat(f"a number out of range at {where}; nothing was sent") from None
    return written


def map_values(value: object, transform: TextTransform, *, where: str) -> object:
    """Apply ``transform`` to every text inside a decoded JSON value.

    Returns:
        A new value of the same shape.

    Raises:
        UnsupportedFormat: the value is nested too deeply, or two keys became one.
    """
    return _map(value, transform, where, key="", depth=0)


def is_identifier(key: str) -> bool:
    """Whether a key is part of somebody's schema, and so no text."""
    return _IDENTIFIER.fullmatch(key) is not None


def show_key(key: str) -> str:
    """A key as an error may name it: a key can be a value of the user, so only plain words are shown."""
    return f"'{key}'" if _SHOWABLE.fullmatch(key) else f"of {len(key)} characters"


def kind_of(value: object) -> str:
    """What a JSON value is, in words, without the value."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"


def _map(value: object, transform: TextTransform, where: str, *, key: str, depth: int) -> object:
    if depth > _DEEPEST:
        raise UnsupportedFormat(f"more than {_DEEPEST} levels of nesting at {where}; nothing was sent")
    match value:
        case None | bool():
            return value
        case str():
            return _map_leaf(value, key, transform)
        case int() | float():
            number = json.dumps(value)
            mapped = _map_leaf(number, key, transform)
            return value if mapped == number else mapped
        case list():
            items = cast("list[object]", value)
            return [_map(item, transform, where, key=key, depth=depth + 1) for item in items]
        case dict():
            pairs = cast("dict[object, object]", value)
            result: dict[str, object] = {}
            for name, item in pairs.items():
                if not isinstance(name, str):
                    raise UnsupportedFormat(f"a key that is no text at {where}; nothing was sent")
                renamed = name if is_identifier(name) else transform(name)
                if renamed in result:
                    raise UnsupportedFormat(f"two keys that become one at {where}; nothing was sent")
                result[renamed] = _map(item, transform, where, key=name, depth=depth + 1)
            return result
        case _:
            raise UnsupportedFormat(f"{kind_of(value)} at {where}, which is no JSON; nothing was sent")


def _map_leaf(text: str, key: str, transform: TextTransform) -> str:
    """Transform ``text`` with its key before it, or alone where the key did not survive that."""
    words = _WORD_BREAK.sub(" ", key).strip()
    if not words or len(words) > _LONGEST_HINT or not text or _is_object(text):
        return transform(text)
    hint = f"{words}: "
    mapped = transform(hint + text)
    return mapped[len(hint) :] if mapped.startswith(hint) else transform(text)


def _is_object(text: str) -> bool:
    """Whether a text is an object written as JSON with escapes: it has keys of its own, and is read by them."""
    if "\\" not in text or text.lstrip()[:1] != "{":
        return False
    try:
        json.loads(text, parse_constant=_refuse_constant)
    # ValueError: no JSON, or a number of too many digits.
    except (ValueError, RecursionError):
        return False
    return True


def _refuse_constant(name: str) -> float:
    raise ValueError(name)
