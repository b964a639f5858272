"""The code blocks of docs/guides/recipes.md, and `memveil serve` before a scripted provider to run them against."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from memveil.testing import canaries_in
from tests.proxy.scripted import Reply, ScriptedUpstream, running

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "recipes.md"
MAIL = "lena@hartwig.example"
# The addresses of the guide.
OPENAI, ANTHROPIC = "http://127.0.0.1:8787", "http://127.0.0.1:8788"


def blocks(section: str, language: str) -> list[str]:
    """The blocks of one language in one section."""
    _, _, rest = GUIDE.read_text(encoding="utf-8").partition(f"\n## {section}\n")
    body = rest.split("\n## ", 1)[0]
    found = re.findall(rf"^```{language}\n(.*?)^```", body, re.MULTILINE | re.DOTALL)
    assert found, f"no {language} in {section!r}"
    return [str(block) for block in found]


def run(block: str, names: dict[str, object], *, base: str) -> int:
    """Run a block with its gateways at ``base``; how many of its lines were checked against their comments."""
    checked = 0
    lines = block.splitlines()
    for statement in ast.parse(block).body:
        _, _, comment = lines[(statement.end_lineno or 1) - 1].partition("  # ")
        source = ast.unparse(statement).replace(OPENAI, base).replace(ANTHROPIC, base)
        if isinstance(statement, ast.Expr) and re.match(r"['\"\[(]", comment.strip()):
            checked += 1
            assert eval(source, names) == eval(comment), source
        else:
            exec(source, names)
    return checked


@contextmanager
def served(folder: Path, reply: Reply | None = None) -> Iterator[tuple[str, ScriptedUpstream]]:
    """`memveil serve` with its rules in a process of its own; no value of the guide may reach its provider."""
    upstream = ScriptedUpstream(reply)
    with running(upstream.app()) as (url, _), serving(folder, url) as base:
        yield base, upstream
    assert upstream.seen, "nothing arrived"
    assert canaries_in(upstream.everything(), [MAIL]) == [], "a private value has left"


@contextmanager
def serving(folder: Path, upstream: str, *options: str) -> Iterator[str]:
    """`memveil serve` alone; its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "memveil", "serve", "--upstream", upstream, "--port", "0", *options],
        env=environment(folder),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr
    try:
        said = process.stderr.readline()
        found = re.search(r"serving (http://127\.0\.0\.1:\d+) ", said)
        assert found, said
        yield found[1]
    finally:
        process.terminate()
        rest = process.communicate(timeout=20)[1]
    assert process.returncode == 0
    assert rest == ""


def environment(folder: Path) -> dict[str, str]:
    """Configuration, vault and key of a test's own; rules alone, which start fast."""
    folder.mkdir(exist_ok=True)
    config = folder / "memveil.toml"
    config.write_text("[recognizers]\ncascade = ['rules']\n", encoding="utf-8")
    return {
        **os.environ,
        "MEMVEIL_CONFIG": str(config),
        "MEMVEIL_VAULT": str(folder / "vault.db"),
        "MEMVEIL_KEY_FILE": str(folder / "vault.key"),
    }
