"""A scope with its keys unwrapped, and the reading and sealing of its rows.

``OpenScope`` is what stays in memory between transactions: keys, and the names
of the scope's tags and kinds. It is never changed; a transaction works on a
``ScopeWork``, whose additions become the next ``OpenScope`` after the commit,
so that a rolled-back row number is never believed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from memveil.errors import Tampered, VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, NewValue
from memveil.vault.crypto import ScopeKeys
from memveil.vault.numbering import HIGHEST, placeholder_of
from memveil.vault.rows import CounterRow, EntryRow, KindRow, Rows

__all__ = ["Kind", "OpenScope", "ScopeWork", "ValueKey"]

POSITION = "position"
ERASURES = "erasures"

ValueKey = tuple[str, str, str]
"""Tag, privacy type, value: what makes a value one value."""


class Kind(NamedTuple):
    """What entries of a scope have in common."""

    tag: str
    privacy_type: str
    level: PrivacyLevel

    def label(self) -> str:
        """The sealed form, before sealing."""
        return json.dumps([self.tag, self.privacy_type, int(self.level)], ensure_ascii=False)

    @classmethod
    def of_label(cls, label: str) -> Kind:
        """Undo :meth:`label`."""
        try:
            tag, privacy_type, level = json.loads(label)
            return cls(str(tag), str(privacy_type), PrivacyLevel(level))
        except (ValueError, TypeError):
            raise Tampered("a stored kind cannot be read") from None


class OpenScope(NamedTuple):
    """A scope's row numbers, keys (the last is the newest), kinds, and counters of tags."""

    id: int
    uid: bytes
    name_index: bytes
    wrapped: tuple[tuple[int, bytes], ...]
    keys: dict[int, ScopeKeys]
    kinds: dict[int, Kind]
    tags: dict[str, int]

    @property
    def newest(self) -> int:
        """Number of the data key that seals what is new."""
        return self.wrapped[-1][0]


class ScopeWork:
    """One transaction's work on one scope."""

    def __init__(self, rows: Rows, scope: OpenScope, floor: Callable[[], int] | None) -> None:
        """``floor``: tells where new counters begin; ``None`` in a transaction that begins none."""
        self.rows = rows
        self.scope = scope
        self._floor = floor
        self._keys = scope.keys
        self._newest = scope.keys[scope.newest]
        self._kinds = dict(scope.kinds)
        self._tags = dict(scope.tags)

    def result(self) -> OpenScope:
        """What to keep in memory if the transaction commits."""
        return self.scope._replace(kinds=self._kinds, tags=self._tags)

    # Values

    def stored(self, wanted: Iterable[ValueKey]) -> dict[ValueKey, tuple[str, EntryRow]]:
        """Placeholder and row of those values that are stored.

        Each hit is decrypted and compared: an index alone could have been swapped.
        """
        missing = dict.fromkeys(wanted)
        found: dict[ValueKey, tuple[str, EntryRow]] = {}
        # While a scope is re-encrypted, older entries are indexed under the older key.
        for key_id in sorted(self._keys, reverse=True):
            keys = self._keys[key_id]
            by_index = {keys.value_index(*key): key for key in missing}
            for row in self.rows.entries_by_value(self.scope.id, list(by_index)):
                key = by_index[row.value_index]
                entry = self.entry(row)
                if (self.kind(row.kind)[:2], entry.value) != (key[:2], key[2]) or row.key != key_id:
                    raise Tampered(f"the index of {entry.placeholder} points to another value")
                found[key] = entry.placeholder, row
                del missing[key]
            if not missing:
                break
        return found

    def entry(self, row: EntryRow) -> Entry:
        """Decrypt a row; what stands in another place than its own does not open."""
        kind = self.kind(row.kind)
        keys = self._keys.get(row.key)
        if keys is None or self.tag_counter(kind.tag) != row.counter or not 0 < row.number <= HIGHEST:
            raise Tampered("an entry points to a key or counter that is not its own")
        if not 0 < row.position <= HIGHEST:
            raise Tampered("an entry has an impossible position")
        placeholder = placeholder_of(kind.tag, row.number)
        value = keys.open_value(
            row.sealed,
            placeholder=placeholder,
            privacy_type=kind.privacy_type,
            level=kind.level,
            position=row.position,
        )
        return Entry(placeholder, value, kind.privacy_type, kind.level, row.position)

    def add(self, values: Sequence[NewValue], day: int) -> list[str]:
        """Store distinct new values; numbers and positions come from the counters."""
        counts: dict[str, int] = {}
        for value in values:
            counts[value.tag] = counts.get(value.tag, 0) + 1
        numbers = {tag: self.take(f"tag:{tag}", count) for tag, count in counts.items()}
        position = self.take(POSITION, len(values))
        placeholders: list[str] = []
        rows: list[EntryRow] = []
        for value in values:
            number = numbers[value.tag]
            numbers[value.tag] += 1
            placeholders.append(placeholder_of(value.tag, number))
            kind = Kind(value.tag, value.privacy_type, PrivacyLevel(value.level))
            rows.append(self.row(kind, number, position, value.value, day))
            position += 1
        self.rows.add_entries(self.scope.id, rows)
        return placeholders

    def put_back(self, values: Sequence[tuple[NewValue, int, int]]) -> None:
        """Store values under numbers they had before: (value, number, day) of an import."""
        last: dict[str, int] = {}
        for value, number, _ in values:
            last[value.tag] = max(last.get(value.tag, 0), number)
        for tag, number in last.items():
            self.raise_to(f"tag:{tag}", number)
        position = self.take(POSITION, len(values))
        rows: list[EntryRow] = []
        for value, number, day in values:
            kind = Kind(value.tag, value.privacy_type, PrivacyLevel(value.level))
            rows.append(self.row(kind, number, position, value.value, day))
            position += 1
        self.rows.add_entries(self.scope.id, rows)

    def row(self, kind: Kind, number: int, position: int, value: str, day: int) -> EntryRow:
        """Seal a value under the newest key."""
        kind_id, counter = self.kind_id(kind), self.tag_counter(kind.tag)
        if counter is None:
            raise Tampered("a tag has no counter")
        sealed = self._newest.seal_value(
            value,
            placeholder=placeholder_of(kind.tag, number),
            privacy_type=kind.privacy_type,
            level=kind.level,
            position=position,
        )
        index = self._newest.value_index(kind.tag, kind.privacy_type, value)
        return EntryRow(position, counter, number, kind_id, self.scope.newest, day, index, sealed)

    def index(self, row: EntryRow, value: str) -> bytes:
        """The blind index that a row with this value should have."""
        kind = self.kind(row.kind)
        return self._keys[row.key].value_index(kind.tag, kind.privacy_type, value)

    # Kinds

    def kind(self, kind_id: int) -> Kind:
        """The kind of a row number."""
        kind = self._kinds.get(kind_id)
        if kind is None:
            self.load_kinds()
            kind = self._kinds.get(kind_id)
        if kind is None:
            raise Tampered("an entry points to a kind that does not exist")
        return kind

    def kinds(self) -> dict[int, Kind]:
        """All kinds of the scope."""
        self.load_kinds()
        return self._kinds

    def load_kinds(self) -> None:
        """Read the kinds afresh."""
        self._kinds = {
            row.id: Kind.of_label(self._newest.open_label(row.sealed_label)) for row in self.rows.kinds(self.scope.id)
        }

    def kind_id(self, kind: Kind) -> int:
        """The row number of a kind, added where it is new."""
        for kind_id, known in self._kinds.items():
            if known == kind:
                return kind_id
        self.load_kinds()  # another process may have added it
        for kind_id, known in self._kinds.items():
            if known == kind:
                return kind_id
        label = kind.label()
        row = KindRow(0, self._newest.label_index(label), self._newest.seal_label(label))
        added = self.rows.add_kind(self.scope.id, row)
        self._kinds[added] = kind
        return added

    # Counters

    def tag_counter(self, tag: str) -> int | None:
        """The row number of a tag's counter; ``None`` where the tag never occurred."""
        known = self._tags.get(tag)
        if known is None:
            row = self.counter(f"tag:{tag}")
            if row is None:
                return None
            known = self._tags[tag] = row.id
        return known

    def counter(self, label: str) -> CounterRow | None:
        """A counter whose value is proved."""
        row = self.rows.counter(self.scope.id, self._newest.label_index(label))
        if row is not None:
            self._check(row, label)
        return row

    def value(self, label: str) -> int:
        """Value of a counter that every scope has."""
        row = self.counter(label)
        if row is None:
            raise Tampered("a counter is missing")
        return row.value

    def begin(self) -> None:
        """Make the counters that every scope has, in a scope that begins."""
        self._begin(POSITION)
        self._begin(ERASURES)

    def take(self, label: str, count: int) -> int:
        """Advance a counter by ``count``; returns the first number taken."""
        row = self.counter(label) or self._begin(label)
        last = row.value + count
        if last > HIGHEST:
            raise VaultError("a counter of this scope has reached its end; begin another scope")
        self.rows.put_counter(row._replace(value=last, proof=self._newest.count(label, last)))
        return row.value + 1

    def raise_to(self, label: str, value: int) -> None:
        """Advance a counter to at least ``value``."""
        row = self.counter(label) or self._begin(label)
        if row.value < value:
            self.rows.put_counter(row._replace(value=value, proof=self._newest.count(label, value)))

    def counters(self) -> dict[str, CounterRow]:
        """All counters by label, each one proved."""
        found: dict[str, CounterRow] = {}
        for row in self.rows.counters(self.scope.id):
            label = self._newest.open_label(row.sealed_label)
            self._check(row, label)
            found[label] = row
        return found

    def _check(self, row: CounterRow, label: str) -> None:
        index = self._newest.label_index(label)
        in_range = 0 <= row.value <= HIGHEST
        if row.label_index != index or not in_range or not self._newest.counts(label, row.value, row.proof):
            raise Tampered("a counter fails its authentication")

    def _begin(self, label: str) -> CounterRow:
        # A counter that became invisible must not begin again: its numbers were given.
        # So every other counter is proved, and no kind may know the tag already.
        if self._floor is None:
            raise Tampered("a counter is missing")
        existing = self.counters()
        self.load_kinds()
        if label.startswith("tag:") and not existing.keys() >= {POSITION, ERASURES}:
            raise Tampered("a counter is missing")
        if label in existing or any(label == f"tag:{kind.tag}" for kind in self._kinds.values()):
            raise Tampered("a counter is missing")
        keys = self._newest
        floor = self._floor()
        row = CounterRow(0, keys.label_index(label), keys.seal_label(label), floor, keys.count(label, floor))
        return row._replace(id=self.rows.add_counter(self.scope.id, row))
