"""Runs the scripts beside this file: the command line as a user types it.

A script is a list of steps, then the files it needs (`-- name --`, then lines).

    memveil ARGS          runs and must exit 0; `! memveil` must exit 1, `? memveil` must exit 2
    stdin FILE            what the next command reads; nothing otherwise
    stdout TEXT           stdout of the last command holds the regular expression; `! stdout TEXT` does not
    stderr TEXT           the same for stderr; `stderr` alone: it said nothing (`stdout` likewise)
    cmp stdout FILE       stdout is exactly the file
    keep stdout FILE      writes stdout to a new file
    exists PATH           the file exists; `! exists PATH` does not
    env NAME=VALUE        for the commands that follow
    hex FILE BYTES        a file of these bytes
    private VALUE         from here on no command may say it on stderr, and no vault file may hold it

Every line that memveil says must keep the rules of cli/ui.py.
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from memveil.cli.main import run
from memveil.testing import canaries_in

SCRIPTS = sorted(Path(__file__).parent.glob("*.txt"))
EXIT_CODES = {"": 0, "!": 1, "?": 2}
STEP = re.compile(r"(?:(?P<sign>[!?]) )?(?P<verb>\w+)(?: (?P<rest>.*))?")
FILE = re.compile(r"^-- (?P<name>\S+) --\n", re.MULTILINE)


class Pipe(io.TextIOWrapper):
    """Standard input or output of a program in a pipe."""

    def __init__(self, content: bytes = b"") -> None:
        super().__init__(io.BytesIO(content), encoding="utf-8", errors="strict", newline="\n")

    def written(self) -> bytes:
        self.flush()
        content = self.buffer
        assert isinstance(content, io.BytesIO)
        return content.getvalue()


@dataclass
class Script:
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    stdin: bytes = b""
    stdout: bytes = b""
    stderr: bytes = b""
    private: list[str] = field(default_factory=list)

    def step(self, line: str) -> None:
        parsed = STEP.fullmatch(line)
        assert parsed, "not a step"
        sign, verb, rest = parsed["sign"] or "", parsed["verb"], parsed["rest"] or ""
        match verb:
            case "memveil":
                self.run(rest, EXIT_CODES[sign])
            case "stdin":
                self.stdin = (self.folder / rest).read_bytes()
            case "stdout" | "stderr":
                self.look(getattr(self, verb).decode(), rest, unwanted=sign == "!")
            case "cmp":
                assert self.stdout.decode() == (self.folder / rest.removeprefix("stdout ")).read_text("utf-8")
            case "keep":
                (self.folder / rest.removeprefix("stdout ")).write_bytes(self.stdout)
            case "exists":
                assert (self.folder / rest).exists() is (sign == "")
            case "env":
                name, _, value = rest.partition("=")
                self.monkeypatch.setenv(name, value.replace("$WORK", str(self.folder)))
            case "hex":
                name, _, digits = rest.partition(" ")
                (self.folder / name).write_bytes(bytes.fromhex(digits))
            case "private":
                self.private.append(rest)
            case _:
                raise AssertionError("an unknown step")

    def run(self, arguments: str, expected: int) -> None:
        streams = Pipe(self.stdin), Pipe(), Pipe()
        self.stdin = b""
        for name, stream in zip(("stdin", "stdout", "stderr"), streams, strict=True):
            self.monkeypatch.setattr(sys, name, stream)
        code = run(shlex.split(arguments))
        self.stdout, self.stderr = streams[1].written(), streams[2].written()
        said = self.stderr.decode()
        assert code == expected, f"exit code {code}, and said: {said}"
        assert canaries_in(said, self.private) == [], "stderr holds a private value"
        for line in said.splitlines():
            assert re.fullmatch(r"memveil: (?:[^A-Z]|[A-Z0-9.]+ ).*[^.]", line), f"against the rules: {line}"
        if expected:
            assert len(said.splitlines()) == 1, f"one error is one line: {said}"

    @staticmethod
    def look(text: str, pattern: str, *, unwanted: bool) -> None:
        if not pattern:
            assert text == ""
        elif unwanted:
            assert re.search(pattern, text, re.MULTILINE) is None, text
        else:
            assert re.search(pattern, text, re.MULTILINE) is not None, text


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps, *files = FILE.split(path.read_text("utf-8"))
    for name, content in zip(files[::2], files[1::2], strict=True):
        (tmp_path / name).write_text(content, "utf-8", newline="")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEMVEIL_VAULT", str(tmp_path / "vault.db"))
    script = Script(tmp_path, monkeypatch)
    for number, line in enumerate(steps.splitlines(), 1):
        if line and not line.startswith("#"):
            try:
                script.step(line)
            except AssertionError as error:
                raise AssertionError(f"{path.name}:{number}: {line}\n{error}") from None
    for vault in tmp_path.glob("vault.db*"):
        assert canaries_in(vault.read_bytes(), script.private) == [], f"{vault.name} holds a private value"


def test_there_are_scripts() -> None:
    assert len(SCRIPTS) >= 10
