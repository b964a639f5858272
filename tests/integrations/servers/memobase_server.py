"""Memobase's server as a process, and why it may not be there."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.integrations.servers.memobase_model import DIMENSIONS
from tests.integrations.servers.processes import free_port
from tests.proxy.scripted import until

__all__ = ["memobase", "missing"]

ROOT = Path(__file__).parents[3]
SOURCE = os.environ.get("MEMOBASE_SOURCE", "")
ENVIRONMENT = ROOT / ".venv-memobase"
REDIS = shutil.which("redis-server")


def missing() -> str | None:
    """Why the server cannot be started here."""
    if not SOURCE or not (Path(SOURCE) / "api.py").exists():
        return "there is no checkout of Memobase's server, and none could be fetched; see the Makefile"
    if REDIS is None:
        return "no redis-server is installed (apt-get install redis-server)"
    return None if (ENVIRONMENT / ".ready").exists() else "no .venv-memobase, which needs Python 3.12; see the Makefile"


@contextmanager
def memobase(model: str, folder: Path) -> Iterator[str]:
    """The server's address; its model is at another one, and all that it writes is in ``folder``."""
    port = free_port()
    launch = Path(__file__).with_name("memobase_launch.py")
    log = folder / "server.log"
    with log.open("wb") as out:
        python = ENVIRONMENT / "bin" / "python"
        command = [python, launch, str(port), f"{model}/v1", str(DIMENSIONS), str(folder), str(REDIS)]
        process = subprocess.Popen(command, cwd=SOURCE, stdout=out, stderr=out)
        try:
            until(lambda: process.poll() is not None or b"startup complete" in log.read_bytes(), 120)
            assert process.poll() is None, log.read_text(encoding="utf-8")[-2000:]
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)
