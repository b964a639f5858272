"""The stream of an Anthropic message, restored on the fly.

A text is one kind of delta in one block. What is held back of a block comes as
one more delta before the block stops. Thinking and its signature pass as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from memveil.wire.anthropic_blocks import ANSWERED
from memveil.wire.events import as_object, decode, event_of
from memveil.wire.pieces import Pieces
from memveil.wire.sse import Event, MalformedStream
from memveil.wire.walks import Inbound

__all__ = ["MessageStream", "error_body"]

_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_SLOTS = {"text_delta": "text", "input_json_delta": "partial_json", "compaction_delta": "content"}


def error_body(status: int, message: str) -> dict[str, object]:
    """See :meth:`memveil.wire.format.Format.error_body`."""
    return {"type": "error", "error": {"type": _KINDS.get(status, "api_error"), "message": message}}


class _Text(NamedTuple):
    """Which text of the stream: its block and the kind of its deltas."""

    block: int
    kind: str


class MessageStream:
    """See :class:`memveil.wire.format.StreamMapper`."""

    def __init__(self, walk: Inbound) -> None:
        self._walk = walk
        self._pieces = Pieces[_Text](walk.exits)
        self._tools: dict[int, str] = {}
        self._is_complete = False

    @property
    def is_complete(self) -> bool:
        """Whether the message stopped, or an error came."""
        return self._is_complete

    def feed(self, event: Event) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.feed`."""
        value = decode(event)
        out: list[Event] = []
        match value.get("type"):
            case "content_block_start":
                value = self._start(value)
            case "content_block_delta":
                value = self._delta(value)
            case "content_block_stop":
                index = _index_of(value)
                out = self._flush(lambda text: text.block == index)
            case "message_delta":
                out = self.flush()
                value = {**value, "delta": self._stopped(as_object(value.get("delta")))}
            case "message_stop":
                self._is_complete = True
                out = self.flush()
            case "error":
                self._is_complete = True
                out = self.flush()
                value = {**value, "error": self._walk.values(value.get("error"), "error")}
            case _:
                pass  # pings, the frame of the message, and what is new: they hold no text of the answer
        return [*out, event_of(value, like=event)]

    def fork(self) -> MessageStream:
        """See :meth:`memveil.wire.format.StreamMapper.fork`."""
        other = MessageStream(self._walk)
        other._pieces, other._tools, other._is_complete = self._pieces.fork(), dict(self._tools), self._is_complete
        return other

    def flush(self) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.flush`."""
        return self._flush(lambda _: True)

    def fail(self, message: str) -> list[Event]:
        """See :meth:`memveil.wire.format.StreamMapper.fail`."""
        return [event_of(error_body(502, message), name="error")]

    def _start(self, value: dict[str, object]) -> dict[str, object]:
        index, block = _index_of(value), as_object(value.get("content_block"))
        name = block.get("name")
        if isinstance(name, str):
            self._tools[index] = name
        return {**value, "content_block": ANSWERED(self._walk, block, "content_block")}

    def _delta(self, value: dict[str, object]) -> dict[str, object]:
        index, delta = _index_of(value), as_object(value.get("delta"))
        kind = str(delta.get("type", ""))
        if kind == "citations_delta":
            return {**value, "delta": self._walk_citation(delta)}
        slot = _SLOTS.get(kind)
        if slot is None or delta.get(slot) is None:
            return value
        chunk = delta[slot]
        if not isinstance(chunk, str):
            raise MalformedStream("a delta of the upstream is no text")
        is_input = kind == "input_json_delta"
        if is_input and index not in self._tools:
            raise MalformedStream("arguments of the upstream come before the name of their tool")
        restored = self._pieces.feed(
            _Text(index, kind),
            chunk,
            tool=self._tools[index] if is_input else None,
            is_json=is_input or (self._walk.is_json and kind == "text_delta"),
        )
        return {**value, "delta": {**delta, slot: restored}}

    def _walk_citation(self, delta: dict[str, object]) -> dict[str, object]:
        block = {"type": "text", "text": "", "citations": [delta.get("citation")]}
        mapped = as_object(ANSWERED(self._walk, block, "citation"))
        citations = mapped["citations"]
        return {**delta, "citation": citations[0] if isinstance(citations, list) else None}

    def _stopped(self, delta: dict[str, object]) -> dict[str, object]:
        sequence = delta.get("stop_sequence")
        if not isinstance(sequence, str):
            return delta
        return {**delta, "stop_sequence": self._walk.text(sequence, "stop_sequence")}

    def _flush(self, belongs: Callable[[_Text], bool]) -> list[Event]:
        return [
            event_of(
                {
                    "type": "content_block_delta",
                    "index": text.block,
                    "delta": {"type": text.kind, _SLOTS[text.kind]: rest},
                },
                name="content_block_delta",
            )
            for text, rest in self._pieces.flush(belongs)
        ]


def _index_of(value: dict[str, object]) -> int:
    index = value.get("index")
    if not isinstance(index, int):
        raise MalformedStream("a block of the upstream has no number")
    return index
