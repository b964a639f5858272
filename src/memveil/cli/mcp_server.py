"""``memveil mcp``: the guard as tools of the Model Context Protocol, over standard input and output.

``restore`` is offered only on request: a model that calls it reads the values,
so it is for clients whose model runs on this machine.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

import click

from memveil.cli import ui
from memveil.cli.arguments import policy_options, scope_option, user_name_option
from memveil.cli.workspace import Workspace
from memveil.errors import InputError, MemveilError
from memveil.version import __version__

if TYPE_CHECKING:
    from memveil.guard import Guard

__all__ = ["mcp"]

_VERSIONS = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
_PARSE_ERROR, _NO_METHOD, _BAD_PARAMS = -32700, -32601, -32602
_LONGEST = 32 * 1024 * 1024  # bytes of one line
_TOOLS = {
    "detect": "Show where private values stand in a text, and of which type and level. Stores nothing.",
    "protect": "Replace private values of a text by placeholders. They stay the same in this scope.",
    "restore": "Put the values back for the placeholders of a text. For local use: the answer holds private values.",
}


@click.command()
@scope_option
@user_name_option
@policy_options
@click.option("--with-restore", is_flag=True, help="Offer the tool restore too; its answers hold private values.")
def mcp(*, scope: str | None, user_name: str | None, preset: str | None, style: str | None, with_restore: bool) -> None:
    """Offer detect and protect as tools to an MCP client, over standard input and output."""
    with Workspace() as workspace:
        policy = workspace.policy(preset=preset, style=style)
        guard = workspace.guard(workspace.vault(), scope or workspace.scope, user_name=user_name, policy=policy)
        names = [name for name in _TOOLS if with_restore or name != "restore"]
        while line := sys.stdin.buffer.readline(_LONGEST):
            if not line.strip():
                continue
            reply = _reply(line, guard, names)
            if reply is not None:
                ui.write(json.dumps(reply) + "\n")


def _reply(line: bytes, guard: Guard, names: list[str]) -> dict[str, object] | None:
    try:
        message: object = json.loads(line)
    # Either error quotes the line.
    except (ValueError, RecursionError):
        message = None
    if not isinstance(message, dict):
        return _error(None, _PARSE_ERROR, "a line that is no JSON-RPC")
    fields = cast("dict[str, object]", message)
    if "id" not in fields:
        return None  # notifications ask for nothing
    params = fields.get("params")
    given = cast("dict[str, object]", params) if isinstance(params, dict) else {}
    match fields.get("method"):
        case "initialize":
            asked = given.get("protocolVersion")
            result: dict[str, object] = {
                "protocolVersion": asked if asked in _VERSIONS else _VERSIONS[0],
                "capabilities": {"tools": {}},
                "serverInfo": {"name": "memveil", "version": __version__},
            }
        case "ping":
            result = {}
        case "tools/list":
            result = {"tools": [_tool(name) for name in names]}
        case "tools/call":
            name = given.get("name")
            if name not in names:
                return _error(fields["id"], _BAD_PARAMS, "a tool that is not offered")
            result = _call(guard, str(name), given.get("arguments"))
        case _:
            return _error(fields["id"], _NO_METHOD, "a method that memveil does not have")
    return {"jsonrpc": "2.0", "id": fields["id"], "result": result}


def _tool(name: str) -> dict[str, object]:
    text = {"type": "string", "description": "any text"}
    schema = {"type": "object", "properties": {"text": text}, "required": ["text"], "additionalProperties": False}
    return {"name": name, "description": _TOOLS[name], "inputSchema": schema}


def _call(guard: Guard, name: str, arguments: object) -> dict[str, object]:
    run: dict[str, Callable[[str], dict[str, object]]] = {
        "detect": lambda text: {"spans": _spans(guard, text)},
        "protect": lambda text: {"text": guard.protect(text).text},
        "restore": lambda text: {"text": guard.restore(text)},
    }
    try:
        answer = run[name](_text_of(arguments))
    except MemveilError as error:
        return {"content": [{"type": "text", "text": str(error)}], "isError": True}
    shown = answer["text"] if "text" in answer else json.dumps(answer["spans"])
    return {"content": [{"type": "text", "text": shown}], "structuredContent": answer}


def _text_of(arguments: object) -> str:
    text = cast("dict[str, object]", arguments).get("text") if isinstance(arguments, dict) else None
    if not isinstance(text, str):
        raise InputError("no text in the arguments; give one as text")
    return text


def _spans(guard: Guard, text: str) -> list[dict[str, object]]:
    return [
        {
            "start": span.start,
            "end": span.end,
            "privacy_type": span.privacy_type,
            "privacy_level": str(span.level),
            "action": span.action.value,
        }
        for span in guard.detect(text)
    ]


def _error(name: object, code: int, message: str) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": name, "error": {"code": code, "message": message}}
