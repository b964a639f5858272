"""How good a detector is: the reference metric, and what it leaves readable.

The score is that of MemPrivacy (arXiv 2605.09530, its published evaluation),
restated: every user message is compared with its annotations, pair by pair, and
the figures are means over messages. Beside it stand the two figures that matter
to a user: how many annotated values stay readable (leak), and how much of the
rest is covered needlessly (over-masking).

Pure: no file, no clock, no model. A type similarity may be passed in.
"""

from __future__ import annotations

from memveil.metrics.exposure import Exposure, Share, measure_exposure
from memveil.metrics.matching import greedy_matching, optimal_matching
from memveil.metrics.pairs import (
    LENIENT_TYPES,
    Annotation,
    Form,
    TypeSimilarity,
    equal_names,
    pair_score,
    text_score,
)
from memveil.metrics.report import Matching, MessageScore, Quality, Report, score_message, summarize

__all__ = [
    "LENIENT_TYPES",
    "Annotation",
    "Exposure",
    "Form",
    "Matching",
    "MessageScore",
    "Quality",
    "Report",
    "Share",
    "TypeSimilarity",
    "equal_names",
    "greedy_matching",
    "measure_exposure",
    "optimal_matching",
    "pair_score",
    "score_message",
    "summarize",
    "text_score",
]
