"""A vault in process memory: for tests, and for use without a trace.

Nothing is encrypted, because nothing leaves the process; everything is gone
when it ends. It keeps the contract of :class:`memveil.vault.base.Vault` to the
letter and is the yardstick of the other backends in the tests.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from memveil.errors import VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, NewValue, Revision, ScopeStats
from memveil.vault.numbering import check_count, check_values, placeholder_of

__all__ = ["MemoryVault"]


@dataclass(slots=True, repr=False)
class _Scope:
    incarnation: bytes = field(default_factory=lambda: os.urandom(16))
    floor: int = 0
    numbers: dict[str, int] = field(default_factory=dict[str, int])
    position: int = 0
    erasures: int = 0
    placeholders: dict[tuple[str, str, str], str] = field(default_factory=dict[tuple[str, str, str], str])
    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])

    def take(self, tag: str, count: int) -> int:
        last = self.numbers.get(tag, self.floor)
        self.numbers[tag] = last + count
        return last + 1


class MemoryVault:
    """A :class:`memveil.vault.base.Vault` that lives as long as the process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scopes: dict[str, _Scope] = {}
        self._floors: dict[str, int] = {}
        self._closed = False

    def assign(self, scope: str, values: Sequence[NewValue]) -> list[str]:
        """See :meth:`memveil.vault.base.Vault.assign`."""
        check_values(values)
        with self._lock:
            if not values:
                self._check_open()
                return []
            state = self._scope(scope)
            return [self._assign(state, value) for value in values]

    def reserve(self, scope: str, tag: str, count: int) -> range:
        """See :meth:`memveil.vault.base.Vault.reserve`."""
        check_count(tag, count)
        with self._lock:
            first = self._scope(scope).take(tag, count)
            return range(first, first + count)

    def lookup(self, scope: str, placeholders: Iterable[str]) -> dict[str, str]:
        """See :meth:`memveil.vault.base.Vault.lookup`."""
        asked = list(placeholders)
        with self._lock:
            entries = self._entries(scope)
            return {each: entries[each].value for each in asked if each in entries}

    def find(self, scope: str, values: Sequence[NewValue]) -> list[str | None]:
        """See :meth:`memveil.vault.base.Vault.find`."""
        with self._lock:
            self._check_open()
            state = self._scopes.get(scope)
            known = {} if state is None else state.placeholders
            return [known.get((value.tag, value.privacy_type, value.value)) for value in values]

    def known(self, scope: str, after: int = 0) -> Iterable[Entry]:
        """See :meth:`memveil.vault.base.Vault.known`."""
        with self._lock:
            return [entry for entry in self._entries(scope).values() if entry.position > after]

    def revision(self, scope: str) -> Revision:
        """See :meth:`memveil.vault.base.Vault.revision`."""
        with self._lock:
            self._check_open()
            state = self._scopes.get(scope)
            if state is None:
                return Revision(b"", 0, 0)
            return Revision(state.incarnation, state.erasures, state.position)

    def scopes(self) -> list[str]:
        """See :meth:`memveil.vault.base.Vault.scopes`."""
        with self._lock:
            self._check_open()
            return sorted(self._scopes)

    def stats(self, scope: str) -> ScopeStats:
        """See :meth:`memveil.vault.base.Vault.stats`."""
        with self._lock:
            entries = list(self._entries(scope).values())
        by_type = Counter(entry.privacy_type for entry in entries)
        by_level = Counter(entry.level for entry in entries)
        return ScopeStats(scope, dict(sorted(by_type.items())), dict(sorted(by_level.items())))

    def forget(self, scope: str) -> int:
        """See :meth:`memveil.vault.base.Vault.forget`."""
        with self._lock:
            self._check_open()
            state = self._scopes.pop(scope, None)
            if state is None:
                return 0
            given = [state.floor, state.position, state.erasures, *state.numbers.values()]
            self._floors[scope] = max(given)
            return len(state.entries)

    def forget_value(self, scope: str, value: str) -> list[str]:
        """See :meth:`memveil.vault.base.Vault.forget_value`."""
        with self._lock:
            self._check_open()
            state = self._scopes.get(scope)
            if state is None:
                return []
            gone = [each for each, entry in state.entries.items() if entry.value == value]
            for placeholder in gone:
                del state.entries[placeholder]
            state.placeholders = {key: each for key, each in state.placeholders.items() if key[2] != value}
            state.erasures += bool(gone)
            return gone

    def close(self) -> None:
        """See :meth:`memveil.vault.base.Vault.close`."""
        with self._lock:
            self._closed = True
            self._scopes.clear()

    def _assign(self, state: _Scope, value: NewValue) -> str:
        key = (value.tag, value.privacy_type, value.value)
        placeholder = state.placeholders.get(key)
        if placeholder is None:
            placeholder = placeholder_of(value.tag, state.take(value.tag, 1))
            state.position += 1
            level = PrivacyLevel(value.level)
            state.placeholders[key] = placeholder
            state.entries[placeholder] = Entry(placeholder, value.value, value.privacy_type, level, state.position)
        return placeholder

    def _scope(self, scope: str) -> _Scope:
        self._check_open()
        state = self._scopes.get(scope)
        if state is None:
            floor = self._floors.get(scope, 0)
            state = self._scopes[scope] = _Scope(floor=floor, position=floor, erasures=floor)
        return state

    def _entries(self, scope: str) -> dict[str, Entry]:
        self._check_open()
        state = self._scopes.get(scope)
        return {} if state is None else state.entries

    def _check_open(self) -> None:
        if self._closed:
            raise VaultError("the vault is closed")
