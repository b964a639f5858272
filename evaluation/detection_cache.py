"""What detectors found before, so that a second run costs nothing.

Holds spans under hashes of the texts, never a text: the file says that
something private stood at characters 8 to 27 of a text nobody can read here.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from memveil.spans import PrivacyLevel, Span

__all__ = ["DetectionCache", "Found"]


@dataclass(frozen=True, slots=True)
class Found:
    """What a detector found in one text, and how long it took, in milliseconds."""

    spans: tuple[Span, ...]
    ms: float


class DetectionCache:
    """Spans by detector and hash of text.

    Args:
        path: an SQLite file, made where it is missing; ``None`` for memory only.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(":memory:" if path is None else path)
        self._database.execute("CREATE TABLE IF NOT EXISTS found (key BLOB PRIMARY KEY, spans TEXT, ms REAL)")

    def get(self, detector: str, user_name: str | None, texts: Iterable[str]) -> dict[str, Found]:
        """What is known of ``texts``; the others are absent."""
        known: dict[str, Found] = {}
        for text in texts:
            key = _key(detector, user_name, text)
            row = self._database.execute("SELECT spans, ms FROM found WHERE key = ?", (key,)).fetchone()
            if row is not None:
                spans = tuple(
                    Span(start, end, kind, PrivacyLevel(level), recognizer=name)
                    for start, end, kind, level, name in json.loads(row[0])
                )
                known[text] = Found(spans, row[1])
        return known

    def put(self, detector: str, user_name: str | None, found: Mapping[str, Found]) -> None:
        """Remember; written at once, so that a run that is stopped loses little."""
        rows = [
            (
                _key(detector, user_name, text),
                json.dumps([[s.start, s.end, s.privacy_type, int(s.level), s.recognizer] for s in each.spans]),
                each.ms,
            )
            for text, each in found.items()
        ]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO found VALUES (?, ?, ?)", rows)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def _key(detector: str, user_name: str | None, text: str) -> bytes:
    parts = "\0".join((detector, user_name or "", text))
    return hashlib.sha256(parts.encode("utf-8", "surrogatepass")).digest()
