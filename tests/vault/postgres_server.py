"""A PostgreSQL server of the tests' own: started in a temporary folder, stopped at the end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

__all__ = ["PostgresServer", "missing"]


def binaries() -> Path | None:
    """Folder with `initdb` and `postgres`, the newest there is."""
    found = shutil.which("postgres")
    if found:
        return Path(found).resolve().parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    return folders[-1].parent if folders else None


def missing() -> str | None:
    """Why no server can be started here; `None` where one can."""
    try:
        import psycopg  # noqa: F401
    except ImportError:
        return "psycopg is not installed (pip install 'memveil[postgres]')"
    if sys.platform == "win32":
        return "the tests start a server on a Unix socket"
    if binaries() is None:
        return "no PostgreSQL server is installed (initdb and postgres were not found)"
    if os.geteuid() == 0 and _user() is None:
        return "PostgreSQL does not run as root, and there is no user postgres or nobody"
    return None


def _user() -> str | None:
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def _group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


class PostgresServer:
    """A server on a Unix socket. `settings` are written into its configuration."""

    def __init__(self, **settings: str) -> None:
        folder = binaries()
        assert folder is not None
        self.bin = folder
        self.user = _user() if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="memveil-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        if self.user is not None:
            shutil.chown(self.folder, self.user)
        self._as_user(
            [self.bin / "initdb", "-D", self.data, "-U", "memveil", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
            check=True,
        )
        with (self.data / "postgresql.conf").open("a") as file:
            file.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\nmax_connections = 60\n")
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def conninfo(self) -> str:
        return f"host={self.folder} user=memveil dbname=postgres"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.bin / "postgres", "-D", self.data],
            user=self.user,
            group=_group(self.user) if self.user else None,
            extra_groups=[] if self.user else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
        )
        import psycopg

        deadline = time.monotonic() + 30
        while True:
            try:
                psycopg.connect(self.conninfo).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.stop()
                    raise
                time.sleep(0.05)
            else:
                return

    def crash(self) -> None:
        """End the server as a power failure of its process would: no shutdown, no goodbye."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        pids = [int(pid) for pid in children.read_text().split()] if children.exists() else []
        self.process.kill()
        self.process.wait()
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Shut down at once and remove everything."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _as_user(self, command: list[str | Path], *, check: bool) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [str(part) for part in command],
            user=self.user,
            group=_group(self.user) if self.user else None,
            extra_groups=[] if self.user else None,
            capture_output=True,
            check=check,
            cwd=self.folder,
        )
