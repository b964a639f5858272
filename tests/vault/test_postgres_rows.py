"""Locks of PostgreSQL rows; what the rows do otherwise is tested in test_rows.py, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable

from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.rows import Rows
from memveil.vault.table import TableVault


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def while_locked(vault: TableVault, lock: Callable[[Rows], object], other: Callable[[], object]) -> bool:
    """Whether `other` had to wait for the transaction that holds `lock`."""
    held, release, done = threading.Event(), threading.Event(), threading.Event()

    def hold(rows: Rows) -> None:
        lock(rows)
        held.set()
        release.wait(10)

    def follow() -> None:
        other()
        done.set()

    holder = threading.Thread(target=vault.database.write, args=(hold,))
    follower = threading.Thread(target=follow)
    holder.start()
    held.wait(10)
    follower.start()
    waited = not done.wait(0.3)
    release.set()
    holder.join()
    follower.join()
    return waited


def test_a_scope_has_one_writer_and_any_number_of_readers(open_server: Callable[..., TableVault]) -> None:
    vault = open_server()
    vault.assign("a", [mail("x")])
    vault.assign("b", [mail("x")])
    index = vault.header.names.index("a")

    def lock(rows: Rows) -> None:
        rows.lock_scope(index)

    assert while_locked(vault, lock, lambda: vault.assign("a", [mail("y")]))
    assert not while_locked(vault, lock, lambda: vault.assign("b", [mail("y")]))
    assert not while_locked(vault, lock, lambda: vault.assign("a", [mail("x")]))
    assert not while_locked(vault, lock, lambda: vault.lookup("a", ["<Email_1>"]))


def test_scopes_begin_one_after_the_other(open_server: Callable[..., TableVault]) -> None:
    vault = open_server()
    vault.assign("a", [mail("x")])

    assert while_locked(vault, lambda rows: rows.lock_names(), lambda: vault.assign("new", [mail("x")]))
    assert while_locked(vault, lambda rows: rows.lock_names(), lambda: vault.forget("new"))
    assert not while_locked(vault, lambda rows: rows.lock_names(), lambda: vault.assign("a", [mail("z")]))


def test_a_writer_that_waited_sees_what_the_other_wrote(open_server: Callable[..., TableVault]) -> None:
    vault, other = open_server(), open_server()
    vault.assign("a", [mail("x")])
    given: list[list[str]] = []

    def forget_it(rows: Rows) -> None:
        index = vault.header.names.index("a")
        rows.lock_names()
        row = rows.lock_scope(index)
        assert row is not None
        rows.put_name(vault._name_row(index, 7, alive=False))
        rows.drop_scope(row.id)

    assert while_locked(vault, forget_it, lambda: given.append(other.assign("a", [mail("y")])))
    assert given == [["<Email_8>"]]
