"""Programs from npm, each with a home of its own and nothing of this machine's configuration. By `make recipes`."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

CLIENTS = os.environ.get("NPM_CLIENTS", "")
"""The folder that `make recipes` has installed them into."""

PROGRAMS = Path(CLIENTS) / "node_modules" / ".bin"


def missing(*files: str) -> str | None:
    """Why a client cannot be run here."""
    if not CLIENTS:
        return "NPM_CLIENTS names no folder with the clients of package.json; run this by `make recipes`"
    absent = [file for file in files if not (Path(CLIENTS) / "node_modules" / file).exists()]
    return f"not installed: {', '.join(absent)}" if absent else None


def environment(home: Path, **more: str) -> dict[str, str]:
    home.mkdir(exist_ok=True)
    node = Path(shutil.which("node") or "/usr/bin/node").parent
    return {"PATH": f"{node}:/usr/bin:/bin", "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", **more}


def run(command: list[str | Path], folder: Path, variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=variables, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=240
    )
