"""The rows of both databases do the same."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memveil.vault.header import StoredHeader
from memveil.vault.rows import CounterRow, EntryRow, KindRow, NameRow, Rows
from memveil.vault.table import TableVault


@pytest.fixture(name="change")
def _change(open_again: Callable[..., TableVault]) -> Callable[..., object]:
    """Runs a piece of work in a transaction of its own."""
    return open_again().database.write


def new_scope(rows: Rows, index: bytes = b"i") -> tuple[int, int, int, int]:
    scope = rows.add_scope(b"uid", index, b"name", 0)
    key = rows.add_key(scope, b"wrapped")
    counter = rows.add_counter(scope, CounterRow(0, b"c", b"label", 0, b"proof"))
    kind = rows.add_kind(scope, KindRow(0, b"k", b"label"))
    return scope, key, counter, kind


def entries(counter: int, kind: int, key: int, count: int, first: int = 1) -> list[EntryRow]:
    return [
        EntryRow(first + n, counter, first + n, kind, key, 100 + n, bytes([n, first]), b"sealed%d" % n)
        for n in range(count)
    ]


def test_what_is_put_is_there(change: Callable[..., object]) -> None:
    def work(rows: Rows) -> None:
        rows.put_header(StoredHeader(b"d", b"c", b"p"))
        assert rows.header() == StoredHeader(b"d", b"c", b"p")
        for alive in (True, False):
            rows.put_name(NameRow(b"n", 7, alive, b"p"))
            assert rows.name(b"n") == NameRow(b"n", 7, alive, b"p")
        assert rows.name(b"other") is None
        scope, key, counter, kind = new_scope(rows)
        rows.put_scope(scope, b"renamed", 3)
        rows.put_key(key, b"again")
        second = rows.add_key(scope, b"second")
        found = rows.scope(b"i")
        assert found is not None
        assert (found.sealed_name, found.epoch, found.keys) == (b"renamed", 3, ((key, b"again"), (second, b"second")))
        assert rows.lock_scope(b"i") == found
        assert rows.scopes() == [found]
        assert rows.scope(b"none") is rows.lock_scope(b"none") is None
        rows.put_counter(CounterRow(counter, b"c2", b"l2", 9, b"p2"))
        assert rows.counters(scope) == [CounterRow(counter, b"c2", b"l2", 9, b"p2")]
        assert rows.counter(scope, b"c2") == CounterRow(counter, b"c2", b"l2", 9, b"p2")
        assert rows.counter(scope, b"c") is None
        rows.put_kind(KindRow(kind, b"k2", b"l2"))
        assert rows.kinds(scope) == [KindRow(kind, b"k2", b"l2")]

    change(work)


def test_entries_are_found_by_value_number_position_and_day(change: Callable[..., object]) -> None:
    def work(rows: Rows) -> None:
        scope, key, counter, kind = new_scope(rows)
        other, *_ = new_scope(rows, b"j")
        rows.add_entries(scope, [])
        assert rows.latest_day() == 0
        stored = entries(counter, kind, key, 5)
        rows.add_entries(scope, stored)

        def by_position(found: list[EntryRow]) -> list[EntryRow]:
            return sorted(found, key=lambda row: row.position)

        assert by_position(rows.entries_by_value(scope, [b"\0\1", b"\2\1", b"none"])) == [stored[0], stored[2]]
        assert by_position(rows.entries_by_number(scope, [(counter, 5), (counter, 9), (counter, 1)])) == [
            stored[0],
            stored[4],
        ]
        assert rows.entries_by_value(scope, []) == rows.entries_by_number(scope, []) == []
        assert rows.entries_by_value(other, [b"\0\1"]) == rows.entries_by_number(other, [(counter, 1)]) == []
        assert rows.entries_after(scope, 2, 2) == stored[2:4]
        assert rows.entries_after(other, 0, 9) == []
        assert rows.count_by_kind(scope) == {kind: 5}
        assert rows.latest_day() == 104
        assert rows.expired(scope, [kind, 77], 103, 1, 10) == stored[1:3]
        assert rows.expired(scope, [kind], 103, 0, 1) == stored[:1]
        assert rows.expired(scope, [], 103, 0, 10) == rows.expired(scope, [77], 103, 0, 10) == []
        rows.touch(scope, [1, 2], 200)
        assert [row.day for row in rows.entries_after(scope, 0, 9)] == [200, 201 - 1, 102, 103, 104]
        rows.drop_entries(scope, [2, 3])
        assert [row.position for row in rows.entries_after(scope, 0, 9)] == [1, 4, 5]
        second = rows.add_key(scope, b"second")
        rows.put_entries(scope, [])
        rows.put_entries(scope, [stored[0]._replace(key=second, value_index=b"new", sealed=b"again")])
        assert rows.entries_by_value(scope, [b"new"])[0].sealed == b"again"
        assert rows.needs_key(scope, key)
        assert rows.needs_key(scope, second)
        rows.drop_entries(scope, [4, 5])
        assert not rows.needs_key(scope, key)
        rows.drop_key(key)
        assert rows.scopes()[0].keys == ((second, b"second"),)

    change(work)


def test_dropping_a_scope_leaves_the_others(change: Callable[..., object]) -> None:
    def work(rows: Rows) -> int:
        scope, key, counter, kind = new_scope(rows)
        other, other_key, other_counter, other_kind = new_scope(rows, b"j")
        rows.add_entries(scope, entries(counter, kind, key, 3))
        rows.add_entries(other, entries(other_counter, other_kind, other_key, 2, first=50))
        assert rows.drop_scope(scope) == 3
        assert rows.counters(scope) == rows.kinds(scope) == rows.entries_after(scope, 0, 9) == []
        assert [row.id for row in rows.scopes()] == [other]
        assert len(rows.entries_after(other, 0, 9)) == 2
        return scope

    first = change(work)

    def again(rows: Rows) -> None:
        scope, *_ = new_scope(rows)
        assert scope != first  # a row number is never used twice

    change(again)


def test_an_exception_undoes_everything(open_again: Callable[..., TableVault]) -> None:
    database = open_again().database

    def work(rows: Rows) -> None:
        new_scope(rows)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        database.write(work)
    assert database.read(lambda rows: rows.scopes()) == []
