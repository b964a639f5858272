"""What is still readable: on the wire, by what was covered; at rest, by the bytes of the store."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from memveil.metrics import Annotation, Share
from memveil.spans import PrivacyLevel

__all__ = ["Exposed", "distinctive", "exposed", "shown_values", "stored_values"]

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
    hidden = [False] * len(text)
    for start, end in covered:
        hidden[start:end] = [True] * (end - start)
    private = [False] * len(text)
    result = Exposed()
    for item in reference:
        start = text.find(item.value)
        if start < 0 or not item.value:
            continue
        for match in re.finditer(re.escape(item.value), text):
            private[match.start() : match.end()] = [True] * len(item.value)
        visible = [i for i, char in enumerate(item.value, start) if not char.isspace()]
        readable = sum(not hidden[i] for i in visible)
        leak = Share(int(readable > _READABLE * max(1, len(visible))), 1)
        result.levels[item.level] = result.levels.get(item.level, Share()) + leak
        result.types[item.privacy_type] = result.types.get(item.privacy_type, Share()) + leak
    needless = sum(h and not p for h, p in zip(hidden, private, strict=True))
    result.overmasked = Share(needless, private.count(False))
    return result


def distinctive(value: str) -> bool:
    """Whether finding the value somewhere means that it was copied: `35` stands everywhere."""
    visible = sum(char.isalnum() for char in value)
    return visible >= _MIN_CHARACTERS or len(_HAN.findall(value)) >= _MIN_HAN


def stored_values(values: Iterable[Annotation], store: bytes) -> dict[PrivacyLevel, Share]:
    """How many distinct distinctive values stand verbatim in the bytes of a store, by level."""
    highest: dict[str, PrivacyLevel] = {}
    for item in values:
        if distinctive(item.value):
            highest[item.value] = max(item.level, highest.get(item.value, PrivacyLevel.PL1))
    found: Counter[PrivacyLevel] = Counter()
    for value, level in highest.items():
        found[level] += value.encode("utf-8", "surrogatepass") in store
    totals = Counter(highest.values())
    return {level: Share(found[level], totals[level]) for level in sorted(totals)}


def shown_values(sent: str, known: Iterable[str]) -> int:
    """How many values that the vault knew already stand as whole words in what was sent."""
    return sum(
        value in sent and re.search(rf"(?<![0-9A-Za-z_]){re.escape(value)}(?![0-9A-Za-z_])", sent) is not None
        for value in known
        if distinctive(value)
    )
