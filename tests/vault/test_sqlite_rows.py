"""Cells of a damaged SQLite file: SQLite keeps a type with every cell, and believes it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from memveil.errors import Tampered
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.table import TableVault

SPOTS = [
    ("memveil_header", "data"),
    ("memveil_header", "proof"),
    ("memveil_scope", "uid"),
    ("memveil_scope", "epoch"),
    ("memveil_key", "wrapped"),
    ("memveil_counter", "value"),
    ("memveil_counter", "proof"),
    ("memveil_kind", "sealed_label"),
    ("memveil_entry", "sealed"),
    ("memveil_entry", "day"),
    ("memveil_entry", "kind"),
]


@pytest.mark.parametrize(("table", "column"), SPOTS)
@pytest.mark.parametrize("cell", ["'text'", "1.5"])
def test_a_cell_of_another_type_is_tampering(
    open_file: Callable[..., TableVault], tmp_path: Path, table: str, column: str, cell: str
) -> None:
    open_file().assign("a", [NewValue("x", "Email", PrivacyLevel.PL2, "Email")])
    with sqlite3.connect(tmp_path / "data" / "vault.db") as raw:
        raw.execute(f"UPDATE {table} SET {column} = {cell}")
    raw.close()

    with pytest.raises(Tampered):
        read_all(open_file())


def read_all(vault: TableVault) -> None:
    vault.scopes()
    list(vault.known("a"))
    vault.revision("a")


def test_a_cell_of_a_name_is_checked_too(open_file: Callable[..., TableVault], tmp_path: Path) -> None:
    vault = open_file()
    vault.assign("a", [NewValue("x", "Email", PrivacyLevel.PL2, "Email")])
    vault.forget("a")
    with sqlite3.connect(tmp_path / "data" / "vault.db") as raw:
        raw.execute("UPDATE memveil_name SET floor = 'many'")
    raw.close()

    with pytest.raises(Tampered):
        vault.assign("a", [NewValue("x", "Email", PrivacyLevel.PL2, "Email")])
