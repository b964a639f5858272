"""Plain SQL over one PostgreSQL connection: the rows of ``rows.py``.

Lists go as arrays, one statement each, because every statement is a journey to
the server. Whoever writes a scope holds the lock of its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg

from memveil.errors import Tampered
from memveil.vault.header import StoredHeader
from memveil.vault.rows import CounterRow, EntryRow, KeyRow, KindRow, NameRow, ScopeRow

__all__ = ["PostgresRows"]

_BY_VALUE = (
    "SELECT position, counter, number, kind, key, day, value_index, sealed FROM memveil_entry"
    " WHERE value_index = ANY(%s) AND scope = %s"
)
_BY_NUMBER = (
    "SELECT position, counter, number, kind, key, day, value_index, sealed FROM memveil_entry"
    " JOIN unnest(%s::bigint[], %s::bigint[]) AS wanted (counter, number) USING (counter, number)"
    " WHERE scope = %s"
)
_AFTER = (
    "SELECT position, counter, number, kind, key, day, value_index, sealed FROM memveil_entry"
    " WHERE scope = %s AND position > %s ORDER BY position LIMIT %s"
)
_EXPIRED = (
    "SELECT position, counter, number, kind, key, day, value_index, sealed FROM memveil_entry"
    " WHERE scope = %s AND position > %s AND day < %s AND kind = ANY(%s::bigint[])"
    " ORDER BY position LIMIT %s"
)
_ADD = (
    "INSERT INTO memveil_entry (position, counter, number, kind, key, day, value_index, sealed, scope)"
    " SELECT *, %s::bigint FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[],"
    " %s::bigint[], %s::bytea[], %s::bytea[])"
)
_PUT = (
    "UPDATE memveil_entry AS old SET key = new.key, value_index = new.value_index, sealed = new.sealed"
    " FROM unnest(%s::bigint[], %s::bigint[], %s::bytea[], %s::bytea[])"
    " AS new (position, key, value_index, sealed)"
    " WHERE old.scope = %s AND old.position = new.position"
)


class PostgresRows:
    """The rows, through a connection inside a transaction. See :class:`memveil.vault.rows.Rows`."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def header(self) -> StoredHeader | None:
        """The header, or ``None`` in a new database."""
        row = self._one("SELECT data, checksum, proof FROM memveil_header")
        return None if row is None else StoredHeader._make(row)

    def put_header(self, header: StoredHeader) -> None:
        """Insert or replace the header."""
        self._run(
            "INSERT INTO memveil_header (one, data, checksum, proof) VALUES (1, %s, %s, %s) ON CONFLICT (one)"
            " DO UPDATE SET data = excluded.data, checksum = excluded.checksum, proof = excluded.proof",
            *header,
        )

    def scope(self, name_index: bytes) -> ScopeRow | None:
        """A scope with its data keys."""
        rows = self._all(
            "SELECT s.id, s.uid, s.name_index, s.sealed_name, s.epoch, k.id, k.wrapped FROM memveil_scope AS s"
            " LEFT JOIN memveil_key AS k ON k.scope = s.id WHERE s.name_index = %s ORDER BY k.id",
            name_index,
        )
        if not rows:
            return None
        keys = tuple(KeyRow(row[5], row[6]) for row in rows if row[5] is not None)
        return ScopeRow._make((*rows[0][:5], keys))

    def lock_scope(self, name_index: bytes) -> ScopeRow | None:
        """The same, and nobody else changes the scope until the transaction ends."""
        row = self._one(
            "SELECT id, uid, name_index, sealed_name, epoch FROM memveil_scope WHERE name_index = %s FOR UPDATE",
            name_index,
        )
        if row is None:
            return None
        # Read after the lock, not with it: the one who held it may have changed the keys.
        keys = self._all("SELECT id, wrapped FROM memveil_key WHERE scope = %s ORDER BY id", row[0])
        return ScopeRow._make((*row, tuple(KeyRow._make(key) for key in keys)))

    def lock_names(self) -> None:
        """Nobody else creates or forgets a scope until the transaction ends."""
        self._run("LOCK TABLE memveil_name IN SHARE ROW EXCLUSIVE MODE")

    def scopes(self) -> list[ScopeRow]:
        """All scopes with their data keys."""
        keys: dict[int, list[KeyRow]] = {}
        for key, scope, wrapped in self._all("SELECT id, scope, wrapped FROM memveil_key ORDER BY id"):
            keys.setdefault(scope, []).append(KeyRow(key, wrapped))
        rows = self._all("SELECT id, uid, name_index, sealed_name, epoch FROM memveil_scope ORDER BY id")
        return [ScopeRow._make((*row, tuple(keys.get(row[0], ())))) for row in rows]

    def add_scope(self, uid: bytes, name_index: bytes, sealed_name: bytes, epoch: int) -> int:
        """Insert a scope."""
        return self._insert(
            "INSERT INTO memveil_scope (uid, name_index, sealed_name, epoch) VALUES (%s, %s, %s, %s) RETURNING id",
            uid,
            name_index,
            sealed_name,
            epoch,
        )

    def put_scope(self, scope: int, sealed_name: bytes, epoch: int) -> None:
        """Replace name and epoch."""
        self._run("UPDATE memveil_scope SET sealed_name = %s, epoch = %s WHERE id = %s", sealed_name, epoch, scope)

    def drop_scope(self, scope: int) -> int:
        """Delete all rows of a scope."""
        self._run("DELETE FROM memveil_key WHERE scope = %s", scope)
        gone = self._run("DELETE FROM memveil_entry WHERE scope = %s", scope).rowcount
        self._run("DELETE FROM memveil_counter WHERE scope = %s", scope)
        self._run("DELETE FROM memveil_kind WHERE scope = %s", scope)
        self._run("DELETE FROM memveil_scope WHERE id = %s", scope)
        return gone

    def name(self, name_index: bytes) -> NameRow | None:
        """What is remembered of a scope name."""
        row = self._one("SELECT name_index, floor, alive, proof FROM memveil_name WHERE name_index = %s", name_index)
        return None if row is None else NameRow(row[0], row[1], bool(row[2]), row[3])

    def put_name(self, row: NameRow) -> None:
        """Insert or replace."""
        self._run(
            "INSERT INTO memveil_name (name_index, floor, alive, proof) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (name_index)"
            " DO UPDATE SET floor = excluded.floor, alive = excluded.alive, proof = excluded.proof",
            row.name_index,
            row.floor,
            int(row.alive),
            row.proof,
        )

    def add_key(self, scope: int, wrapped: bytes) -> int:
        """Insert a wrapped data key."""
        return self._insert("INSERT INTO memveil_key (scope, wrapped) VALUES (%s, %s) RETURNING id", scope, wrapped)

    def put_key(self, key: int, wrapped: bytes) -> None:
        """Replace the wrap of a data key."""
        self._run("UPDATE memveil_key SET wrapped = %s WHERE id = %s", wrapped, key)

    def drop_key(self, key: int) -> None:
        """Delete a data key."""
        self._run("DELETE FROM memveil_key WHERE id = %s", key)

    def needs_key(self, scope: int, key: int) -> bool:
        """Whether an entry is still sealed under this data key."""
        query = "SELECT 1 FROM memveil_entry WHERE scope = %s AND key = %s LIMIT 1"
        return self._one(query, scope, key) is not None

    def counter(self, scope: int, label_index: bytes) -> CounterRow | None:
        """One counter."""
        row = self._one(
            "SELECT id, label_index, sealed_label, value, proof FROM memveil_counter"
            " WHERE scope = %s AND label_index = %s",
            scope,
            label_index,
        )
        return None if row is None else CounterRow._make(row)

    def counters(self, scope: int) -> list[CounterRow]:
        """All counters of a scope."""
        query = "SELECT id, label_index, sealed_label, value, proof FROM memveil_counter WHERE scope = %s"
        return [CounterRow._make(row) for row in self._all(query, scope)]

    def add_counter(self, scope: int, row: CounterRow) -> int:
        """Insert a counter."""
        return self._insert(
            "INSERT INTO memveil_counter (scope, label_index, sealed_label, value, proof)"
            " VALUES (%s, %s, %s, %s, %s) RETURNING id",
            scope,
            row.label_index,
            row.sealed_label,
            row.value,
            row.proof,
        )

    def put_counter(self, row: CounterRow) -> None:
        """Replace a counter, label included."""
        self._run(
            "UPDATE memveil_counter SET label_index = %s, sealed_label = %s, value = %s, proof = %s WHERE id = %s",
            row.label_index,
            row.sealed_label,
            row.value,
            row.proof,
            row.id,
        )

    def kinds(self, scope: int) -> list[KindRow]:
        """All kinds of a scope."""
        query = "SELECT id, label_index, sealed_label FROM memveil_kind WHERE scope = %s"
        return [KindRow._make(row) for row in self._all(query, scope)]

    def add_kind(self, scope: int, row: KindRow) -> int:
        """Insert a kind."""
        return self._insert(
            "INSERT INTO memveil_kind (scope, label_index, sealed_label) VALUES (%s, %s, %s) RETURNING id",
            scope,
            row.label_index,
            row.sealed_label,
        )

    def put_kind(self, row: KindRow) -> None:
        """Replace a kind's index and seal."""
        self._run(
            "UPDATE memveil_kind SET label_index = %s, sealed_label = %s WHERE id = %s",
            row.label_index,
            row.sealed_label,
            row.id,
        )

    def entries_by_value(self, scope: int, indexes: Sequence[bytes]) -> list[EntryRow]:
        """Entries whose blind index is among ``indexes``."""
        return _entries(self._all(_BY_VALUE, list(indexes), scope)) if indexes else []

    def entries_by_number(self, scope: int, numbers: Sequence[tuple[int, int]]) -> list[EntryRow]:
        """Entries by counter and number."""
        if not numbers:
            return []
        counters, each = zip(*numbers, strict=True)
        return _entries(self._all(_BY_NUMBER, list(counters), list(each), scope))

    def entries_after(self, scope: int, position: int, limit: int) -> list[EntryRow]:
        """A page of entries in order of position."""
        return _entries(self._all(_AFTER, scope, position, limit))

    def add_entries(self, scope: int, rows: Sequence[EntryRow]) -> None:
        """Insert entries."""
        if rows:
            self._run(_ADD, scope, *(list(column) for column in zip(*rows, strict=True)))

    def put_entries(self, scope: int, rows: Sequence[EntryRow]) -> None:
        """Replace key, index and seal at the same positions."""
        if rows:
            columns = zip(*((row.position, row.key, row.value_index, row.sealed) for row in rows), strict=True)
            self._run(_PUT, *(list(column) for column in columns), scope)

    def touch(self, scope: int, positions: Sequence[int], day: int) -> None:
        """Set the day of entries."""
        query = "UPDATE memveil_entry SET day = %s WHERE scope = %s AND position = ANY(%s::bigint[])"
        self._run(query, day, scope, list(positions))

    def drop_entries(self, scope: int, positions: Sequence[int]) -> None:
        """Delete entries by position."""
        query = "DELETE FROM memveil_entry WHERE scope = %s AND position = ANY(%s::bigint[])"
        self._run(query, scope, list(positions))

    def expired(self, scope: int, kinds: Sequence[int], before: int, after: int, limit: int) -> list[EntryRow]:
        """Old entries of some kinds, in order of position."""
        return _entries(self._all(_EXPIRED, scope, after, before, list(kinds), limit))

    def latest_day(self) -> int:
        """The greatest day of any entry."""
        row = self._one("SELECT coalesce(max(day), 0) FROM memveil_entry")
        return 0 if row is None else int(row[0])

    def count_by_kind(self, scope: int) -> dict[int, int]:
        """Number of entries of each kind."""
        return dict(self._all("SELECT kind, count(*) FROM memveil_entry WHERE scope = %s GROUP BY kind", scope))

    def _run(self, query: LiteralString, *values: object) -> psycopg.Cursor[tuple[Any, ...]]:
        return self._connection.execute(query, values, binary=True)

    def _one(self, query: LiteralString, *values: object) -> tuple[Any, ...] | None:
        return self._run(query, *values).fetchone()

    def _all(self, query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
        return self._run(query, *values).fetchall()

    def _insert(self, query: LiteralString, *values: object) -> int:
        row = self._one(query, *values)
        if row is None:
            raise Tampered("the database gave no row number")
        return int(row[0])


def _entries(rows: list[tuple[Any, ...]]) -> list[EntryRow]:
    return [EntryRow._make(row) for row in rows]
