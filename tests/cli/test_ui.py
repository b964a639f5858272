from __future__ import annotations

import sys

import pytest

from memveil.cli import ui
from memveil.errors import ConfigError
from tests.cli.terminal import Stream

LINES = [b"x" * 100_000 + b"\n"] * 4


def test_a_table_in_a_pipe_is_cells_between_tabs() -> None:
    lines = list(ui.plain_table(("a", "b"), [("1", "two\twords\n"), ("\x1b[31m", "中文 🙂")]))

    assert lines == ["a\tb\n", "1\ttwo\\twords\\n\n", "\\x1b[31m\t中文 🙂\n"]


def test_control_and_separator_characters_are_shown_as_escapes() -> None:
    assert ui.printable("a b\u2028\u202e\x00é") == "a b\\u2028\\u202e\\x00é"


def test_what_is_said_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = Stream()
    monkeypatch.setattr(sys, "stderr", stderr)

    ui.say("two\nlines")

    assert stderr.written() == "memveil: two lines\n"


@pytest.mark.parametrize(("terminal", "size"), [(False, None), (False, 400_004), (True, None), (True, 100_001)])
def test_no_bar_in_a_pipe_or_for_short_input(monkeypatch: pytest.MonkeyPatch, terminal: bool, size: int | None) -> None:
    stderr = Stream(terminal=terminal)
    monkeypatch.setattr(sys, "stderr", stderr)

    short = LINES if not terminal else LINES[:1]
    with ui.tracked(short, size=size, doing="reading") as lines:
        assert list(lines) == short

    assert stderr.written() == ""


@pytest.mark.parametrize("size", [None, 400_004])
def test_long_input_on_a_terminal_moves_a_bar_on_stderr(monkeypatch: pytest.MonkeyPatch, size: int | None) -> None:
    stdout, stderr = Stream(), Stream(terminal=True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", stdout)
    monkeypatch.setattr(sys, "stderr", stderr)

    with ui.tracked(LINES, size=size, doing="reading") as lines:
        assert list(lines) == LINES

    assert "reading" in stderr.written()
    assert stdout.written() == ""


def test_nobody_is_asked_in_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stream())

    with pytest.raises(ConfigError, match="set MEMVEIL_PASSPHRASE"):
        ui.ask_passphrase("MEMVEIL_PASSPHRASE")
