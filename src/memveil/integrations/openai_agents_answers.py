"""Answers of the OpenAI Agents SDK on their way home: items and events are its own objects.

They are dumped, restored by the table of the Responses API, and only what
changed is put into copies of them; all else about them stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from memveil.wire import openai_responses
from memveil.wire.events import decode
from memveil.wire.sse import Event
from memveil.wire.walks import Inbound

try:
    from pydantic import BaseModel
except ImportError as error:
    raise ImportError("the OpenAI Agents SDK is missing; pip install 'memveil[openai-agents]'") from error

if TYPE_CHECKING:
    from memveil.guard import Guard

__all__ = ["StreamedAnswer", "restore_items"]


def restore_items(guard: Guard, items: Sequence[Any], *, is_json: bool = False) -> list[Any]:
    """Items with their values.

    Args:
        guard: the scope that the placeholders were issued in.
        items: objects of the SDK, or dicts of the same shape.
        is_json: whether JSON was ordered, so that values are escaped.
    """
    before = [_dumped(item) for item in items]
    body = openai_responses.map_response({"output": before}, _home(guard, is_json=is_json))
    after = cast("dict[str, list[Any]]", body)["output"]
    return [_updated(*each) for each in zip(items, before, after, strict=True)]


class StreamedAnswer:
    """The events of one answer, restored as they come. Not thread-safe.

    Args:
        guard: the scope that the placeholders were issued in.
        is_json: whether JSON was ordered, so that values are escaped.
    """

    def __init__(self, guard: Guard, *, is_json: bool) -> None:
        self._mapper = openai_responses.begin_stream(_home(guard, is_json=is_json))
        self._latest: dict[str, BaseModel] = {}

    def feed(self, event: BaseModel) -> list[Any]:
        """The events to hand on for the next one of the model.

        Raises:
            MalformedStream: the event is not what the API promises.
        """
        before = _dumped(event)
        self._latest[str(before.get("type"))] = event
        *held_back, same = self._mapper.feed(Event(event.model_dump_json(exclude_unset=True, warnings=False)))
        return [*map(self._delta, held_back), _updated(event, before, decode(same))]

    def flush(self) -> list[Any]:
        """What was held back of texts that did not end."""
        return [self._delta(event) for event in self._mapper.flush()]

    def _delta(self, event: Event) -> Any:
        """One more event of a kind that came before."""
        value = decode(event)
        like = self._latest[str(value["type"])]
        return _updated(like, _dumped(like), value)


def _home(guard: Guard, *, is_json: bool) -> Inbound:
    return Inbound(lambda _tool: guard.lookup, is_json=is_json)


def _dumped(value: Any) -> dict[str, Any]:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True, warnings=False)
    return cast("dict[str, Any]", value)


def _updated(value: Any, before: Mapping[str, Any], after: Mapping[str, Any]) -> Any:
    """``value`` with what changed between two dumps of it; all else about it stays."""
    if not isinstance(value, BaseModel):
        return dict(after)
    rebuilt = type(value).model_construct(**after)
    changes: dict[str, Any] = {}
    for key, item in after.items():
        if key in before and item == before[key]:
            continue
        inner = getattr(value, key, None)
        is_object = isinstance(inner, BaseModel) and isinstance(item, dict) and isinstance(before.get(key), dict)
        changes[key] = _updated(inner, before[key], item) if is_object else getattr(rebuilt, key)
    return value.model_copy(update=changes)
