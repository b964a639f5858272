"""Changing keys while the vault is in use, and stopping anywhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from memveil.errors import ConfigError, WrongKey
from memveil.spans import PrivacyLevel
from memveil.vault import rekey as module
from memveil.vault.base import NewValue
from memveil.vault.crypto import new_key
from memveil.vault.keys import RawKey
from memveil.vault.rekey import change_master_key, finish_rekey, rekey, scopes_to_rekey
from memveil.vault.sqlite import open_sqlite
from memveil.vault.table import TableVault

OTHER = RawKey(new_key())


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def content(vault: TableVault) -> dict[str, list[tuple[str, str]]]:
    return {scope: [(entry.placeholder, entry.value) for entry in vault.known(scope)] for scope in vault.scopes()}


def fill(vault: TableVault, count: int = 1_200) -> None:
    vault.assign("a", [mail(str(number)) for number in range(count)])
    vault.assign("b", [mail("x"), NewValue("y", "School", PrivacyLevel.PL2, "School")])


def test_only_the_new_key_opens_the_vault_and_nothing_else_changes(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    fill(vault)
    before = content(vault)
    steps: list[int] = []

    assert rekey(vault, OTHER, progress=steps.append) == 1_202
    assert sum(steps) == 1_202
    assert content(vault) == before
    assert scopes_to_rekey(vault) == []
    with pytest.raises(WrongKey):
        open_again()
    again = open_again(OTHER)
    assert content(again) == before
    assert again.assign("a", [mail("7"), mail("new")]) == ["<Email_8>", "<Email_1201>"]
    assert again.assign("b", [mail("z")]) == ["<Email_2>"]


def test_every_data_key_and_every_seal_is_new(open_file: Callable[..., TableVault], tmp_path: Path) -> None:
    vault = open_file()
    fill(vault, 3)

    def cells() -> set[bytes]:
        with sqlite3.connect(tmp_path / "data" / "vault.db") as raw:
            found: set[bytes] = set()
            for column, table in (
                ("wrapped", "key"),
                ("sealed", "entry"),
                ("value_index", "entry"),
                ("label_index", "counter"),
                ("sealed_label", "counter"),
                ("proof", "counter"),
                ("sealed_label", "kind"),
                ("sealed_name", "scope"),
            ):
                found |= {row[0] for row in raw.execute(f"SELECT {column} FROM memveil_{table}")}
        raw.close()
        return found

    before = cells()
    rekey(vault, OTHER)

    assert not before & cells()


def test_the_present_key_is_no_new_key(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()

    with pytest.raises(ConfigError, match="present one"):
        rekey(vault, RawKey(vault_key()))


def vault_key() -> bytes:
    from tests.vault.conftest import KEY

    return KEY.key


def test_others_are_told_that_the_key_was_changed(open_again: Callable[..., TableVault]) -> None:
    vault, other = open_again(), open_again()
    fill(vault, 3)
    other.lookup("a", ["<Email_1>"])
    change_master_key(vault, OTHER)

    with pytest.raises(WrongKey, match="open it again with the new key"):
        other.lookup("a", ["<Email_1>"])
    with pytest.raises(WrongKey, match="open it again with the new key"):
        other.assign("new scope", [mail("x")])
    assert vault.scopes() == ["a", "b"]


def test_others_read_and_write_between_the_steps(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    fill(vault)
    change_master_key(vault, OTHER)
    other = open_again(OTHER)
    seen: list[int] = []

    def meanwhile(count: int) -> None:
        seen.append(count)
        number = len(seen)
        assert other.assign("a", [mail("3"), mail("1199")]) == ["<Email_4>", "<Email_1200>"]
        assert other.assign("a", [mail(f"new{number}")]) == [f"<Email_{1200 + number}>"]
        found = other.lookup("a", [f"<Email_{each}>" for each in range(1, 1_201)])
        assert len(found) == 1_201 - number
        assert other.forget_value("a", str(5 + number)) == [f"<Email_{6 + number}>"]

    finish_rekey(vault, progress=meanwhile)

    assert len(seen) >= 4
    assert content(other) == content(vault)


@pytest.mark.parametrize("stop", ["_begin", "_batch", "_end"])
def test_a_stop_anywhere_loses_nothing(
    open_again: Callable[..., TableVault], monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    vault = open_again()
    fill(vault)
    before = content(vault)
    change_master_key(vault, OTHER)
    original, calls = getattr(module, stop), []

    def stopping(*arguments: object, **named: object) -> object:
        calls.append(stop)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return original(*arguments, **named)

    with monkeypatch.context() as patch:
        patch.setattr(module, stop, stopping)
        with pytest.raises(KeyboardInterrupt):
            finish_rekey(vault)
    again = open_again(OTHER)

    assert content(again) == before
    assert scopes_to_rekey(again) != []
    assert again.assign("a", [mail("5")]) == ["<Email_6>"]
    finish_rekey(again)
    assert scopes_to_rekey(again) == []
    assert content(again) == before
    assert content(vault) == before


def test_a_second_change_follows_a_first(open_file: Callable[..., TableVault], tmp_path: Path) -> None:
    vault = open_file()
    fill(vault, 5)
    before = content(vault)
    rekey(vault, OTHER)
    third = RawKey(new_key())
    rekey(vault, third)
    vault.close()

    again = open_sqlite(tmp_path / "data" / "vault.db", third)
    assert content(again) == before
    again.close()


def test_forgotten_names_are_still_remembered_under_the_new_key(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    fill(vault, 5)
    vault.forget("a")
    rekey(vault, OTHER)

    assert vault.assign("a", [mail("x")]) == ["<Email_6>"]
