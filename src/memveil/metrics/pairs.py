"""How well one predicted annotation fits one reference annotation.

Three parts, each in ``[0, 1]``: text, level, type. The forms say how the parts
become one number.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from memveil.spans import PrivacyLevel

__all__ = [
    "LENIENT_TYPES",
    "Annotation",
    "Form",
    "TypeSimilarity",
    "equal_names",
    "pair_score",
    "text_score",
]

TypeSimilarity = Callable[[str, str], float]
"""Two names of privacy types to their likeness in ``[0, 1]``; equal names never get here."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """A value of a message with its privacy type and level. The repr hides the value."""

    value: str = field(repr=False)
    privacy_type: str
    level: PrivacyLevel


class Form(enum.Enum):
    """How text, level and type score become one pair score."""

    PRODUCT = "product"
    MEAN = "mean"
    SPAN = "span"
    TEXT = "text"


# The reference's own list. Names that our type table does not have stay in it:
# annotations of others may carry them.
LENIENT_TYPES = frozenset(
    {
        "Accommodation Record",
        "Accommodation Records",
        "Communication Content",
        "Company/Organization Info",
        "Credit Report",
        "Credit Reports",
        "Debt/Loan",
        "Debt/Loan Info",
        "Document Info",
        "Document Scans",
        "Financial",
        "Itinerary/Trajectory",
        "Job Intent/Status",
        "Judicial Record",
        "Medical Health",
        "Medical Record",
        "Minor Info",
        "Minor Information",
        "Political Views/Stance",
        "Relationship Info",
        "Sensitive Identity",
        "Transaction Record",
        "Vulnerability Details",
    }
)
"""Types whose text is a phrase rather than a value: part of it earns part of the score."""

# A Chinese or Japanese character is a token, any other run without blanks is one.
_CJK = "\u4e00-\u9fff\u3040-\u309f\u30a0-\u30ff\u30fb"
_TOKEN = re.compile(rf"[{_CJK}]|[^{_CJK}\s]+")


def equal_names(first: str, second: str) -> float:
    """The similarity that needs no model: 1 for equal names, 0 for all others."""
    return float(first == second)


def text_score(predicted: str, reference: str, message: str, *, reference_type: str) -> float:
    """Likeness of two texts, in ``[0, 1]``.

    1 where they are equal and stand in ``message``. Otherwise 0, unless the
    reference type is lenient: then the F1 of their longest common run of tokens.
    """
    if not predicted or predicted not in message:
        return 0.0
    if predicted == reference:
        return 1.0
    if reference_type not in LENIENT_TYPES:
        return 0.0
    ours, theirs = _TOKEN.findall(predicted), _TOKEN.findall(reference)
    if not ours or not theirs:
        return 0.0
    return 2 * _longest_common_run(ours, theirs) / (len(ours) + len(theirs))


def pair_score(
    predicted: Annotation, reference: Annotation, message: str, *, form: Form, similarity: TypeSimilarity
) -> float:
    """The score of one pair in one form, in ``[0, 1]``."""
    text = text_score(predicted.value, reference.value, message, reference_type=reference.privacy_type)
    if form is Form.TEXT:
        return text
    # Only the mean pays for level and type where the text is wrong: a known
    # weakness of that form, kept because the reference publishes it.
    if form is not Form.MEAN and text == 0:
        return 0.0
    level = float(predicted.level == reference.level)
    if form is Form.SPAN:
        return text * level
    if predicted.privacy_type == reference.privacy_type:
        kind = 1.0
    else:
        kind = similarity(predicted.privacy_type, reference.privacy_type)
    return (text + level + kind) / 3 if form is Form.MEAN else text * level * kind


def _longest_common_run(first: Sequence[str], second: Sequence[str]) -> int:
    """Length of the longest run of tokens that stands in both, by dynamic programming."""
    best = 0
    previous = [0] * (len(second) + 1)
    for token in first:
        current = [0] * (len(second) + 1)
        for j, other in enumerate(second, 1):
            if token == other:
                current[j] = previous[j - 1] + 1
                best = max(best, current[j])
        previous = current
    return best
