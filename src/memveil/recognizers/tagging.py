"""From the tagger's scores to spans: constrained decoding, whole words, a type for each span.

The model says for each piece of text whether a span begins, goes on, or none
(B, I, O), and how much each piece speaks for each privacy type. Decoding finds
the best sequence in which no span goes on that did not begin (Viterbi 1967),
snaps its borders to whole words, and lets the pieces of a span, its first piece
and the pieces before it vote on its type. Training and runtime share this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "LEFT_CONTEXT",
    "Doubt",
    "Scores",
    "Tagged",
    "best_tags",
    "decode",
    "doubts",
    "snap",
    "tag_runs",
    "type_scores",
]

Floats = NDArray[np.float32]

LEFT_CONTEXT = 8
"""How many pieces before a span vote on its type: the cue stands there."""

_OUTSIDE, _BEGIN, _INSIDE = 0, 1, 2
_PAIRS = {"(": ")", "（": "）", "[": "]", "【": "】", "《": "》", "“": "”", "‘": "’", "「": "」", '"': '"'}
_EDGE = " \t\r\n\u3000,，;；。、：:"


@dataclass(frozen=True, slots=True)
class Scores:
    """The model's output for one window of ``n`` pieces and ``k`` privacy types.

    Args:
        tags: ``(n, 3)`` scores of outside, begin, inside.
        inside: ``(n, k)`` votes of a piece for the type of the span it is in.
        first: ``(n, k)`` votes of a piece for the type of the span it begins.
        before: ``(n, k)`` votes of a piece for the type of a span soon after it.
    """

    tags: Floats
    inside: Floats
    first: Floats
    before: Floats


@dataclass(frozen=True, slots=True)
class Tagged:
    """A decoded span: character range, index of its type, probability."""

    start: int
    end: int
    type_index: int
    score: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """How unsure the model is whether a piece of text is private.

    Args:
        start: first character.
        end: after the last one.
        amount: 0 where it is sure, 1 where both are as likely.
    """

    start: int
    end: int
    amount: float


def best_tags(tags: Floats) -> list[int]:
    """The best sequence of tags in which `inside` never follows `outside`."""
    if len(tags) == 0:
        return []
    rows = tags.tolist()
    outside, begin, inside = rows[0][0], rows[0][1], -1e9
    back: list[tuple[int, int, int]] = []
    for o, b, i in rows[1:]:
        best = max((outside, _OUTSIDE), (begin, _BEGIN), (inside, _INSIDE))
        into = (begin, _BEGIN) if begin >= inside else (inside, _INSIDE)
        back.append((best[1], best[1], into[1]))
        outside, begin, inside = best[0] + o, best[0] + b, into[0] + i
    tag = max((outside, _OUTSIDE), (begin, _BEGIN), (inside, _INSIDE))[1]
    path = [tag]
    for pointers in reversed(back):
        tag = pointers[tag]
        path.append(tag)
    return path[::-1]


def tag_runs(tags: Sequence[int]) -> list[tuple[int, int]]:
    """Half-open ranges of pieces that form spans."""
    runs: list[tuple[int, int]] = []
    for index, tag in enumerate(tags):
        if tag == _BEGIN:
            runs.append((index, index + 1))
        elif tag == _INSIDE and runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
    return runs


def type_scores(scores: Scores, first: int, last: int) -> Floats:
    """Scores ``(k,)`` of the types of the span of pieces ``[first, last)``."""
    votes = scores.inside[first:last].mean(axis=0) + scores.first[first]
    cue = scores.before[max(0, first - LEFT_CONTEXT) : first]
    if len(cue):
        votes = votes + cue.sum(axis=0) / LEFT_CONTEXT
    return np.asarray(votes, np.float32)


def snap(text: str, start: int, end: int) -> tuple[int, int]:
    """Move the borders of ``[start, end)`` to whole words; may return an empty range."""
    while start > 0 and _joins(text[start - 1], text[start]):
        start -= 1
    while end < len(text) and _joins(text[end - 1], text[end]):
        end += 1
    while start < end and text[start] in _EDGE:
        start += 1
    while start < end and text[end - 1] in _EDGE:
        end -= 1
    return _balance(text, start, end)


def decode(text: str, offsets: Sequence[tuple[int, int]], scores: Scores, *, outside_bias: float = 0.0) -> list[Tagged]:
    """Spans of one window.

    Args:
        text: the text that ``offsets`` refer to.
        offsets: character range of each piece.
        scores: the model's output for these pieces.
        outside_bias: added to the score of `outside`; below zero finds more.
    """
    tags = scores.tags.copy()
    tags[:, _OUTSIDE] += outside_bias
    found: list[Tagged] = []
    for first, last in tag_runs(best_tags(tags)):
        start, end = snap(text, offsets[first][0], offsets[last - 1][1])
        if start < end:
            votes = type_scores(scores, first, last)
            inside = scores.tags[first:last]
            odds = 1.0 - _softmax(inside)[:, _OUTSIDE]
            found.append(Tagged(start, end, int(votes.argmax()), float(odds.mean())))
    return found


def doubts(offsets: Sequence[tuple[int, int]], scores: Scores, *, outside_bias: float = 0.0) -> list[Doubt]:
    """The doubt about each piece of one window; arguments as those of :func:`decode`."""
    if not offsets:
        return []
    tags = scores.tags.copy()
    tags[:, _OUTSIDE] += outside_bias
    amounts = 1.0 - np.abs(1.0 - 2.0 * _softmax(tags)[:, _OUTSIDE])
    return [Doubt(start, end, float(amount)) for (start, end), amount in zip(offsets, amounts, strict=True)]


def _softmax(rows: Floats) -> Floats:
    powers = np.exp(rows - rows.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), np.float32)


def _joins(left: str, right: str) -> bool:
    """Whether two neighbouring characters belong to one word of an alphabet, or one number."""
    if left.isdecimal() and right.isdecimal():
        return True
    return _alphabetic(left) and _alphabetic(right)


def _alphabetic(char: str) -> bool:
    return char.isalpha() and ord(char) < 0x2E80


def _balance(text: str, start: int, end: int) -> tuple[int, int]:
    """Drop an opening mark at the start or a closing one at the end that has no partner inside."""
    inside = text[start:end]
    if inside and inside[0] in _PAIRS and _PAIRS[inside[0]] not in inside[1:]:
        return start + 1, end
    if inside and inside[-1] in _PAIRS.values():
        openers = [opener for opener, closer in _PAIRS.items() if closer == inside[-1]]
        if not any(opener in inside[:-1] for opener in openers):
            return start, end - 1
    return start, end
