"""Retention, what remains elsewhere, and that what was erased is gone from the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from memveil.errors import ConfigError, VaultError
from memveil.spans import PrivacyLevel
from memveil.vault import table
from memveil.vault.base import NewValue
from memveil.vault.erasure import Retention, expire, issued
from memveil.vault.table import TableVault


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def health(value: str) -> NewValue:
    return NewValue(value, "Medical Health", PrivacyLevel.PL3, "Health")


@pytest.fixture(name="set_day")
def _set_day(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    def set_day(day: int) -> None:
        monkeypatch.setattr(table, "today", lambda: day)

    return set_day


def test_values_expire_by_level_after_their_last_use(
    open_again: Callable[..., TableVault], set_day: Callable[[int], None]
) -> None:
    vault = open_again()
    set_day(100)
    vault.assign("a", [mail("old"), mail("used again"), health("old"), health("older")])
    set_day(120)
    vault.assign("a", [mail("used again")])
    vault.assign("b", [health("new")])
    before = vault.revision("a").erasures

    gone = expire(vault, Retention({PrivacyLevel.PL2: 30, PrivacyLevel.PL3: 10}), day=125)

    assert gone == {"a": ["<Health_1>", "<Health_2>"]}
    assert vault.revision("a").erasures > before
    assert expire(vault, Retention({PrivacyLevel.PL2: 30}), day=130) == {}
    assert expire(vault, Retention({PrivacyLevel.PL2: 30}), day=131) == {"a": ["<Email_1>"]}
    assert [entry.value for entry in vault.known("a")] == ["used again"]
    assert vault.assign("a", [mail("old")]) == ["<Email_3>"]


def test_a_clock_that_is_behind_erases_nothing(
    open_again: Callable[..., TableVault], set_day: Callable[[int], None]
) -> None:
    vault = open_again()
    set_day(100)
    vault.assign("a", [mail("x")])

    with pytest.raises(VaultError, match="clock"):
        expire(vault, Retention({PrivacyLevel.PL2: 1}), day=99)
    assert expire(vault, Retention({PrivacyLevel.PL2: 1}), day=101) == {}
    assert expire(vault, Retention({PrivacyLevel.PL2: 1})) == {"a": ["<Email_1>"]}


def test_many_values_expire_in_batches(open_again: Callable[..., TableVault], set_day: Callable[[int], None]) -> None:
    vault = open_again()
    set_day(100)
    vault.assign("a", [mail(str(number)) if number % 2 else health(str(number)) for number in range(4_500)])

    gone = expire(vault, Retention({PrivacyLevel.PL2: 1}), day=200)

    assert len(gone["a"]) == 2_250
    assert {entry.level for entry in vault.known("a")} == {PrivacyLevel.PL3}


def test_without_rules_nothing_expires(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    vault.assign("a", [mail("x")])

    assert expire(vault, Retention(), day=10**6) == {}


@pytest.mark.parametrize("days", [{PrivacyLevel.PL4: 5}, {PrivacyLevel.PL2: 0}])
def test_a_rule_that_makes_no_sense_is_refused(days: dict[PrivacyLevel, int]) -> None:
    with pytest.raises(ConfigError, match="retention"):
        Retention(days)


def test_issued_tells_what_may_still_sit_elsewhere(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    vault.assign("a", [mail("x"), mail("y"), health("z")])
    vault.reserve("a", "Password", 2)
    vault.forget_value("a", "x")

    assert issued(vault, "a") == {"Email": range(1, 3), "Health": range(1, 2), "Password": range(1, 3)}
    assert issued(vault, "nobody") == {}


def test_a_forgotten_scope_leaves_no_byte_of_its_own(open_file: Callable[..., TableVault], tmp_path: Path) -> None:
    vault = open_file()
    vault.assign("b", [mail("kept")])
    vault.assign("a", [mail(str(number)) for number in range(300)])
    path = tmp_path / "data" / "vault.db"
    rows = vault.database.read(lambda rows: rows.entries_after(2, 0, 1_000))
    keys = vault.database.read(lambda rows: rows.scopes()[1].keys)
    assert len(rows) == 300
    vault.forget("a")
    content = b"".join(file.read_bytes() for file in path.parent.iterdir())

    assert all(row.sealed not in content and row.value_index not in content for row in rows)
    assert all(key.wrapped not in content for key in keys)


def test_a_forgotten_value_leaves_no_byte_of_its_own(open_file: Callable[..., TableVault], tmp_path: Path) -> None:
    vault = open_file()
    vault.assign("a", [mail(str(number)) for number in range(30)])
    rows = vault.database.read(lambda rows: rows.entries_after(1, 0, 1_000))
    vault.forget_value("a", "7")
    content = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir())

    assert rows[7].sealed not in content
    assert rows[7].value_index not in content
    assert rows[8].sealed in content


def test_old_rows_open_no_more_once_the_data_key_is_gone(open_again: Callable[..., TableVault]) -> None:
    """Crypto-erasure: an old copy of the rows, put back beside the master key, is noise."""
    vault = open_again()
    vault.assign("a", [mail("x")])
    database = vault.database
    scope = database.read(lambda rows: rows.scopes()[0])
    entries = database.read(lambda rows: rows.entries_after(scope.id, 0, 10))
    vault.forget("a")
    vault.assign("a", [mail("y")])
    again = database.read(lambda rows: rows.scopes()[0])
    assert again.uid != scope.uid

    with pytest.raises(VaultError):
        vault.reading("a", lambda work: work.entry(entries[0]._replace(key=work.scope.newest)))
