from __future__ import annotations

import os
import pty
import threading

import pytest

from memveil.cli import approvals
from memveil.cli.approvals import WAITING, TerminalApproval, typed_line
from tests.proxy.scripted import until


@pytest.mark.parametrize(
    ("typed", "allowed"),
    [("y\n", True), (" YES \n", True), ("n\n", False), ("\n", False), ("yellow\n", False), ("", False)],
)
def test_only_a_clear_yes_is_a_yes(typed: str, allowed: bool, capsys: pytest.CaptureFixture[str]) -> None:
    ask = TerminalApproval(lambda: typed)

    assert ask("pay_rent", ["<Email_1>", "<Phone_1>"]) is allowed
    assert capsys.readouterr().err == (
        "memveil: the tool pay_rent would get <Email_1>, <Phone_1>, let it? y or n, 60 s to answer\n"
    )


def test_the_name_of_a_tool_cannot_draw_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    TerminalApproval(lambda: "n")("\x1b[2J" + "x" * 1000, ["<Email_1>"])

    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert len(said) < 200


def test_silence_is_a_no_and_what_was_typed_too_late_answers_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    lines, given = iter(["y", "n"]), threading.Semaphore(0)

    def read() -> str:
        given.acquire()
        return next(lines)

    ask = TerminalApproval(read, seconds=0.05)
    assert not ask("pay", ["<Email_1>"])
    assert "no answer, so the tool gets nothing" in capsys.readouterr().err
    given.release()  # the yes comes now, when nobody waits for it any more
    until(lambda: not ask._lines.empty())
    assert not ask("pay", ["<Email_2>"])


def test_questions_wait_for_their_turn_and_too_many_are_answered_no() -> None:
    asked, answer = threading.Semaphore(0), threading.Semaphore(0)

    def read() -> str:
        asked.release()
        answer.acquire()
        return "y"

    ask, said = TerminalApproval(read), list[bool]()
    threads = [threading.Thread(target=lambda: said.append(ask("pay", ["<Email_1>"]))) for _ in range(WAITING)]
    for thread in threads:
        thread.start()
    asked.acquire()
    until(lambda: ask._room._value == 0)  # type: ignore[attr-defined]
    assert not ask("pay", ["<Email_9>"]), "the ninth does not wait"
    answer.release(WAITING)
    for thread in threads:
        thread.join(10)

    assert said == [True] * WAITING


def test_a_line_is_read_from_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    master, slave = pty.openpty()

    class Terminal:
        def fileno(self) -> int:
            return slave

    monkeypatch.setattr(approvals.sys, "stdin", Terminal())
    try:
        assert typed_line() == "", "not this process's own terminal: like a job in the background"
        monkeypatch.setattr(os, "tcgetpgrp", lambda _fd: os.getpgrp())
        os.write(master, b"yes\n")
        assert typed_line() == "yes\n"
    finally:
        os.close(master)
        os.close(slave)
    assert typed_line() == "", "nobody can type any more"
