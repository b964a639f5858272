"""What the doctor finds."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.crypto import new_key
from memveil.vault.doctor import Finding, examine, verify
from memveil.vault.keys import RawKey
from memveil.vault.rekey import change_master_key
from memveil.vault.sqlite import open_sqlite_read_only
from memveil.vault.table import TableVault
from tests.vault.conftest import KEY


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def unsound(findings: list[Finding]) -> list[str]:
    return [finding.check for finding in findings if not finding.sound]


def test_a_sound_vault_has_only_sound_findings(open_file: Callable[..., TableVault]) -> None:
    vault = open_file()
    vault.assign("a", [mail("x"), mail("y")])

    assert unsound(examine(vault)) == []
    assert {finding.check for finding in examine(vault)} >= {"structure", "key", "rekey", "round trip"}
    assert vault.scopes() == ["a"]
    assert verify(vault) == [Finding("entries", sound=True, detail="2 entries decrypt where they stand")]


@pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing on Windows")
def test_open_permissions_are_found(open_file: Callable[..., TableVault], tmp_path: Path) -> None:
    vault = open_file()
    (tmp_path / "data" / "vault.db").chmod(0o644)
    (tmp_path / "data").chmod(0o777)
    details = [finding.detail for finding in examine(vault) if not finding.sound]

    assert len(details) == 2
    assert "chmod 600" in details[0]
    assert "chmod 700" in details[1]


def test_a_pending_rekey_is_found(open_file: Callable[..., TableVault]) -> None:
    vault = open_file()
    vault.assign("a", [mail("x")])
    change_master_key(vault, RawKey(new_key()))

    assert unsound(examine(vault)) == ["rekey"]


def test_a_vault_that_cannot_be_written_fails_the_round_trip(
    open_file: Callable[..., TableVault], tmp_path: Path
) -> None:
    open_file().close()
    vault = open_sqlite_read_only(tmp_path / "data" / "vault.db", KEY)

    assert unsound(examine(vault)) == ["round trip"]
    vault.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE memveil_entry SET sealed = zeroblob(60) WHERE position = 2",
        "UPDATE memveil_entry SET value_index = zeroblob(16) WHERE position = 2 AND scope = 1",
        "UPDATE memveil_entry SET number = 9 WHERE position = 2",
        "UPDATE memveil_counter SET value = 1 WHERE value = 2",
        "UPDATE memveil_key SET wrapped = zeroblob(60)",
    ],
)
def test_changed_rows_are_found_without_a_value(
    open_file: Callable[..., TableVault], tmp_path: Path, change: str
) -> None:
    vault = open_file()
    vault.assign("canary-scope", [mail("canary-x"), mail("canary-y")])
    vault.assign("b", [mail("x"), mail("y")])
    with sqlite3.connect(tmp_path / "data" / "vault.db") as raw:
        raw.execute(change)
    raw.close()
    findings = verify(vault)

    assert unsound(findings)[:1] == ["entries"]
    assert "canary" not in repr(findings)


def test_a_broken_file_is_found(open_file: Callable[..., TableVault], tmp_path: Path) -> None:
    vault = open_file()
    vault.assign("a", [mail("x")])
    with sqlite3.connect(tmp_path / "data" / "vault.db") as raw:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("UPDATE memveil_counter SET scope = 77")
    raw.close()

    assert "structure" in unsound(examine(vault))
