"""The encrypted vault over any database of rows: what SQLite and PostgreSQL share.

Reads run first and write nothing; only what is really new takes the write lock.
That a value is new is decided again under the lock, so two writers of the same
value agree.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from memveil.errors import Tampered, WrongKey
from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, NewValue, Revision, ScopeStats
from memveil.vault.crypto import ScopeKeys, new_key, new_uid, same
from memveil.vault.header import OpenHeader, create_header, open_header
from memveil.vault.keys import KeySource
from memveil.vault.numbering import HIGHEST, check_count, check_values, placeholder_of, split_placeholder
from memveil.vault.opened import ERASURES, POSITION, OpenScope, ScopeWork, ValueKey
from memveil.vault.rows import Database, KeyRow, NameRow, Rows, ScopeRow

__all__ = ["TableVault", "today"]

T = TypeVar("T")

_PAGE = 1_000
# Open scopes kept in memory: keys and names of tags, no values; about 10 kB each.
_OPEN_SCOPES = 1_000
_DAY = 86_400


def today() -> int:
    """Days since 1970-01-01 UTC."""
    return int(time.time() // _DAY)


class TableVault:
    """A :class:`memveil.vault.base.Vault` over a database.

    Args:
        database: transactions over rows.
        key: where the master key comes from; a new vault is made with it, an existing one opened.
    """

    def __init__(self, database: Database, key: KeySource) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._open: OrderedDict[str, OpenScope] = OrderedDict()
        self._header = self._open_header(key)

    @property
    def place(self) -> str:
        """Where the vault is, for messages."""
        return self._database.place

    @property
    def database(self) -> Database:
        """The rows below, for the operations that work on the vault as a whole."""
        return self._database

    @property
    def header(self) -> OpenHeader:
        """The header, opened."""
        return self._header

    # Assigning and looking up

    def assign(self, scope: str, values: Sequence[NewValue]) -> list[str]:
        """See :meth:`memveil.vault.base.Vault.assign`."""
        check_values(values)
        wanted = {(value.tag, value.privacy_type, value.value): value for value in values}
        if not wanted:
            return []
        day = today()

        def known(work: ScopeWork) -> dict[ValueKey, str]:
            stored = work.stored(wanted)
            # An entry used on a later day than it remembers needs the write lock.
            return {key: placeholder for key, (placeholder, row) in stored.items() if row.day >= day}

        found = self.reading(scope, known) or {}
        if len(found) < len(wanted):
            missing = {key: value for key, value in wanted.items() if key not in found}
            found |= self.writing(scope, lambda rows, work: _assign(rows, work, missing, day))
        return [found[value.tag, value.privacy_type, value.value] for value in values]

    def reserve(self, scope: str, tag: str, count: int) -> range:
        """See :meth:`memveil.vault.base.Vault.reserve`."""
        check_count(tag, count)
        first = self.writing(scope, lambda _, work: work.take(f"tag:{tag}", count))
        return range(first, first + count)

    def lookup(self, scope: str, placeholders: Iterable[str]) -> dict[str, str]:
        """See :meth:`memveil.vault.base.Vault.lookup`."""
        asked = [parts for each in dict.fromkeys(placeholders) if (parts := split_placeholder(each))]
        if not asked:
            return {}

        def look(work: ScopeWork) -> dict[str, str]:
            counters = {tag: work.tag_counter(tag) for tag in {tag for tag, _ in asked}}
            pairs = [(counter, number) for tag, number in asked if (counter := counters[tag]) is not None]
            values: dict[str, str] = {}
            wanted = {placeholder_of(tag, number) for tag, number in asked}
            for row in work.rows.entries_by_number(work.scope.id, pairs):
                entry = work.entry(row)
                if entry.placeholder not in wanted:
                    raise Tampered("an entry stands under another placeholder than its own")
                values[entry.placeholder] = entry.value
            return values

        return self.reading(scope, look) or {}

    def find(self, scope: str, values: Sequence[NewValue]) -> list[str | None]:
        """See :meth:`memveil.vault.base.Vault.find`."""
        keys: list[ValueKey] = [(value.tag, value.privacy_type, value.value) for value in values]
        stored = self.reading(scope, lambda work: work.stored(keys)) or {}
        return [stored[key][0] if key in stored else None for key in keys]

    def known(self, scope: str, after: int = 0) -> Iterator[Entry]:
        """See :meth:`memveil.vault.base.Vault.known`. Read in pages; each page is one state."""

        def page(work: ScopeWork) -> tuple[bytes, list[Entry]]:
            rows = work.rows.entries_after(work.scope.id, after, _PAGE)
            return work.scope.uid, [work.entry(row) for row in rows]

        uid = None
        while (answer := self.reading(scope, page)) is not None:
            if uid not in (None, answer[0]):
                return  # forgotten and begun anew meanwhile: the reader's revision tells it
            uid, entries = answer
            yield from entries
            if len(entries) < _PAGE:
                return
            after = entries[-1].position

    def revision(self, scope: str) -> Revision:
        """See :meth:`memveil.vault.base.Vault.revision`."""

        def read(work: ScopeWork) -> Revision:
            return Revision(work.scope.uid, work.value(ERASURES), work.value(POSITION))

        return self.reading(scope, read) or Revision(b"", 0, 0)

    # Overview and erasure

    def scopes(self) -> list[str]:
        """See :meth:`memveil.vault.base.Vault.scopes`."""
        return sorted(self._name(row) for row in self._database.read(lambda rows: rows.scopes()))

    def stats(self, scope: str) -> ScopeStats:
        """See :meth:`memveil.vault.base.Vault.stats`."""

        def count(work: ScopeWork) -> ScopeStats:
            by_type: dict[str, int] = {}
            by_level: dict[PrivacyLevel, int] = {}
            for kind_id, number in work.rows.count_by_kind(work.scope.id).items():
                kind = work.kind(kind_id)
                by_type[kind.privacy_type] = by_type.get(kind.privacy_type, 0) + number
                by_level[kind.level] = by_level.get(kind.level, 0) + number
            return ScopeStats(scope, dict(sorted(by_type.items())), dict(sorted(by_level.items())))

        return self.reading(scope, count) or ScopeStats(scope, {}, {})

    def forget(self, scope: str) -> int:
        """See :meth:`memveil.vault.base.Vault.forget`. Works on damaged scopes too."""
        index = self._header.names.index(scope)

        def erase(rows: Rows) -> int | None:
            rows.lock_names()
            row = rows.lock_scope(index)
            if row is None:
                return None
            given = [counter.value for counter in rows.counters(row.id)]
            floor = max((number for number in given if 0 <= number <= HIGHEST), default=0)
            rows.put_name(self._name_row(index, floor, alive=False))
            return rows.drop_scope(row.id)

        gone = self._database.write(erase)
        self._drop_open(scope)
        if gone is None:
            return 0
        self._database.scrub()
        return gone

    def forget_value(self, scope: str, value: str) -> list[str]:
        """See :meth:`memveil.vault.base.Vault.forget_value`."""

        def erase(rows: Rows, work: ScopeWork) -> list[str]:
            keys = {(kind.tag, kind.privacy_type, value) for kind in work.kinds().values()}
            stored = work.stored(keys)
            if not stored:
                return []
            rows.drop_entries(work.scope.id, [row.position for _, row in stored.values()])
            work.take(ERASURES, 1)
            return [placeholder for placeholder, _ in stored.values()]

        gone = self.changing(scope, erase)
        if gone:
            self._database.scrub()
        return gone or []

    def close(self) -> None:
        """See :meth:`memveil.vault.base.Vault.close`."""
        with self._lock:
            self._open.clear()
        self._database.close()

    # Transactions on one scope

    def reading(self, scope: str, work: Callable[[ScopeWork], T]) -> T | None:
        """Run ``work`` on a consistent state of a scope; ``None`` where the scope does not exist."""

        def run(rows: Rows) -> tuple[T, OpenScope] | None:
            row = rows.scope(self._header.names.index(scope))
            if row is None:
                return None
            task = ScopeWork(rows, self._opened(rows, scope, row), None)
            return work(task), task.result()

        answer = self._database.read(run)
        if answer is None:
            return None
        self._keep_open(scope, answer[1])
        return answer[0]

    def writing(self, scope: str, work: Callable[[Rows, ScopeWork], T]) -> T:
        """Run ``work`` as the only writer of a scope, which begins where it does not exist."""

        def run(rows: Rows) -> tuple[T, OpenScope]:
            task = self.work(rows, scope)
            return work(rows, task), task.result()

        answer, opened = self._database.write(run)
        self._keep_open(scope, opened)
        return answer

    def changing(self, scope: str, work: Callable[[Rows, ScopeWork], T]) -> T | None:
        """Like :meth:`writing`, but ``None`` where the scope does not exist."""

        def run(rows: Rows) -> tuple[T, OpenScope] | None:
            if rows.lock_scope(self._header.names.index(scope)) is None:
                return None
            task = self.work(rows, scope)
            return work(rows, task), task.result()

        answer = self._database.write(run)
        if answer is None:
            return None
        self._keep_open(scope, answer[1])
        return answer[0]

    def work(self, rows: Rows, scope: str) -> ScopeWork:
        """Lock a scope inside a write transaction; it begins where it does not exist."""
        index = self._header.names.index(scope)
        row, begins = rows.lock_scope(index), False
        if row is None:
            row, begins = self._begin(rows, scope, index)
        task = ScopeWork(rows, self._opened(rows, scope, row), lambda: self._floor(rows, index))
        if begins:
            task.begin()
        return task

    def check_header(self, rows: Rows) -> None:
        """Refuse to go on when the master key was changed by somebody else."""
        stored = rows.header()
        if stored is None:
            raise Tampered(f"the vault {self.place} has lost its header")
        if not same(stored.proof, self._header.stored.proof):
            raise WrongKey(f"the key of the vault {self.place} was changed meanwhile; open it again with the new key")

    def renew(self, header: OpenHeader) -> None:
        """Go on under another header, after the master key was changed."""
        with self._lock:
            self._header = header
            self._open.clear()

    def _open_header(self, key: KeySource) -> OpenHeader:
        stored = self._database.read(lambda rows: rows.header())
        if stored is None:
            mine = create_header(key)

            def put(rows: Rows) -> bool:
                rows.lock_names()
                if rows.header() is not None:
                    return False
                if rows.scopes():
                    raise Tampered(f"the vault {self.place} has lost its header; restore a backup")
                rows.put_header(mine.stored)
                return True

            if self._database.write(put):
                return mine
            stored = self._database.read(lambda rows: rows.header())
            if stored is None:
                raise Tampered(f"the vault {self.place} has lost its header")
        return open_header(stored, key)

    def _opened(self, rows: Rows, name: str, row: ScopeRow) -> OpenScope:
        wrapped = tuple(row.keys)
        known = self._open.get(name)
        if known is not None and (known.id, known.uid, known.wrapped) == (row.id, row.uid, wrapped):
            return known
        if not wrapped:
            raise Tampered("a scope has no data key")
        try:
            keys = {key.id: ScopeKeys(self._header.keys.unwrap(key.wrapped, row.uid), row.uid) for key in wrapped}
        except Tampered:
            self.check_header(rows)  # the more likely reason, and one the caller can mend
            raise
        if self._name(row) != name:
            raise Tampered("the name of a scope does not belong to it")
        return OpenScope(row.id, row.uid, row.name_index, wrapped, keys, {}, {})

    def _begin(self, rows: Rows, scope: str, index: bytes) -> tuple[ScopeRow, bool]:
        rows.lock_names()
        self.check_header(rows)  # a data key wrapped by an old master key would be lost
        row = rows.lock_scope(index)
        if row is not None:  # another writer began it while this one waited
            return row, False
        name = rows.name(index)
        if name is not None and name.alive:
            raise Tampered("the row of a scope is missing")
        floor = self._floor(rows, index)
        uid, epoch = new_uid(), self._header.header.epoch
        sealed_name = self._header.keys.seal_name(scope, uid)
        wrapped = self._header.keys.wrap(new_key(), uid)
        added = rows.add_scope(uid, index, sealed_name, epoch)
        key = KeyRow(rows.add_key(added, wrapped), wrapped)
        rows.put_name(self._name_row(index, floor, alive=True))
        return ScopeRow(added, uid, index, sealed_name, epoch, (key,)), True

    def _floor(self, rows: Rows, index: bytes) -> int:
        name = rows.name(index)
        if name is None:
            return 0
        if not 0 <= name.floor <= HIGHEST or self._name_row(index, name.floor, alive=name.alive) != name:
            raise Tampered("the memory of a scope's numbers fails its authentication")
        return name.floor

    def _name_row(self, index: bytes, floor: int, *, alive: bool) -> NameRow:
        return NameRow(index, floor, alive, self._header.names.seal_state(index, floor, alive=alive))

    def _name(self, row: ScopeRow) -> str:
        return self._header.keys.open_name(row.sealed_name, row.uid)

    def _keep_open(self, name: str, scope: OpenScope) -> None:
        with self._lock:
            self._open[name] = scope
            self._open.move_to_end(name)
            if len(self._open) > _OPEN_SCOPES:
                self._open.popitem(last=False)

    def _drop_open(self, name: str) -> None:
        with self._lock:
            self._open.pop(name, None)


def _assign(rows: Rows, work: ScopeWork, wanted: dict[ValueKey, NewValue], day: int) -> dict[ValueKey, str]:
    stored = work.stored(wanted)
    stale = [row.position for _, row in stored.values() if row.day < day]
    if stale:
        rows.touch(work.scope.id, stale, day)
    found = {key: placeholder for key, (placeholder, _) in stored.items()}
    new = {key: value for key, value in wanted.items() if key not in found}
    if new:
        found |= zip(new, work.add(list(new.values()), day), strict=True)
    return found
