"""The parts that the formats' tables are made of.

A table names every key that may stand in a request, and what stands there. It
is complete on purpose; what happens to the rest is for the walk to say.

A field is a function of a walk, a value and its place. ``null`` says nothing
and passes everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast

from memveil.errors import InputError
from memveil.json_values import kind_of, show_key
from memveil.wire.walks import Walk

__all__ = [
    "DROPPED",
    "Either",
    "Field",
    "ListOf",
    "Obj",
    "Tagged",
    "answer",
    "apart",
    "check_object",
    "document",
    "either",
    "flag",
    "identifier",
    "media",
    "number",
    "opaque",
    "sealed",
    "settings",
    "text",
    "tool_call",
    "tool_result",
    "values",
    "word",
]

Field = Callable[[Walk, object, str], object]

DROPPED = object()
"""Stands for an item of a list that is left out."""

# --- leaves --------------------------------------------------------------------

# Names and ids are chosen by programs. One with a blank or a Chinese letter in
# it was not, and could be somebody's name.
_WORD = re.compile(r"[A-Za-z0-9_.:/\-]{1,128}")
_ID = re.compile(r"[A-Za-z0-9_.:|=+/\-]{1,512}")
# Signatures and encrypted parts are base64 of one kind or another.
_OPAQUE = re.compile(r"[A-Za-z0-9_.:|=+/\-~]*")


def text(walk: Walk, value: object, where: str) -> object:
    """Text that somebody wrote."""
    return walk.text(value, where) if isinstance(value, str) else _mistaken(walk, value, where, "text")


def answer(walk: Walk, value: object, where: str) -> object:
    """Text that the model wrote."""
    return walk.answer(value, where) if isinstance(value, str) else _mistaken(walk, value, where, "text")


def document(walk: Walk, value: object, where: str) -> object:
    """JSON as text."""
    return walk.document(value, where) if isinstance(value, str) else _mistaken(walk, value, where, "JSON text")


def values(walk: Walk, value: object, where: str) -> object:
    """Any JSON; every string in it is text."""
    return walk.values(value, where)


def media(walk: Walk, value: object, where: str) -> object:
    """An image, a sound or a file."""
    return walk.media(value, where)


def number(walk: Walk, value: object, where: str) -> object:
    """A number."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else _mistaken(walk, value, where, "a number")


def flag(walk: Walk, value: object, where: str) -> object:
    """True or false."""
    return value if isinstance(value, bool) else _mistaken(walk, value, where, "true or false")


def word(walk: Walk, value: object, where: str) -> object:
    """A word of the format, or a name that a program gave."""
    return _matching(_WORD, walk, value, where, "a name")


def identifier(walk: Walk, value: object, where: str) -> object:
    """An id."""
    return _matching(_ID, walk, value, where, "an id")


def opaque(walk: Walk, value: object, where: str) -> object:
    """A signature or something encrypted; it says nothing and stays as it is."""
    return _matching(_OPAQUE, walk, value, where, "a signature")


def sealed(walk: Walk, value: object, where: str) -> object:
    """Text under a signature: passes as it is, or :data:`DROPPED` stands for it."""
    if not isinstance(value, str):
        return _mistaken(walk, value, where, "text")
    return value if walk.seals(value) else DROPPED


def settings(walk: Walk, value: object, where: str) -> object:
    """Any JSON of settings: words, numbers and flags stay, everything else in it is text."""
    match value:
        case str():
            return value if _WORD.fullmatch(value) else walk.text(value, where)
        case list():
            return [settings(walk, item, where) for item in cast("list[object]", value)]
        case dict():
            pairs = cast("dict[str, object]", value)
            return {
                key if _WORD.fullmatch(key) else walk.text(key, where): settings(walk, item, where)
                for key, item in pairs.items()
            }
        case _:
            return value


def _matching(expression: re.Pattern[str], walk: Walk, value: object, where: str, what: str) -> object:
    if not isinstance(value, str):
        return _mistaken(walk, value, where, what)
    if not expression.fullmatch(value):
        return walk.unknown(value, f"text at {where} that does not look like {what}")
    return value


def _mistaken(walk: Walk, value: object, where: str, what: str) -> object:
    return walk.unknown(value, f"{kind_of(value)} at {where} where {what} is expected")


# --- what is made of other fields ----------------------------------------------


@dataclass(frozen=True, slots=True)
class Obj:
    """An object with these keys. An item that cannot stay drops the whole object."""

    keys: Mapping[str, Field]

    def __call__(self, walk: Walk, value: object, where: str) -> object:
        if not isinstance(value, dict):
            return _mistaken(walk, value, where, "an object")
        result: dict[str, object] = {}
        for key, item in cast("dict[str, object]", value).items():
            known = self.keys.get(key)
            if known is None:
                result[key] = walk.unknown(item, f"a key {show_key(key)} that memveil does not know at {where}")
            else:
                mapped = None if item is None else known(walk, item, f"{where}.{key}" if where else key)
                if mapped is DROPPED:
                    return DROPPED
                result[key] = mapped
        return result

    def __or__(self, more: Mapping[str, Field]) -> Obj:
        return Obj({**self.keys, **more})


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list of one kind of item."""

    item: Field

    def __call__(self, walk: Walk, value: object, where: str) -> object:
        if not isinstance(value, list):
            return _mistaken(walk, value, where, "a list")
        items = cast("list[object]", value)
        mapped = [self.item(walk, item, f"{where}[{index}]") for index, item in enumerate(items)]
        return [item for item in mapped if item is not DROPPED]


@dataclass(frozen=True, slots=True)
class Either:
    """One field for each kind of JSON value; see :func:`either`."""

    by_kind: Mapping[type, Field]

    def __call__(self, walk: Walk, value: object, where: str) -> object:
        known = self.by_kind.get(type(value))
        if known is None:
            return walk.unknown(value, f"{kind_of(value)} at {where}, where memveil does not know it")
        return known(walk, value, where)


def either(*, string: Field | None = None, items: Field | None = None, fields: Field | None = None) -> Either:
    """A string, a list or an object, each as its own field says."""
    offered = {str: string, list: items, dict: fields}
    return Either({kind: field for kind, field in offered.items() if field is not None})


_DATE = re.compile(r"(?:_preview)?(?:[_-]20\d{6}|_20\d\d_\d\d_\d\d)?$")


@dataclass(frozen=True, slots=True)
class Tagged:
    """An object whose key ``tag`` says which table it follows; dated versions count as one."""

    tables: Mapping[str, Field]
    tag: str = "type"
    otherwise: str | None = None

    def __call__(self, walk: Walk, value: object, where: str) -> object:
        if not isinstance(value, dict):
            return _mistaken(walk, value, where, "an object")
        name = cast("dict[str, object]", value).get(self.tag, self.otherwise)
        known = self.tables.get(name) or self.tables.get(_DATE.sub("", name)) if isinstance(name, str) else None
        if known is None:
            shown = f" {show_key(name)}" if isinstance(name, str) else ""
            return walk.unknown(value, f"a {self.tag}{shown} that memveil does not know at {where}")
        return known(walk, value, where)


def apart(fields: Mapping[str, Field]) -> dict[str, Field]:
    """The same fields, read without what was said in the conversation.

    Instructions and tools are the same in every request of a conversation, so
    what is found in them must not hang on its last words, nor on the order in
    which a client writes its keys: the same text leaves as the same bytes, and
    what a recognizer said of it once need not be asked again.
    """

    def alone(inner: Field) -> Field:
        return lambda walk, value, where: inner(walk.apart(), value, where)

    return {key: alone(inner) for key, inner in fields.items()}


def tool_call(
    keys: Mapping[str, Field], *, goes_in: Mapping[str, Field], name: str = "name", call: str = "call_id"
) -> Field:
    """An object that calls the tool named by its key ``name`` with what stands at ``goes_in``.

    Args:
        keys: the other keys.
        goes_in: what the tool gets.
        name: the key with the tool's name.
        call: the key with the id of the call.
    """

    def read(walk: Walk, value: object, where: str) -> object:
        tool = _string(value, name)
        walk.called(_string(value, call), tool)
        return Obj({**keys, **_inside(tool, goes_in)})(walk, value, where)

    return read


def tool_result(
    keys: Mapping[str, Field], *, comes_out: Mapping[str, Field], call: str = "call_id", name: str = "name"
) -> Field:
    """An object that holds at ``comes_out`` what a tool answered; ``call`` and ``name`` say which."""

    def read(walk: Walk, value: object, where: str) -> object:
        tool = walk.tool_of(_string(value, call), _string(value, name))
        inside = comes_out if tool is None else _inside(tool, comes_out)
        return Obj({**keys, **inside})(walk, value, where)

    return read


def _inside(tool: str, fields: Mapping[str, Field]) -> Mapping[str, Field]:
    """The same fields, read inside a tool."""

    def calling(inner: Field) -> Field:
        return lambda walk, value, where: inner(walk.calling(tool), value, where)

    return {key: calling(inner) for key, inner in fields.items()}


def _string(value: object, key: str) -> str:
    """The text at a key; empty where there is none."""
    found = cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def check_object(value: object) -> dict[str, object]:
    """A request's body, which is an object or nothing.

    Raises:
        InputError: it is something else.
    """
    if not isinstance(value, dict):
        raise InputError(f"the request is {kind_of(value)} where an object is expected; see the API")
    return cast("dict[str, object]", value)
