"""Measures one cell: protect, store, ask, restore, score."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluation.answering import Answering
from evaluation.cells import Cell
from evaluation.detection_cache import Found
from evaluation.leaks import (
    Exposed,
    by_level,
    distinct_values,
    exposed,
    known_in_store,
    mentioned,
    places_at_rest,
    standing_in,
)
from evaluation.material import DataSet, Person, Question
from evaluation.protection import Protection, Sent, protection_for
from evaluation.scores import agreement, choose, contains, coverage, recall
from evaluation.systems.base import SEPARATOR, Hit, System
from memveil.metrics import Share
from memveil.spans import PrivacyLevel

__all__ = ["RANKS", "Measured", "measure"]

RANKS = (1, 5, 10)
"""Recall is measured at these; everything else at the last."""

_NO_TEXT = "\u2400"
"""Stands for a covered range; no text of ours holds it."""

_SHORTEST = 3
# A value of so few characters stands in an answer by chance.


@dataclass(slots=True)
class Measured:
    """The figures of a cell; per question in the order of the data set, no text.

    Args:
        recalls: by rank, recall of the evidence; only questions with evidence.
        contained: whether the restored memories hold an accepted answer; only questions with one.
        covered: largest share of an accepted answer that they hold; the same questions.
        judged: credit for generated answers; only with an endpoint.
        chosen: credit for the multiple choice; only questions with options.
        agreed: share of the unprotected row's memories that were retrieved.
        top: what was retrieved, for that comparison.
        private: of the questions with an answer, those whose answer holds an annotated value.
        exact: retrieved memories that came home as they were written.
        wire: leaks in what the system received.
        detected: leaks if only the detector's own spans were covered.
        places: leaks in the bytes of the store, place by place like ``wire`` and ``detected``.
        rest: distinct values in the bytes of the store.
        rest_detected: the same if only the detector's own spans were covered.
        rest_late: of the distinct values in the store, those that the vault came to hold after one was stored.
        rest_known: distinct values in the store although the vault held them when the text was stored.
        known: mentions in what was sent of values that the vault held already, out of those in the originals.
        ms: time of detection by memory, in milliseconds.
        read_ms: time of detection of all texts, questions too, in milliseconds.
    """

    recalls: dict[int, list[float]] = field(default_factory=lambda: {k: [] for k in RANKS})
    contained: list[bool] = field(default_factory=list[bool])
    covered: list[float] = field(default_factory=list[float])
    judged: list[float] = field(default_factory=list[float])
    chosen: list[float] = field(default_factory=list[float])
    agreed: list[float] = field(default_factory=list[float])
    top: list[list[int]] = field(default_factory=list[list[int]])
    private: list[bool] = field(default_factory=list[bool])
    exact: Share = field(default_factory=Share)
    wire: Exposed = field(default_factory=Exposed)
    detected: Exposed = field(default_factory=Exposed)
    places: dict[PrivacyLevel, Share] = field(default_factory=dict[PrivacyLevel, Share])
    rest: dict[PrivacyLevel, Share] = field(default_factory=dict[PrivacyLevel, Share])
    rest_detected: dict[PrivacyLevel, Share] = field(default_factory=dict[PrivacyLevel, Share])
    rest_late: Share = field(default_factory=Share)
    rest_known: Share = field(default_factory=Share)
    known: Share = field(default_factory=Share)
    ms: list[float] = field(default_factory=list[float])
    read_ms: float = 0.0


def measure(
    cell: Cell,
    data: DataSet,
    *,
    found: Callable[[Person], Mapping[str, Found]],
    open_system: Callable[[], System],
    private_values: Callable[[Person], Collection[str]],
    unprotected_top: list[list[int]] | None,
    answering: Answering | None = None,
    tick: Callable[[Person], Any] = lambda _: None,
) -> Measured:
    """Measure a cell.

    Args:
        cell: what to measure.
        data: its data set.
        found: what the cell's detector found in a person's texts.
        open_system: a new, empty system of the cell's kind.
        private_values: a person's private values, the same for every row: which answers are made of them.
        unprotected_top: ``top`` of the unprotected row; ``None`` when this is that row.
        answering: asks for generated answers, which cost a request or two a question.
        tick: called after each person.
    """
    result = Measured()
    for person in data.people:
        detections = found(person)
        protection = protection_for(person, detections, style=cell.style, threshold=cell.threshold)
        since: dict[str, int] = {}
        sent: list[Sent] = []
        for index, memory in enumerate(person.memories):
            known = protection.known()
            since = {**dict.fromkeys(known, index), **since}
            sent.append(_send(result, known, memory.text, protection.protect))
        if data.annotated:
            _count_leaks(result, cell, person, sent, detections)
        result.ms += [detections[m.text].ms for m in person.memories if m.text in detections]
        result.read_ms += sum(each.ms for each in detections.values())
        private = frozenset(value for value in private_values(person) if len(value) > _SHORTEST)
        system = open_system()
        try:
            system.store([each.text for each in sent])
            if data.annotated:
                _count_at_rest(result, person, sent, since, held=protection.known(), store=system.at_rest())
            queries = [
                _send(result, protection.known(), question.text, protection.protect_query).text
                for question in person.questions
            ]
            answers = system.search(queries, RANKS[-1])
            for question, query, hits in zip(person.questions, queries, answers, strict=True):
                other = None if unprotected_top is None else unprotected_top[len(result.top)]
                _score(result, person, question=question, hits=hits, protection=protection, unprotected=other)
                if question.accepted:
                    result.private.append(any(v in answer for v in private for answer in question.accepted))
                if answering is not None:
                    texts = [hit.text for hit in hits]
                    credit = answering.credit(question, query, texts, protection.restore)
                    result.judged += [] if credit is None else [credit]
        finally:
            system.close()
        tick(person)
    return result


def _send(result: Measured, known: Collection[str], text: str, protect: Callable[[str], Sent]) -> Sent:
    sent = protect(text)
    there = mentioned(text, known)
    result.known += Share(len(mentioned(sent.text, there)), len(there))
    return sent


def _score(
    result: Measured,
    person: Person,
    *,
    question: Question,
    hits: list[Hit],
    protection: Protection,
    unprotected: list[int] | None,
) -> None:
    retrieved = [hit.index for hit in hits]
    homes = [protection.restore(hit.text) for hit in hits]
    originals = [person.memories[index] for index in retrieved]
    same = sum(home == memory.text for home, memory in zip(homes, originals, strict=True))
    result.exact += Share(same, len(homes))
    context = [*homes, *(memory.note for memory in originals)]
    result.top.append(retrieved)
    result.agreed.append(1.0 if unprotected is None else agreement(retrieved, unprotected))
    if question.evidence:
        for k in RANKS:
            result.recalls[k].append(recall(retrieved, question.evidence, k))
    if question.accepted:
        result.contained.append(contains(context, question.accepted))
        result.covered.append(coverage(context, question.accepted))
    if question.options and question.right is not None:
        result.chosen.append(choose(context, question.options, question.right))


def _count_leaks(
    result: Measured, cell: Cell, person: Person, sent: list[Sent], detections: Mapping[str, Found]
) -> None:
    alone: list[str] = []
    lowest = PrivacyLevel[cell.threshold] if cell.threshold in PrivacyLevel.__members__ else None
    for memory, each in zip(person.memories, sent, strict=True):
        result.wire.add(exposed(memory.text, each.covered, memory.reference))
        spans = detections[memory.text].spans if memory.text in detections else ()
        ranges = sorted((s.start, s.end) for s in spans if lowest is not None and s.level >= lowest)
        result.detected.add(exposed(memory.text, ranges, memory.reference))
        alone.append(_without(memory.text, ranges))
    values = distinct_values(person.values)
    readable = standing_in(SEPARATOR.join(alone).encode("utf-8", "surrogatepass"), values)
    _add(result.rest_detected, by_level(values, readable))


def _count_at_rest(
    result: Measured,
    person: Person,
    sent: Sequence[Sent],
    since: Mapping[str, int],
    *,
    held: Collection[str],
    store: bytes,
) -> None:
    for memory, each in zip(person.memories, sent, strict=True):
        _add(result.places, places_at_rest(memory.text, each.covered, memory.reference, store))
    values = distinct_values(person.values)
    found = standing_in(store, values)
    _add(result.rest, by_level(values, found))
    result.rest_late += Share(len(found & frozenset(held)), len(found))
    result.rest_known += known_in_store(
        since, [memory.text for memory in person.memories], [each.text for each in sent], store
    )


def _without(text: str, ranges: list[tuple[int, int]]) -> str:
    parts: list[str] = []
    position = 0
    for start, end in ranges:
        parts += [text[position : max(start, position)], _NO_TEXT]
        position = max(end, position)
    return "".join([*parts, text[position:]])


def _add(total: dict[PrivacyLevel, Share], more: Mapping[PrivacyLevel, Share]) -> None:
    for level, share in more.items():
        total[level] = total.get(level, Share()) + share
