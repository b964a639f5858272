"""Standard streams of a program, for tests that run commands inside this process."""

from __future__ import annotations

import io
import re
import shlex
import sys
from dataclasses import dataclass

import pytest

from memveil.cli.main import run

STYLES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Stream(io.TextIOWrapper):
    """A standard stream over bytes in memory, which may claim to be a terminal."""

    def __init__(self, content: bytes = b"", *, terminal: bool = False) -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", newline="\n")
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def written(self) -> str:
        self.flush()
        content = self.buffer
        assert isinstance(content, io.BytesIO)
        return content.getvalue().decode()


@dataclass(frozen=True)
class Ran:
    """What a command left behind, without the terminal's colours."""

    code: int
    stdout: str
    stderr: str


def memveil(
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    *,
    stdin: str = "",
    terminal: str = "",
    width: int = 100,
) -> Ran:
    """Run a command line; ``terminal`` names the streams that are terminals."""
    streams = {
        name: Stream(stdin.encode() if name == "stdin" else b"", terminal=name in terminal.split())
        for name in ("stdin", "stdout", "stderr")
    }
    with monkeypatch.context() as patch:
        patch.setenv("COLUMNS", str(width))
        patch.setenv("TERM", "xterm")
        for name, stream in streams.items():
            patch.setattr(sys, name, stream)
        code = run(shlex.split(command))
    return Ran(code, *(STYLES.sub("", streams[name].written()) for name in ("stdout", "stderr")))
