from __future__ import annotations

import pytest

from memveil.testing import CANARIES, canaries_in
from tests.cli.terminal import memveil

MAIL = CANARIES["Email"]


@pytest.fixture(name="filled", autouse=True)
def _filled(monkeypatch: pytest.MonkeyPatch) -> None:
    """A vault with one value."""
    assert memveil(monkeypatch, "protect", stdin=MAIL).stdout == "<Email_1>"


@pytest.mark.parametrize("command", ["list", "show", "stats"])
def test_on_a_terminal_tables_hold_no_value(monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    ran = memveil(monkeypatch, f"vault {command}", terminal="stdout")

    assert ran.code == 0
    assert "\t" not in ran.stdout
    assert len(ran.stdout.splitlines()) == 2
    assert canaries_in(ran.stdout + ran.stderr) == []


def test_values_appear_when_they_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert MAIL in memveil(monkeypatch, "vault show --reveal", terminal="stdout").stdout


@pytest.mark.parametrize(("answer", "code", "left"), [("n\n", 130, MAIL), ("y\n", 0, "<Email_1>")])
def test_forgetting_asks_first(monkeypatch: pytest.MonkeyPatch, answer: str, code: int, left: str) -> None:
    ran = memveil(monkeypatch, "vault forget --placeholder <Email_1>", stdin=answer, terminal="stdin stderr")

    assert ran.code == code
    assert "erase 1 value for good?" in ran.stderr
    assert memveil(monkeypatch, "restore", stdin="<Email_1>").stdout == left
