"""What is still readable: on the wire, by what was covered; at rest, by the bytes of the store.

Two units, never mixed in one comparison. A *place* is a value that annotators
marked in one text; a value that stands in twenty texts has twenty places. A
*value* is counted once a person, however often it stands. A store shows a
value as soon as one mention of it slipped through, marked by an annotator or
not, so shares of values are higher than shares of places.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from memveil.metrics import Annotation, Share
from memveil.spans import PrivacyLevel

__all__ = [
    "Exposed",
    "by_level",
    "distinct_values",
    "distinctive",
    "exposed",
    "known_in_store",
    "mentioned",
    "places_at_rest",
    "standing_in",
]

_READABLE = 0.5
_HAN = re.compile(r"[\u3400-\u9fff]")
_MIN_CHARACTERS = 5
_MIN_HAN = 3


@dataclass(slots=True)
class Exposed:
    """Leaks so far, by level and by privacy type, and characters covered needlessly."""

    levels: dict[PrivacyLevel, Share] = field(default_factory=dict[PrivacyLevel, Share])
    types: dict[str, Share] = field(default_factory=dict[str, Share])
    overmasked: Share = field(default_factory=Share)

    def add(self, other: Exposed) -> None:
        """Count another text."""
        for level, share in other.levels.items():
            self.levels[level] = self.levels.get(level, Share()) + share
        for name, share in other.types.items():
            self.types[name] = self.types.get(name, Share()) + share
        self.overmasked += other.overmasked


def exposed(text: str, covered: Iterable[tuple[int, int]], reference: Sequence[Annotation]) -> Exposed:
    """Leak and over-masking of one text.

    A value leaks where more than half of its visible characters are readable, at
    the place where it first stands: the rule of :mod:`memveil.metrics.exposure`.

    Args:
        text: the original text.
        covered: ranges of it that did not leave.
        reference: its annotations.
    """
    hidden = _hidden(text, covered)
    private = [False] * len(text)
    result = Exposed()
    for item in reference:
        start = text.find(item.value)
        if start < 0 or not item.value:
            continue
        for match in re.finditer(re.escape(item.value), text):
            private[match.start() : match.end()] = [True] * len(item.value)
        readable = sum(map(_visible, _pieces(item.value, hidden[start : start + len(item.value)])))
        leak = _leak(readable, item.value)
        result.levels[item.level] = result.levels.get(item.level, Share()) + leak
        result.types[item.privacy_type] = result.types.get(item.privacy_type, Share()) + leak
    needless = sum(h and not p for h, p in zip(hidden, private, strict=True))
    result.overmasked = Share(needless, private.count(False))
    return result


def places_at_rest(
    text: str, covered: Iterable[tuple[int, int]], reference: Sequence[Annotation], store: bytes
) -> dict[PrivacyLevel, Share]:
    """Leak of one stored text at rest, place by place, with the rule of :func:`exposed`.

    A character counts as readable if it left and the run of characters that left
    with it stands in the bytes of the store. So the unit is that of the wire and
    of a detector's own leak, and the three may be compared.

    Args:
        text: the original text.
        covered: ranges of it that did not leave.
        reference: its annotations.
        store: every byte that the system keeps.
    """
    hidden = _hidden(text, covered)
    result: dict[PrivacyLevel, Share] = {}
    for item in reference:
        start = text.find(item.value)
        if start < 0 or not item.value:
            continue
        pieces = _pieces(item.value, hidden[start : start + len(item.value)])
        readable = sum(_visible(piece) for piece in pieces if _coded(piece) in store)
        result[item.level] = result.get(item.level, Share()) + _leak(readable, item.value)
    return result


def distinctive(value: str) -> bool:
    """Whether finding the value somewhere means that it was copied: `35` stands everywhere."""
    visible = sum(char.isalnum() for char in value)
    return visible >= _MIN_CHARACTERS or len(_HAN.findall(value)) >= _MIN_HAN


def distinct_values(values: Iterable[Annotation]) -> dict[str, PrivacyLevel]:
    """The distinctive values, each once, with the highest level that it was given."""
    highest: dict[str, PrivacyLevel] = {}
    for item in values:
        if distinctive(item.value):
            highest[item.value] = max(item.level, highest.get(item.value, PrivacyLevel.PL1))
    return highest


def standing_in(store: bytes, values: Iterable[str]) -> frozenset[str]:
    """Those of the values that stand verbatim in the bytes, in the midst of a word too."""
    return frozenset(value for value in values if _coded(value) in store)


def by_level(values: Mapping[str, PrivacyLevel], found: Collection[str]) -> dict[PrivacyLevel, Share]:
    """How many of the values were found, by their level."""
    counts = Counter(level for value, level in values.items() if value in found)
    totals = Counter(values.values())
    return {level: Share(counts[level], totals[level]) for level in sorted(totals)}


def mentioned(text: str, values: Iterable[str]) -> frozenset[str]:
    """Which distinctive values stand as whole words in the text."""
    return frozenset(value for value in values if value in text and distinctive(value) and _as_word(value, text))


def known_in_store(since: Mapping[str, int], original: Sequence[str], sent: Sequence[str], store: bytes) -> Share:
    """Values that the vault held when a text with them was stored: how many the store shows for all that.

    A value that stands in a text stored before the vault held it is not counted
    for that text; where no text that was sent explains the bytes, it is counted.

    Args:
        since: values that the vault came to hold, and the index of the first text after that.
        original: the texts.
        sent: what left in their place.
        store: every byte that the system keeps.

    Returns:
        The count of values shown, out of those that stand as a word in a text stored since.
    """
    result = Share()
    # An index keeps words in lower case: they are explained by the same word in another case.
    explained = "\0".join(sent).lower()
    for value, first in since.items():
        if any(mentioned(text, (value,)) for text in original[first:]):
            again = any(mentioned(text, (value,)) for text in sent[first:])
            unexplained = value.lower() not in explained
            result += Share(int(_coded(value) in store and (again or unexplained)), 1)
    return result


def _as_word(value: str, text: str) -> bool:
    return re.search(rf"(?<![0-9A-Za-z_]){re.escape(value)}(?![0-9A-Za-z_])", text) is not None


def _hidden(text: str, covered: Iterable[tuple[int, int]]) -> list[bool]:
    hidden = [False] * len(text)
    for start, end in covered:
        hidden[start:end] = [True] * (end - start)
    return hidden


def _pieces(value: str, hidden: Sequence[bool]) -> Iterator[str]:
    """The runs of a value's characters that are not hidden."""
    for is_hidden, run in groupby(zip(value, hidden, strict=True), key=lambda pair: pair[1]):
        if not is_hidden:
            yield "".join(char for char, _ in run)


def _visible(piece: str) -> int:
    return sum(not char.isspace() for char in piece)


def _leak(readable: int, value: str) -> Share:
    return Share(int(readable > _READABLE * max(1, _visible(value))), 1)


def _coded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
