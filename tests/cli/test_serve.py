from __future__ import annotations

import base64
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import httpx2
import pytest

from memveil.cli.main import run
from memveil.proxy.access import token_digest
from memveil.testing import CANARIES, canaries_in
from memveil.vault.keys import KeyFile
from memveil.vault.sqlite import open_sqlite
from tests.proxy.scripted import ScriptedUpstream, running, sse, until

MAIL = CANARIES["Email"]
BODY = {"model": "m", "messages": [{"role": "user", "content": f"My email is {MAIL}"}]}


def test_the_gateway_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    config = tmp_path / "memveil.toml"
    config.write_text(
        "[recognizers]\ncascade = ['rules']\n[gateway]\nscope_from = 'header'\n"
        f"[gateway.scopes.mara]\ntoken_sha256 = '{token_digest('hers')}'\npolicy = {{ preset = 'pl4' }}\n",
        encoding="utf-8",
    )
    upstream, audit = ScriptedUpstream(), tmp_path / "audit.jsonl"
    with running(upstream.app()) as (url, _):
        environment = {
            **os.environ,
            "MEMVEIL_CONFIG": str(config),
            "MEMVEIL_VAULT": str(tmp_path / "vault.db"),
            "MEMVEIL_GATEWAY_TOKEN": "mine",
        }
        command = [sys.executable, "-m", "memveil", "serve", "--upstream", url, "--port", "0", "--audit", str(audit)]
        process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        assert process.stderr
        try:
            said = process.stderr.readline()
            found = re.search(r"serving (http://127\.0\.0\.1:\d+) ", said)
            assert found, said
            with httpx2.Client(base_url=found[1], trust_env=False, timeout=20) as client:
                denied = client.post("/v1/chat/completions", json=BODY)
                mine = client.post("/v1/chat/completions", json=BODY, headers={"x-memveil-token": "mine"})
                hers = client.post("/v1/chat/completions", json=BODY, headers={"x-memveil-token": "hers"})
        finally:
            process.send_signal(signal.SIGTERM)
            rest = process.communicate(timeout=20)[1]

    assert denied.status_code == 401
    assert [answer.json()["choices"][0]["message"]["content"] for answer in (mine, hers)] == [
        f"You said: My email is {MAIL}"
    ] * 2
    first, second = upstream.bodies()
    assert first["messages"][1]["content"] == "My email is <Email_1>"
    assert second["messages"][1]["content"] == f"My email is {MAIL}", "a scope with a policy of its own keeps PL2"
    assert rest == ""
    assert [json.loads(line)["status"] for line in audit.read_text("utf-8").splitlines()] == [401, 200, 200]
    assert canaries_in(audit.read_bytes()) == []


@contextmanager
def serving(tmp_path: Path, upstream: str, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A gateway in a process of its own, and its address."""
    config = tmp_path / "memveil.toml"
    config.write_text("[recognizers]\ncascade = ['rules']\n", encoding="utf-8")
    environment = {**os.environ, "MEMVEIL_CONFIG": str(config), "MEMVEIL_VAULT": str(tmp_path / "vault.db")}
    environment["MEMVEIL_KEY_FILE"] = str(tmp_path / "key")
    command = [sys.executable, "-m", "memveil", "serve", "--upstream", upstream, "--port", "0", *options]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        said = process.stderr.readline()
        found = re.search(r"serving (http://127\.0\.0\.1:\d+) ", said)
        assert found, said
        yield process, found[1]
    finally:
        process.kill()
        process.wait(20)
        process.stderr.close()


def test_told_to_stop_under_load_it_finishes_all_streams_and_leaves_with_0(tmp_path: Path) -> None:
    streams, audit = 12, tmp_path / "audit.jsonl"
    upstream, all_have_begun = ScriptedUpstream(), Barrier(streams + 1)

    def chunk(content: str, finish: str | None = None) -> dict[str, object]:
        return {"id": "1", "choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish}]}

    pieces: list[bytes | float] = [part for _ in range(10) for part in (sse(chunk("to <Em"), chunk("ail_1>; ")), 0.1)]
    upstream.reply = lambda _path, _body: upstream.streamed(*pieces, sse(chunk("", "stop"), "[DONE]"))

    def speak(base: str) -> str:
        with (
            httpx2.Client(base_url=base, trust_env=False, timeout=30) as client,
            client.stream("POST", "/v1/chat/completions", json={**BODY, "stream": True}) as answer,
        ):
            lines = answer.iter_lines()
            first = next(lines)
            all_have_begun.wait(20)
            return "\n".join([first, *lines])

    with (
        running(upstream.app()) as (url, _),
        serving(tmp_path, url, "--audit", str(audit)) as (process, base),
        ThreadPoolExecutor(streams) as pool,
    ):
        answers = [pool.submit(speak, base) for _ in range(streams)]
        all_have_begun.wait(20)
        process.send_signal(signal.SIGTERM)
        host, port = base.removeprefix("http://").split(":")

        def refuses() -> bool:
            with socket.socket() as late:
                return late.connect_ex((host, int(port))) != 0

        until(refuses)
        texts = [
            "".join(
                json.loads(line[6:])["choices"][0]["delta"].get("content", "")
                for line in answer.result(30).splitlines()
                if line.startswith("data: {")
            )
            for answer in answers
        ]
        assert process.wait(30) == 0

    assert texts == [f"to {MAIL}; " * 10] * streams
    assert all("[DONE]" in answer.result() for answer in answers)
    assert canaries_in(upstream.everything()) == []
    assert [json.loads(line)["outcome"] for line in audit.read_text("utf-8").splitlines()] == ["ok"] * streams
    assert canaries_in(b"".join(path.read_bytes() for path in tmp_path.glob("vault.db*"))) == []


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ("another key", "the key does not open this vault"),
        ("no vault at all", "the file is damaged (SQLITE_NOTADB)"),
        ("cut in half", "the file is damaged (SQLITE_CORRUPT)"),
    ],
)
def test_with_a_vault_that_does_not_open_nothing_is_served(
    tmp_path: Path, damage: str, message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    place, key = tmp_path / "vault.db", tmp_path / "key"
    open_sqlite(place, KeyFile(key)).close()
    match damage:
        case "another key":
            key.write_text(f"memveil-key-v1:{base64.b64encode(b'n' * 32).decode()}\n", encoding="ascii")
        case "no vault at all":
            place.write_bytes(b"this is a letter and no vault " * 400)
        case _:
            place.write_bytes(place.read_bytes()[: place.stat().st_size // 2])
    config = tmp_path / "memveil.toml"
    config.write_text("[recognizers]\ncascade = ['rules']\n", encoding="utf-8")
    monkeypatch.setenv("MEMVEIL_CONFIG", str(config))
    monkeypatch.setenv("MEMVEIL_VAULT", str(place))
    monkeypatch.setenv("MEMVEIL_KEY_FILE", str(key))

    assert run(["serve", "--upstream", "https://x.example", "--port", "0"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("memveil: ")
    assert message in line


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ([], 1, "gateway.upstream: missing, name the provider with --upstream"),
        (["--upstream", "api.example"], 1, "gateway.upstream: not an address such as https://api.openai.com/v1"),
        (
            ["--upstream", "https://x.example", "--host", "0.0.0.0"],
            1,
            "gateway.host: an address that others can reach needs a token",
        ),
        (["--upstream", "https://x.example", "--scope-from", "stars"], 2, "a wrong value for --scope-from"),
    ],
)
def test_wrong_settings_are_one_line(
    arguments: list[str], code: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", *arguments]) == code
    assert message in capsys.readouterr().err


def test_without_a_terminal_nobody_is_asked_and_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "memveil.toml"
    config.write_text("[recognizers]\ncascade = ['rules']\n[gateway]\nask_tools = ['pay_*']\n", encoding="utf-8")
    monkeypatch.setenv("MEMVEIL_CONFIG", str(config))
    with socket.socket() as taken:  # so that nothing is served
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        run(["serve", "--upstream", "https://x.example", "--port", str(taken.getsockname()[1])])

    assert "the tools of gateway.ask_tools are refused" in capsys.readouterr().err


def test_an_address_in_use_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        code = run(["serve", "--upstream", "https://x.example", "--port", str(taken.getsockname()[1])])

    assert code == 1
    assert "gateway.port: nothing can listen there" in capsys.readouterr().err
