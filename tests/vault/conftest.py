"""Vaults for the tests: one suite, every backend."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from memveil.vault.base import Vault
from memveil.vault.crypto import new_key
from memveil.vault.keys import RawKey
from memveil.vault.memory import MemoryVault
from memveil.vault.sqlite import open_sqlite
from memveil.vault.table import TableVault

KEY = RawKey(new_key())


@pytest.fixture(name="open_file")
def _open_file(tmp_path: Path) -> Iterator[Callable[..., TableVault]]:
    """Open (again) the vault file of this test; all are closed at the end."""
    opened: list[TableVault] = []

    def open_file(key: RawKey = KEY, name: str = "vault.db") -> TableVault:
        vault = open_sqlite(tmp_path / "data" / name, key)
        opened.append(vault)
        return vault

    yield open_file
    for vault in opened:
        vault.close()


@pytest.fixture(name="vault", params=["memory", "sqlite"])
def _vault(request: pytest.FixtureRequest) -> Vault:
    """A new vault of each backend."""
    if request.param == "memory":
        return MemoryVault()
    open_file: Callable[[], TableVault] = request.getfixturevalue("open_file")
    return open_file()
