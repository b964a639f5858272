"""Cut a long text into overlapping windows that a language model can read whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["windows"]

_BREAK = re.compile(r"[\s.!?。！？；，,;](?=[^\s.!?。！？；，,;]*\Z)")


def windows(text: str, *, size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Ranges of ``text``, in order, that together cover it.

    No range is longer than ``size``, and every stretch of up to ``overlap``
    characters lies whole in one of them. Windows end behind a blank or a mark
    where one is near.

    Args:
        text: any text; an empty one has no window.
        size: characters of a window at most.
        overlap: characters that neighbours share at least; less than half of ``size``.

    Raises:
        ValueError: ``overlap`` is negative or too large.
    """
    if not 0 <= 2 * overlap < size:
        raise ValueError("the overlap has to be less than half of the size")
    start = 0
    while start < len(text):
        end = min(start + size, len(text))
        if end < len(text):
            # Only the last third is looked at: a window has to go forward by more than its overlap.
            least = start + max(2 * overlap, size * 2 // 3)
            mark = _BREAK.search(text, least, end) if least < end else None
            end = mark.end() if mark else end
        yield start, end
        if end == len(text):
            return
        start = end - overlap
