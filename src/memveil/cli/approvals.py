"""Asking the person at the terminal whether a tool may get values.

The gateway keeps serving while somebody thinks; only the answer that calls the
tool waits. Silence means no, and so does everything that is not a clear yes.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress

from memveil.cli import ui

__all__ = ["WAITING", "TerminalApproval", "typed_line"]

WAITING = 8
"""Questions that wait for their turn at most; those beyond are answered no, so that no answer is held up by them."""

_SECONDS = 60.0
_LONGEST_NAME = 64


def typed_line() -> str:
    """The next line that somebody types; empty where nobody can, as in a job in the background.

    Not through ``sys.stdin``: a thread that waits there cannot be left when the program ends.
    """
    with suppress(OSError, ValueError):
        typing = sys.stdin.fileno()
        # A job in the background that reads from its terminal is stopped, and with it all that it serves.
        if not hasattr(os, "tcgetpgrp") or os.tcgetpgrp(typing) == os.getpgrp():
            return os.read(typing, 4096).decode(errors="replace")
    return ""


class TerminalApproval:
    """See :data:`memveil.proxy.options.Approve`. Thread-safe: one question after the other.

    Args:
        read: waits for a line.
        seconds: how long a question waits for its answer.
    """

    def __init__(self, read: Callable[[], str] = typed_line, *, seconds: float = _SECONDS) -> None:
        self._read = read
        self._seconds = seconds
        self._room = threading.BoundedSemaphore(WAITING)
        self._turn = threading.Lock()
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._reader: threading.Thread | None = None

    def __call__(self, tool: str, placeholders: Sequence[str]) -> bool:
        """Whether the person says yes."""
        if not self._room.acquire(blocking=False):
            return False
        try:
            with self._turn:
                return self._ask(tool, placeholders)
        finally:
            self._room.release()

    def _ask(self, tool: str, placeholders: Sequence[str]) -> bool:
        # The model chose the name of the tool: it gets no way to draw on the terminal.
        name = ui.printable(tool)[:_LONGEST_NAME]
        ui.say(f"the tool {name} would get {', '.join(placeholders)}, let it? y or n, {self._seconds:.0f} s to answer")
        while not self._lines.empty():
            self._lines.get_nowait()  # typed before the question was there
        # A reader that got no answer still waits, and gets this one.
        if self._reader is None or not self._reader.is_alive():
            self._reader = threading.Thread(target=self._take_line, daemon=True)
            self._reader.start()
        try:
            answer = self._lines.get(timeout=self._seconds)
        except queue.Empty:
            ui.say("no answer, so the tool gets nothing")
            return False
        return answer.strip().lower() in {"y", "yes"}

    def _take_line(self) -> None:
        self._lines.put(self._read())
