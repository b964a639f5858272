"""Codex, as npm has it, configured as the guide says, with `memveil serve` as its provider. By `make recipes`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from tests.proxy.npm.clients import PROGRAMS, environment, missing, run
from tests.proxy.recipes import MAIL, OPENAI, blocks, served
from tests.proxy.scripted import sse
from tests.proxy.shapes import FRAMES
from tests.proxy.streams import every_character, responses_events

pytestmark = pytest.mark.skipif(missing(".bin/codex") is not None, reason=str(missing(".bin/codex")))


def model(path: str, body: dict[str, Any]) -> Response:
    """Runs the command that the prompt asks for, and says what it printed; else says what the prompt says."""
    assert path.endswith("/responses")
    said = [part["text"] for item in body["input"] if item.get("role") == "user" for part in item["content"]][-1]
    results = [item["output"] for item in body["input"] if item["type"] == "function_call_output"]
    item: dict[str, Any]
    if said.startswith("RUN ") and not results:
        tool = next(tool for tool in body["tools"] if tool.get("name") in {"exec_command", "shell", "shell_command"})
        key = next(name for name in ("cmd", "command") if name in tool["parameters"]["properties"])
        arguments = json.dumps({key: said.removeprefix("RUN ")})
        item = {"type": "function_call", "call_id": "call_1", "name": tool["name"], "arguments": arguments}
    else:
        text = str(results[-1]) if results else said.removeprefix("SAY ")
        item = {"type": "message", "role": "assistant", "content": [part(text)]}
    answer = {**FRAMES["responses"], "output": [{**item, "id": "item_0", "status": "completed"}]}
    return Response(sse(*responses_events(answer, every_character), named=True), media_type="text/event-stream")


def part(text: str) -> dict[str, Any]:
    return {"type": "output_text", "text": text, "annotations": []}


@pytest.fixture
def codex(tmp_path: Path) -> Any:
    home, work = tmp_path / "codex", tmp_path / "work"
    work.mkdir()
    (block,) = blocks("Codex, and other agents that take a base URL", "toml")
    with served(tmp_path / "memveil", model) as (base, upstream):
        variables = environment(home, OPENAI_API_KEY="sk-x", CODEX_HOME=str(home), SHELL="/bin/bash")
        (home / "config.toml").write_text(block.replace(OPENAI, base), encoding="utf-8")

        def ask(prompt: str) -> str:
            options = ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox", "-m", "gpt-5.2"]
            done = run([PROGRAMS / "codex", "exec", *options, prompt], work, variables)
            assert done.returncode == 0, done.stderr
            return done.stdout.strip()

        yield ask
    assert all("client_metadata" in body for body in upstream.bodies())


def test_an_answer_comes_home_whole(codex: Callable[[str], str]) -> None:
    assert codex(f"SAY mail {MAIL}") == f"mail {MAIL}"


def test_a_command_gets_values_and_what_it_prints_leaves_protected(codex: Callable[[str], str], tmp_path: Path) -> None:
    printed = codex(f"RUN echo {MAIL} > note.txt; cat note.txt")

    assert (tmp_path / "work" / "note.txt").read_text(encoding="utf-8") == f"{MAIL}\n"
    assert MAIL in printed
