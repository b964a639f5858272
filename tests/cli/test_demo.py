from __future__ import annotations

import io
import json
from importlib.resources import files

import pytest
from rich.console import Console

from memveil.cli.demo import Exchange, ScriptedCloud, _plain, draw, play
from memveil.guard import Guard
from memveil.testing import CANARIES, ScriptedRecognizer
from memveil.vault.memory import MemoryVault
from tests.cli.terminal import memveil

MAIL, PHONE = CANARIES["Email"], CANARIES["Phone Number"]


def exchanges(recognizer: ScriptedRecognizer) -> list[Exchange]:
    guard = Guard.open(vault=MemoryVault(), recognizers=[recognizer])
    turns = [
        (f"Mail {MAIL} or call {PHONE}", "I wrote to {Email|nobody} and called {Phone!lower|nobody}."),
        ("Who?", "{Email:1!blanks|nobody}, not {Email:2|anybody}."),
    ]
    return list(play(guard, turns))


def test_the_cloud_sees_placeholders_and_the_user_reads_values() -> None:
    first, second = exchanges(ScriptedRecognizer())

    assert first.seen.text == "Mail <Email_1> or call <Phone_1>"
    assert first.written.text == "I wrote to <Email_1> and called <phone_1>."
    assert first.read.text == f"I wrote to {MAIL} and called {PHONE}."
    assert second.written.text == "<Email 1>, not anybody."
    assert second.read.text == f"{MAIL}, not anybody."


def test_the_marks_show_the_values_that_went_and_came() -> None:
    first, second = exchanges(ScriptedRecognizer())

    for passage in (first.typed, first.read):
        assert [passage.text[start:end] for start, end in passage.marks] == [MAIL, PHONE]
    assert [second.read.text[start:end] for start, end in second.read.marks] == [MAIL]
    assert [first.seen.text[start:end] for start, end in first.seen.marks] == ["<Email_1>", "<Phone_1>"]


def test_the_cloud_knows_only_what_it_was_sent() -> None:
    assert ScriptedCloud().answer("Mail me", "To {Email|nobody}, {Phone:2|no}") == "To nobody, no"


def test_the_verdict_is_counted_not_claimed() -> None:
    """A value that the detector misses in a later turn is reported as seen."""
    guard = Guard.open(vault=MemoryVault(), recognizers=[ScriptedRecognizer({MAIL: "Email"})])
    leaking = list(play(guard, [(f"Mail {MAIL}", "ok"), ("And?", f"It was {MAIL}.")]))

    assert "none of them was seen by the cloud." in "".join(_plain(exchanges(ScriptedRecognizer())))
    assert "1 private values were found (1 PL2); 1 of them were seen by the cloud." in "".join(_plain(leaking))


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_the_drawing_fits_its_terminal_and_loses_nothing(width: int) -> None:
    out = io.StringIO()

    draw(exchanges(ScriptedRecognizer()), Console(file=out, width=width, color_system=None, highlight=False))

    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    assert "…" not in out.getvalue()
    for title in ("you typed", "saw", "wrote", "read"):
        assert title in out.getvalue()


def test_the_bundled_dialogue_is_in_both_languages_and_comes_home(monkeypatch: pytest.MonkeyPatch) -> None:
    script = json.loads(files("memveil.cli").joinpath("demo_dialogue.json").read_text(encoding="utf-8"))

    ran = memveil(monkeypatch, "demo", terminal="stdout", width=120)

    assert ran.code == 0
    assert any("\u4e00" <= char <= "\u9fff" for turn in script["turns"] for char in turn["user"])
    assert "none of them was seen by the cloud" in ran.stdout


def test_reprs_show_no_text() -> None:
    assert MAIL not in repr(exchanges(ScriptedRecognizer()))
