"""The gateways that are compared, each a process of its own with a home of its own, all on loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

HERE = Path(__file__).resolve().parent
PEERS = HERE.parents[2] / ".venv-litellm" / "bin"
KEY = "sk-peers"
# What the guardrail is to find: the types of the values in the scenarios. A configured list also makes LiteLLM stop
# a request when Presidio fails.
ENTITIES = ("PERSON", "EMAIL_ADDRESS", "PHONE_NUMBER", "CREDIT_CARD")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A running gateway, and two of its kind in a row, and one whose detector is down."""

    name: str
    url: str
    twice: str
    twice_model: str
    down: str
    home: Path

    def files(self) -> bytes:
        """All that it has written, logs included."""
        return b"\n".join(path.read_bytes() for path in sorted(self.home.rglob("*")) if path.is_file())


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def _process(command: list[str], home: Path, health: str, seconds: float, **environment: str) -> Iterator[None]:
    """A process that answers at ``health``; its output goes into its home."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "output.log").open("ab") as log:
        # Nothing of the machine's own configuration, keys or proxies takes part.
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        process = subprocess.Popen(
            command, cwd=home, env={**kept, "HOME": str(home), **environment}, stdout=log, stderr=log
        )
    try:
        end = time.monotonic() + seconds
        while True:
            if process.poll() is not None or time.monotonic() > end:
                raise SystemExit(f"{command[1]} does not start, see {home / 'output.log'}")
            try:
                if httpx2.get(health, timeout=5, trust_env=False).status_code == 200:
                    break
            except httpx2.HTTPError:
                time.sleep(0.2)
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def memveil(upstream: str, home: Path) -> Iterator[Gateway]:
    """``memveil serve`` as it comes."""
    with ExitStack() as stack:

        def serve(name: str, target: str) -> str:
            port, own = _free_port(), home / name
            own.mkdir(parents=True)
            (own / "memveil.toml").write_text("", encoding="utf-8")
            command = [sys.executable, "-m", "memveil", "serve", "--upstream", target, "--port", str(port)]
            paths = {
                "MEMVEIL_CONFIG": str(own / "memveil.toml"),
                "MEMVEIL_VAULT": str(own / "vault.db"),
                "MEMVEIL_KEY_FILE": str(home.parent / f"{name}.key"),
            }
            url = f"http://127.0.0.1:{port}"
            stack.enter_context(_process(command, own, f"{url}/healthz", 120, **paths))
            return url

        first = serve("first", upstream)
        second = serve("second", first)
        port = _free_port()
        command = [sys.executable, str(HERE / "failing_memveil.py"), str(port), upstream]
        stack.enter_context(_process(command, home / "down", f"http://127.0.0.1:{port}/healthz", 120))
        yield Gateway(
            name="memveil",
            url=first,
            twice=second,
            twice_model="scripted",
            down=f"http://127.0.0.1:{port}",
            home=home / "first",
        )


@contextmanager
def litellm(upstream: str, home: Path) -> Iterator[Gateway]:
    """The LiteLLM proxy with its Presidio guardrail, set up for the best that it can do here."""
    with ExitStack() as stack:
        analyzer = _free_port()
        command = [str(PEERS / "python"), str(HERE / "presidio_server.py"), str(analyzer)]
        stack.enter_context(_process(command, home / "presidio", f"http://127.0.0.1:{analyzer}/health", 300))
        first = stack.enter_context(_litellm(upstream, home / "first", _presidio(analyzer)))
        # Nothing listens there.
        down = stack.enter_context(_litellm(upstream, home / "down", _presidio(_free_port())))
        yield Gateway(
            name="LiteLLM 1.106.2 + Presidio 2.2.366",
            url=first,
            twice=first,
            twice_model="twice",
            down=down,
            home=home / "first",
        )


@contextmanager
def plugin(upstream: str, home: Path) -> Iterator[Gateway]:
    """The LiteLLM proxy with memveil's guardrail in contrib."""

    def guardrail(name: str) -> dict[str, object]:
        return {"guardrail": f"{name}.MemveilGuardrail", "mode": ["pre_call", "post_call"], "default_on": True}

    with ExitStack() as stack:
        for name in ("first", "down"):
            own = home / name
            own.mkdir(parents=True)
            shutil.copy(HERE.parents[2] / "contrib" / "litellm_guardrail.py", own)
            shutil.copy(HERE / "failing_guardrail.py", own)
            (own / "memveil.toml").write_text("", encoding="utf-8")
        first = stack.enter_context(_litellm(upstream, home / "first", guardrail("litellm_guardrail")))
        down = stack.enter_context(_litellm(upstream, home / "down", guardrail("failing_guardrail")))
        yield Gateway(
            name="LiteLLM 1.106.2 + memveil's plug-in",
            url=first,
            twice=first,
            twice_model="twice",
            down=down,
            home=home / "first",
        )


@contextmanager
def _litellm(upstream: str, own: Path, guardrail: dict[str, object]) -> Iterator[str]:
    port = _free_port()
    own.mkdir(parents=True, exist_ok=True)
    url = f"http://127.0.0.1:{port}"
    # JSON is YAML.
    settings = json.dumps(_settings(upstream, f"{url}/v1", guardrail), indent=1)
    (own / "config.yaml").write_text(settings, encoding="utf-8")
    command = [str(PEERS / "litellm"), "--config", str(own / "config.yaml"), "--host", "127.0.0.1"]
    environment = {
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "LITELLM_TELEMETRY": "False",
        "NO_PROXY": "*",
        "PYTHONPATH": str(own),
        "MEMVEIL_CONFIG": str(own / "memveil.toml"),
        "MEMVEIL_VAULT": str(own / "vault.db"),
        "MEMVEIL_KEY_FILE": str(own.parent / f"{own.name}.key"),
    }
    with _process([*command, "--port", str(port)], own, f"{url}/health/liveliness", 400, **environment):
        yield url


def _presidio(port: int) -> dict[str, object]:
    return {
        "guardrail": "presidio",
        "mode": "pre_call",
        "default_on": True,
        "output_parse_pii": True,
        # Or answers would be masked after they were restored.
        "presidio_filter_scope": "input",
        "presidio_analyzer_api_base": f"http://127.0.0.1:{port}/",
        "presidio_anonymizer_api_base": f"http://127.0.0.1:{port}/",
        "pii_entities_config": dict.fromkeys(ENTITIES, "MASK"),
    }


def _settings(upstream: str, own: str, guardrail: dict[str, object]) -> dict[str, object]:
    return {
        "model_list": [
            {
                "model_name": "scripted",
                "litellm_params": {"model": "openai/scripted", "api_base": f"{upstream}/v1", "api_key": "x"},
            },
            # The Anthropic endpoint of the same provider.
            {
                "model_name": "scripted-messages",
                "litellm_params": {"model": "anthropic/scripted", "api_base": upstream, "api_key": "x"},
            },
            # Through this proxy once more.
            {
                "model_name": "twice",
                "litellm_params": {"model": "openai/scripted", "api_base": own, "api_key": KEY},
            },
        ],
        "guardrails": [{"guardrail_name": "privacy", "litellm_params": guardrail}],
        "general_settings": {"master_key": KEY},
        "litellm_settings": {"telemetry": False, "num_retries": 0, "drop_params": False},
    }
