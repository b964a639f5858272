"""What runs on Node: the official SDKs, and a memory as a server of the Model Context Protocol. By `make recipes`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from memveil.testing import canaries_in
from tests.proxy.npm.clients import CLIENTS, PROGRAMS, environment, missing, run
from tests.proxy.recipes import MAIL, served
from tests.proxy.test_recipes_mcp import asked, here, servers

NEEDED = ("openai", "@anthropic-ai/sdk", ".bin/mcp-server-memory")
pytestmark = pytest.mark.skipif(missing(*NEEDED) is not None, reason=str(missing(*NEEDED)))


def test_the_sdks_for_node_read_values(tmp_path: Path) -> None:
    # Node looks for packages beside the program.
    program = shutil.copy(Path(__file__).with_name("node_sdks.mjs"), Path(CLIENTS) / "node_sdks.mjs")
    with served(tmp_path / "memveil") as (base, upstream):
        done = run([shutil.which("node") or "node", program, base, MAIL], tmp_path, environment(tmp_path / "home"))

    assert done.returncode == 0, done.stderr
    assert [json.loads(line) for line in done.stdout.splitlines()] == [f"You said: {MAIL}"] * 6 + [MAIL] * 2
    assert len(upstream.seen) == 8


def test_a_memory_from_npm_keeps_placeholders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "memory.jsonl"
    monkeypatch.setenv("MEMORY_FILE_PATH", str(store))
    command = here(servers()["memory"])
    # npx -y PACKAGE would install it here and now.
    assert command[command.index("npx") :] == ["npx", "-y", "@modelcontextprotocol/server-memory"]
    command[command.index("npx") :] = [str(PROGRAMS / "mcp-server-memory")]
    entity = {"name": "user", "entityType": "person", "observations": [f"mail: {MAIL}"]}

    names, made = asked(command, tmp_path / "memveil", "create_entities", {"entities": [entity]})
    _, found = asked(command, tmp_path / "memveil", "search_nodes", {"query": MAIL})

    assert "read_graph" in names
    assert json.loads(made.content[0].text) == [entity]
    assert json.loads(found.content[0].text)["entities"] == [entity]
    assert "<Email_1>" in store.read_text(encoding="utf-8")
    assert canaries_in(store.read_bytes(), [MAIL]) == []
