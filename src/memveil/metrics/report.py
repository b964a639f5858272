"""From one message's annotations to its scores, and from many messages to the report."""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from memveil.metrics.exposure import Exposure, Share, measure_exposure
from memveil.metrics.matching import greedy_matching, optimal_matching
from memveil.metrics.pairs import Annotation, Form, TypeSimilarity, equal_names, pair_score
from memveil.spans import PrivacyLevel

__all__ = ["Matching", "MessageScore", "Quality", "Report", "score_message", "summarize"]


class Matching(enum.Enum):
    """How predictions are paired with references."""

    GREEDY = "greedy"
    OPTIMAL = "optimal"


@dataclass(frozen=True, slots=True)
class Quality:
    """Precision, recall and F1, each in ``[0, 1]`` for a message, in percent in a report."""

    precision: float
    recall: float
    f1: float


Scores = Mapping[tuple[Form, Matching], Quality]


@dataclass(frozen=True, slots=True)
class MessageScore:
    """Everything measured on one message; holds counts and scores, no text.

    Args:
        annotated: whether the message has reference annotations.
        scores: quality by form and matching, in ``[0, 1]``.
        exposure: leak and over-masking.
    """

    annotated: bool
    scores: Scores
    exposure: Exposure


@dataclass(frozen=True, slots=True)
class Report:
    """Means over messages, in percent.

    Args:
        messages: how many messages were scored.
        annotated_messages: how many of them have reference annotations.
        scores: mean quality by form and matching. F1 is the mean of the
            messages' F1, not the harmonic mean of the other two.
        annotated_scores: the same over annotated messages only.
        floor: F1 of a detector that never finds anything.
        leaks: reference values left readable, by level.
        overmasked: characters covered outside every reference value.
    """

    messages: int
    annotated_messages: int
    scores: Scores
    annotated_scores: Scores
    floor: float
    leaks: Mapping[PrivacyLevel, Share]
    overmasked: Share


def score_message(
    message: str,
    predicted: Sequence[Annotation],
    reference: Sequence[Annotation],
    *,
    similarity: TypeSimilarity = equal_names,
) -> MessageScore:
    """Score the predictions for one message in every form and matching.

    Predictions that repeat a value with the same level count once.

    Args:
        message: the text that was annotated.
        predicted: what the detector found.
        reference: what it should have found.
        similarity: likeness of two different type names.
    """
    first: dict[tuple[str, PrivacyLevel], Annotation] = {}
    for item in predicted:
        first.setdefault((item.value, item.level), item)
    unique = tuple(first.values())
    scores: dict[tuple[Form, Matching], Quality] = {}
    for form in Form:
        matrix = [[pair_score(p, r, message, form=form, similarity=similarity) for r in reference] for p in unique]
        for matching in Matching:
            scores[form, matching] = _quality(matrix, len(unique), len(reference), matching)
    return MessageScore(bool(reference), scores, measure_exposure(message, unique, reference))


def summarize(messages: Iterable[MessageScore]) -> Report:
    """Average the scores of messages; an empty input gives an all-zero report."""
    scored = list(messages)
    annotated = [score for score in scored if score.annotated]
    leaks: dict[PrivacyLevel, Share] = {}
    overmasked = Share()
    for score in scored:
        overmasked += score.exposure.overmasked
        for level, share in score.exposure.leaks.items():
            leaks[level] = leaks.get(level, Share()) + share
    return Report(
        messages=len(scored),
        annotated_messages=len(annotated),
        scores=_means(scored),
        annotated_scores=_means(annotated),
        floor=Share(len(scored) - len(annotated), len(scored)).percent,
        leaks=dict(sorted(leaks.items())),
        overmasked=overmasked,
    )


def _quality(matrix: Sequence[Sequence[float]], predictions: int, references: int, matching: Matching) -> Quality:
    """Quality of one message; silence where nothing was to be found is perfect."""
    if not predictions and not references:
        return Quality(1.0, 1.0, 1.0)
    if not predictions or not references:
        return Quality(0.0, 0.0, 0.0)
    match_pairs = greedy_matching if matching is Matching.GREEDY else optimal_matching
    total = math.fsum(matrix[i][j] for i, j in match_pairs(matrix))
    precision, recall = total / predictions, total / references
    both = precision + recall
    return Quality(precision, recall, 2 * precision * recall / both if both else 0.0)


def _means(scored: Sequence[MessageScore]) -> Scores:
    """Mean quality by form and matching, in percent."""

    def mean(values: Iterable[float]) -> float:
        return 100 * math.fsum(values) / len(scored) if scored else 0.0

    means: dict[tuple[Form, Matching], Quality] = {}
    for key in product(Form, Matching):
        qualities = [score.scores[key] for score in scored]
        means[key] = Quality(
            mean(q.precision for q in qualities),
            mean(q.recall for q in qualities),
            mean(q.f1 for q in qualities),
        )
    return means
