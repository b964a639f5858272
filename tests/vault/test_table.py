"""The encrypted vault over rows: against a dictionary, against swapped rows, against other writers."""

from __future__ import annotations

import itertools
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from memveil.errors import MemveilError, Tampered, VaultError
from memveil.spans import PrivacyLevel
from memveil.vault import table
from memveil.vault.base import NewValue, Vault
from memveil.vault.crypto import new_key
from memveil.vault.keys import RawKey
from memveil.vault.sqlite import open_sqlite
from memveil.vault.table import TableVault
from tests.vault.machine import VaultMachine
from tests.vault.postgres_server import PostgresServer

KEY = RawKey(new_key())
STEPS = settings(
    max_examples=int(os.environ.get("MEMVEIL_HISTORIES", "15")),
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def phone(value: str) -> NewValue:
    return NewValue(value, "Phone Number", PrivacyLevel.PL2, "Phone")


def test_sqlite_and_a_dictionary_agree_on_every_history(tmp_path: Path) -> None:
    names = itertools.count()

    class Machine(VaultMachine):
        def open_vault(self) -> Vault:
            self.path = tmp_path / f"{next(names)}.db"
            return open_sqlite(self.path, KEY)

        def reopen(self, vault: Vault) -> Vault:
            vault.close()
            return open_sqlite(self.path, KEY)

    run_state_machine_as_test(Machine, settings=STEPS)


def test_postgres_and_a_dictionary_agree_on_every_history(postgres: PostgresServer) -> None:
    import psycopg

    from memveil.vault.postgres import open_postgres

    names = itertools.count()

    class Machine(VaultMachine):
        def open_vault(self) -> Vault:
            schema = f"machine_{next(names)}"
            with psycopg.connect(postgres.conninfo, autocommit=True) as connection:
                connection.execute(f"CREATE SCHEMA {schema}".encode())
            self.conninfo = f"{postgres.conninfo} options='-c search_path={schema}'"
            return open_postgres(self.conninfo, KEY)

        def reopen(self, vault: Vault) -> Vault:
            vault.close()
            return open_postgres(self.conninfo, KEY)

    run_state_machine_as_test(Machine, settings=STEPS)


def test_two_vaults_on_one_database_see_each_other(open_again: Callable[..., TableVault]) -> None:
    one, two = open_again(), open_again()
    one.assign("a", [mail("x")])

    assert two.assign("a", [mail("y"), mail("x")]) == ["<Email_2>", "<Email_1>"]
    assert one.lookup("a", ["<Email_2>"]) == {"<Email_2>": "y"}

    two.forget("a")

    assert one.lookup("a", ["<Email_2>"]) == {}
    assert one.assign("a", [mail("z")]) == ["<Email_3>"]
    assert two.lookup("a", ["<Email_3>"]) == {"<Email_3>": "z"}


def test_a_rolled_back_row_number_is_never_believed(open_again: Callable[..., TableVault]) -> None:
    """A kind added in a transaction that fails must not stay in memory."""
    one, two = open_again(), open_again()
    one.assign("a", [mail("x")])

    def fail(rows: object, work: table.ScopeWork) -> None:
        work.add([phone("1")], 1)
        raise VaultError("stop")

    with pytest.raises(VaultError, match="stop"):
        one.writing("a", fail)
    two.assign("a", [NewValue("z", "School", PrivacyLevel.PL2, "School")])

    assert one.assign("a", [phone("1")]) == ["<Phone_1>"]
    assert one.lookup("a", ["<Phone_1>", "<School_1>"]) == {"<Phone_1>": "1", "<School_1>": "z"}


def test_a_later_day_is_remembered_and_an_earlier_one_is_not(
    open_file: Callable[..., TableVault], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The clock may be moved: a day only grows, and no mapping depends on it."""
    vault = open_file()
    days: list[int] = []
    for day in (20_000, 20_005, 19_000):
        monkeypatch.setattr(table, "today", lambda day=day: day)
        assert vault.assign("a", [mail("x")]) == ["<Email_1>"]
        with sqlite3.connect(tmp_path / "data" / "vault.db") as raw:
            days.append(raw.execute("SELECT day FROM memveil_entry").fetchone()[0])

    assert days == [20_000, 20_005, 20_005]


COLUMNS = {
    "memveil_header": ["data", "checksum", "proof"],
    "memveil_scope": ["uid", "name_index", "sealed_name"],
    "memveil_key": ["wrapped", "scope"],
    "memveil_counter": ["label_index", "sealed_label", "value", "proof", "scope"],
    "memveil_kind": ["sealed_label", "scope"],
    "memveil_entry": ["sealed", "value_index", "number", "counter", "kind", "key", "position", "scope"],
    "memveil_name": ["name_index", "floor", "alive", "proof"],
}
SPOTS = [(name, column) for name, columns in COLUMNS.items() for column in columns]


def fill(path: Path) -> dict[tuple[str, str], str]:
    """Two scopes with values alike; what each placeholder means."""
    meant: dict[tuple[str, str], str] = {}
    vault = open_sqlite(path, KEY)
    for scope in ("a", "b"):
        values = [mail(f"{scope}1"), mail(f"{scope}2"), phone(f"{scope}3"), phone(f"{scope}4")]
        for placeholder, value in zip(vault.assign(scope, values), values, strict=True):
            meant[scope, placeholder] = value.value
    vault.close()
    return meant


def use(path: Path, meant: dict[tuple[str, str], str]) -> list[MemveilError]:
    """Everything a reader and a writer do: a wrong value fails the test, typed errors are returned."""
    errors: list[MemveilError] = []
    given: dict[tuple[str, str], str] = {}

    def attempt(work: Callable[[], None]) -> None:
        try:
            work()
        except MemveilError as error:
            errors.append(error)

    def look(vault: TableVault, scope: str) -> None:
        for placeholder, value in vault.lookup(scope, [each for owner, each in meant if owner == scope]).items():
            assert value == meant[scope, placeholder]

    def read(vault: TableVault, scope: str) -> None:
        for entry in vault.known(scope):
            assert entry.value == (meant | given)[scope, entry.placeholder]

    def write(vault: TableVault, scope: str, value: NewValue) -> None:
        (placeholder,) = vault.assign(scope, [value])
        before = meant.get((scope, placeholder), given.setdefault((scope, placeholder), value.value))
        assert before == value.value, "one placeholder for two values"

    try:
        vault = open_sqlite(path, KEY)
    except MemveilError as error:
        return [error]
    for scope in ("a", "b"):
        new = [mail("new"), NewValue("new", "School", PrivacyLevel.PL2, "School")]
        for value in [*new, mail(f"{scope}1"), phone(f"{scope}3")]:
            attempt(lambda scope=scope, value=value: write(vault, scope, value))
        attempt(lambda scope=scope: look(vault, scope))
        attempt(lambda scope=scope: read(vault, scope))
        attempt(lambda scope=scope: vault.stats(scope) and None)
    attempt(lambda: vault.scopes() and None)
    vault.close()
    return errors


@pytest.mark.parametrize(("name", "column"), SPOTS)
@pytest.mark.parametrize("change", ["swap", "flip", "null", "number", "delete"])
def test_a_changed_cell_never_gives_a_wrong_value(tmp_path: Path, name: str, column: str, change: str) -> None:
    """Whoever writes the file without the key can make the vault refuse or forget, never lie."""
    path = tmp_path / "vault.db"
    meant = fill(path)
    with sqlite3.connect(path, isolation_level=None) as raw:
        raw.execute("PRAGMA ignore_check_constraints = ON")
        raw.execute("PRAGMA writable_schema = ON")
        damage(raw, name, column, change)
    raw.close()

    use(path, meant)


def damage(raw: sqlite3.Connection, name: str, column: str, change: str) -> None:
    rows = raw.execute(f"SELECT rowid_or_key, {column} FROM ({keyed(name)}) ORDER BY 1").fetchall()
    key = "position + 100 * scope" if name == "memveil_entry" else "rowid"
    where = f"UPDATE OR IGNORE {name} SET {column} = ? WHERE {key} = ?"
    if change == "swap" and len(rows) > 1:
        (first, one), (last, other) = rows[0], rows[-1]
        raw.execute(where, (b"aside" if isinstance(one, bytes) else 10**9, first))
        raw.execute(where, (one, last))
        raw.execute(where, (other, first))
    elif change == "flip":
        value = rows[0][1]
        turned = bytes([value[0] ^ 1]) + value[1:] if isinstance(value, bytes) else value ^ 64
        raw.execute(where, (turned, rows[0][0]))
    elif change == "number":
        raw.execute(where, (2**62, rows[0][0]))
    elif change == "null":
        raw.execute(where, (b"", rows[0][0]))
    elif change == "delete":
        raw.execute(f"DELETE FROM {name} WHERE {key} = ?", (rows[0][0],))


def keyed(name: str) -> str:
    key = "position + 100 * scope" if name == "memveil_entry" else "rowid"
    return f"SELECT {key} AS rowid_or_key, * FROM {name}"


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("memveil_scope", "sealed_name"),
        ("memveil_key", "wrapped"),
        ("memveil_counter", "value"),
        ("memveil_counter", "proof"),
        ("memveil_kind", "sealed_label"),
        ("memveil_entry", "sealed"),
        ("memveil_entry", "number"),
        ("memveil_entry", "kind"),
        ("memveil_entry", "position"),
        ("memveil_entry", "counter"),
    ],
)
def test_a_changed_cell_is_reported_as_tampering(tmp_path: Path, name: str, column: str) -> None:
    path = tmp_path / "vault.db"
    meant = fill(path)
    with sqlite3.connect(path, isolation_level=None) as raw:
        damage(raw, name, column, "flip")
    raw.close()

    assert any(isinstance(error, Tampered) for error in use(path, meant))


def test_two_values_with_swapped_indexes_are_not_confused(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    fill(path)
    with sqlite3.connect(path, isolation_level=None) as raw:
        (one,), (two,) = raw.execute("SELECT value_index FROM memveil_entry WHERE scope = 1 LIMIT 2").fetchall()
        raw.execute("UPDATE memveil_entry SET value_index = x'00' WHERE value_index = ?", (one,))
        raw.execute("UPDATE memveil_entry SET value_index = ? WHERE value_index = ?", (one, two))
        raw.execute("UPDATE memveil_entry SET value_index = ? WHERE value_index = x'00'", (two,))
    raw.close()
    vault = open_sqlite(path, KEY)

    with pytest.raises(Tampered, match="index"):
        vault.assign("a", [mail("a1")])
    vault.close()


def test_a_damaged_scope_can_still_be_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    fill(path)
    with sqlite3.connect(path, isolation_level=None) as raw:
        raw.execute("UPDATE memveil_key SET wrapped = x'00'")
        raw.execute("UPDATE memveil_counter SET value = 4611686018427387904 WHERE id = 1")
    raw.close()
    vault = open_sqlite(path, KEY)

    assert vault.forget("a") == 4
    assert vault.scopes() == ["b"]
    assert vault.assign("a", [mail("x")]) == ["<Email_3>"]
    vault.close()
