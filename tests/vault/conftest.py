"""Vaults for the tests: one suite, every backend."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memveil.vault.base import Vault
from memveil.vault.crypto import new_key
from memveil.vault.keys import RawKey
from memveil.vault.memory import MemoryVault
from memveil.vault.sqlite import open_sqlite
from memveil.vault.table import TableVault
from tests.vault.postgres_server import PostgresServer, missing

KEY = RawKey(new_key())

OpenVault = Callable[..., TableVault]
_schemas = itertools.count(1)


@pytest.fixture(name="open_file")
def _open_file(tmp_path: Path) -> Iterator[OpenVault]:
    """Open (again) the vault file of this test; all are closed at the end."""
    opened: list[TableVault] = []

    def open_file(key: RawKey = KEY, name: str = "vault.db") -> TableVault:
        vault = open_sqlite(tmp_path / "data" / name, key)
        opened.append(vault)
        return vault

    yield open_file
    for vault in opened:
        vault.close()


@pytest.fixture(name="postgres", scope="session")
def _postgres() -> Iterator[PostgresServer]:
    """A server for all tests. What is killed here are processes, not the machine: no fsync is needed."""
    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    server = PostgresServer(fsync="off")
    yield server
    server.stop()


@pytest.fixture(name="conninfo")
def _conninfo(postgres: PostgresServer) -> str:
    """A place of its own in the server's database."""
    import psycopg

    schema = f"test_{next(_schemas)}"
    with psycopg.connect(postgres.conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return f"{postgres.conninfo} options='-c search_path={schema}'"


@pytest.fixture(name="open_server")
def _open_server(conninfo: str) -> Iterator[OpenVault]:
    """Open (again) the PostgreSQL vault of this test."""
    from memveil.vault.postgres import open_postgres

    opened: list[TableVault] = []

    def open_server(key: RawKey = KEY) -> TableVault:
        vault = open_postgres(conninfo, key)
        opened.append(vault)
        return vault

    yield open_server
    for vault in opened:
        vault.close()


@pytest.fixture(name="open_again", params=["sqlite", "postgres"])
def _open_again(request: pytest.FixtureRequest) -> OpenVault:
    """Open (again) the encrypted vault of this test, in each database."""
    name = "open_file" if request.param == "sqlite" else "open_server"
    opener: OpenVault = request.getfixturevalue(name)
    return opener


@pytest.fixture(name="vault", params=["memory", "sqlite", "postgres"])
def _vault(request: pytest.FixtureRequest) -> Vault:
    """A new vault of each backend."""
    if request.param == "memory":
        return MemoryVault()
    opener: OpenVault = request.getfixturevalue("open_file" if request.param == "sqlite" else "open_server")
    return opener()
