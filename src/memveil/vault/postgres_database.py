"""Transactions on a PostgreSQL server that may go away and come back.

A transaction that the server broke off (a lost connection, a restart, a
deadlock, a serialization failure) runs again from the start. Where a connection
is lost while committing, nobody knows whether the commit took place; running
again is safe, because assigning a value twice gives the same placeholder and
reserving twice leaves a gap.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from memveil.errors import Tampered, VaultError
from memveil.vault.migrations import FORMAT, check_format, migrate
from memveil.vault.postgres_rows import PostgresRows
from memveil.vault.rows import Rows

__all__ = ["PostgresDatabase"]

T = TypeVar("T")
Connection = psycopg.Connection[tuple[Any, ...]]

_SPELLING = {
    "blob": "BYTEA",
    "id": "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    "big": "BIGINT",
    "clustered": "",
}
_PATIENCE = 30.0
# An address or password that was wrong from the start will not become right.
_FIRST_PATIENCE = 5.0
_IDLE = 8
# `mVlt`: two programs that make the tables at once wait for each other by this number.
_MIGRATION_LOCK = 0x6D56_6C74

# The transaction did nothing wrong: another attempt may succeed.
_AGAIN = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.LockNotAvailable,
    errors.AdminShutdown,
    errors.CrashShutdown,
    errors.CannotConnectNow,
    errors.TooManyConnections,
    errors.ReadOnlySqlTransaction,  # a standby that is about to be promoted
)


class PostgresDatabase:
    """Transactions over a PostgreSQL database. See :class:`memveil.vault.rows.Database`.

    Args:
        conninfo: a libpq connection string or URL; a password is better kept in ``~/.pgpass``.
        read_only: refuse every change.
    """

    def __init__(self, conninfo: str, *, read_only: bool) -> None:
        self._conninfo = conninfo
        self._read_only = read_only
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._process = os.getpid()
        self._closed = False
        self._place = _place(conninfo)
        self._patience = _FIRST_PATIENCE

    @property
    def place(self) -> str:
        """Host, port and database."""
        return self._place

    def prepare(self) -> None:
        """Check the format of the tables, or make them in an empty database."""
        version = self._run(_version, "READ COMMITTED READ ONLY")
        check_format(version, place=self.place)
        if version < FORMAT:
            if self._read_only:
                raise VaultError(f"vault {self._place}: it is empty or of an older format; open it for writing first")
            self._run(self._migrate, "READ COMMITTED")
        self._patience = _PATIENCE

    def read(self, work: Callable[[Rows], T]) -> T:
        """Run ``work`` on one snapshot."""
        return self._run(lambda connection: work(PostgresRows(connection)), "REPEATABLE READ READ ONLY")

    def write(self, work: Callable[[Rows], T]) -> T:
        """Run ``work`` and commit. Locks of rows, not the isolation level, keep writers apart."""
        if self._read_only:
            raise VaultError(f"vault {self._place}: it was opened for reading only")
        return self._run(lambda connection: work(PostgresRows(connection)), "READ COMMITTED")

    def scrub(self) -> None:
        """Let the server reuse the space of destroyed data keys; large tables are left to its autovacuum."""
        self._attempt(lambda connection: connection.execute("VACUUM memveil_key"))

    def close(self) -> None:
        """Close what is idle; a connection in use is closed by its user."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        if self._process != os.getpid():
            _INHERITED.extend(idle)
            return
        for connection in idle:
            connection.close()

    def _migrate(self, connection: Connection) -> None:
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATION_LOCK,))
        version = _version(connection)
        migrate(version, lambda text: connection.execute(text.encode()), place=self.place, spelling=_SPELLING)
        connection.execute("CREATE TABLE IF NOT EXISTS memveil_format (version BIGINT NOT NULL)")
        connection.execute("DELETE FROM memveil_format")
        connection.execute("INSERT INTO memveil_format (version) VALUES (%s)", (FORMAT,))

    def _run(self, work: Callable[[Connection], T], mode: str) -> T:
        def transaction(connection: Connection) -> T:
            connection.execute(f"BEGIN ISOLATION LEVEL {mode}".encode())
            answer = work(connection)
            connection.execute("COMMIT")
            return answer

        return self._attempt(transaction)

    def _attempt(self, work: Callable[[Connection], T]) -> T:
        """Run ``work`` on a connection, again and again while the server is the one to blame."""
        deadline = time.monotonic() + self._patience
        pause = 0.01
        while True:
            try:
                return self._once(work)
            except psycopg.Error as error:
                if not _may_pass(error) or time.monotonic() + pause > deadline:
                    # Messages of the server may quote rows: they end here.
                    raise self._translate(error) from None
            time.sleep(pause)
            pause = min(2 * pause, 1.0)

    def _once(self, work: Callable[[Connection], T]) -> T:
        connection = self._take()
        try:
            answer = work(connection)
        except BaseException:
            connection.close()  # the server rolls back
            raise
        self._give(connection)
        return answer

    def _take(self) -> Connection:
        with self._lock:
            if self._closed:
                raise VaultError("the vault is closed")
            if self._process != os.getpid():
                _INHERITED.extend(self._idle)
                self._idle, self._process = [], os.getpid()
            while self._idle:
                connection = self._idle.pop()
                if not connection.closed:
                    return connection
        connection = psycopg.connect(self._conninfo, autocommit=True, application_name="memveil")
        try:
            # An acknowledged number survives a crash of the server, whatever its default.
            connection.execute("SET synchronous_commit = on")
        except BaseException:
            connection.close()
            raise
        return connection

    def _give(self, connection: Connection) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < _IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _translate(self, error: psycopg.Error) -> VaultError:
        code = error.sqlstate or type(error).__name__
        match error:
            case errors.IntegrityError() | errors.UndefinedTable() | errors.UndefinedColumn() | errors.DataError():
                return Tampered(f"vault {self._place}: its tables are not as memveil wrote them ({code})")
            case errors.InsufficientPrivilege():
                return VaultError(
                    f"vault {self._place}: the database user may not do this; grant it the tables ({code})"
                )
            case errors.DiskFull():
                return VaultError(f"vault {self._place}: the disk of the server is full; nothing was stored ({code})")
            case errors.ReadOnlySqlTransaction():
                return VaultError(f"vault {self._place}: the server only reads; connect to the primary ({code})")
            case _ if _may_pass(error):
                return VaultError(
                    f"vault {self._place}: the server could not be used for {self._patience:.0f} seconds;"
                    f" check that it runs and that address and credentials are right ({code})"
                )
            case _:
                return VaultError(f"vault {self._place}: the server refused ({code})")


# Connections of a parent process: closing them would end the parent's sessions.
_INHERITED: list[Connection] = []


def _may_pass(error: psycopg.Error) -> bool:
    if isinstance(error, _AGAIN):
        return True
    # Without a code from the server, an operational error is the connection's.
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and error.sqlstate is None


def _version(connection: Connection) -> int:
    # Not to_regclass: it may answer from a cache of before the wait for the lock.
    found = connection.execute(
        "SELECT 1 FROM pg_catalog.pg_class WHERE relname = 'memveil_format' AND pg_catalog.pg_table_is_visible(oid)"
    )
    if found.fetchone() is None:
        return 0
    row = connection.execute("SELECT max(version) FROM memveil_format").fetchone()
    if row is None or row[0] is None:
        raise Tampered("the vault's format number is missing; restore a backup")
    return int(row[0])


def _place(conninfo: str) -> str:
    try:
        parts = conninfo_to_dict(conninfo)
    except psycopg.ProgrammingError:
        raise VaultError("vault: the connection string of the database cannot be read") from None
    host, port = parts.get("host", "local"), parts.get("port", "")
    return f"{host}{':' if port else ''}{port}/{parts.get('dbname', '')}"
