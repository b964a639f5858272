from __future__ import annotations

from typing import Any

import pytest

from memveil.errors import UnsupportedFormat
from memveil.wire.schema import schema
from memveil.wire.walks import Outbound
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


@pytest.mark.parametrize(
    "dialect",
    [
        "http://json-schema.org/draft-07/schema#",
        "https://json-schema.org/draft/2020-12/schema",
        "http://json-schema.org/schema",
    ],
)
def test_what_a_validator_needs_stays_whatever_a_recognizer_says(dialect: str) -> None:
    """Recognizers take long numbers for accounts, and addresses for somebody's."""
    suspicious = Outbound(lambda _: "<Account_1>", lambda _: False)
    given = {"$schema": dialect, "maximum": 9007199254740991, "items": {"minimum": -2.5, "maxLength": 524288}}

    assert schema(suspicious, given, "x") == given


@pytest.mark.parametrize("key", ["$schema", "maximum", "minLength"])
def test_a_text_where_a_validator_reads_no_text_is_protected(key: str) -> None:
    for odd in (NAME, f"https://json-schema.org/schema#{NAME}", [NAME], {"a": NAME}):
        assert private_in(schema(outbound(), {key: odd}, "x")) == []
