"""Settings leave as numbers, words and protected texts, and tools keep their names."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.tools import tool

from memveil import Guard
from memveil.errors import UnsupportedFormat
from memveil.integrations.langchain_settings import Settings
from memveil.integrations.leaves import Leaves
from memveil.testing import CANARIES, assert_no_canary

MAIL = CANARIES["Email"]


@pytest.fixture
def settings(guard: Guard) -> Settings:
    return Settings(Leaves(guard))


def test_numbers_and_words_stay_and_texts_are_protected(settings: Settings, guard: Guard) -> None:
    given: dict[str, Any] = {
        "temperature": 38.5,
        "strict": True,
        "model": "claude-sonnet-4",
        "tool_choice": {"type": "function", "function": {"name": "Grace"}},
        "user": MAIL,
        "stop": [f"by {MAIL}"],
        "metadata": {"of": MAIL},
        "top_p": None,
        "ls_structured_output_format": {"schema": object()},
    }
    sent = settings.of(given)

    assert_no_canary(json.dumps(sent))
    assert {key: sent[key] for key in ("temperature", "strict", "model", "tool_choice", "top_p")} == {
        key: given[key] for key in ("temperature", "strict", "model", "tool_choice", "top_p")
    }
    assert sent["user"] == guard.protect_label(MAIL)
    assert sent["stop"] == ["by <Email_1>"]
    assert "ls_structured_output_format" not in sent


def test_tools_and_formats_keep_their_names_and_lose_values(settings: Settings) -> None:
    @tool(description=f"Writes to {MAIL}.")
    def grace(to: str) -> str:
        return to

    schema = {"type": "object", "properties": {"to": {"type": "string", "examples": [MAIL]}}, "required": ["to"]}
    envelope = {"type": "json_schema", "json_schema": {"name": "Grace", "schema": schema, "strict": True}}
    for sent in (settings.tool(grace), settings.of({"response_format": envelope, "tools": [grace]})):
        assert_no_canary(json.dumps(sent))
    assert settings.tool(grace)["function"]["name"] == "grace"
    assert settings.of({"response_format": envelope})["response_format"]["json_schema"]["name"] == "Grace"
    assert settings.of({"response_format": {"type": "json_object"}}) == {"response_format": {"type": "json_object"}}
    assert settings.tool({"type": "web_search"}) == {"type": "web_search"}


@pytest.mark.parametrize(
    "given",
    [
        {"response_format": dict},
        {"tool_choice": object()},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "two words", "schema": {}}}},
        {"response_format": {"type": "json_schema", "json_schema": {"name": "x"}, "more": 1}},
        {"tools": [{"type": "function", "function": {"name": "x", "parameters": {}, "secret": "y"}}]},
    ],
)
def test_what_is_not_known_is_refused(settings: Settings, given: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedFormat):
        settings.of(given)
