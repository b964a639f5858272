"""Decoding the data of events, shared by the streams of all formats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast

from memveil.wire.sse import Event, MalformedStream

__all__ = ["as_list", "as_object", "decode", "event_of"]


def decode(event: Event) -> dict[str, object]:
    """The JSON object that an event carries.

    Raises:
        MalformedStream: it carries something else.
    """
    try:
        value: object = json.loads(event.data)
    # Either error quotes the data.
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise MalformedStream("an event of the upstream is no JSON object")
    return cast("dict[str, object]", value)


def event_of(value: Mapping[str, object], *, like: Event | None = None, name: str = "") -> Event:
    """The event that carries a JSON object; id and retry as those of ``like``."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if like is None:
        return Event(data, name)
    return Event(data, name or like.event, like.id, like.retry)


def as_object(value: object) -> dict[str, object]:
    """An object, or an empty one where there is none."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> list[object]:
    """A list, or an empty one where there is none."""
    return cast("list[object]", value) if isinstance(value, list) else []
