from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import click
import pytest

from memveil.cli import main as main_module
from memveil.cli import ui
from memveil.errors import PolicyError
from tests.cli.terminal import memveil

PROGRAM = [sys.executable, "-c", "from memveil.cli.main import main; main()"]


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let every command fail when it wants to write."""

    def fail(_text: str) -> None:
        raise error

    monkeypatch.setattr(ui, "write", fail)


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (PolicyError("the policy forbids it"), 1, "memveil: the policy forbids it\n"),
        (
            OSError(errno.ENOSPC, "No space left on device"),
            1,
            "memveil: reading or writing failed (No space left on device), nothing more was done, check disk and permissions\n",
        ),
        (
            ValueError("hunter-22-Gate"),
            1,
            "memveil: an error inside memveil (ValueError), nothing more was done, please report it\n",
        ),
        (KeyboardInterrupt(), 130, "memveil: stopped, nothing more was done\n"),
        (click.Abort(), 130, "memveil: stopped, nothing more was done\n"),
        (click.exceptions.Exit(1), 1, ""),
        (BrokenPipeError(), 1, ""),
    ],
)
def test_every_failure_is_one_line_and_an_exit_code(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int, said: str
) -> None:
    failing(monkeypatch, error)

    ran = memveil(monkeypatch, "demo")

    assert (ran.code, ran.stdout) == (code, "")
    # Click ends the line that holds ^C.
    assert ran.stderr.lstrip("\n") == said


def test_every_command_of_the_table_exists_and_explains_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, place in main_module._COMMANDS.items():
        module, _, attribute = place.partition(":")
        command = getattr(import_module(module), attribute)

        assert isinstance(command, click.Command)
        assert command.name == name
        assert command.help

    assert "Keep private values on this machine" in memveil(monkeypatch, "--help").stdout


def run_program(arguments: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PROGRAM, *arguments], timeout=60, **options)  # type: ignore[call-overload, no-any-return]


def test_the_program_exits_with_the_code_and_without_a_traceback() -> None:
    ran = run_program(["protect", "--colour"], capture_output=True)

    assert ran.returncode == 2
    assert ran.stdout == b""
    assert ran.stderr == b"memveil: no option --colour, in 'memveil protect', see 'memveil protect --help'\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_one_line_and_no_complaint_at_exit() -> None:
    with Path("/dev/full").open("wb") as full:
        ran = run_program(["demo"], stdout=full, stderr=subprocess.PIPE)

    assert ran.returncode == 1
    assert ran.stderr.startswith(b"memveil: reading or writing failed (No space left on device)")
    assert ran.stderr.count(b"\n") == 1


def test_a_reader_that_goes_away_is_not_complained_about() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ran = run_program(["demo"], stdout=writing, stderr=subprocess.PIPE)
    finally:
        os.close(writing)

    assert (ran.returncode, ran.stderr) == (1, b"")


def test_a_batch_is_answered_line_by_line() -> None:
    """The answer to a line is there before the next line is sent."""
    with subprocess.Popen([*PROGRAM, "detect", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for text in ("one", "two"):
            program.stdin.write(f'{{"text": "{text}"}}\n'.encode())
            program.stdin.flush()
            assert program.stdout.readline() == b'{"items": []}\n'
        program.stdin.close()

    assert program.returncode == 0


def test_data_is_utf8_whatever_the_locale_says() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}

    ran = run_program(["detect", "--json"], input="手机号13912345678".encode(), capture_output=True, env=environment)

    assert ran.returncode == 0
    assert b'"original_text": "13912345678", "privacy_type": "Phone Number"' in ran.stdout


def test_starting_imports_nothing_heavy() -> None:
    """Terminal tables, keyring and the configuration's library are loaded when they are used."""
    code = (
        "import sys, io; from memveil.cli.main import run; sys.stdin = io.TextIOWrapper(io.BytesIO(b'hello'));"
        "assert run(['detect', '--json']) == 0;"
        "print(sorted({'rich', 'keyring', 'asyncio', 'email', 'unittest'} & set(sys.modules)), file=sys.stderr)"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=60)

    assert ran.stderr.strip() == b"[]"


def test_a_batch_that_is_stopped_while_it_waits_for_input_ends_with_one_line(tmp_path: Path) -> None:
    """The interpreter aborts where a thread still reads standard input at its end."""
    config = tmp_path / "memveil.toml"
    config.write_text('[recognizers]\ncascade = ["rules"]\n', encoding="utf-8")
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    environment = {**os.environ, "MEMVEIL_CONFIG": str(config)}
    with subprocess.Popen([*PROGRAM, "detect", "--jsonl"], env=environment, **pipes) as program:  # type: ignore[call-overload]
        program.stdin.write(b'{"text": "hello"}\n')
        program.stdin.flush()
        assert program.stdout.readline() == b'{"items": []}\n'
        program.send_signal(signal.SIGINT)
        said, code = program.stderr.read(), program.wait(60)

    assert (code, said.lstrip()) == (130, b"memveil: stopped, nothing more was done\n")
