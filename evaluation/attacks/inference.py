"""Inference: can what is left of the text, with the placeholder's type, give the value away?

The attacker holds a list of candidates that is known to contain the right
value, which is more than a real one has, and guesses the candidate whose
sentence embedding is nearest to the protected texts in which the placeholder
stands. Beside it a plainer leak: words of a masked value that are still
readable somewhere in the same user's texts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from evaluation.attacks.records import Finding
from evaluation.detection_cache import Found
from evaluation.embedding import Array
from evaluation.material import DataSet, Person
from evaluation.protection import Guarded, protection_for
from evaluation.scores import content_tokens, terms

__all__ = ["Guess", "Target", "guess", "readable_words", "run", "targets_of"]

_PLACEHOLDER = re.compile(r"<[A-Za-z][A-Za-z0-9_]*_[0-9]+>")
_MIN_TARGETS = 20
_CONTEXTS = 3
_MIN_WORD = 4


@dataclass(frozen=True, slots=True)
class Target:
    """A masked value, as the attacker meets it. The repr shows nothing of it.

    Args:
        value: what is behind the placeholder.
        privacy_type: its type, which the placeholder tells.
        contexts: protected texts in which the placeholder stands, the placeholder taken out.
        owner: name of the user.
    """

    value: str = field(repr=False)
    privacy_type: str
    contexts: tuple[str, ...] = field(repr=False)
    owner: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Guess:
    """How often the right candidate is first, in percent, and by chance."""

    targets: int
    first: float
    chance: float


def targets_of(person: Person, found: Mapping[str, Found]) -> tuple[list[Target], list[str]]:
    """What a user's memories look like to the attacker: targets, and all texts that left."""
    protection = protection_for(person, found, style="typed", threshold="PL2")
    if not isinstance(protection, Guarded):
        raise TypeError("typed placeholders come from a guard")
    sent = [protection.protect(memory.text).text for memory in person.memories]
    contexts: defaultdict[str, list[str]] = defaultdict(list)
    for text in sent:
        for placeholder in dict.fromkeys(_PLACEHOLDER.findall(text)):
            contexts[placeholder].append(_PLACEHOLDER.sub(" ", text))
    types = protection.tag_and_type()
    targets = [
        Target(protection.restore(placeholder), types[placeholder], tuple(some[:_CONTEXTS]), person.name)
        for placeholder, some in contexts.items()
        if placeholder in types
    ]
    return targets, sent


def guess(targets: Sequence[Target], candidates: Sequence[str], embed: Callable[[Sequence[str]], Array]) -> Guess:
    """Guess every target among the candidates."""
    if not targets:
        return Guess(0, 0.0, 0.0)
    pool = embed(candidates)
    right = 0
    for target in targets:
        scores = (embed(target.contexts) @ pool.T).max(axis=0)
        right += candidates[int(np.argmax(scores))] == target.value
    return Guess(len(targets), 100 * right / len(targets), 100 / len(candidates))


def readable_words(targets: Sequence[Target], sent: Mapping[str, Sequence[str]]) -> float:
    """Of the targets, in percent, those of which a word of four letters or more stands in their user's texts."""
    left = {
        owner: frozenset(t for text in some for t in terms(_PLACEHOLDER.sub(" ", text))) for owner, some in sent.items()
    }
    words = [
        frozenset(word for word in content_tokens(target.value) if len(word) >= _MIN_WORD) & left[target.owner]
        for target in targets
    ]
    return 100 * sum(map(bool, words)) / len(targets) if targets else 0.0


def run(
    data: DataSet, found: Callable[[Person], Mapping[str, Found]], embed: Callable[[Sequence[str]], Array]
) -> Finding:
    """Attack one data set, typed placeholders at PL2."""
    targets: list[Target] = []
    sent: dict[str, Sequence[str]] = {}
    for person in data.people:
        some, texts = targets_of(person, found(person))
        targets += some
        sent[person.name] = texts
    by_type: defaultdict[str, list[Target]] = defaultdict(list)
    for target in targets:
        by_type[target.privacy_type].append(target)
    everything = sorted({target.value for target in targets})
    rows: list[tuple[str, ...]] = []
    for name, some in sorted(by_type.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        if len(some) >= _MIN_TARGETS:
            typed = guess(some, sorted({target.value for target in some}), embed)
            untyped = guess(some, everything, embed)
            words = readable_words(some, sent)
            rows.append(
                (
                    name,
                    str(typed.targets),
                    *(f"{x:.1f}" for x in (typed.first, typed.chance, untyped.first, untyped.chance, words)),
                )
            )
    return Finding(
        title=f"Inference from context: {data.name}",
        lines=(
            "Detected by the reference, typed, PL2+. The candidates are all values of the data set of that type (with "
            "the type) or of all types (without it); the right one is always among them. The guess is the candidate "
            "nearest to up to three protected texts with the placeholder, by MiniLM. `words readable`: placeholders of "
            "whose value a word of four letters or more is still readable in some text of the same user; ordinary "
            "words of long phrases count too, and the first name by which a user is addressed, which the guideline does "
            "not call private. A language model that knows the world guesses better than an embedding "
            "does, without candidates; that is not measured here.",
        ),
        header=(
            "type",
            "placeholders",
            "guessed, %",
            "by chance, %",
            "without type, %",
            "by chance, %",
            "words readable, %",
        ),
        rows=tuple(rows),
    )
