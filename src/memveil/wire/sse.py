"""Server-sent events: bytes to events and back, in pieces cut anywhere.

After the WHATWG HTML standard, section 9.2.6 (interpreting an event stream),
with two deliberate differences: comments are handed on, because they keep a
connection alive, and a stream that stops inside an event is an error instead
of a silent loss, because half an answer must not look like a whole one.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field

from memveil.errors import MemveilError

__all__ = ["MAX_EVENT", "Comment", "Event", "MalformedStream", "SseDecoder", "encode"]

MAX_EVENT = 16 * 1024 * 1024
"""Characters of one event at most; a longer one is no stream of deltas."""


class MalformedStream(MemveilError):
    """The upstream's stream cannot be read any further. Holds none of it."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. The repr hides its data.

    Args:
        data: its data lines, joined by newlines.
        event: its type; empty where the stream did not name one.
        id: its id, where it had one.
        retry: milliseconds until a reconnection, where it said so.
    """

    data: str = field(repr=False)
    event: str = ""
    id: str | None = None
    retry: int | None = None


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that only keeps the connection alive. The repr hides it."""

    text: str = field(default="", repr=False)


def encode(event: Event | Comment) -> bytes:
    """An event, or a comment, as it is sent."""
    if isinstance(event, Comment):
        return "".join(f":{line}\n" for line in _lines(event.text)).encode() + b"\n"
    fields = [f"event: {event.event}\n"] if event.event else []
    if event.id is not None:
        fields.append(f"id: {event.id}\n")
    if event.retry is not None:
        fields.append(f"retry: {event.retry}\n")
    fields.extend(f"data: {line}\n" for line in _lines(event.data))
    return "".join(fields).encode() + b"\n"


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class SseDecoder:
    """Takes bytes as they come and gives the events that are complete.

    For every way of cutting a stream the events are the same. Not thread-safe.

    Args:
        max_event: characters of one event at most.
    """

    def __init__(self, *, max_event: int = MAX_EVENT) -> None:
        self._max_event = max_event
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._pending: list[str] = []  # of the line that is not over, without its end
        self._size = 0
        self._is_first = True
        self._skips_newline = False  # the line before ended in CR; a LF would belong to it
        self._data: list[str] = []
        self._event = ""
        self._id: str | None = None
        self._retry: int | None = None

    def feed(self, data: bytes) -> list[Event | Comment]:
        """Take the next bytes.

        Raises:
            MalformedStream: they are not UTF-8, or an event is too long.
        """
        return self._read(self._decode(data, is_last=False))

    def end(self) -> list[Event | Comment]:
        """The stream is over.

        Raises:
            MalformedStream: it stopped inside an event.
        """
        events = self._read(self._decode(b"", is_last=True))
        if any(self._pending) or self._data or self._event:
            raise MalformedStream("the upstream stopped in the middle of an event")
        return events

    def _decode(self, data: bytes, *, is_last: bool) -> str:
        try:
            text = self._utf8.decode(data, final=is_last)
        # The error quotes the bytes.
        except UnicodeDecodeError:
            text = None
        if text is None:
            raise MalformedStream("the upstream's stream is not UTF-8")
        if self._is_first and text:
            self._is_first = False
            text = text.removeprefix("\ufeff")
        return text

    def _read(self, text: str) -> list[Event | Comment]:
        if self._skips_newline and text:
            text = text.removeprefix("\n")
            self._skips_newline = False
        if text.endswith("\r"):
            self._skips_newline = True
        # Not splitlines(): that also cuts at U+2028 and other ends that are data here.
        first, *rest = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._extend(first)
        events: list[Event | Comment] = []
        for following in rest:
            line = "".join(self._pending)
            self._pending = []
            event = self._line(line)
            if event is not None:
                events.append(event)
            self._extend(following)
        return events

    def _extend(self, piece: str) -> None:
        if not piece:
            return
        self._size += len(piece)
        if self._size > self._max_event:
            raise MalformedStream(f"an event of more than {self._max_event} characters")
        self._pending.append(piece)

    def _line(self, line: str) -> Event | Comment | None:
        if not line:
            return self._dispatch()
        if line.startswith(":"):
            self._size = sum(map(len, self._data))
            return Comment(line[1:])
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "data":
                self._data.append(value)
            case "event":
                self._event = value
            case "id" if "\0" not in value:
                self._id = value
            case "retry" if value.isascii() and value.isdecimal() and len(value) < 10:
                self._retry = int(value)
            case _:
                pass  # the standard: fields of other names are ignored
        return None

    def _dispatch(self) -> Event | None:
        event = Event("\n".join(self._data), self._event, self._id, self._retry) if self._data else None
        self._clear()
        return event

    def _clear(self) -> None:
        self._data, self._event, self._id, self._retry, self._size = [], "", None, None, 0
