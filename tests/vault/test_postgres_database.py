"""A PostgreSQL server that goes away, comes back, fails and is shared: never a wrong mapping."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from random import Random

import pytest

from memveil.errors import NewerVault, Tampered, VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.keys import RawKey
from memveil.vault.postgres import open_postgres, open_postgres_read_only
from memveil.vault.rows import Rows
from memveil.vault.table import TableVault
from tests.vault.conftest import KEY
from tests.vault.postgres_server import PostgresServer, missing

if missing() is not None:
    pytest.skip(missing() or "", allow_module_level=True)

import psycopg

from memveil.vault import postgres_database


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def raw(conninfo: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(conninfo, autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(name="own_server")
def _own_server() -> Iterator[PostgresServer]:
    """A server that this test may kill."""
    server = PostgresServer(fsync="off")
    yield server
    server.stop()


def test_a_server_that_crashed_and_came_back_lost_nothing(own_server: PostgresServer) -> None:
    vault = open_postgres(own_server.conninfo, KEY)
    meant = dict(zip(vault.assign("a", [mail(str(n)) for n in range(50)]), map(str, range(50)), strict=True))
    own_server.crash()
    returning = threading.Timer(0.5, own_server.start)
    returning.start()
    (placeholder,) = vault.assign("a", [mail("new")])
    returning.join()

    assert placeholder == "<Email_51>"
    assert vault.lookup("a", meant) == meant
    vault.close()


def test_writers_go_on_through_a_crash(own_server: PostgresServer) -> None:
    """Killed in mid-transaction: what was acknowledged is there, and no placeholder means two values."""
    meant: dict[str, str] = {}
    failures: list[BaseException] = []
    done = threading.Event()

    def write(seed: int) -> None:
        turn = Random(seed)
        try:
            vault = open_postgres(own_server.conninfo, KEY)
            while not done.is_set():
                values = [mail(f"user{turn.randrange(400)}") for _ in range(5)]
                for value, placeholder in zip(values, vault.assign("a", values), strict=True):
                    assert meant.setdefault(placeholder, value.value) == value.value
        except BaseException as error:  # noqa: BLE001 - whatever it is, the main thread reports it
            failures.append(error)
        else:
            vault.close()

    threads = [threading.Thread(target=write, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(3):
        time.sleep(0.4)
        own_server.crash()
        own_server.start()
    time.sleep(0.4)
    done.set()
    for thread in threads:
        thread.join()
    vault = open_postgres(own_server.conninfo, KEY)

    assert failures == []
    assert len(meant) > 20
    assert vault.lookup("a", meant) == meant
    assert len(set(meant.values())) == len(meant)
    vault.close()


def test_a_session_that_is_ended_in_mid_transaction_runs_again(
    open_server: Callable[..., TableVault], conninfo: str
) -> None:
    vault = open_server()
    runs: list[int] = []

    def work(rows: Rows) -> None:
        runs.append(1)
        rows.lock_names()
        if len(runs) == 1:
            raw(conninfo, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'memveil'")
            rows.header()

    vault.database.write(work)

    assert len(runs) == 2


@pytest.mark.parametrize(
    "error",
    [psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected, psycopg.errors.ReadOnlySqlTransaction],
)
def test_what_the_server_broke_off_runs_again(
    open_server: Callable[..., TableVault], error: type[psycopg.Error]
) -> None:
    vault = open_server()
    runs: list[int] = []

    def work(rows: Rows) -> str:
        runs.append(1)
        if len(runs) < 4:
            raise error
        return "done"

    assert vault.database.write(work) == "done"
    assert len(runs) == 4


def test_a_server_that_does_not_come_back_is_named_after_a_while(
    own_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_database, "_PATIENCE", 0.2)
    vault = open_postgres(own_server.conninfo, KEY)
    own_server.crash()

    with pytest.raises(VaultError, match="could not be used") as caught:
        vault.assign("a", [mail("x")])
    assert type(caught.value) is VaultError
    vault.close()


def test_a_wrong_address_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_database, "_FIRST_PATIENCE", 0.1)

    with pytest.raises(VaultError, match=r"vault 127\.0\.0\.1:1/vault: .*check that it runs") as caught:
        open_postgres("postgresql://user:canary@127.0.0.1:1/vault", KEY)
    assert "canary" not in str(caught.value)
    with pytest.raises(VaultError, match="cannot be read") as caught:
        open_postgres("host='canary", KEY)
    assert "canary" not in str(caught.value)


def test_a_newer_format_is_refused(open_server: Callable[..., TableVault], conninfo: str) -> None:
    open_server()
    raw(conninfo, "UPDATE memveil_format SET version = 2")

    with pytest.raises(NewerVault, match="format 2"):
        open_server()
    raw(conninfo, "DELETE FROM memveil_format")
    with pytest.raises(Tampered):
        open_server()


def test_reading_only_reads(open_server: Callable[..., TableVault], conninfo: str) -> None:
    with pytest.raises(VaultError, match="empty"):
        open_postgres_read_only(conninfo, KEY)
    open_server().assign("a", [mail("x")])
    vault = open_postgres_read_only(conninfo, KEY)

    assert vault.lookup("a", ["<Email_1>"]) == {"<Email_1>": "x"}
    with pytest.raises(VaultError, match="reading only"):
        vault.assign("a", [mail("y")])
    vault.close()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ("UPDATE memveil_entry SET sealed = '\\x00'", Tampered),
        ("UPDATE memveil_entry SET number = 7", Tampered),
        ("UPDATE memveil_counter SET value = value + 1", Tampered),
        ("ALTER TABLE memveil_entry RENAME TO away", Tampered),
        ("ALTER TABLE memveil_entry DROP COLUMN sealed", Tampered),
    ],
)
def test_changed_tables_are_tampering(
    open_server: Callable[..., TableVault], conninfo: str, change: str, error: type[VaultError]
) -> None:
    vault = open_server()
    vault.assign("a", [mail("x")])
    raw(conninfo, change)

    with pytest.raises(error):
        (list(vault.known("a")), vault.assign("a", [mail("x"), mail("y")]))


def test_a_user_without_rights_is_told_so(
    open_server: Callable[..., TableVault], conninfo: str, postgres: PostgresServer
) -> None:
    vault = open_server()
    vault.assign("a", [mail("x")])
    raw(conninfo, "DROP ROLE IF EXISTS stranger")
    raw(conninfo, "CREATE ROLE stranger LOGIN")
    schema = conninfo.partition("search_path=")[2]
    raw(conninfo, f"GRANT USAGE ON SCHEMA {schema.rstrip(chr(39))} TO stranger")

    with pytest.raises(VaultError, match="grant it the tables"):
        open_postgres(conninfo.replace("user=memveil", "user=stranger"), KEY)
    assert postgres.process is not None


def write_many(conninfo: str, key: RawKey, seed: int, count: int) -> None:
    vault = open_postgres(conninfo, key)
    turn = Random(seed)
    for _ in range(count):
        vault.assign(turn.choice("ab"), [mail(f"user{turn.randrange(60)}") for _ in range(3)])
    vault.close()


def test_processes_agree_on_one_placeholder_for_a_value(conninfo: str) -> None:
    """Also that several processes may make the same new vault at once."""
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_many, args=(conninfo, KEY, seed, 40)) for seed in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    vault = open_postgres(conninfo, KEY)

    assert [process.exitcode for process in processes] == [0] * 4
    for scope in "ab":
        entries = list(vault.known(scope))
        assert len({entry.value for entry in entries}) == len(entries)
        assert sorted(entry.placeholder for entry in entries) == sorted(
            f"<Email_{number}>" for number in range(1, len(entries) + 1)
        )
    vault.close()
