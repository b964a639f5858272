"""``memveil serve``: the gateway, until it is told to stop."""

from __future__ import annotations

import signal
import socket
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from memveil.cli import ui
from memveil.cli.approvals import TerminalApproval
from memveil.cli.arguments import policy_options, scope_option, user_name_option
from memveil.cli.workspace import Workspace
from memveil.errors import ConfigError

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from memveil.config import GatewayTable
    from memveil.proxy.access import Access
    from memveil.proxy.options import ToolPolicy

__all__ = ["serve"]

# Seconds that streams have to finish when the gateway is told to stop.
_LAST_WORDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """What the command line says beside the configuration."""

    upstream: str | None
    host: str | None
    port: int | None
    scope: str | None
    user_name: str | None
    preset: str | None
    style: str | None
    scope_from: str | None
    allows_media: bool
    omits_note: bool
    audit: Path | None
    token: str | None


@click.command()
@click.option("--upstream", metavar="URL", help="The provider, such as https://api.openai.com/v1.")
@click.option("--host", metavar="ADDRESS", help="Where to listen; this machine alone by default.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; 8787 by default, 0 for a free one.")
@scope_option
@click.option(
    "--scope-from",
    type=click.Choice(["fixed", "header", "key", "user"]),
    help="What names the scope: --scope, the header x-memveil-scope, the key, or the request's user.",
)
@user_name_option
@policy_options
@click.option("--allow-media", "allows_media", is_flag=True, help="Let images, sounds and files leave unread.")
@click.option("--no-note", "omits_note", is_flag=True, help="Do not tell the model what placeholders are.")
@click.option("--audit", type=click.Path(dir_okay=False, path_type=Path), help="Append a line of counts per request.")
@click.option(
    "--token",
    envvar="MEMVEIL_GATEWAY_TOKEN",
    metavar="TOKEN",
    help="What clients must send as x-memveil-token; better set as MEMVEIL_GATEWAY_TOKEN.",
)
def serve(**given: object) -> None:
    """Stand between clients and a provider: what goes out is protected, what comes home is restored.

    Point the client's base URL here: http://127.0.0.1:8787/v1 for OpenAI's, http://127.0.0.1:8787 for Anthropic's.
    """
    try:
        import uvicorn

        import memveil.proxy.app
    except ModuleNotFoundError:
        raise ConfigError("the gateway needs more packages, pip install 'memveil[gateway]'") from None
    assert memveil.proxy.app  # noqa: S101, imported to see whether it is there
    options = _Given(**given)  # type: ignore[arg-type]
    with Workspace() as workspace, ExitStack() as stack:
        table = workspace.config.gateway
        host, port = options.host or table.host, table.port if options.port is None else options.port
        upstream = options.upstream or table.upstream
        if upstream is None:
            raise ConfigError("gateway.upstream: missing, name the provider with --upstream")
        app = _build(workspace, table, options, upstream, stack)
        listening = stack.enter_context(_listen(host, port))
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            ws="none",
            timeout_graceful_shutdown=_LAST_WORDS,
        )
        shown = f"[{host}]" if ":" in host else host
        base = f"http://{shown}:{listening.getsockname()[1]}"
        # The server catches the signal, lets streams finish and passes it on to us.
        stack.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, _leave))
        ui.say(f"serving {base} (base URL for OpenAI's clients {base}/v1), stop with ctrl-c")
        uvicorn.Server(config).run(sockets=[listening])


def _leave(number: int, frame: object) -> None:
    """Being told to stop is no failure."""
    del number, frame
    raise SystemExit(0)


def _build(workspace: Workspace, table: GatewayTable, given: _Given, upstream: str, stack: ExitStack) -> Starlette:
    from memveil.proxy.app import create_app
    from memveil.proxy.audit import AuditLog
    from memveil.proxy.options import SYSTEM_NOTE, GatewayOptions
    from memveil.proxy.turns import ScopeRules, Scopes
    from memveil.proxy.upstream import Upstream
    from memveil.vault.ephemeral import LIFETIME, EphemeralTable

    config = workspace.config
    access = _access(table, given, given.scope or workspace.scope)
    target = Upstream(upstream, timeout=table.timeout)
    lifetime = config.vault.secret_lifetime
    audit = given.audit or (Path(table.audit).expanduser() if table.audit else None)
    scopes = Scopes(
        workspace.vault(),
        secrets=EphemeralTable(lifetime=LIFETIME if lifetime is None else lifetime),
        recognizers=workspace.recognizers(),
        rules=ScopeRules(
            policy=workspace.policy(preset=given.preset, style=given.style),
            user_name=given.user_name or config.user_name,
        ),
        by_scope={
            name: ScopeRules(policy=config.build_scope_policy(name), user_name=scope.user_name)
            for name, scope in table.scopes.items()
        },
    )
    return create_app(
        scopes,
        target,
        access=access,
        options=GatewayOptions(
            tools=_tools(table),
            allows_media=given.allows_media or table.media == "allow",
            note=SYSTEM_NOTE if table.note and not given.omits_note else "",
            max_request=table.max_request,
        ),
        audit=None if audit is None else AuditLog(stack.enter_context(audit.open("a", encoding="utf-8"))),
    )


def _tools(table: GatewayTable) -> ToolPolicy:
    from memveil.proxy.options import ToolPolicy

    rules = ToolPolicy(keep=table.keep_tools, ask=table.ask_tools, refuse=table.refuse_tools)
    if not table.ask_tools:
        return rules
    if not ui.can_ask():
        ui.say("nobody is at a terminal to be asked, so the tools of gateway.ask_tools are refused")
        return rules
    return replace(rules, approve=TerminalApproval())


def _access(table: GatewayTable, given: _Given, default_scope: str) -> Access:
    from memveil.proxy.access import Access, ScopeSource, is_loopback, token_digest

    tokens: dict[str, str | None] = {
        scope.token_sha256: name for name, scope in table.scopes.items() if scope.token_sha256 is not None
    }
    if table.token_sha256 is not None:
        tokens[table.token_sha256] = None
    if given.token:
        tokens[token_digest(given.token)] = None
    host = given.host or table.host
    is_local = is_loopback(host)
    access = Access(
        default_scope=default_scope,
        source=ScopeSource(given.scope_from or table.scope_from),
        tokens=tokens,
        is_local=is_local,
    )
    if not is_local:
        ui.say("others can reach this address and nothing is encrypted on the way, put TLS before it")
    return access


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        reason = error.strerror
    else:
        return listening
    raise ConfigError(f"gateway.port: nothing can listen there ({reason}), choose another with --port")
