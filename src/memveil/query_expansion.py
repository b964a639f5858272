"""Which placeholders a search may mean: what a memory system can no longer see in protected words.

A memory keeps `<Relationship_3>` for `my daughter in Lima`; a search for `where
does my daughter work` shares a word with the value, and none with the
placeholder. So the placeholders of values that share a rare word with the
query, and those of a type that the query names, are put behind it (query
expansion, on the user's side: no word of a value leaves). Measured in
``docs/evaluation.md``: without it typed placeholders lose some points of
answers to a word index, with it nothing or next to nothing.

What it tells the memory system: that the query has to do with these
placeholders, as the memory that it finds would have told too.
"""

from __future__ import annotations

import math
import re
import threading
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Protocol

from memveil.folding import fold
from memveil.privacy_types import PRIVACY_TYPES
from memveil.type_names import ALIASES

__all__ = ["MAX_OF_TYPE", "MAX_SPREAD", "MAX_VALUES", "QueryExpansion", "ValueSource"]

MAX_VALUES = 5
"""So many placeholders of values that share words with the query are added, at most."""

MAX_SPREAD = 5
"""A word that stands in more values than this says nothing about one of them."""

MAX_OF_TYPE = 5
"""The placeholders of a type are added where the scope has no more of it than this."""

_WORD = re.compile(r"[\u3400-\u9fff]+|[^\W_\u3400-\u9fff]+")
_SHORTEST = 3
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        """
        about above after again all also and any are because been before being below between both but can could
        did does doing down during each ever few for from further get got had has have having her here hers him
        his how into its just like made make many more most much must not now off once one only other our out
        over own same she should some such than that the their them then there these they this those through too
        under until upon use used very was were what when where which while who whom whose why will with would
        you your
        """,
    )
)


class Revision(Protocol):
    """State of the scope: compared with the one seen last."""

    @property
    def incarnation(self) -> bytes: ...
    @property
    def erasures(self) -> int: ...
    @property
    def position(self) -> int: ...


class StoredValue(Protocol):
    """What is needed of a vault's entry."""

    @property
    def placeholder(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def privacy_type(self) -> str: ...
    @property
    def position(self) -> int: ...


class ValueSource(Protocol):
    """Where the stored values of a scope come from."""

    def revision(self) -> Revision:
        """Cheap to ask: has anything changed?"""
        ...

    def known(self, after: int = 0) -> Iterable[StoredValue]:
        """Stored values with a position above ``after``, in order."""
        ...


class QueryExpansion:
    """Finds the placeholders that a query may mean. Thread-safe; holds words of the scope's values in memory.

    Values that live in memory only (PL4) are never looked for.

    Args:
        source: the scope; asked at each query for what is new, by whatever process.
    """

    def __init__(self, source: ValueSource) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._life: tuple[bytes, int] | None = None
        self._position = 0
        self._places: dict[str, list[str]] = {}
        self._sizes: dict[str, int] = {}
        self._by_type: dict[str, list[str]] = {}

    def related(self, text: str) -> tuple[str, ...]:
        """Placeholders of values that share a rare word with ``text``, best first; then those of a named type."""
        asked = _words(text)
        with self._lock:
            self._refresh()
            shared: defaultdict[str, list[float]] = defaultdict(list)
            for word in asked:
                places = self._places.get(word, ())
                for placeholder in places if len(places) <= MAX_SPREAD else ():
                    shared[placeholder].append(1 / len(places))
            rank = {
                placeholder: sum(rarities) * len(rarities) / math.sqrt(self._sizes[placeholder])
                for placeholder, rarities in shared.items()
            }
            best = sorted(rank, key=lambda placeholder: (-rank[placeholder], placeholder))[:MAX_VALUES]
            named = [
                placeholder
                for kind, placeholders in self._by_type.items()
                if len(placeholders) <= MAX_OF_TYPE and _names_of(kind).search(text) is not None
                for placeholder in placeholders
            ]
        return tuple(dict.fromkeys([*best, *named]))

    def _refresh(self) -> None:
        revision = self._source.revision()
        life = (revision.incarnation, revision.erasures)
        if life != self._life:
            # Something was erased: what was erased must not be found again.
            self._life, self._position = life, 0
            self._places, self._sizes, self._by_type = {}, {}, {}
        if revision.position <= self._position:
            return
        for entry in self._source.known(self._position):
            self._position = max(self._position, entry.position)
            if entry.privacy_type in PRIVACY_TYPES:
                self._add(entry)

    def _add(self, entry: StoredValue) -> None:
        words = _words(entry.value)
        self._sizes[entry.placeholder] = len(words)
        for word in words:
            _put(self._places, word, entry.placeholder, MAX_SPREAD)
        _put(self._by_type, entry.privacy_type, entry.placeholder, MAX_OF_TYPE)


def _put(table: dict[str, list[str]], key: str, placeholder: str, limit: int) -> None:
    """Add to a list that is of no use, and grows no more, once it is longer than ``limit``."""
    some = table.setdefault(key, [])
    if len(some) <= limit:
        some.append(placeholder)


def _words(text: str) -> frozenset[str]:
    """Words of three letters or more that say something, in lower case; of Chinese, pairs of neighbours."""
    found: set[str] = set()
    for run in _WORD.findall(fold(text).text.lower()):
        if "\u3400" <= run[0] <= "\u9fff":
            found.update(run[i : i + 2] for i in range(len(run) - 1))
        elif len(run) >= _SHORTEST and run not in _EMPTY:
            found.add(run)
    return frozenset(found)


@cache
def _names_of(kind: str) -> re.Pattern[str]:
    """What a question calls the type: its name, other names for it, its name in Chinese."""
    western = "|".join(re.escape(name) for name in (kind, *ALIASES.get(kind, ())))
    names = [rf"(?<![a-z])(?:{western})s?(?![a-z])", *map(re.escape, PRIVACY_TYPES[kind].translations)]
    return re.compile("|".join(names), re.IGNORECASE)
