"""Plain SQL over one SQLite connection: the rows of ``rows.py``."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TypeVar

from memveil.errors import Tampered
from memveil.vault.header import StoredHeader
from memveil.vault.rows import CounterRow, EntryRow, KeyRow, KindRow, NameRow, ScopeRow

__all__ = ["SqliteRows"]

T = TypeVar("T")

_BY_VALUE = (
    "SELECT position, counter, number, kind, key, day, value_index, sealed FROM memveil_entry"
    " WHERE value_index = ? AND scope = ?"
)
_BY_NUMBER = (
    "SELECT position, counter, number, kind, key, day, value_index, sealed FROM memveil_entry"
    " WHERE counter = ? AND number = ? AND scope = ?"
)
_AFTER = (
    "SELECT position, counter, number, kind, key, day, value_index, sealed FROM memveil_entry"
    " WHERE scope = ? AND position > ? ORDER BY position LIMIT ?"
)
_EXPIRED = (
    "SELECT position, counter, number, kind, key, day, value_index, sealed FROM memveil_entry"
    " WHERE scope = ? AND position > ? AND day < ? AND kind IN (SELECT value FROM json_each(?))"
    " ORDER BY position LIMIT ?"
)
_ADD = (
    "INSERT INTO memveil_entry (position, counter, number, kind, key, day, value_index, sealed, scope)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


class SqliteRows:
    """The rows, through a connection inside a transaction. See :class:`memveil.vault.rows.Rows`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._run = connection.execute
        self._run_many = connection.executemany

    def header(self) -> StoredHeader | None:
        """The header, or ``None`` in a new database."""
        row = self._run("SELECT data, checksum, proof FROM memveil_header").fetchone()
        return None if row is None else StoredHeader._make(_typed(row, "bbb"))

    def put_header(self, header: StoredHeader) -> None:
        """Insert or replace the header."""
        self._run("INSERT OR REPLACE INTO memveil_header (one, data, checksum, proof) VALUES (1, ?, ?, ?)", header)

    def scope(self, name_index: bytes) -> ScopeRow | None:
        """A scope with its data keys."""
        rows = self._run(
            "SELECT s.id, s.uid, s.name_index, s.sealed_name, s.epoch, k.id, k.wrapped"
            " FROM memveil_scope AS s LEFT JOIN memveil_key AS k ON k.scope = s.id"
            " WHERE s.name_index = ? ORDER BY k.id",
            (name_index,),
        ).fetchall()
        return next(iter(_scopes(rows)), None)

    def lock_scope(self, name_index: bytes) -> ScopeRow | None:
        """The same: the transaction holds the write lock of the whole file."""
        return self.scope(name_index)

    def lock_names(self) -> None:
        """Nothing to do, for the same reason."""

    def scopes(self) -> list[ScopeRow]:
        """All scopes with their data keys."""
        rows = self._run(
            "SELECT s.id, s.uid, s.name_index, s.sealed_name, s.epoch, k.id, k.wrapped"
            " FROM memveil_scope AS s LEFT JOIN memveil_key AS k ON k.scope = s.id ORDER BY s.id, k.id"
        ).fetchall()
        return _scopes(rows)

    def add_scope(self, uid: bytes, name_index: bytes, sealed_name: bytes, epoch: int) -> int:
        """Insert a scope."""
        return self._insert(
            "INSERT INTO memveil_scope (uid, name_index, sealed_name, epoch) VALUES (?, ?, ?, ?)",
            (uid, name_index, sealed_name, epoch),
        )

    def put_scope(self, scope: int, sealed_name: bytes, epoch: int) -> None:
        """Replace name and epoch."""
        self._run("UPDATE memveil_scope SET sealed_name = ?, epoch = ? WHERE id = ?", (sealed_name, epoch, scope))

    def drop_scope(self, scope: int) -> int:
        """Delete all rows of a scope."""
        self._run("DELETE FROM memveil_key WHERE scope = ?", (scope,))
        gone = self._run("DELETE FROM memveil_entry WHERE scope = ?", (scope,)).rowcount
        self._run("DELETE FROM memveil_counter WHERE scope = ?", (scope,))
        self._run("DELETE FROM memveil_kind WHERE scope = ?", (scope,)).fetchall()
        self._run("DELETE FROM memveil_scope WHERE id = ?", (scope,))
        return gone

    def name(self, name_index: bytes) -> NameRow | None:
        """What is remembered of a scope name."""
        row = self._run(
            "SELECT name_index, floor, alive, proof FROM memveil_name WHERE name_index = ?", (name_index,)
        ).fetchone()
        if row is None:
            return None
        index, floor, alive, proof = _typed(row, "biib")
        return NameRow(index, floor, bool(alive), proof)

    def put_name(self, row: NameRow) -> None:
        """Insert or replace."""
        self._run("INSERT OR REPLACE INTO memveil_name (name_index, floor, alive, proof) VALUES (?, ?, ?, ?)", row)

    def add_key(self, scope: int, wrapped: bytes) -> int:
        """Insert a wrapped data key."""
        return self._insert("INSERT INTO memveil_key (scope, wrapped) VALUES (?, ?)", (scope, wrapped))

    def put_key(self, key: int, wrapped: bytes) -> None:
        """Replace the wrap of a data key."""
        self._run("UPDATE memveil_key SET wrapped = ? WHERE id = ?", (wrapped, key))

    def drop_key(self, key: int) -> None:
        """Delete a data key."""
        self._run("DELETE FROM memveil_key WHERE id = ?", (key,))

    def needs_key(self, scope: int, key: int) -> bool:
        """Whether an entry is still sealed under this data key."""
        query = "SELECT 1 FROM memveil_entry WHERE scope = ? AND key = ? LIMIT 1"
        return self._run(query, (scope, key)).fetchone() is not None

    def counter(self, scope: int, label_index: bytes) -> CounterRow | None:
        """One counter."""
        row = self._run(
            "SELECT id, label_index, sealed_label, value, proof FROM memveil_counter"
            " WHERE scope = ? AND label_index = ?",
            (scope, label_index),
        ).fetchone()
        return None if row is None else CounterRow._make(_typed(row, "ibbib"))

    def counters(self, scope: int) -> list[CounterRow]:
        """All counters of a scope."""
        rows = self._run(
            "SELECT id, label_index, sealed_label, value, proof FROM memveil_counter WHERE scope = ?",
            (scope,),
        )
        return [CounterRow._make(_typed(row, "ibbib")) for row in rows]

    def add_counter(self, scope: int, row: CounterRow) -> int:
        """Insert a counter."""
        return self._insert(
            "INSERT INTO memveil_counter (scope, label_index, sealed_label, value, proof) VALUES (?, ?, ?, ?, ?)",
            (scope, row.label_index, row.sealed_label, row.value, row.proof),
        )

    def put_counter(self, row: CounterRow) -> None:
        """Replace a counter, label included."""
        self._run(
            "UPDATE memveil_counter SET label_index = ?, sealed_label = ?, value = ?, proof = ? WHERE id = ?",
            (row.label_index, row.sealed_label, row.value, row.proof, row.id),
        )

    def kinds(self, scope: int) -> list[KindRow]:
        """All kinds of a scope."""
        rows = self._run("SELECT id, label_index, sealed_label FROM memveil_kind WHERE scope = ?", (scope,)).fetchall()
        return [KindRow._make(_typed(row, "ibb")) for row in rows]

    def add_kind(self, scope: int, row: KindRow) -> int:
        """Insert a kind."""
        return self._insert(
            "INSERT INTO memveil_kind (scope, label_index, sealed_label) VALUES (?, ?, ?)",
            (scope, row.label_index, row.sealed_label),
        )

    def put_kind(self, row: KindRow) -> None:
        """Replace a kind's index and seal."""
        self._run(
            "UPDATE memveil_kind SET label_index = ?, sealed_label = ? WHERE id = ?",
            (row.label_index, row.sealed_label, row.id),
        )

    def entries_by_value(self, scope: int, indexes: Sequence[bytes]) -> list[EntryRow]:
        """Entries whose blind index is among ``indexes``."""
        # One prepared statement many times: in process, that is as fast as one long statement.
        return _entries(chain.from_iterable(self._run(_BY_VALUE, (index, scope)).fetchall() for index in indexes))

    def entries_by_number(self, scope: int, numbers: Sequence[tuple[int, int]]) -> list[EntryRow]:
        """Entries by counter and number."""
        return _entries(chain.from_iterable(self._run(_BY_NUMBER, (*each, scope)).fetchall() for each in numbers))

    def entries_after(self, scope: int, position: int, limit: int) -> list[EntryRow]:
        """A page of entries in order of position."""
        return _entries(self._run(_AFTER, (scope, position, limit)).fetchall())

    def add_entries(self, scope: int, rows: Sequence[EntryRow]) -> None:
        """Insert entries."""
        self._run_many(_ADD, [(*row, scope) for row in rows])

    def put_entries(self, scope: int, rows: Sequence[EntryRow]) -> None:
        """Replace key, index and seal at the same positions."""
        self._run_many(
            "UPDATE memveil_entry SET key = ?, value_index = ?, sealed = ? WHERE scope = ? AND position = ?",
            [(row.key, row.value_index, row.sealed, scope, row.position) for row in rows],
        )

    def touch(self, scope: int, positions: Sequence[int], day: int) -> None:
        """Set the day of entries."""
        query = "UPDATE memveil_entry SET day = ? WHERE scope = ? AND position = ?"
        self._run_many(query, [(day, scope, position) for position in positions])

    def drop_entries(self, scope: int, positions: Sequence[int]) -> None:
        """Delete entries by position."""
        query = "DELETE FROM memveil_entry WHERE scope = ? AND position = ?"
        self._run_many(query, [(scope, position) for position in positions])

    def expired(self, scope: int, kinds: Sequence[int], before: int, after: int, limit: int) -> list[EntryRow]:
        """Old entries of some kinds, in order of position."""
        return _entries(self._run(_EXPIRED, (scope, after, before, json.dumps(list(kinds)), limit)).fetchall())

    def latest_day(self) -> int:
        """The greatest day of any entry."""
        row = self._run("SELECT coalesce(max(day), 0) FROM memveil_entry").fetchone()
        return int(_typed(row, "i")[0])

    def count_by_kind(self, scope: int) -> dict[int, int]:
        """Number of entries of each kind."""
        rows = self._run("SELECT kind, count(*) FROM memveil_entry WHERE scope = ? GROUP BY kind", (scope,)).fetchall()
        return dict(_typed(row, "ii") for row in rows)

    def _insert(self, query: str, values: Sequence[object]) -> int:
        added = self._run(query, values).lastrowid
        if added is None:
            raise Tampered("the database gave no row number")
        return added


# SQLite keeps a type with every cell: a flipped byte can turn bytes into a number.
_TYPES = {"i": int, "b": bytes}


def _typed(row: tuple[T, ...], types: str) -> tuple[T, ...]:
    if any(type(cell) is not _TYPES[kind] for cell, kind in zip(row, types, strict=True)):
        raise Tampered("a stored row has a cell of the wrong type")
    return row


def _entries(rows: Iterable[tuple[object, ...]]) -> list[EntryRow]:
    found = [EntryRow(*row) for row in rows]  # type: ignore[arg-type]
    for row in found:
        _typed(row, "iiiiiibb")
    return found


def _scopes(rows: Iterable[tuple[object, ...]]) -> list[ScopeRow]:
    found: dict[int, ScopeRow] = {}
    for *cells, key, wrapped in rows:
        scope = ScopeRow._make((*_typed(tuple(cells), "ibbbi"), ()))
        if key is not None:
            pair = KeyRow._make(_typed((key, wrapped), "ib"))
            scope = scope._replace(keys=(*found.get(scope.id, scope).keys, pair))
        found[scope.id] = scope
    return list(found.values())
