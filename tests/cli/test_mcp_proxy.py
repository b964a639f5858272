"""The official client of the protocol, unmodified, with a server behind the guard."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from memveil.cli.main import run
from memveil.testing import CANARIES, canaries_in

MAIL = CANARIES["Email"]
SERVER = '''
import sys
from mcp.server.mcpserver import MCPServer

server = MCPServer("memory")
seen = open(sys.argv[1], "a", encoding="utf-8")


@server.tool()
def remember(text: str, tags: list[str]) -> dict[str, str]:
    """Keep a text."""
    print(text, tags, file=seen, flush=True)
    return {"stored": text}


server.run("stdio")
'''


def test_a_memory_in_a_cloud_holds_placeholders_and_the_client_reads_values(tmp_path: Path) -> None:
    from mcp import ClientSession, StdioServerParameters, stdio_client

    (tmp_path / "server.py").write_text(SERVER, "utf-8")
    (tmp_path / "memveil.toml").write_text("[recognizers]\ncascade = ['rules']\n", "utf-8")
    seen = tmp_path / "seen.txt"
    parameters = StdioServerParameters(
        command=sys.executable,
        args=["-m", "memveil", "mcp-proxy", "--", sys.executable, str(tmp_path / "server.py"), str(seen)],
        env={
            **os.environ,
            "MEMVEIL_VAULT": str(tmp_path / "vault.db"),
            "MEMVEIL_CONFIG": str(tmp_path / "memveil.toml"),
        },
    )

    async def talk() -> tuple[list[str], Any]:
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = await session.list_tools()
            result = await session.call_tool("remember", {"text": f"My email is {MAIL}", "tags": [MAIL]})
            return [tool.name for tool in tools.tools], result

    names, result = asyncio.run(talk())

    assert names == ["remember"]
    assert result.structured_content == {"stored": f"My email is {MAIL}"}
    assert MAIL in result.content[0].text
    assert seen.read_text("utf-8") == "My email is <Email_1> ['<Email_1>']\n"


def test_what_is_refused_is_answered_and_never_sent(tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    server = f"import sys; open({str(seen)!r}, 'wb').write(sys.stdin.buffer.read())"
    lines = b'{"jsonrpc":"2.0","id":1,"method":"odd/thing","params":{"x":"%s"}}\nno json\n[{"jsonrpc":"2.0","id":2,"method":"ping"}]\n'
    done = subprocess.run(
        [sys.executable, "-m", "memveil", "mcp-proxy", "--", sys.executable, "-c", server],
        input=lines % MAIL.encode(), capture_output=True, timeout=60, env={**os.environ, "MEMVEIL_VAULT": str(tmp_path / "vault.db")}, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    assert b"a method 'thing' that memveil does not know" in done.stdout
    assert done.stderr == b"memveil: a line that is no JSON was left out\n"
    assert seen.read_bytes() == b'{"jsonrpc":"2.0","id":2,"method":"ping"}\n'
    assert canaries_in(done.stdout + done.stderr) == []


def test_a_server_that_is_not_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["mcp-proxy", "--", "/no/such/server"]) == 1
    assert "the server cannot be started" in capsys.readouterr().err
