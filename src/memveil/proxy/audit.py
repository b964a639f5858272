"""The audit log: one line of JSON for each exchange, with counts and never a value."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TextIO

__all__ = ["AuditLog", "Record", "scope_hash"]


def scope_hash(scope: str) -> str:
    """A scope as the log names it. Not a secret: whoever guesses the name can check it."""
    return hashlib.sha256(f"memveil scope {scope}".encode()).hexdigest()[:16]


@dataclass(slots=True, kw_only=True)
class Record:
    """One exchange.

    Args:
        api: its format, a word of the program.
        scope: hash of the scope; empty where it was refused before that was known.
        outcome: ``ok``, or the name of the error that ended it.
        status: HTTP status that the client saw.
        types, levels, actions: counts of private spans.
        degraded: texts that a recognizer did not read, as the configuration allows.
        restored: how many values were put back.
        media: how many images, sounds and files left.
        dropped: how many signed parts were left out.
        bytes_in, bytes_sent, bytes_out: sizes of the client's request, of what left, of the answer.
        milliseconds: until the last byte.
    """

    api: str
    scope: str = ""
    outcome: str = "ok"
    status: int = 0
    types: Mapping[str, int] = field(default_factory=dict[str, int])
    levels: Mapping[str, int] = field(default_factory=dict[str, int])
    actions: Mapping[str, int] = field(default_factory=dict[str, int])
    degraded: int = 0
    restored: int = 0
    media: int = 0
    dropped: int = 0
    bytes_in: int = 0
    bytes_sent: int = 0
    bytes_out: int = 0
    milliseconds: int = 0


class AuditLog:
    """Writes records as they come. Thread-safe.

    Args:
        stream: where lines go; it stays the caller's to close.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, record: Record) -> None:
        """Write one line and let it go at once."""
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            **{name: getattr(record, name) for name in record.__slots__},
        }
        text = json.dumps({key: dict(value) if isinstance(value, Mapping) else value for key, value in line.items()})
        with self._lock:
            self._stream.write(text + "\n")
            self._stream.flush()
