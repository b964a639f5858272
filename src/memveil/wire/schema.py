"""JSON Schema in requests: of tools and of structured answers.

What a program reads in a schema stays: keywords, types, references, names of
properties. What a person wrote in it is text: descriptions, titles, examples,
defaults, the values of an enumeration. A private value among these comes back
as a placeholder in the answer and is restored there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast

from memveil.json_values import kind_of
from memveil.wire.fields import word
from memveil.wire.walks import Walk

__all__ = ["schema"]

_DEEPEST = 100
_DIALECT = re.compile(r"https?://json-schema\.org/(?:draft(?:-0[3-7]|/20[12]\d-[01]\d)/)?(?:hyper-)?schema#?")
# A reference to another part of the same schema has characters that a word has not.
_LOCAL = re.compile(r"#[A-Za-z0-9_/.$~%\-]*")


def schema(walk: Walk, value: object, where: str) -> object:
    """A JSON Schema."""
    return _schema(walk, value, where, 0)


_Read = Callable[[Walk, object, str, int], object]


def _schema(walk: Walk, value: object, where: str, depth: int) -> object:
    if depth > _DEEPEST:
        return walk.unknown(value, f"more than {_DEEPEST} levels of nesting at {where}")
    match value:
        case None | bool():
            return value
        case list():  # several schemas, or `items` of the older drafts
            return [_schema(walk, item, where, depth + 1) for item in cast("list[object]", value)]
        case dict():
            result: dict[str, object] = {}
            for key, item in cast("dict[str, object]", value).items():
                read = _KEYWORDS.get(key)
                if read is None:
                    result.update(cast("dict[str, object]", walk.values({key: item}, where)))
                else:
                    result[key] = read(walk, item, where, depth + 1)
            return result
        case _:
            return walk.unknown(value, f"{kind_of(value)} at {where} where a schema is expected")


def _by_name(walk: Walk, value: object, where: str, depth: int) -> object:
    if not isinstance(value, dict):
        return _schema(walk, value, where, depth)
    pairs = cast("dict[str, object]", value)
    return {_name(walk, name, where): _schema(walk, item, where, depth) for name, item in pairs.items()}


def _words(walk: Walk, value: object, where: str, depth: int) -> object:
    del depth
    match value:
        case str():
            return value if _LOCAL.fullmatch(value) else word(walk, value, where)
        case list():
            return [word(walk, item, where) for item in cast("list[object]", value)]
        case _:
            return walk.values(value, where)


def _reference(walk: Walk, value: object, where: str, depth: int) -> object:
    del depth
    return value if isinstance(value, str) and _LOCAL.fullmatch(value) else walk.values(value, where)


def _dialect(walk: Walk, value: object, where: str, depth: int) -> object:
    """The address of the standard's own description is public, and a schema that names another is refused."""
    if isinstance(value, str) and _DIALECT.fullmatch(value):
        return value
    return _reference(walk, value, where, depth)


def _bound(walk: Walk, value: object, where: str, depth: int) -> object:
    """A limit, which a program set: with text in its place the schema is none."""
    del depth
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number else walk.values(value, where)


def _required(walk: Walk, value: object, where: str, depth: int) -> object:
    del depth
    if not isinstance(value, list):
        return walk.values(value, where)
    names = cast("list[object]", value)
    return [_name(walk, name, where) if isinstance(name, str) else walk.values(name, where) for name in names]


def _name(walk: Walk, name: str, where: str) -> str:
    """The name of a property: an identifier stays, anything else could be a value."""
    return next(iter(cast("dict[str, object]", walk.values({name: None}, where))))


_KEYWORDS: Mapping[str, _Read] = {
    **dict.fromkeys(("type", "format", "contentEncoding"), _words),
    **dict.fromkeys(("$ref", "$dynamicRef", "$anchor", "$id"), _reference),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), _bound),
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minContains", "maxContains"), _bound),
    **dict.fromkeys(("minProperties", "maxProperties"), _bound),
    "$schema": _dialect,
    **dict.fromkeys(("properties", "patternProperties", "$defs", "definitions", "dependentSchemas"), _by_name),
    **dict.fromkeys(("items", "additionalProperties", "additionalItems", "contains", "not", "if", "then"), _schema),
    **dict.fromkeys(("else", "propertyNames", "unevaluatedProperties", "unevaluatedItems"), _schema),
    **dict.fromkeys(("anyOf", "allOf", "oneOf", "prefixItems"), _schema),
    "required": _required,
}
