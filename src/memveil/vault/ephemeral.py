"""PL4 values: in process memory only, for a limited time, in limited number.

What stands here is never written to a file, a log or an export by memveil.
It is gone when its lifetime is over, when the table is full, when the scope is
forgotten, and when the process ends; the placeholder then means nothing, here
and in every other process, for ever. Python cannot wipe a string from memory,
and the operating system may swap: docs/spec/vault-v1.md states what that means.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, NewValue
from memveil.vault.numbering import placeholder_of

__all__ = ["CAPACITY", "LIFETIME", "EphemeralTable"]

LIFETIME = 3_600.0
"""Seconds since the last use until a value is dropped."""

CAPACITY = 10_000
"""Values held at most, all scopes together; the one unused for longest goes first."""

_Place = tuple[str, str]  # scope, placeholder
_Key = tuple[str, str, str, str]  # scope, tag, privacy type, value


@dataclass(slots=True, repr=False)
class _Held:
    entry: Entry
    key: _Key
    used: float


class EphemeralTable:
    """A bounded, thread-safe table of values that live in memory only. The repr shows none.

    Args:
        lifetime: seconds since the last use until a value is dropped.
        capacity: number of values held at most.
        clock: seconds that never go back; the wall clock has no say here.
    """

    def __init__(
        self,
        *,
        lifetime: float = LIFETIME,
        capacity: int = CAPACITY,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lifetime = lifetime
        self._capacity = capacity
        self._clock = clock
        self._lock = threading.RLock()
        self._held: OrderedDict[_Place, _Held] = OrderedDict()  # the least recently used first
        self._places: dict[_Key, _Place] = {}
        self._texts: dict[tuple[str, str], int] = {}  # (scope, value) -> how many entries
        self._listings: dict[str, list[Entry]] = {}  # by scope, until the scope changes
        self._position = 0

    def __len__(self) -> int:
        with self._lock:
            self._expire()
            return len(self._held)

    def assign(self, scope: str, values: Sequence[NewValue], reserve: Callable[[str, int], range]) -> list[str]:
        """Placeholders of ``values``; ``reserve(tag, count)`` gives numbers never used before.

        Where more values come at once than the table holds, the earliest are gone again.
        """
        with self._lock:
            self._expire()
            keys: list[_Key] = [(scope, value.tag, value.privacy_type, value.value) for value in values]
            new = {key: value for key, value in zip(keys, values, strict=True) if key not in self._places}
            counts: dict[str, int] = {}
            for value in new.values():
                counts[value.tag] = counts.get(value.tag, 0) + 1
            numbers = {tag: iter(reserve(tag, count)) for tag, count in counts.items()}
            given = {key: placeholder_of(value.tag, next(numbers[value.tag])) for key, value in new.items()}
            now = self._clock()
            for key, value in new.items():
                self._position += 1
                level = PrivacyLevel(value.level)
                entry = Entry(given[key], value.value, value.privacy_type, level, self._position)
                self._hold(_Held(entry, key, now))
            answer: list[str] = []
            for key in keys:
                place = self._places.get(key)
                if place is not None:
                    self._use(place, now)
                answer.append(given[key] if place is None else place[1])
            return answer

    def holds(self, scope: str, value: str) -> bool:
        """Whether the text lives here under any tag or type."""
        with self._lock:
            self._expire()
            return (scope, value) in self._texts

    def lookup(self, scope: str, placeholders: Iterable[str]) -> dict[str, str]:
        """Values of those placeholders that live here; a look-up counts as use."""
        with self._lock:
            self._expire()
            now = self._clock()
            found: dict[str, str] = {}
            for placeholder in placeholders:
                held = self._held.get((scope, placeholder))
                if held is not None:
                    self._use((scope, placeholder), now)
                    found[placeholder] = held.entry.value
            return found

    def entries(self, scope: str) -> list[Entry]:
        """What lives in a scope, in order of assignment. Reading is no use."""
        with self._lock:
            self._expire()
            found = self._listings.get(scope)
            if found is None:
                mine = [held.entry for (owner, _), held in self._held.items() if owner == scope]
                found = sorted(mine, key=lambda entry: entry.position)
                if found:
                    self._listings[scope] = found
            return list(found)

    def forget(self, scope: str) -> int:
        """Drop a scope; returns how many values went."""
        with self._lock:
            return self._drop_where(lambda held: held.key[0] == scope)

    def forget_value(self, scope: str, value: str) -> list[str]:
        """Drop one value, whatever its types; returns its placeholders."""
        with self._lock:
            gone = [entry.placeholder for entry in self.entries(scope) if entry.value == value]
            self._drop_where(lambda held: (held.key[0], held.key[3]) == (scope, value))
            return gone

    def clear(self) -> None:
        """Drop everything."""
        with self._lock:
            self._drop_where(lambda _: True)

    def _hold(self, held: _Held) -> None:
        place = (held.key[0], held.entry.placeholder)
        self._listings.pop(held.key[0], None)
        self._held[place] = held
        self._places[held.key] = place
        text = (held.key[0], held.key[3])
        self._texts[text] = self._texts.get(text, 0) + 1
        if len(self._held) > self._capacity:
            self._drop(next(iter(self._held)))

    def _use(self, place: _Place, now: float) -> None:
        self._held[place].used = now
        self._held.move_to_end(place)

    def _expire(self) -> None:
        oldest = self._clock() - self._lifetime
        while self._held:
            place, held = next(iter(self._held.items()))
            if held.used > oldest:
                return
            self._drop(place)

    def _drop_where(self, condition: Callable[[_Held], bool]) -> int:
        places = [place for place, held in self._held.items() if condition(held)]
        for place in places:
            self._drop(place)
        return len(places)

    def _drop(self, place: _Place) -> None:
        held = self._held.pop(place)
        self._listings.pop(held.key[0], None)
        del self._places[held.key]
        text = (held.key[0], held.key[3])
        left = self._texts[text] - 1
        if left:
            self._texts[text] = left
        else:
            del self._texts[text]
