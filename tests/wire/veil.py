"""A guard without a guard: a fixed table of values, for tests of the wire formats."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from typing import Any

from memveil.errors import PolicyError
from memveil.restore import Lookup
from memveil.wire.sse import Event
from memveil.wire.walks import Inbound, Outbound

VALUES = {
    "<Person_1>": "Ines Larsen",
    "<Email_1>": "ines@larsen.example",
    "<Address_1>": 'Flat "B"\nOld\\Mill 7',
    "<Phone_1>": "4790041773",
}
REFUSED, KEPT = "post_publicly", "remember"


def protect(text: str) -> str:
    for placeholder, value in VALUES.items():
        text = text.replace(value, placeholder)
    return text


def private_in(data: object) -> list[str]:
    """Placeholders whose values stand in ``data``, plain or escaped."""
    text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    forms = {p: {v, json.dumps(v)[1:-1], json.dumps(json.dumps(v)[1:-1])[1:-1]} for p, v in VALUES.items()}
    return [placeholder for placeholder, values in forms.items() if any(value in text for value in values)]


def outbound(*, allows_media: bool = False) -> Outbound:
    return Outbound(protect, lambda text: protect(text) == text, allows_media=allows_media)


def lookup(placeholders: Iterable[str]) -> Mapping[str, str]:
    return {name: VALUES[name] for name in placeholders if name in VALUES}


def exits(tool: str | None) -> Lookup:
    def refuse(placeholders: Iterable[str]) -> Mapping[str, str]:
        if lookup(placeholders):
            raise PolicyError("a value would go into a tool that must not get it")
        return {}

    if tool == REFUSED:
        return refuse
    return (lambda _: {}) if tool == KEPT else lookup


def inbound(*, is_json: bool = False) -> Inbound:
    return Inbound(exits, is_json=is_json)


def events(*values: Any, named: bool = False) -> list[Event]:
    """Events that carry JSON objects, or text as it is."""
    return [
        Event(value) if isinstance(value, str) else Event(json.dumps(value), value["type"] if named else "")
        for value in values
    ]


def run(mapper: Any, stream: Iterable[Event]) -> list[Any]:
    """What a mapper makes of a stream: decoded objects, or text that is no JSON."""
    out: list[Event] = []
    for given in stream:
        tried = mapper.fork().feed(given)
        out += mapper.feed(given)
        assert tried == out[len(out) - len(tried) :], "a fork does the same, and changes nothing here"
    return [json.loads(event.data) if event.data.startswith("{") else event.data for event in [*out, *mapper.flush()]]


def cut(text: str, *places: int) -> list[str]:
    """A text in pieces."""
    edges = [0, *sorted(min(place, len(text)) for place in places), len(text)]
    return [text[start:end] for start, end in itertools.pairwise(edges)]
