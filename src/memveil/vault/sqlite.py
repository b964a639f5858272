"""A vault in one SQLite file, for any number of threads and processes of one machine.

WAL with full synchronisation: what was acknowledged survives a killed process
and a lost power line, because a number that is given twice would show a user
the wrong value. Erased rows are overwritten (`secure_delete`) and the log is
cut after an erasure.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

from memveil.errors import Tampered, VaultError
from memveil.vault.header import StoredHeader
from memveil.vault.keys import KeySource
from memveil.vault.migrations import FORMAT, check_format, migrate
from memveil.vault.rows import Rows
from memveil.vault.sqlite_rows import SqliteRows
from memveil.vault.table import TableVault

__all__ = ["APPLICATION_ID", "SqliteDatabase", "open_sqlite", "open_sqlite_read_only", "stored_header"]

T = TypeVar("T")

APPLICATION_ID = 0x6D56_6C74
"""`mVlt`, in the header of the SQLite file: what tells a vault from another database."""

_SPELLING = {
    "blob": "BLOB",
    "id": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "big": "INTEGER",
    "clustered": "WITHOUT ROWID",
}
_PATIENCE = 30.0
_IDLE = 8


def open_sqlite(path: Path, key: KeySource) -> TableVault:
    """Open a vault, or make a new one where there is no file (0600, its folder 0700).

    Raises:
        ConfigError: the key source has no key.
        WrongKey: the key does not open this vault.
        Tampered: the file is damaged.
        NewerVault: a newer memveil wrote it.
        VaultError: the file cannot be used; the message says what to do.
    """
    _make_file(path)
    return _open(SqliteDatabase(path, read_only=False), key)


def open_sqlite_read_only(path: Path, key: KeySource) -> TableVault:
    """Open an existing vault for reading: every change raises ``VaultError``."""
    if not path.is_file():
        raise VaultError(f"vault {path}: there is no such file")
    return _open(SqliteDatabase(path, read_only=True), key)


def stored_header(path: Path) -> StoredHeader | None:
    """The header of the vault at ``path``, which says what key it wants; ``None`` where there is none yet."""
    if not path.is_file() or not path.stat().st_size:
        return None
    database = SqliteDatabase(path, read_only=True)
    try:
        database.prepare()
        return database.read(lambda rows: rows.header())
    finally:
        database.close()


def _open(database: SqliteDatabase, key: KeySource) -> TableVault:
    try:
        database.prepare()
        return TableVault(database, key)
    except BaseException:
        database.close()
        raise


class SqliteDatabase:
    """Transactions over a SQLite file. See :class:`memveil.vault.rows.Database`."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        self._path = path
        self._read_only = read_only
        self._lock = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        self._process = os.getpid()
        self._closed = False

    @property
    def place(self) -> str:
        """The path."""
        return str(self._path)

    @property
    def path(self) -> Path:
        """The file."""
        return self._path

    def prepare(self) -> None:
        """Check that the file is a vault of a known format, or make the tables in an empty one."""
        with self._connection() as connection:
            version = self._version(connection)
        check_format(version, place=self.place)
        if version == FORMAT:
            return
        if self._read_only:
            raise VaultError(f"vault {self._path}: it is empty or of an older format; open it for writing first")
        with self._transaction("BEGIN IMMEDIATE") as connection:
            version = self._version(connection)  # another process may have been first
            migrate(version, connection.execute, place=self.place, spelling=_SPELLING)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {FORMAT}")

    def read(self, work: Callable[[Rows], T]) -> T:
        """Run ``work`` on one snapshot; writers go on meanwhile."""
        with self._transaction("BEGIN") as connection:
            return work(SqliteRows(connection))

    def write(self, work: Callable[[Rows], T]) -> T:
        """Run ``work`` under the write lock of the file, waiting up to 30 seconds for it."""
        if self._read_only:
            raise VaultError(f"vault {self._path}: it was opened for reading only")
        with self._transaction("BEGIN IMMEDIATE") as connection:
            return work(SqliteRows(connection))

    def scrub(self) -> None:
        """Move the log into the file and cut it to nothing, so that no page of before the erasure stays."""
        with self._connection() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def back_up(self, target: Path) -> None:
        """Copy the vault as it is at one moment, while others write, into a new file (0600).

        Raises:
            VaultError: the target exists or cannot be written.
        """
        if target.exists():
            raise VaultError(f"backup {target}: there is a file already; choose another path")
        _make_file(target)
        copy = SqliteDatabase(target, read_only=False)
        try:
            with self._connection() as connection, copy._connection() as other:
                connection.backup(other)  # in one step: one state, and writers cannot make it begin again
                # One file, without a log beside it that could be left behind.
                other.execute("PRAGMA journal_mode = DELETE")
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        finally:
            copy.close()

    def check(self) -> list[str]:
        """What SQLite itself finds wrong with the file, in its words; nothing where it is sound."""
        with self._connection() as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)").fetchall()]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
        return [line for line in found if line != "ok"] + [f"a row of {row[0]} has lost its owner" for row in broken]

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

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._connection() as connection:
            connection.execute(begin)
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._take()
            try:
                yield connection
            except BaseException:
                _discard(connection)
                raise
            self._give(connection)
        except sqlite3.Error as error:
            raise self._translate(error) from None
        except UnicodeDecodeError:  # by the sqlite3 module, of a name in a damaged schema
            raise Tampered(f"vault {self._path}: the file is damaged; restore a backup") from None

    def _take(self) -> sqlite3.Connection:
        with self._lock:
            if self._closed:
                raise VaultError("the vault is closed")
            if self._process != os.getpid():
                # SQLite connections do not survive a fork, not even to be closed.
                _INHERITED.extend(self._idle)
                self._idle, self._process = [], os.getpid()
            if self._idle:
                return self._idle.pop()
        return self._connect()

    def _give(self, connection: sqlite3.Connection) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < _IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        if not self._path.is_file():
            raise VaultError(f"vault {self._path}: the file is gone")
        deadline = time.monotonic() + _PATIENCE
        while True:
            connection = sqlite3.connect(
                self._uri(),
                uri=True,
                timeout=_PATIENCE,
                isolation_level=None,
                check_same_thread=False,  # the pool lends a connection to one thread at a time
                cached_statements=64,
            )
            try:
                for setting in _SETTINGS if self._read_only else (*_SETTINGS, "journal_mode = WAL"):
                    connection.execute(f"PRAGMA {setting}")
            except sqlite3.OperationalError as error:
                connection.close()
                # Changing to WAL does not wait for other processes by itself.
                if _name(error) not in ("SQLITE_BUSY", "SQLITE_LOCKED") or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
            except BaseException:
                connection.close()
                raise
            else:
                return connection

    def _uri(self) -> str:
        base = f"file:{quote(str(self._path.absolute()))}?mode="
        if not self._read_only:
            return base + "rw"
        log = self._path.with_name(self._path.name + "-wal")
        # Without a log nobody writes; then a folder that cannot be written is no obstacle.
        alone = not log.exists() and not os.access(self._path.parent, os.W_OK)
        return base + ("ro&immutable=1" if alone else "ro")

    def _version(self, connection: sqlite3.Connection) -> int:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
        tables = int(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])
        if (version, owner, tables) == (0, 0, 0):
            return 0
        if owner != APPLICATION_ID:
            raise VaultError(f"vault {self._path}: this SQLite file is not a memveil vault; choose another path")
        if version < 1:
            raise Tampered(f"vault {self._path}: its format number is damaged; restore a backup")
        return version

    def _translate(self, error: sqlite3.Error) -> VaultError:
        name = _name(error)
        for prefix, advice in _ADVICE:
            if name.startswith(prefix):
                return VaultError(f"vault {self._path}: {advice} ({name})")
        # The rest is a file that is not as memveil wrote it: no database, a broken
        # page, a missing table, two rows with one number.
        return Tampered(f"vault {self._path}: the file is damaged ({name}); restore a backup")


# Connections of a parent process: kept from being closed, which would be done in the parent's name.
_INHERITED: list[sqlite3.Connection] = []

_SETTINGS = (
    "synchronous = FULL",  # an acknowledged number survives a lost power line
    "foreign_keys = ON",
    "secure_delete = ON",  # erased rows are overwritten with zeros
    "temp_store = MEMORY",  # no row in a temporary file
    "trusted_schema = OFF",
    "cell_size_check = ON",  # a damaged page is found when it is read
    "cache_size = -32768",
    "journal_size_limit = 16777216",
)

_ADVICE = (
    ("SQLITE_FULL", "the disk is full; nothing was stored, free some space and try again"),
    (
        "SQLITE_READONLY",
        "the file or its folder cannot be written; check their permissions, or open it for reading",
    ),
    ("SQLITE_CANTOPEN", "the file cannot be opened; check the permissions of the file and its folder"),
    ("SQLITE_PERM", "the file cannot be opened; check the permissions of the file and its folder"),
    ("SQLITE_BUSY", f"another process kept it locked for {_PATIENCE:.0f} seconds; try again"),
    ("SQLITE_LOCKED", f"another process kept it locked for {_PATIENCE:.0f} seconds; try again"),
    ("SQLITE_IOERR", "the disk reports an error; nothing was stored, check the disk"),
    ("SQLITE_NOMEM", "there is not enough memory"),
)


def _discard(connection: sqlite3.Connection) -> None:
    # Closing alone keeps the lock while a half-read result lives in a traceback.
    try:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
    except sqlite3.Error:
        pass  # the reason of the failure is already on its way up
    finally:
        connection.close()


def _name(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", None) or "no SQLite code"


def _make_file(path: Path) -> None:
    # SQLite would make the file with the umask's mode, and its log with the file's.
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        if not path.is_file():
            raise VaultError(f"vault {path}: the file cannot be made (something else has its name)") from None
    except OSError as error:
        raise VaultError(f"vault {path}: the file cannot be made ({error.strerror})") from error
