"""The second stage: overlapping spans become disjoint, sorted spans that cover no less.

The law, for every level L: each character that some span of level L or higher
claimed before is covered by a span of level L or higher after. So no recognizer
can uncover, or lower, what another one found. The order of the input does not
matter.

How overlaps are settled:

* same level: the spans become one; the longest (then surest) gives the type;
* different levels: the higher one stands, and what sticks out of the lower one
  stands for itself, unless it is too short to mean anything alone, in which
  case the higher span grows over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from operator import attrgetter

from memveil.spans import PrivacyLevel, Span

__all__ = ["resolve"]

# A rest of fewer characters than this is no fact of its own: `https://`, `'s`.
_MIN_REST = 10


def resolve(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Make ``spans`` disjoint.

    Returns:
        Spans sorted by ``start``, no two of which share a character.
    """
    by_level: dict[PrivacyLevel, list[Span]] = {}
    for span in spans:
        by_level.setdefault(span.level, []).append(span)
    settled: list[Span] = []
    for level in sorted(by_level, reverse=True):
        settled = _lay_under(settled, _unite(by_level[level]))
    return tuple(settled)


def _rank(span: Span) -> tuple[int, float, int, str, str]:
    """Smallest first: longest, surest, leftmost, then by name to be total."""
    return (-len(span), -span.score, span.start, span.privacy_type, span.recognizer)


def _unite(spans: Sequence[Span]) -> list[Span]:
    """Join overlapping spans of one level into one that takes the best one's type."""
    groups: list[list[Span]] = []
    end = -1
    for span in sorted(spans, key=attrgetter("start", "end")):
        if span.start < end:
            groups[-1].append(span)
        else:
            groups.append([span])
        end = max(end, span.end)
    return [
        replace(min(group, key=_rank), start=group[0].start, end=max(span.end for span in group)) for group in groups
    ]


def _lay_under(upper: list[Span], lower: list[Span]) -> list[Span]:
    """Add disjoint ``lower`` spans below disjoint ``upper`` ones of higher level."""
    merged = list(upper)
    for span in lower:
        cursor = span.start
        rests: list[tuple[int, int]] = []
        covers = [i for i, other in enumerate(merged) if other.overlaps(span)]
        for i in covers:
            if merged[i].start > cursor:
                rests.append((cursor, merged[i].start))
            cursor = max(cursor, merged[i].end)
        if cursor < span.end:
            rests.append((cursor, span.end))
        for start, end in rests:
            neighbour = next((i for i in covers if start == merged[i].end or end == merged[i].start), None)
            if neighbour is not None and end - start < _MIN_REST:
                grown = merged[neighbour]
                merged[neighbour] = replace(grown, start=min(grown.start, start), end=max(grown.end, end))
            else:
                merged.append(replace(span, start=start, end=end))
        merged.sort(key=attrgetter("start"))
    return merged
