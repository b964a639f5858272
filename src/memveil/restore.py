"""The last stage: placeholders that come home become values again.

Restoring is one pass by grammar and then look-up. What the vault does not know
stays as it was written; restored text is never scanned again, so a value that
happens to look like a placeholder cannot pull in another value.

Why no half placeholder can escape a stream: :class:`StreamRestorer` lets go of
a character only when :func:`memveil.placeholders.find_unfinished` says that
nothing which may follow can make it part of a placeholder. What it holds back
is shorter than ``MAX_LENGTH``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence

from memveil.placeholders import Placeholder, find, find_unfinished

__all__ = ["Lookup", "StreamRestorer", "as_json_string", "as_text", "restore"]

Lookup = Callable[[Iterable[str]], Mapping[str, str]]
"""Maps canonical placeholders to values; those it does not know are absent."""


def as_text(value: str) -> str:
    """Insert a value into plain text: as it is."""
    return value


def as_json_string(value: str) -> str:
    """Insert a value between the quotes of a JSON string: escaped (RFC 8259, section 7)."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def restore(text: str, lookup: Lookup, *, write: Callable[[str], str] = as_text) -> str:
    """Replace every known placeholder of ``text`` by its value.

    Args:
        text: what came back: an answer, a memory, a tool argument.
        lookup: asked once, with all placeholders of the text.
        write: how a value is put in; :func:`as_json_string` inside JSON.

    Returns:
        The text with values; ``restore(pseudonymize(x)) == x`` where nothing was redacted.
    """
    return _put_back(text, 0, len(text), list(find(text)), lookup=lookup, write=write)


def _put_back(
    text: str, start: int, end: int, found: Sequence[Placeholder], *, lookup: Lookup, write: Callable[[str], str]
) -> str:
    """``text[start:end]`` with the values of the placeholders ``found`` in it; asks ``lookup`` at most once."""
    values = lookup(dict.fromkeys(placeholder.written for placeholder in found)) if found else {}
    parts: list[str] = []
    for placeholder in found:
        value = values.get(placeholder.written)
        if value is not None:
            parts += [text[start : placeholder.start], write(value)]
            start = placeholder.end
    parts.append(text[start:end])
    return "".join(parts)


class StreamRestorer:
    """Restores a text that arrives in pieces.

    For every way of cutting a text, the joined output equals :func:`restore` of
    the whole. Not thread-safe: one object for one stream of text.
    """

    def __init__(self, lookup: Lookup, *, write: Callable[[str], str] = as_text) -> None:
        self._lookup = lookup
        self._write = write
        # The first `_done` characters of the tail are already out; they stay as
        # left context, because a bare placeholder may not stand inside a word.
        self._tail = ""
        self._done = 0

    def fork(self) -> StreamRestorer:
        """An independent restorer in the same state."""
        other = StreamRestorer(self._lookup, write=self._write)
        other._tail, other._done = self._tail, self._done
        return other

    @property
    def held_back(self) -> int:
        """How many characters wait for what follows; always below ``MAX_LENGTH``."""
        return len(self._tail) - self._done

    def feed(self, chunk: str) -> str:
        """Take the next piece and return what is certain by now."""
        self._tail += chunk
        return self._advance(find_unfinished)

    def flush(self) -> str:
        """Return what was held back. The stream is over; the object can start another."""
        out = self._advance(lambda text, _start: len(text))
        self._tail, self._done = "", 0
        return out

    def _advance(self, limit: Callable[[str, int], int]) -> str:
        text, position = self._tail, self._done
        certain: list[Placeholder] = []
        end = limit(text, position)
        for placeholder in find(text, position):
            if placeholder.start >= end:
                break
            certain.append(placeholder)
            # An unfinished start inside a finished placeholder is none.
            end = max(end, limit(text, placeholder.end))
        out = _put_back(text, position, end, certain, lookup=self._lookup, write=self._write)
        keep = max(end - 1, 0)
        self._tail, self._done = text[keep:], end - keep
        return out
