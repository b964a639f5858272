"""The stream of a response, restored on the fly.

A text arrives as ``NAME.delta`` events and ends with ``NAME.done``, which
holds it whole. What is held back comes as one more delta before that; all
numbers after it grow by one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from memveil.wire.events import as_object, decode, event_of
from memveil.wire.openai_responses_items import PART
from memveil.wire.pieces import Pieces
from memveil.wire.sse import Event, MalformedStream
from memveil.wire.walks import Inbound, Walk

__all__ = ["ResponsesStream"]

_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed", "error"})
_SLOTS = {
    "response.output_text": "text",
    "response.refusal": "refusal",
    "response.reasoning_text": "text",
    "response.reasoning_summary_text": "text",
    "response.function_call_arguments": "arguments",
    "response.custom_tool_call_input": "input",
    "response.code_interpreter_call_code": "code",
    "response.apply_patch_call_operation_diff": "diff",
}
_GO_INTO_TOOLS = {
    "response.function_call_arguments",
    "response.custom_tool_call_input",
    "response.apply_patch_call_operation_diff",
}
_JSON = "response.function_call_arguments"


class _Text(NamedTuple):
    """Which text of the stream: its item, its kind and its part."""

    item: object
    kind: str
    part: object


class ResponsesStream:
    """See :class:`memveil.wire.format.StreamMapper`."""

    def __init__(
        self,
        walk: Inbound,
        *,
        map_item: Callable[[Walk, object, str], object],
        map_response: Callable[[object, Inbound], object],
    ) -> None:
        self._walk = walk
        self._map_item = map_item
        self._map_response = map_response
        self._pieces = Pieces[_Text](walk.exits)
        self._last_delta: dict[_Text, dict[str, object]] = {}
        self._tools: dict[object, str] = {}
        self._added = 0  # events that the upstream does not know of
        self._next = 0
        self._is_complete = False

    @property
    def is_complete(self) -> bool:
        """Whether the response was completed, or failed, in so many words."""
        return self._is_complete

    def feed(self, event: Event) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.feed`."""
        if event.data.strip() == "[DONE]":  # other servers end this way too
            return [*self.flush(), event]
        value = decode(event)
        name = str(value.get("type", ""))
        kind, _, what = name.rpartition(".")
        out: list[Event] = []
        if kind in _SLOTS and what == "delta":
            value = self._delta(kind, value)
        elif kind in _SLOTS and what == "done":
            text = _text_of(kind, value)
            out = self._flush(lambda open_: open_ == text)
            value = self._done(kind, value)
        else:
            if name == "response.output_item.done":
                index = value.get("output_index")
                out = self._flush(lambda open_: open_.item == index)
            elif name in _ENDS:
                self._is_complete = True
                out = self._flush(lambda _: True)
            value = self._other(name, value)
        return [*out, event_of(self._numbered(value), like=event)]

    def fork(self) -> ResponsesStream:
        """See :meth:`memveil.wire.format.StreamMapper.fork`."""
        other = ResponsesStream(self._walk, map_item=self._map_item, map_response=self._map_response)
        other._pieces = self._pieces.fork()
        other._last_delta, other._tools = dict(self._last_delta), dict(self._tools)
        other._added, other._next, other._is_complete = self._added, self._next, self._is_complete
        return other

    def flush(self) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.flush`."""
        return self._flush(lambda _: True)

    def fail(self, message: str) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.fail`."""
        error = {"type": "error", "code": "memveil", "message": message, "param": None}
        return [event_of({**error, "sequence_number": self._next}, name="error")]

    def _numbered(self, value: dict[str, object]) -> dict[str, object]:
        number = value.get("sequence_number")
        if not isinstance(number, int):
            return value
        self._next = number + self._added + 1
        return {**value, "sequence_number": number + self._added}

    def _delta(self, kind: str, value: dict[str, object]) -> dict[str, object]:
        chunk = value.get("delta")
        if not isinstance(chunk, str):
            raise MalformedStream("a delta of the upstream is no text")
        text = _text_of(kind, value)
        self._last_delta[text] = value
        restored = self._pieces.feed(
            text,
            chunk,
            tool=self._tool_of(text) if kind in _GO_INTO_TOOLS else None,
            is_json=kind == _JSON or (self._walk.is_json and kind == "response.output_text"),
        )
        result = {**value, "delta": restored}
        # They would describe the placeholders, token by token, and not the text that is read.
        return result if restored == chunk or "logprobs" not in value else {**result, "logprobs": []}

    def _done(self, kind: str, value: dict[str, object]) -> dict[str, object]:
        slot = _SLOTS[kind]
        whole = value.get(slot)
        if not isinstance(whole, str):
            return value
        walk = self._walk
        if kind in _GO_INTO_TOOLS:
            walk = walk.calling(self._tool_of(_text_of(kind, value)))
        if kind == _JSON:
            restored = walk.document(whole, slot)
        elif kind == "response.output_text":
            restored = walk.answer(whole, slot)
        else:
            restored = walk.text(whole, slot)
        result = {**value, slot: restored}
        return result if restored == whole or "logprobs" not in value else {**result, "logprobs": []}

    def _other(self, name: str, value: dict[str, object]) -> dict[str, object]:
        result = dict(value)
        if "response" in value:
            result["response"] = self._map_response(value["response"], self._walk)
        if name in {"response.output_item.added", "response.output_item.done"}:
            item = as_object(value.get("item"))
            named = item.get("name", item.get("type", ""))
            for place in (value.get("output_index"), item.get("id")):
                if isinstance(place, int | str):
                    self._tools[place] = str(named)
            result["item"] = self._map_item(self._walk, item, "item")
        if "part" in value:
            result["part"] = PART(self._walk, value["part"], "part")
        if "annotation" in value:
            result["annotation"] = self._walk.values(value["annotation"], "annotation")
        if name == "error":
            result["message"] = self._walk.values(value.get("message"), "message")
        return result

    def _tool_of(self, text: _Text) -> str:
        tool = self._tools.get(text.item)
        if tool is None:
            raise MalformedStream("arguments of the upstream come before the name of their tool")
        return tool

    def _flush(self, belongs: Callable[[_Text], bool]) -> list[Event]:
        events: list[Event] = []
        for text, rest in self._pieces.flush(belongs):
            value = {**self._last_delta[text], "delta": rest}
            if "logprobs" in value:
                value["logprobs"] = []
            if "sequence_number" in value:
                value["sequence_number"] = self._next
                self._next += 1
                self._added += 1
            events.append(event_of(value, name=str(value["type"])))
        return events


def _text_of(kind: str, value: dict[str, object]) -> _Text:
    item = value.get("output_index", value.get("item_id"))
    return _Text(item, kind, value.get("content_index", value.get("summary_index")))
