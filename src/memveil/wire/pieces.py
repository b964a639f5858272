"""The texts of one stream that are still open, each with its own restorer.

A key names a text: choice and field, item and part, or block. Each text is
restored on the fly; what is held back of it comes out when it is flushed,
which the formats do before the event that ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from memveil.restore import StreamRestorer, as_json_string, as_text
from memveil.wire.walks import Exits

__all__ = ["Pieces"]

_Key = TypeVar("_Key", bound=Hashable)


class Pieces(Generic[_Key]):
    """Open texts by key. Not thread-safe: one object for one stream.

    Args:
        exits: the look-up for each place that values may go to.
    """

    def __init__(self, exits: Exits) -> None:
        self._exits = exits
        self._open: dict[_Key, StreamRestorer] = {}

    def feed(self, key: _Key, chunk: str, *, tool: str | None = None, is_json: bool = False) -> str:
        """Take the next piece of a text and return what is certain of it.

        Args:
            key: which text.
            chunk: its next piece.
            tool: name of the tool that it goes into; fixed by the first piece.
            is_json: whether values stand inside JSON strings; fixed by the first piece.
        """
        restorer = self._open.get(key)
        if restorer is None:
            restorer = StreamRestorer(self._exits(tool), write=as_json_string if is_json else as_text)
            self._open[key] = restorer
        return restorer.feed(chunk)

    def flush(self, belongs: Callable[[_Key], bool]) -> list[tuple[_Key, str]]:
        """Close texts, and return what was held back of those that held something back."""
        ended = [key for key in self._open if belongs(key)]
        rests = [(key, self._open.pop(key).flush()) for key in ended]
        return [(key, rest) for key, rest in rests if rest]

    def fork(self) -> Pieces[_Key]:
        """Independent texts in the same state."""
        other = Pieces[_Key](self._exits)
        other._open = {key: restorer.fork() for key, restorer in self._open.items()}
        return other

    def holds(self, key: _Key) -> bool:
        """Whether a text is open."""
        return key in self._open
