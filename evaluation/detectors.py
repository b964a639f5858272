"""The detectors that are compared. Each turns a person's texts into spans; what follows is memveil for all."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import msgspec

from evaluation.datasets.locomo import speakers
from evaluation.datasets.place import ROOT
from evaluation.detection_cache import DetectionCache, Found
from evaluation.fingerprints import CASCADE, RULES, digest_of
from evaluation.material import DataSet, Memory, Person
from memveil.detect import Context, Recognizer, detect
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.defaults import default_recognizers, rule_recognizers
from memveil.spans import PrivacyLevel, Span
from memveil.type_names import nearest_type

__all__ = [
    "DETECTORS",
    "AnnotationDetector",
    "CascadeDetector",
    "Detector",
    "NamedEntityDetector",
    "PeerDetector",
    "Replayed",
    "detector_for",
]

PEERS = ROOT / "benchmarks" / "peers"
PEER_PYTHON = ROOT / ".venv-peers" / "bin" / "python"
DETECTORS = ("reference", "memveil", "rules", "presidio", "argus-redact")
"""Names of the detectors, best known first."""

Texts = Iterable[str]
Tick = Callable[[], None]


class Detector(Protocol):
    """Finds what is private in one person's texts."""

    @property
    def fingerprint(self) -> str:
        """What its answers depend on."""
        ...

    def detect(self, person: Person, *, cache: DetectionCache, tick: Tick) -> Mapping[str, Found]:
        """Spans of every memory and question; ``tick`` is called once a text."""
        ...


@dataclass(frozen=True, slots=True)
class Replayed:
    """A recognizer that says what a detector said before: so every detector runs in the same pipeline."""

    found: Mapping[str, Found] = field(repr=False)
    name: str = "replayed"

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """The spans of a text that was detected; an unknown text is an error."""
        del context
        return self.found[text].spans


def detector_for(name: str, data: DataSet) -> Detector | None:
    """The detector of that name for a data set; ``None`` where it cannot run here or has no reference."""
    match name:
        case "memveil":
            return CascadeDetector(default_recognizers(), digest_of(CASCADE))
        case "rules":
            return CascadeDetector(rule_recognizers(), digest_of(RULES))
        case "reference" if data.annotated:
            return AnnotationDetector()
        case "reference" if data.name == "locomo10":
            worker = ROOT / "evaluation" / "workers" / "named_entities.py"
            return NamedEntityDetector(PeerDetector(worker)) if PEER_PYTHON.exists() else None
        case "presidio" | "argus-redact":
            worker = PEERS / f"{name.partition('-')[0]}.py"
            return PeerDetector(worker) if worker.exists() and PEER_PYTHON.exists() else None
        case _:
            return None


class AnnotationDetector:
    """What the annotators marked; in questions nothing, so that only known values are protected there."""

    fingerprint = "annotations"

    def detect(self, person: Person, *, cache: DetectionCache, tick: Tick) -> Mapping[str, Found]:
        """Each annotated value of a memory, wherever it stands in that memory."""
        del cache
        found = {question.text: Found((), 0.0) for question in person.questions}
        for memory in person.memories:
            tick()
            found[memory.text] = Found(tuple(_annotated(memory)), 0.0)
        return found


def _annotated(memory: Memory) -> Iterator[Span]:
    for item in memory.reference:
        kind, _ = nearest_type(item.privacy_type, item.level)
        for match in re.finditer(re.escape(item.value), memory.text):
            yield Span(match.start(), match.end(), kind, item.level, recognizer="reference")


class CascadeDetector:
    """Recognizers of memveil."""

    def __init__(self, recognizers: Sequence[Recognizer], fingerprint: str) -> None:
        self._recognizers = recognizers
        self.fingerprint = fingerprint

    def detect(self, person: Person, *, cache: DetectionCache, tick: Tick) -> Mapping[str, Found]:
        """Spans and times, one text at a time."""

        def one(text: str) -> Found:
            begin = time.perf_counter()
            spans = detect(text, self._recognizers, Context(person.user_name))
            return Found(spans, 1000 * (time.perf_counter() - begin))

        return _remembered(self.fingerprint, person, cache, tick, lambda texts: map(one, texts))


class PeerDetector:
    """A tool of others, in its own environment and process."""

    def __init__(self, worker: Path, *, python: Path = PEER_PYTHON) -> None:
        self._worker = worker
        self._python = python
        self.fingerprint = digest_of([worker, ROOT / "benchmarks" / "requirements-peers.txt"])

    def detect(self, person: Person, *, cache: DetectionCache, tick: Tick) -> Mapping[str, Found]:
        """Spans as the tool found them; its types are mapped by its worker."""
        return _remembered(self.fingerprint, person, cache, tick, lambda texts: self._ask(texts, person.user_name))

    def _ask(self, texts: Texts, user_name: str | None) -> Iterator[Found]:
        command = [str(self._python), str(self._worker)]
        with subprocess.Popen(  # noqa: S603 - our own interpreter and script
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=self._worker.parent,
            env={**os.environ, "PYTHONWARNINGS": "ignore"},
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise OSError("no pipe")
            for text in texts:
                request = {"text": text.encode("utf-8", "replace").decode(), "user_name": user_name or ""}
                process.stdin.write(msgspec.json.encode(request) + b"\n")
                process.stdin.flush()
                reply = msgspec.json.decode(process.stdout.readline())
                yield Found(tuple(_peer_span(*span) for span in reply["spans"] if span[0] < span[1]), reply["ms"])


def _peer_span(start: int, end: int, kind: str) -> Span:
    name, level = nearest_type(kind, PrivacyLevel.PL2)
    return Span(start, end, name, level, recognizer="peer")


# `7 May 2023`, `May 7th`, `in May 2023`; a bare weekday or `last week` tells no date.
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"\b(?:{_DAY} (?:of )?(?:{_MONTHS})|(?:{_MONTHS}) {_DAY}\b|(?:{_MONTHS})(?=,? \d{{4}}))(?:,? \d{{4}})?"
)


class NamedEntityDetector:
    """Names, places, organizations and dates: a stand-in where nobody annotated."""

    def __init__(self, entities: Detector) -> None:
        self._entities = entities
        self.fingerprint = f"entities-{entities.fingerprint}"

    def detect(self, person: Person, *, cache: DetectionCache, tick: Tick) -> Mapping[str, Found]:
        """Entities of the worker, the speakers' names, and dates with a month."""
        names = [name for name in speakers(person) if name.strip()]
        spoken = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
        found = self._entities.detect(person, cache=cache, tick=tick)
        return {
            text: Found(
                (
                    *each.spans,
                    *_matches(spoken, text, "Third-Party Identifiable Info"),
                    *_matches(_DATE, text, "Itinerary/Trajectory"),
                ),
                each.ms,
            )
            for text, each in found.items()
        }


def _matches(expression: re.Pattern[str], text: str, kind: str) -> Iterator[Span]:
    for match in expression.finditer(text):
        yield Span(match.start(), match.end(), kind, PRIVACY_TYPES[kind].level, recognizer="reference")


def _remembered(
    fingerprint: str,
    person: Person,
    cache: DetectionCache,
    tick: Tick,
    detect_all: Callable[[Texts], Iterable[Found]],
) -> dict[str, Found]:
    texts = list(dict.fromkeys([m.text for m in person.memories] + [q.text for q in person.questions]))
    found = cache.get(fingerprint, person.user_name, texts)
    for _ in found:
        tick()
    missing = [text for text in texts if text not in found]
    fresh: dict[str, Found] = {}
    for text, each in zip(missing, detect_all(missing), strict=True) if missing else ():
        tick()
        fresh[text] = each
    cache.put(fingerprint, person.user_name, fresh)
    return found | fresh
