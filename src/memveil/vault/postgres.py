"""A vault in PostgreSQL, for several gateways on several machines. Needs the extra ``postgres``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from memveil.errors import ConfigError
from memveil.vault.keys import KeySource
from memveil.vault.table import TableVault

if TYPE_CHECKING:
    from memveil.vault.postgres_database import PostgresDatabase

__all__ = ["open_postgres", "open_postgres_read_only"]


def open_postgres(conninfo: str, key: KeySource) -> TableVault:
    """Open a vault in a PostgreSQL database (13 or newer), or make its tables in an empty one.

    Args:
        conninfo: a libpq connection string or URL, such as ``host=db dbname=memveil``.
        key: where the master key comes from; every gateway needs the same.

    Raises:
        ConfigError: psycopg is not installed, or the key source has no key.
        WrongKey, Tampered, NewerVault, VaultError: as :func:`memveil.vault.sqlite.open_sqlite`.
    """
    return _open(_database(conninfo, read_only=False), key)


def open_postgres_read_only(conninfo: str, key: KeySource) -> TableVault:
    """Open an existing vault for reading: every change raises ``VaultError``."""
    return _open(_database(conninfo, read_only=True), key)


def _database(conninfo: str, *, read_only: bool) -> PostgresDatabase:
    try:
        from memveil.vault.postgres_database import PostgresDatabase
    except ImportError as error:
        if error.name is None or not error.name.startswith("psycopg"):
            raise
        raise ConfigError("vault: PostgreSQL needs psycopg; run: pip install 'memveil[postgres]'") from None
    return PostgresDatabase(conninfo, read_only=read_only)


def _open(database: PostgresDatabase, key: KeySource) -> TableVault:
    try:
        database.prepare()
        return TableVault(database, key)
    except BaseException:
        database.close()
        raise
