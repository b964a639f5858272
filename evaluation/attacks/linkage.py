"""Linkage: whoever sees only protected conversations, without user ids, tries to tell which belong together.

The attacker gives every conversation the nearest other one, by cosine of
TF-IDF vectors, over placeholders alone or over the other words alone. With one
scope a user (as shipped) a value keeps its placeholder in all conversations;
with a scope a conversation numbers begin anew each time.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from evaluation.attacks.records import Finding
from evaluation.detection_cache import Found
from evaluation.material import DataSet, Memory, Person
from evaluation.protection import protection_for
from evaluation.scores import terms

__all__ = ["Conversation", "Linked", "conversations_of", "link", "run"]

_PLACEHOLDER = re.compile(r"<([A-Za-z][A-Za-z0-9_]*)_([0-9]+)>")
_CHUNK = 10


@dataclass(frozen=True, slots=True)
class Conversation:
    """What left in one conversation. The repr shows no text.

    Args:
        owner: index of the user; the attacker does not see it.
        text: everything that was sent.
        values: the private values behind it, to say how much of a profile is joined.
    """

    owner: int
    text: str = field(repr=False)
    values: frozenset[str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Linked:
    """How well it went, in percent.

    Args:
        right: conversations whose nearest other one is of the same user.
        chance: the same by guessing.
        joined: of a user's distinct values, the share that stands in one heap of linked conversations.
        foreign: of the conversations in that heap, those of other users.
    """

    right: float
    chance: float
    joined: float
    foreign: float


def conversations_of(person: Person) -> list[list[Memory]]:
    """The memories by their note, which is a date; in chunks of ten messages where there are no dates."""
    notes = list(dict.fromkeys(memory.note for memory in person.memories))
    if len(notes) > 1:
        return [[memory for memory in person.memories if memory.note == note] for note in notes]
    return [list(person.memories[i : i + _CHUNK]) for i in range(0, len(person.memories), _CHUNK)]


def run(data: DataSet, found: Callable[[Person], Mapping[str, Found]]) -> Finding:
    """Attack one data set, typed placeholders at PL2."""
    shared, rotated, raw = ([c for n, p in enumerate(data.people) for c in make(n, p, found(p))] for make in _WAYS)
    rows: list[tuple[str, ...]] = []
    for name, some, features in (
        ("one scope a user: placeholders alone", shared, placeholders),
        ("a scope a conversation: placeholders alone", rotated, placeholders),
        ("one scope a user: the other words alone", shared, other_words),
        ("one scope a user: words and placeholders", shared, terms),
        ("a scope a conversation: words and placeholders", rotated, terms),
        ("no protection: all words", raw, other_words),
    ):
        linked = link(some, features)
        figures = (linked.right, linked.chance, linked.joined, linked.foreign)
        rows.append((name, *(f"{figure:.1f}" for figure in figures)))
    return Finding(
        title=f"Linkage across conversations: {data.name}",
        lines=(
            f"{len(shared)} conversations of {len(data.people)} users, detected by the reference, typed, PL2+. The "
            "attacker links every conversation to its nearest other one. `right`: of the same user. `joined`: share of "
            "a user's private values whose placeholders end up in one heap of linked conversations, averaged over "
            "users, and never less than one conversation holds; `foreign`: what in that heap is of other users. Placeholders are numbered from 1 for every user, so "
            "without user ids the same placeholder stands for different values. Most memory systems hold user ids as "
            "well: then all conversations of a user are joined without any guess, and one scope a user tells besides "
            "which of them speak of the same value, by design; a scope a conversation does not tell that.",
        ),
        header=("what the attacker compares", "right, %", "by chance, %", "joined, %", "foreign, %"),
        rows=tuple(rows),
    )


def placeholders(text: str) -> list[str]:
    """The placeholders of a text."""
    return [match.group() for match in _PLACEHOLDER.finditer(text)]


def other_words(text: str) -> list[str]:
    """The words of a text that are no placeholder."""
    return terms(_PLACEHOLDER.sub(" ", text))


def link(conversations: Sequence[Conversation], features: Callable[[str], list[str]]) -> Linked:
    """Link every conversation to its nearest other one, and judge by the owners."""
    vectors = _tf_idf([features(each.text) for each in conversations])
    owners = [each.owner for each in conversations]
    heap = list(range(len(conversations)))
    hits = 0.0
    for index, vector in enumerate(vectors):
        others = [(_cosine(vector, other), j) for j, other in enumerate(vectors) if j != index]
        best = max((score for score, _ in others), default=0.0)
        nearest = [j for score, j in others if score == best]
        # Of equally near ones the attacker guesses.
        hits += sum(owners[j] == owners[index] for j in nearest) / max(1, len(nearest))
        if best > 0:
            _join(heap, index, nearest[0])
    sizes = Counter(owners)
    guesses = [(sizes[owner] - 1) / max(1, len(owners) - 1) for owner in owners]
    joined, foreign = _joined(conversations, [_root(heap, i) for i in range(len(heap))])
    count = max(1, len(conversations))
    return Linked(100 * hits / count, 100 * sum(guesses) / count, joined, foreign)


def _with_user_scope(owner: int, person: Person, found: Mapping[str, Found]) -> list[Conversation]:
    protection = protection_for(person, found, style="typed", threshold="PL2")
    return [
        _conversation(owner, part, [protection.protect(memory.text).text for memory in part])
        for part in conversations_of(person)
    ]


def _with_rotation(owner: int, person: Person, found: Mapping[str, Found]) -> list[Conversation]:
    result: list[Conversation] = []
    for number, part in enumerate(conversations_of(person)):
        alone = replace(person, name=f"{person.name}/{number}")
        protection = protection_for(alone, found, style="typed", threshold="PL2")
        result.append(_conversation(owner, part, [protection.protect(memory.text).text for memory in part]))
    return result


def _unprotected(owner: int, person: Person, found: Mapping[str, Found]) -> list[Conversation]:
    del found
    return [_conversation(owner, part, [memory.text for memory in part]) for part in conversations_of(person)]


_WAYS = (_with_user_scope, _with_rotation, _unprotected)


def _conversation(owner: int, part: Sequence[Memory], sent: Sequence[str]) -> Conversation:
    values = frozenset(item.value for memory in part for item in memory.reference)
    return Conversation(owner, "\n".join(sent), values)


def _tf_idf(documents: Sequence[Sequence[str]]) -> list[dict[str, float]]:
    counts = [Counter(document) for document in documents]
    spread = Counter(term for count in counts for term in count)
    vectors: list[dict[str, float]] = []
    for count in counts:
        vector = {t: (1 + math.log(n)) * math.log(len(documents) / spread[t]) for t, n in count.items()}
        length = math.sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        vectors.append({term: weight / length for term, weight in vector.items()})
    return vectors


def _cosine(first: Mapping[str, float], second: Mapping[str, float]) -> float:
    shorter, longer = (first, second) if len(first) < len(second) else (second, first)
    return round(sum(weight * longer.get(term, 0.0) for term, weight in shorter.items()), 12)


def _root(heap: list[int], index: int) -> int:
    while heap[index] != index:
        index = heap[index]
    return index


def _join(heap: list[int], first: int, second: int) -> None:
    heap[_root(heap, first)] = _root(heap, second)


def _joined(conversations: Sequence[Conversation], roots: Sequence[int]) -> tuple[float, float]:
    shares: list[float] = []
    foreign: list[float] = []
    for owner in sorted({each.owner for each in conversations}):
        mine = [i for i, each in enumerate(conversations) if each.owner == owner]
        every = frozenset().union(*(conversations[i].values for i in mine))
        if not every:
            continue
        heaps = {root: [i for i in mine if roots[i] == root] for root in {roots[i] for i in mine}}
        by_values = {r: len(frozenset().union(*(conversations[i].values for i in some))) for r, some in heaps.items()}
        largest = max(sorted(by_values), key=lambda root: by_values[root])
        shares.append(by_values[largest] / len(every))
        size = sum(root == largest for root in roots)
        foreign.append(1 - len(heaps[largest]) / size)
    count = max(1, len(shares))
    return 100 * sum(shares) / count, 100 * sum(foreign) / count
