"""Spans, and the two scales they carry: how private, and what is done about it.

A span says *where* something private stands, never *what* stands there: it
holds offsets into a text, not the text, so it is safe to log and to print.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

__all__ = ["Action", "PrivacyLevel", "Span"]


class PrivacyLevel(enum.IntEnum):
    """Four levels of privacy, after MemPrivacy (arXiv 2605.09530, section 3).

    PL1 is taste and mood and is kept. PL2 identifies a person. PL3 does large
    harm when exposed. PL4 can be used at once by whoever holds it.
    """

    PL1 = 1
    PL2 = 2
    PL3 = 3
    PL4 = 4

    def __str__(self) -> str:
        return self.name


class Action(enum.Enum):
    """What the policy decides for a span."""

    KEEP = "keep"
    PSEUDONYMIZE = "pseudonymize"
    REDACT = "redact"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range ``[start, end)`` of ``str`` indices that is private.

    Args:
        start: index of the first character.
        end: index after the last character; always greater than ``start``.
        privacy_type: a name of :data:`memveil.privacy_types.PRIVACY_TYPES`.
        level: at least the level of the type.
        score: confidence of the recognizer in ``(0, 1]``.
        recognizer: name of the recognizer that proposed the span.
        action: what the policy decided; ``KEEP`` until it was asked.
    """

    start: int
    end: int
    privacy_type: str
    level: PrivacyLevel
    score: float = 1.0
    recognizer: str = ""
    action: Action = Action.KEEP

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end
