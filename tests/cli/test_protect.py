from __future__ import annotations

import json
from pathlib import Path

import pytest

from memveil.cli.protect import Tally
from memveil.spans import Action, PrivacyLevel, Span
from memveil.testing import CANARIES, canaries_in
from tests.cli.terminal import memveil
from tests.recognizers.model_server import no_server

MAIL = CANARIES["Email"]


def test_the_summary_on_a_terminal_is_a_table_on_stderr(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = memveil(monkeypatch, "protect", stdin=f"Mail {MAIL}", terminal="stdout stderr")

    assert ran.stdout == "Mail <Email_1>"
    head, row = ran.stderr.splitlines()
    assert head.split() == ["level", "replaced", "removed", "kept"]
    assert row.split() == ["PL2", "1"]
    assert canaries_in(ran.stderr) == []


def test_the_summary_counts_spans_by_level_and_action(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tally = Tally()
    levels = (PrivacyLevel.PL2, PrivacyLevel.PL4, PrivacyLevel.PL3, PrivacyLevel.PL3)
    actions = (Action.KEEP, Action.PSEUDONYMIZE, Action.REDACT, Action.PSEUDONYMIZE)
    tally.count(Span(0, 1, "Email", level, action=action) for level, action in zip(levels, actions, strict=True))

    tally.report()

    assert capsys.readouterr().err.splitlines() == [
        "memveil: 2 replaced (1 PL4, 1 PL3), 1 removed (1 PL3), 1 kept (1 PL2)",
        "memveil: PL4 values are never stored, so another run cannot restore their placeholders",
    ]


@pytest.mark.filterwarnings("ignore::memveil.recognizers.llm.DegradedWarning")
def test_texts_that_went_without_the_language_model_are_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "memveil.toml").write_text(
        f"[recognizers.llm]\nurl = '{no_server()}'\nmodel = 'm'\non_failure = 'degrade'", encoding="utf-8"
    )
    monkeypatch.setenv("MEMVEIL_CONFIG", str(tmp_path / "memveil.toml"))
    messages = json.dumps([{"role": "user", "content": text} for text in (f"Mail {MAIL}", "Hello", "")])

    ran = memveil(monkeypatch, "protect", stdin=messages)

    assert "memveil: 2 texts were not read by the language model" in ran.stderr
    assert canaries_in(ran.stdout + ran.stderr) == []


def test_a_long_file_of_conversations_is_protected_line_by_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = [json.dumps({"messages": [{"role": "user", "content": f"{number}: {MAIL}"}]}) for number in range(300)]
    (tmp_path / "long.jsonl").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    protected = memveil(monkeypatch, "protect long.jsonl", terminal="stderr")
    (tmp_path / "sent.jsonl").write_text(protected.stdout, encoding="utf-8")
    restored = memveil(monkeypatch, "restore sent.jsonl")

    assert protected.stdout.count("<Email_1>") == 300
    assert canaries_in(protected.stdout + protected.stderr) == []
    assert restored.stdout.splitlines() == lines


@pytest.mark.parametrize("command", ["protect", "restore", "detect", "detect --jsonl", "vault forget --value --yes"])
@pytest.mark.parametrize(
    "shape",
    [
        "{value}",
        '[{{"role": "user", "content": "{value}"',
        '[\n{{"role": "{value}", "content": "x"}}]',
        '[\n{{"role": "user", "content": [{{"type": "{value}"}}]}}]',
        '[\n{{"role": "user", "content": "x", "{value}": 1}}]',
        '{{"messages": [], "{value}": "x"}}',
        '{{"{value}": 1, "{value}": 2}}',
        '{{"text": "{value}", "scope": 7}}',
        '{{"text": "x", "{value}": "\\ud800"}}',
        '{{"messages": [{{"role": "tool", "tool_call_id": "{value} x", "content": ""}}]}}',
        '[\n{{"role": "assistant", "tool_calls": [{{"function": {{"name": "f", "arguments": "{{{value}"}}}}]}}]',
    ],
)
def test_whatever_is_wrong_no_value_is_said_on_stderr(
    monkeypatch: pytest.MonkeyPatch, command: str, shape: str
) -> None:
    for value in CANARIES.values():
        ran = memveil(monkeypatch, command, stdin=shape.format(value=value))

        assert ran.code in {0, 1}
        assert canaries_in(ran.stderr) == []
        assert "Traceback" not in ran.stderr


def test_ten_megabytes_without_a_line_come_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """By rules: the model reads the same text in the same windows, in minutes."""
    config = tmp_path / "memveil.toml"
    config.write_text('[recognizers]\ncascade = ["rules"]\n', encoding="utf-8")
    monkeypatch.setenv("MEMVEIL_CONFIG", str(config))
    text = f"{MAIL} " + "lorem ipsum " * 900_000

    protected = memveil(monkeypatch, "protect", stdin=text)
    restored = memveil(monkeypatch, "restore", stdin=protected.stdout)

    assert protected.stdout.startswith("<Email_1> lorem")
    assert restored.stdout == text
