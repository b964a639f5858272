from __future__ import annotations

from typing import Any

import pytest

from memveil.errors import UnsupportedFormat
from memveil.wire.schema import schema
from tests.wire.veil import inbound, outbound, private_in

NAME = "Ines Larsen"
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": f"Letter to {NAME}",
    "type": "object",
    "description": f"for {NAME}",
    "required": ["description", NAME],
    "additionalProperties": False,
    "properties": {
        "description": {"type": ["string", "null"], "default": NAME, "pattern": "^[A-Z]+$"},
        NAME: {"$ref": "#/$defs/person"},
        "type": {"enum": [NAME, 4790041773, "other"], "examples": [{"a": NAME}]},
        "rows": {"type": "array", "items": [{"const": NAME}], "minItems": 1, "if": None},
        "any": {"anyOf": [{"type": "string", "format": "date"}, True]},
    },
    "$defs": {"person": {"type": "string"}},
}


def test_what_people_wrote_is_protected_and_what_programs_read_stays() -> None:
    sent: Any = schema(outbound(), SCHEMA, "x")

    assert private_in(sent) == []
    assert sent["title"] == "Letter to <Person_1>"
    assert sent["required"] == ["description", "<Person_1>"]
    assert sent["properties"]["<Person_1>"] == {"$ref": "#/$defs/person"}
    assert sent["properties"]["type"]["enum"] == ["<Person_1>", "<Phone_1>", "other"]
    assert sent["properties"]["description"]["type"] == ["string", "null"]
    assert sent["properties"]["any"] == SCHEMA["properties"]["any"]
    assert sent["$schema"] == SCHEMA["$schema"]


def test_a_schema_comes_home_whole() -> None:
    numberless = {**SCHEMA, "properties": {**SCHEMA["properties"], "type": {"enum": [NAME]}}}

    assert schema(inbound(), schema(outbound(), numberless, "x"), "x") == numberless


@pytest.mark.parametrize(
    "odd",
    [
        {"type": {"a": NAME}},
        {"required": NAME},
        {"required": [[NAME]]},
        {"$ref": f"#/{NAME}"},
        {"x-note": [NAME]},
        {"properties": [{"title": NAME}]},
    ],
)
def test_odd_schemas_leak_nothing(odd: object) -> None:
    assert private_in(schema(outbound(), odd, "x")) == []


def test_what_is_no_schema_is_refused() -> None:
    deep: object = {}
    for _ in range(200):
        deep = {"items": deep}

    for bad in (NAME, 7, deep, {"type": NAME}, {"properties": {"a": NAME}}):
        with pytest.raises(UnsupportedFormat):
            schema(outbound(), bad, "x")
