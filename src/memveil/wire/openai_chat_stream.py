"""The stream of a chat completion, restored on the fly.

A text is a field of one choice, or the arguments of one of its tool calls.
Before the chunk that says why a choice ended comes a chunk with what was held
back of it.
"""

from __future__ import annotations

from typing import NamedTuple

from memveil.wire.events import as_list, as_object, decode, event_of
from memveil.wire.openai_errors import error_body
from memveil.wire.pieces import Pieces
from memveil.wire.sse import Event, MalformedStream
from memveil.wire.walks import Inbound

__all__ = ["ChatStream"]

_DONE = "[DONE]"
_OF_ONE_CHUNK = frozenset({"choices", "usage", "obfuscation"})
_TEXTS = ("content", "reasoning_content", "reasoning", "refusal")
_CALLED = {"function": "arguments", "custom": "input"}


class _Text(NamedTuple):
    """Where a text of the stream belongs: a field, or a tool call and the kind of it."""

    choice: int
    field: str
    call: int | None = None


class ChatStream:
    """See :class:`memveil.wire.format.StreamMapper`."""

    def __init__(self, walk: Inbound) -> None:
        self._walk = walk
        self._pieces = Pieces[_Text](walk.exits)
        self._tools: dict[_Text, str] = {}
        self._frame: dict[str, object] = {}
        self._running: set[int] = set()
        self._began = False
        self._is_done = False

    @property
    def is_complete(self) -> bool:
        """Whether ``[DONE]`` or an error came, or every choice said why it ended: not all servers say the former."""
        return self._is_done or (self._began and not self._running)

    def feed(self, event: Event) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.feed`."""
        if event.data.strip() == _DONE:
            self._is_done = True
            return [*self.flush(), event]
        chunk = decode(event)
        if chunk.get("error") is not None:
            self._is_done = True
            return [*self.flush(), event_of({**chunk, "error": self._walk.values(chunk["error"], "error")}, like=event)]
        self._frame = {key: value for key, value in chunk.items() if key not in _OF_ONE_CHUNK}
        before: list[Event] = []
        mapped: list[object] = []
        for value in as_list(chunk.get("choices")):
            choice = as_object(value)
            index = _index_of(choice)
            self._began = True
            self._running.add(index)
            restored = self._choice(index, choice)
            if choice.get("finish_reason") is not None:
                self._running.discard(index)
                held = self._pieces.flush(lambda text, index=index: text.choice == index)  # type: ignore[misc]
                if held:
                    # What this very chunk brought comes before what is held back of it.
                    before.append(self._event(index, as_object(restored.get("delta"))))
                    before.extend(self._event(index, _delta(text, rest)) for text, rest in held)
                    restored = {**restored, "delta": {}}
            mapped.append(restored)
        return [*before, event_of({**chunk, "choices": mapped} if mapped else chunk, like=event)]

    def fork(self) -> ChatStream:
        """See :meth:`memveil.wire.format.StreamMapper.fork`."""
        other = ChatStream(self._walk)
        other._pieces, other._tools, other._running = self._pieces.fork(), dict(self._tools), set(self._running)
        other._frame, other._began, other._is_done = self._frame, self._began, self._is_done
        return other

    def flush(self) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.flush`."""
        return [self._event(text.choice, _delta(text, rest)) for text, rest in self._pieces.flush(lambda _: True)]

    def fail(self, message: str) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.fail`."""
        return [event_of(error_body(502, message))]

    def _event(self, index: int, delta: dict[str, object]) -> Event:
        choice = {"index": index, "delta": delta, "finish_reason": None, "logprobs": None}
        return event_of({**self._frame, "choices": [choice]})

    def _choice(self, index: int, choice: dict[str, object]) -> dict[str, object]:
        delta = as_object(choice.get("delta"))
        restored = dict(delta)
        for field in _TEXTS:
            chunk = delta.get(field)
            if isinstance(chunk, str):
                is_json = self._walk.is_json and field == "content"
                restored[field] = self._pieces.feed(_Text(index, field), chunk, is_json=is_json)
        if isinstance(delta.get("tool_calls"), list):
            calls = as_list(delta["tool_calls"])
            restored["tool_calls"] = [self._call(index, at, as_object(call)) for at, call in enumerate(calls)]
        if isinstance(delta.get("function_call"), dict):
            text = _Text(index, "function_call")
            restored["function_call"] = self._called(text, as_object(delta["function_call"]), "arguments")
        result = {**choice, "delta": restored} if "delta" in choice else choice
        # They would describe the placeholders, token by token, and not the text that is read.
        return result if restored == delta or "logprobs" not in choice else {**result, "logprobs": None}

    def _call(self, index: int, at: int, call: dict[str, object]) -> dict[str, object]:
        number = call.get("index", at)
        if not isinstance(number, int):
            raise MalformedStream("a tool call of the upstream has no place")
        result = dict(call)
        for kind, slot in _CALLED.items():
            if isinstance(call.get(kind), dict):
                result[kind] = self._called(_Text(index, kind, number), as_object(call[kind]), slot)
        return result

    def _called(self, text: _Text, called: dict[str, object], slot: str) -> dict[str, object]:
        name, chunk = called.get("name"), called.get(slot)
        if isinstance(name, str) and name:
            self._tools[text] = name
        if not isinstance(chunk, str):
            return called
        if chunk and text not in self._tools:
            raise MalformedStream("arguments of the upstream come before the name of their tool")
        tool = self._tools.get(text, "")
        # Nothing has come yet, not even the name, perhaps; the restorer is bound to the tool by its first piece.
        restored = self._pieces.feed(text, chunk, tool=tool, is_json=slot == "arguments") if chunk else chunk
        return {**called, slot: restored}


def _index_of(choice: dict[str, object]) -> int:
    index = choice.get("index", 0)
    if not isinstance(index, int):
        raise MalformedStream("a choice of the upstream has no number")
    return index


def _delta(text: _Text, rest: str) -> dict[str, object]:
    """The delta that brings the rest of a text."""
    if text.call is not None:
        return {"tool_calls": [{"index": text.call, text.field: {_CALLED[text.field]: rest}}]}
    return {"function_call": {"arguments": rest}} if text.field == "function_call" else {text.field: rest}
