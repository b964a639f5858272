"""opencode, as npm has it, configured as the guide says, with `memveil serve` as its provider. By `make recipes`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.proxy.npm.clients import PROGRAMS, environment, missing, run
from tests.proxy.recipes import ANTHROPIC, MAIL, OPENAI, blocks, served

pytestmark = pytest.mark.skipif(missing(".bin/opencode") is not None, reason=str(missing(".bin/opencode")))


@pytest.mark.parametrize("model", ["memveil/gpt-5.2", "anthropic/claude-opus-4-8"])
def test_an_answer_comes_home_whole(model: str, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (block,) = blocks("Codex, and other agents that take a base URL", "json")
    provider, name = model.split("/")
    variables = environment(
        tmp_path / "opencode",
        OPENCODE_DISABLE_AUTOUPDATE="1",
        # Its list of models would come over the network, so the model is named.
        OPENCODE_DISABLE_MODELS_FETCH="1",
        OPENCODE_DISABLE_LSP_DOWNLOAD="1",
    )
    with served(tmp_path / "memveil") as (base, upstream):
        configuration = json.loads(block.replace(OPENAI, base).replace(ANTHROPIC, base))
        configuration["provider"][provider]["options"]["apiKey"] = "sk-x"
        configuration["provider"][provider]["models"] = {name: {}}
        (work / "opencode.json").write_text(json.dumps(configuration), encoding="utf-8")
        done = run([PROGRAMS / "opencode", "run", "-m", model, f"mail {MAIL}"], work, variables)

    assert done.returncode == 0, done.stderr
    assert MAIL in done.stdout
    assert "You said: " in done.stdout
    assert any("mail <Email_1>" in str(body["messages"]) for body in upstream.bodies())
