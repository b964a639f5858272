from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from memveil.cli.main import run
from memveil.proxy.access import token_digest
from memveil.testing import CANARIES, canaries_in
from tests.proxy.scripted import ScriptedUpstream, running

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
