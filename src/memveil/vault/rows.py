"""What a database must offer to hold a vault: rows of opaque bytes and numbers.

A backend knows tables, transactions and locks; it never sees a key, a value or
a name. Everything that means something is above it, in ``table.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar

from memveil.vault.header import StoredHeader

__all__ = ["CounterRow", "Database", "EntryRow", "KeyRow", "KindRow", "NameRow", "Rows", "ScopeRow"]

T = TypeVar("T")


class KeyRow(NamedTuple):
    """A wrapped data key of a scope. There are two only while the scope is being re-encrypted."""

    id: int
    wrapped: bytes


class ScopeRow(NamedTuple):
    """A scope: identity, blind index and sealed form of its name, master-key epoch of its data key."""

    id: int
    uid: bytes
    name_index: bytes
    sealed_name: bytes
    epoch: int
    keys: tuple[KeyRow, ...]


class NameRow(NamedTuple):
    """Memory of a scope name, kept when the scope is forgotten: no number may be given again.

    ``floor`` is the highest number given before; ``proof`` an HMAC over the row.
    """

    name_index: bytes
    floor: int
    alive: bool
    proof: bytes


class CounterRow(NamedTuple):
    """A counter of a scope: blind index and sealed form of its label, last number, HMAC."""

    id: int
    label_index: bytes
    sealed_label: bytes
    value: int
    proof: bytes


class KindRow(NamedTuple):
    """A (tag, privacy type, level) that occurs in a scope, sealed."""

    id: int
    label_index: bytes
    sealed_label: bytes


class EntryRow(NamedTuple):
    """One stored value. ``day`` counts days since 1970-01-01 UTC, of the last assignment."""

    position: int
    counter: int
    number: int
    kind: int
    key: int
    day: int
    value_index: bytes
    sealed: bytes


class Rows(Protocol):
    """The rows inside one transaction."""

    def header(self) -> StoredHeader | None: ...
    def put_header(self, header: StoredHeader) -> None: ...

    def scope(self, name_index: bytes) -> ScopeRow | None: ...
    def lock_scope(self, name_index: bytes) -> ScopeRow | None:
        """Like :meth:`scope`, and nobody else changes the scope until the transaction ends."""
        ...

    def lock_names(self) -> None:
        """Nobody else creates or forgets a scope until the transaction ends."""
        ...

    def scopes(self) -> list[ScopeRow]: ...
    def add_scope(self, uid: bytes, name_index: bytes, sealed_name: bytes, epoch: int) -> int: ...
    def put_scope(self, scope: int, sealed_name: bytes, epoch: int) -> None: ...
    def drop_scope(self, scope: int) -> int:
        """Delete a scope with all its rows; returns how many entries went."""
        ...

    def name(self, name_index: bytes) -> NameRow | None: ...
    def put_name(self, row: NameRow) -> None: ...

    def add_key(self, scope: int, wrapped: bytes) -> int: ...
    def put_key(self, key: int, wrapped: bytes) -> None: ...
    def drop_key(self, key: int) -> None: ...
    def needs_key(self, scope: int, key: int) -> bool:
        """Whether an entry is still sealed under this data key."""
        ...

    def counter(self, scope: int, label_index: bytes) -> CounterRow | None: ...
    def counters(self, scope: int) -> list[CounterRow]: ...
    def add_counter(self, scope: int, row: CounterRow) -> int:
        """Insert; the id of ``row`` is ignored and the new one returned."""
        ...

    def put_counter(self, row: CounterRow) -> None: ...

    def kinds(self, scope: int) -> list[KindRow]: ...
    def add_kind(self, scope: int, row: KindRow) -> int:
        """Insert; the id of ``row`` is ignored and the new one returned."""
        ...

    def put_kind(self, row: KindRow) -> None: ...

    def entries_by_value(self, scope: int, indexes: Sequence[bytes]) -> list[EntryRow]: ...
    def entries_by_number(self, scope: int, numbers: Sequence[tuple[int, int]]) -> list[EntryRow]:
        """Entries by (counter, number)."""
        ...

    def entries_after(self, scope: int, position: int, limit: int) -> list[EntryRow]:
        """At most ``limit`` entries with a greater position, in order."""
        ...

    def add_entries(self, scope: int, rows: Sequence[EntryRow]) -> None: ...
    def put_entries(self, scope: int, rows: Sequence[EntryRow]) -> None:
        """Replace key, index and sealed value at the same positions."""
        ...

    def touch(self, scope: int, positions: Sequence[int], day: int) -> None: ...
    def drop_entries(self, scope: int, positions: Sequence[int]) -> None: ...
    def expired(self, scope: int, kinds: Sequence[int], before: int, after: int, limit: int) -> list[EntryRow]:
        """At most ``limit`` entries of these kinds with a day less than ``before``, after a position."""
        ...

    def latest_day(self) -> int:
        """The greatest day of any entry; 0 in an empty vault."""
        ...

    def count_by_kind(self, scope: int) -> dict[int, int]: ...


class Database(Protocol):
    """Transactions over :class:`Rows`. ``work`` may run more than once: it must be repeatable."""

    @property
    def place(self) -> str:
        """Where the vault is, for messages: a path, or a host and database; never a credential."""
        ...

    def read(self, work: Callable[[Rows], T]) -> T:
        """Run ``work`` on one consistent state."""
        ...

    def write(self, work: Callable[[Rows], T]) -> T:
        """Run ``work`` and commit; on any exception nothing happened."""
        ...

    def scrub(self) -> None:
        """After an erasure: remove what the database still keeps of deleted rows, as far as it can."""
        ...

    def close(self) -> None: ...
