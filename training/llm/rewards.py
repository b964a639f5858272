"""What an answer is worth: the rewards of ``grpo.py``. Pure; each of them lies in ``[0, 1]``.

The sum pays for the reference metric first. The others close the ways around it:

| reward | pays or costs | against |
|---|---|---|
| ``metric_reward`` | F1 of text x level x type, optimal matching | everything that is wrong |
| ``format_reward`` | a proper array of known types at their levels | answers that nobody can read |
| ``recall_reward`` | weight of the values covered, by level | silence, above all about secrets |
| ``over_masking_cost`` | other text covered | the whole message as one value |
| ``length_cost`` | much longer than the true answer | repetition, answers without an end |

An answer that is no valid array, or one cut off by the limit of tokens, earns nothing but costs: a detector that
fails closed cannot use it either.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import MappingProxyType

from memveil.metrics import Annotation, Form, equal_names, optimal_matching, pair_score
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.llm_answer import Item as AnswerItem
from memveil.recognizers.llm_answer import locate
from memveil.spans import PrivacyLevel

Spans = Sequence[tuple[int, int, str]]
"""True spans: half-open ranges of characters with privacy types."""

Item = dict[str, str]

FIELDS = frozenset({"original_text", "privacy_type", "privacy_level"})
LEVELS = MappingProxyType({str(level): level for level in PrivacyLevel if level > PrivacyLevel.PL1})
RECALL_WEIGHTS = MappingProxyType({PrivacyLevel.PL2: 1.0, PrivacyLevel.PL3: 1.5, PrivacyLevel.PL4: 2.0})
WEIGHTS = MappingProxyType({"metric": 1.0, "format": 0.2, "recall": 0.3, "over_masking": -1.0, "length": -0.2})
# A model may find a value more than the annotators did without paying for it by length.
_SPARE_LENGTH = 1.5
_SPARE_CHARACTERS = 120


def parse(answer: str) -> list[Item] | None:
    """The items of an answer in exactly the form asked for, else ``None``.

    Stricter than the recognizer's reader, which repairs what it can: who is paid for broken answers breaks them.
    """
    try:
        value = json.loads(answer)
    # Nested too deeply, it is no list of ours.
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, list):
        return None
    for item in value:
        if not isinstance(item, dict) or item.keys() != FIELDS:
            return None
        if not all(isinstance(part, str) for part in item.values()) or item["privacy_level"] not in LEVELS:
            return None
    return value


def format_reward(answer: str) -> float:
    """1 for an array of known types at their levels, without repetition; the share of such items; 0 if invalid."""
    items = parse(answer)
    if items is None:
        return 0.0
    proper = {
        (item["original_text"], item["privacy_type"])
        for item in items
        if item["original_text"].strip()
        and item["privacy_type"] in PRIVACY_TYPES
        and PRIVACY_TYPES[item["privacy_type"]].level is LEVELS[item["privacy_level"]]
    }
    return len(proper) / len(items) if items else 1.0


def metric_reward(answer: str, message: str, spans: Spans) -> float:
    """F1 of the reference metric, product form, optimal matching; every repetition counts as a wrong item."""
    items = parse(answer)
    if items is None:
        return 0.0
    found = [Annotation(i["original_text"], i["privacy_type"], LEVELS[i["privacy_level"]]) for i in items]
    gold = [
        Annotation(value, kind, PRIVACY_TYPES[kind].level)
        for value, kind in dict.fromkeys((message[start:end], kind) for start, end, kind in spans)
    ]
    if not found or not gold:
        return float(not found and not gold)
    scores = [[pair_score(f, g, message, form=Form.PRODUCT, similarity=equal_names) for g in gold] for f in found]
    return 2 * sum(scores[i][j] for i, j in optimal_matching(scores)) / (len(found) + len(gold))


def recall_reward(answer: str, message: str, spans: Spans) -> float:
    """Share of the private values' weight that is covered; a secret weighs twice what a name does."""
    if parse(answer) is None:
        return 0.0
    hidden = covered(answer, message)
    weights = [RECALL_WEIGHTS[PRIVACY_TYPES[kind].level] for _, _, kind in spans]
    seen = [len(hidden & set(range(start, end))) / (end - start) for start, end, _ in spans]
    return sum(w * s for w, s in zip(weights, seen, strict=True)) / sum(weights) if spans else 1.0


def over_masking_cost(answer: str, message: str, spans: Spans) -> float:
    """Share of the text that is not private and would be covered."""
    private = {at for start, end, _ in spans for at in range(start, end)}
    needless = covered(answer, message) - private
    return len(needless) / max(1, len(message) - len(private))


def length_cost(answer: str, truth: str) -> float:
    """0 up to half as long again as the true answer, and some characters; 1 from twice that on."""
    allowed = _SPARE_LENGTH * len(truth) + _SPARE_CHARACTERS
    return min(1.0, max(0.0, len(answer) / allowed - 1))


def covered(answer: str, message: str) -> set[int]:
    """The characters of the message that the recognizer would cover for this answer."""
    items = [
        AnswerItem(item["original_text"], item["privacy_type"], LEVELS[item["privacy_level"]])
        for item in parse(answer) or []
    ]
    found = locate(message, items, recognizer="answer").spans
    return {at for span in found for at in range(span.start, span.end)}


def each(answer: str, *, message: str, spans: Spans, truth: str) -> dict[str, float]:
    """All rewards and costs of one answer, by the names of :data:`WEIGHTS`."""
    return {
        "metric": metric_reward(answer, message, spans),
        "format": format_reward(answer),
        "recall": recall_reward(answer, message, spans),
        "over_masking": over_masking_cost(answer, message, spans),
        "length": length_cost(answer, truth),
    }


def total(answer: str, *, message: str, spans: Spans, truth: str) -> float:
    """The weighted sum that GRPO raises; 1.5 for the true answer, and no more for any other."""
    parts = each(answer, message=message, spans=spans, truth=truth)
    return sum(WEIGHTS[name] * part for name, part in parts.items())
