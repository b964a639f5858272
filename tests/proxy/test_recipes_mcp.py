"""The configuration that the guide gives to clients of the protocol, run by the official client."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from memveil.testing import canaries_in
from tests.proxy.recipes import MAIL, blocks, environment

# Stands where the guide has a memory from a registry.
SERVER = '''
import sys
from mcp.server.mcpserver import MCPServer

server = MCPServer("memory")
seen = open(sys.argv[1], "a", encoding="utf-8")


@server.tool()
def add(observations: list[str]) -> list[str]:
    """Keep texts."""
    print(*observations, file=seen, flush=True)
    return observations


server.run("stdio")
'''


def servers() -> dict[str, Any]:
    (block,) = blocks("MCP", "json")
    found = json.loads(block)["mcpServers"]
    assert isinstance(found, dict)
    return found


def asked(command: list[str], folder: Path, tool: str, arguments: dict[str, Any]) -> tuple[list[str], Any]:
    """The tools of a server, and what one of them answers."""
    from mcp import ClientSession, StdioServerParameters, stdio_client

    program, *rest = command
    parameters = StdioServerParameters(command=program, args=rest, env=environment(folder))

    async def talk() -> tuple[list[str], Any]:
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = await session.list_tools()
            return [each.name for each in tools.tools], await session.call_tool(tool, arguments)

    return asyncio.run(talk())


def here(server: dict[str, Any]) -> list[str]:
    """The guide's command with this environment's memveil."""
    assert server["command"] == "memveil"
    return [sys.executable, "-m", "memveil", *server["args"]]


def test_a_memory_behind_the_guard_keeps_placeholders(tmp_path: Path) -> None:
    (tmp_path / "server.py").write_text(SERVER, encoding="utf-8")
    seen = tmp_path / "seen.txt"
    command = here(servers()["memory"])
    inner = command.index("--") + 1
    assert command[inner] == "npx"

    names, result = asked(
        [*command[:inner], sys.executable, str(tmp_path / "server.py"), str(seen)],
        tmp_path / "memveil",
        "add",
        {"observations": [f"mail: {MAIL}"]},
    )

    assert names == ["add"]
    assert [part.text for part in result.content] == [f"mail: {MAIL}"]
    assert seen.read_text(encoding="utf-8") == "mail: <Email_1>\n"


def test_memveil_as_a_server(tmp_path: Path) -> None:
    names, result = asked(here(servers()["privacy"]), tmp_path / "memveil", "protect", {"text": f"mail {MAIL}"})

    assert names == ["detect", "protect"]
    assert result.content[0].text == "mail <Email_1>"
    assert canaries_in(result.model_dump_json(), [MAIL]) == []
