"""The official client of the protocol, unmodified, with the guard as its server."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from memveil.testing import CANARIES, canaries_in

MAIL = CANARIES["Email"]
TEXT = f"My email is {MAIL}"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "memveil.toml").write_text("[recognizers]\ncascade = ['rules']\n", "utf-8")
    return {**os.environ, "MEMVEIL_VAULT": str(tmp_path / "vault.db"), "MEMVEIL_CONFIG": str(tmp_path / "memveil.toml")}


def test_a_client_finds_protects_and_restores(environment: dict[str, str]) -> None:
    from mcp import ClientSession, StdioServerParameters, stdio_client

    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "memveil", "mcp", "--with-restore"], env=environment
    )

    async def talk() -> tuple[list[str], list[Any]]:
        async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            tools = await session.list_tools()
            calls = [("detect", TEXT), ("protect", TEXT), ("restore", "to <Email_1>")]
            return [tool.name for tool in tools.tools], [
                await session.call_tool(name, {"text": text}) for name, text in calls
            ]

    names, (found, sent, home) = asyncio.run(talk())

    assert names == ["detect", "protect", "restore"]
    assert found.structured_content["spans"] == [
        {"start": 12, "end": len(TEXT), "privacy_type": "Email", "privacy_level": "PL2", "action": "pseudonymize"}
    ]
    assert sent.content[0].text == "My email is <Email_1>"
    assert home.structured_content == {"text": f"to {MAIL}"}


def test_restore_is_offered_on_request_only_and_mistakes_are_answered(environment: dict[str, str]) -> None:
    asked: list[Any] = [
        {"id": 1, "method": "initialize", "params": {"protocolVersion": "2024-11-05"}},
        {"id": 2, "method": "initialize", "params": {"protocolVersion": "1999-01-01"}},
        {"method": "notifications/initialized"},
        {"id": 3, "method": "tools/list"},
        {"id": 4, "method": "tools/call", "params": {"name": "restore", "arguments": {"text": "<Email_1>"}}},
        {"id": 5, "method": "tools/call", "params": {"name": "protect", "arguments": {"texts": TEXT}}},
        {"id": 6, "method": "resources/list"},
        {"id": 7, "method": "ping"},
        [TEXT],
    ]
    lines = [json.dumps(one).encode() for one in asked] + [b"", b"{" + MAIL.encode()]
    done = subprocess.run(
        [sys.executable, "-m", "memveil", "mcp"],
        input=b"\n".join(lines),
        capture_output=True,
        env=environment,
        timeout=60,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]

    assert [one["id"] for one in told] == [1, 2, 3, 4, 5, 6, 7, None, None]
    assert told[0]["result"]["protocolVersion"] == "2024-11-05"
    assert told[1]["result"]["protocolVersion"] == "2025-11-25"
    assert [tool["name"] for tool in told[2]["result"]["tools"]] == ["detect", "protect"]
    assert told[3]["error"]["code"] == -32602
    assert told[4]["result"]["isError"]
    assert (told[5]["error"]["code"], told[6]["result"]) == (-32601, {})
    assert [one["error"]["code"] for one in told[7:]] == [-32700, -32700]
    assert canaries_in(done.stdout + done.stderr) == []
