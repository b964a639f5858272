"""``memveil mcp-proxy -- COMMAND``: an MCP server that is not trusted, behind the guard.

The client starts this in the server's place. Messages are lines of JSON on
standard input and output, as the protocol's stdio transport has them.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import IO

import click

from memveil.cli import ui
from memveil.cli.arguments import policy_options, scope_option, user_name_option
from memveil.cli.workspace import Workspace
from memveil.errors import ConfigError, MemveilError
from memveil.wire.mcp import Client, error_reply

__all__ = ["mcp_proxy"]

# Seconds that the server has to end when the client has gone.
_LAST_WORDS = 5


@click.command("mcp-proxy", context_settings={"ignore_unknown_options": True})
@scope_option
@user_name_option
@policy_options
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def mcp_proxy(
    *, scope: str | None, user_name: str | None, preset: str | None, style: str | None, command: tuple[str, ...]
) -> int:
    """Run an MCP server behind the guard: arguments are protected, results are restored.

    For servers that hand what they get to somebody else, such as a memory in a cloud.
    """
    from memveil.proxy.options import ToolPolicy
    from memveil.proxy.turns import ScopeRules, Scopes

    with Workspace() as workspace:
        rules = ScopeRules(
            policy=workspace.policy(preset=preset, style=style), user_name=user_name or workspace.config.user_name
        )
        scopes = Scopes(workspace.vault(), recognizers=workspace.recognizers(), rules=rules)
        turn = scopes.begin(scope or workspace.scope, ToolPolicy())
        client = Client(turn.outbound(allows_media=False), turn.inbound(is_json=False))
        try:
            server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603, the user's own
        except OSError as error:
            reason = error.strerror
        else:
            return _relay(client, server)
    raise ConfigError(f"the server cannot be started ({reason}), check the command")


class _Line:
    """A pipe that several threads write whole lines to."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._lock = threading.Lock()

    def write(self, message: object) -> None:
        """Write one message. A reader that has gone is no error: the other side will end too."""
        data = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
        with self._lock, suppress(BrokenPipeError, ValueError):
            self._stream.write(data + b"\n")
            self._stream.flush()


def _relay(client: Client, server: subprocess.Popen[bytes]) -> int:
    """Carry messages both ways until one side ends. Returns the exit code."""
    assert server.stdin is not None  # noqa: S101, both are pipes
    assert server.stdout is not None  # noqa: S101
    to_server, to_client, lock = _Line(server.stdin), _Line(sys.stdout.buffer), threading.Lock()

    def outward(message: object) -> None:
        try:
            with lock:
                sent = client.to_server(message)
        except MemveilError as error:
            reply = error_reply(message, error)
            if reply is not None:
                to_client.write(reply)
            else:
                ui.say(f"{error}")
        else:
            to_server.write(sent)

    def homeward(message: object) -> None:
        with lock:
            home = client.to_client(message)
        to_client.write(home)

    reading = threading.Thread(target=_pump, args=(server.stdout, homeward), daemon=True)
    reading.start()
    _pump(sys.stdin.buffer, outward)
    with suppress(BrokenPipeError):
        server.stdin.close()
    try:
        server.wait(_LAST_WORDS)
    except subprocess.TimeoutExpired:
        server.terminate()
    reading.join(_LAST_WORDS)
    server.stdout.close()
    return server.wait()


def _pump(lines: IO[bytes], carry: Callable[[object], None]) -> None:
    for line in lines:
        if line.strip():
            try:
                message: object = json.loads(line)
            # Either error quotes the line.
            except (ValueError, RecursionError):
                ui.say("a line that is no JSON was left out")
                continue
            # The protocol's older versions put several messages into one line.
            for one in message if isinstance(message, list) else [message]:
                carry(one)
