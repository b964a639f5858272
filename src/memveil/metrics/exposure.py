"""What stays readable after every predicted value was covered, and what is covered for nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from memveil.metrics.pairs import Annotation
from memveil.spans import PrivacyLevel

__all__ = ["Exposure", "Share", "measure_exposure"]

# More than this share of a value's visible characters still readable: it leaked.
_READABLE = 0.5


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of a total."""

    count: int = 0
    total: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.count + other.count, self.total + other.total)

    @property
    def percent(self) -> float:
        """The share in percent; 0 where there was nothing to count."""
        return 100 * self.count / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Exposure:
    """Leak and over-masking of one message.

    Args:
        leaks: values still readable, by level, out of the reference values that
            stand in the message. Levels without a value are absent.
        overmasked: characters covered, out of those outside every reference value.
    """

    leaks: Mapping[PrivacyLevel, Share]
    overmasked: Share


def measure_exposure(message: str, predicted: Sequence[Annotation], reference: Sequence[Annotation]) -> Exposure:
    """Cover the predicted values wherever they stand, and look what can be read.

    A reference value is looked at where it first stands; blanks do not count.
    """
    covered = _cover(message, (item.value for item in predicted))
    private = _cover(message, (item.value for item in reference))
    outside = private.count(False)
    needless = sum(ours and not theirs for ours, theirs in zip(covered, private, strict=True))
    leaks: dict[PrivacyLevel, Share] = {}
    for item in reference:
        start = message.find(item.value)
        if not item.value or start < 0:
            continue
        visible = [i for i, char in enumerate(item.value, start) if not char.isspace()]
        readable = sum(not covered[i] for i in visible)
        leaked = Share(int(readable > _READABLE * max(1, len(visible))), 1)
        leaks[item.level] = leaks.get(item.level, Share()) + leaked
    return Exposure(leaks, Share(needless, outside))


def _cover(message: str, values: Iterable[str]) -> list[bool]:
    """For each character, whether one of the values covers it.

    Longest first, and what is covered is not searched again: a value that
    overlaps an already covered one is not found there, as in the reference.
    """
    blank = next(mark for mark in map(chr, range(0xE000, 0x110000)) if mark not in message)
    rest = message
    # Sorting is stable, also downwards: of two values of one length the first given goes first.
    present = [value for value in values if value and value in message]
    for value in sorted(present, key=len, reverse=True):
        rest = rest.replace(value, blank * len(value))
    return [char == blank for char in rest]
