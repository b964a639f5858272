"""Where text lives in a message list of the OpenAI Chat shape, and how to exchange it.

The table of keys below is complete on purpose. A key, a part type or a role
that is not in it may hold anything, an image of a passport for instance, so it
is refused: nothing passes because it was not understood.

Text: content (a string, or parts of type text), refusals, reasoning, the name
of a participant, results of tools, and every value inside the arguments of a
tool call. Not text: roles, ids, and names of functions, which must look like it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from memveil.errors import InputError, UnsupportedFormat
from memveil.json_values import kind_of, map_json_text, show_key

__all__ = ["Transform", "map_message", "map_messages"]

Transform = Callable[[str, str], str]
"""Takes the role of a message and a text of it, and returns the text to put there."""

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
_INSTEAD_OF_CONTENT = frozenset({"tool_calls", "function_call", "refusal"})
_TEXT_PARTS = {"text": "text", "input_text": "text", "output_text": "text", "refusal": "refusal"}

# Names and ids are chosen by programs. One with a blank, an @ or a Chinese
# letter in it was not, and could be somebody's name.
_FUNCTION_NAME = re.compile(r"[A-Za-z0-9_.:/\-]{1,128}")
_ID = re.compile(r"[A-Za-z0-9_.:|=+/\-]{1,256}")


def map_messages(messages: Sequence[Mapping[str, Any]], transform: Transform) -> list[dict[str, Any]]:
    """Apply ``transform`` to every text of ``messages``, in order.

    Arguments of a tool call are JSON text: they are decoded, every value in
    them is transformed, and they are encoded again, so that a value is escaped
    as JSON demands.

    Args:
        messages: OpenAI-style messages. They are not changed.
        transform: called once for each text with the role of its message; inside
            tool arguments it may see a value with its key before it.

    Returns:
        A new list of the same shape.

    Raises:
        UnsupportedFormat: a role, key or part is not in the table, or tool
            arguments are no JSON. The message names the place.
        InputError: something else stands where text is expected.
    """
    return [map_message(message, transform, f"messages[{index}]") for index, message in enumerate(messages)]


def map_message(value: object, transform: Transform, where: str) -> dict[str, Any]:
    """As :func:`map_messages`, for one message that stands at ``where``."""
    message = _object(value, where)
    role = message.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        known = ", ".join(sorted(_ROLES))
        raise UnsupportedFormat(f"no role that memveil knows at {where}.role; use one of {known}")
    may_be_silent = role == "assistant" and not _INSTEAD_OF_CONTENT.isdisjoint(message)
    if "content" not in message and not may_be_silent:
        raise InputError(f"no content at {where}; add it, as text or a list of parts")
    walk = _Walk(where, role, transform)
    return {key: walk.field(key, item, f"{where}.{key}") for key, item in message.items()}


class _Walk:
    """The way through one message: knows where it is and which role it is in."""

    def __init__(self, where: str, role: str, transform: Transform) -> None:
        self._where = where
        self._role = role
        self._transform = transform

    def field(self, key: str, value: object, where: str) -> object:
        match key:
            case "role":
                return value
            case "content":
                return self._content(value, where)
            case "name" if self._role in {"tool", "function"}:
                return _matching(_FUNCTION_NAME, value, where, "a function name")
            case "name":
                return self._text(value, where)
            case "tool_call_id" if self._role == "tool":
                return _matching(_ID, value, where, "an id")
            case "refusal" | "reasoning_content" if self._role == "assistant":
                return None if value is None else self._text(value, where)
            case "tool_calls" if self._role == "assistant":
                return (
                    None
                    if value is None
                    else [self._tool_call(call, f"{where}[{index}]") for index, call in enumerate(_list(value, where))]
                )
            case "function_call" if self._role == "assistant":
                return None if value is None else self._called(value, where, slot="arguments", read=self._arguments)
            # Empty in every plain answer; full, they hold sound or citations.
            case "audio" | "annotations" if self._role == "assistant" and not value and value != 0:
                return value
            case _:
                raise _unknown_key(key, self._where)

    def _content(self, value: object, where: str) -> object:
        if value is None and self._role == "assistant":
            return None
        if not isinstance(value, list):
            return self._text(value, where)
        return [self._part(part, f"{where}[{index}]") for index, part in enumerate(cast("list[object]", value))]

    def _part(self, value: object, where: str) -> dict[str, object]:
        part = _object(value, where)
        kind = part.get("type")
        slot = _TEXT_PARTS.get(kind) if isinstance(kind, str) else None
        if slot is None:
            raise UnsupportedFormat(f"a part that is not of type text at {where}; remove it or describe it in words")
        result: dict[str, object] = {}
        for key, item in part.items():
            if key == slot:
                result[key] = self._text(item, f"{where}.{key}")
            elif key == "type" or (key in {"annotations", "logprobs"} and item in (None, [])):
                result[key] = item
            else:
                raise _unknown_key(key, where)
        if slot not in result:
            raise InputError(f"no {slot} at {where}; add it")
        return result

    def _tool_call(self, value: object, where: str) -> dict[str, object]:
        result: dict[str, object] = {}
        for key, item in _object(value, where).items():
            inner = f"{where}.{key}"
            match key:
                case "id":
                    result[key] = _matching(_ID, item, inner, "an id")
                case "type" if item in ("function", "custom"):
                    result[key] = item
                case "index" if type(item) is int:
                    result[key] = item
                case "function":
                    result[key] = self._called(item, inner, slot="arguments", read=self._arguments)
                case "custom":
                    result[key] = self._called(item, inner, slot="input", read=self._text)
                case _:
                    raise _unknown_key(key, where)
        return result

    def _called(self, value: object, where: str, *, slot: str, read: Callable[[object, str], str]) -> dict[str, object]:
        """What was called and with what: a function with arguments, a custom tool with input."""
        result: dict[str, object] = {}
        for key, item in _object(value, where).items():
            inner = f"{where}.{key}"
            if key == "name":
                result[key] = _matching(_FUNCTION_NAME, item, inner, "a function name")
            elif key == slot:
                result[key] = read(item, inner)
            else:
                raise _unknown_key(key, where)
        return result

    def _arguments(self, value: object, where: str) -> str:
        if not isinstance(value, str):
            raise InputError(f"{kind_of(value)} at {where} where JSON text is expected; write it as a string")
        # Some models say "no arguments" this way.
        if not value.strip():
            return value
        return map_json_text(value, lambda text: self._transform(self._role, text), where=where)

    def _text(self, value: object, where: str) -> str:
        if not isinstance(value, str):
            raise InputError(f"{kind_of(value)} at {where} where text is expected; write it as a string")
        return self._transform(self._role, value)


def _unknown_key(key: str, where: str) -> UnsupportedFormat:
    return UnsupportedFormat(f"a key {show_key(key)} that memveil does not know at {where}; remove it")


def _object(value: object, where: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise InputError(f"{kind_of(value)} at {where} where an object is expected; see the message format")
    pairs = cast("Mapping[object, object]", value)
    if not all(isinstance(key, str) for key in pairs):
        raise InputError(f"a key that is no text at {where}; use text for keys")
    return cast("Mapping[str, object]", value)


def _list(value: object, where: str) -> Sequence[object]:
    if isinstance(value, str | bytes) or not isinstance(value, Sequence):
        raise InputError(f"{kind_of(value)} at {where} where a list is expected; see the message format")
    return cast("Sequence[object]", value)


def _matching(expression: re.Pattern[str], value: object, where: str, what: str) -> str:
    if not isinstance(value, str):
        raise InputError(f"{kind_of(value)} at {where} where {what} is expected; write it as a string")
    if not expression.fullmatch(value):
        raise UnsupportedFormat(f"text at {where} that does not look like {what}; nothing was sent")
    return value
