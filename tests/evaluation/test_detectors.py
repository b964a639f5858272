from __future__ import annotations

import sys
from pathlib import Path

import pytest

from evaluation.detection_cache import DetectionCache, Found
from evaluation.detectors import (
    AnnotationDetector,
    CascadeDetector,
    NamedEntityDetector,
    PeerDetector,
    Replayed,
    detector_for,
)
from evaluation.material import DataSet, Memory, Person, Question
from memveil.detect import Context
from memveil.spans import PrivacyLevel, Span
from memveil.testing import ScriptedRecognizer
from tests.evaluation.invented import annotation, data_set

WORKER = """
import json, sys
for line in sys.stdin:
    text = json.loads(line)["text"]
    at = text.find("Quimby")
    print(json.dumps({"spans": [[at, at + 6, "Person"]] if at >= 0 else [], "ms": 1.5}), flush=True)
"""


@pytest.fixture
def cache() -> DetectionCache:
    return DetectionCache(None)


def person(*texts: str) -> Person:
    return Person("p", tuple(map(Memory, texts)), (Question("Who is Quimby?"),))


def test_annotations_are_found_wherever_they_stand_in_their_memory(cache: DetectionCache) -> None:
    memory = Memory("ann, ann.", reference=(annotation("ann", "Real Name"),))
    found = AnnotationDetector().detect(Person("p", (memory,), (Question("ann?"),)), cache=cache, tick=lambda: None)

    assert [(s.start, s.end, s.level) for s in found[memory.text].spans] == [
        (0, 3, PrivacyLevel.PL2),
        (5, 8, PrivacyLevel.PL2),
    ]
    assert found["ann?"].spans == ()


def test_a_text_is_detected_once(cache: DetectionCache) -> None:
    class Counting:
        name = "counting"
        calls = 0

        def recognize(self, text: str, context: Context) -> list[Span]:
            Counting.calls += 1
            return [Span(0, 1, "Email", PrivacyLevel.PL2, recognizer="counting")]

    detector = CascadeDetector((Counting(),), "v1")
    first = detector.detect(person("a", "b", "a"), cache=cache, tick=lambda: None)
    second = detector.detect(person("a", "b"), cache=cache, tick=lambda: None)
    CascadeDetector((Counting(),), "v2").detect(person("a"), cache=cache, tick=lambda: None)

    assert Counting.calls == 3 + 2
    assert first["a"] == second["a"]


def test_the_cache_holds_no_text(tmp_path: Path) -> None:
    cache = DetectionCache(tmp_path / "found.sqlite")
    cache.put("d", "Orla Quimby", {"Quimby was here": Found((Span(0, 6, "Email", PrivacyLevel.PL2),), 1.0)})

    assert list(cache.get("d", "Orla Quimby", ["Quimby was here", "other"])) == ["Quimby was here"]
    assert cache.get("d", None, ["Quimby was here"]) == {}
    cache.close()
    assert b"Quimby" not in (tmp_path / "found.sqlite").read_bytes()


def test_a_tool_answers_from_a_process_of_its_own(tmp_path: Path, cache: DetectionCache) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text(WORKER, encoding="utf-8")
    detector = PeerDetector(worker, python=Path(sys.executable))
    found = detector.detect(person("Orla Quimby", "nobody"), cache=cache, tick=lambda: None)

    assert [(s.start, s.end, s.privacy_type) for s in found["Orla Quimby"].spans] == [
        (5, 11, "Third-Party Identifiable Info")
    ]
    assert found["nobody"] == Found((), 1.5)
    assert [s.start for s in found["Who is Quimby?"].spans] == [7]


def test_where_nobody_annotated_speakers_and_dates_count_as_named(cache: DetectionCache) -> None:
    recognizer = ScriptedRecognizer({"Wexmoor": "Precise Location"})
    detector = NamedEntityDetector(CascadeDetector((recognizer,), "e"))
    text = "Tove: Orla came to Wexmoor on 7 May 2026, in March 2025 and last week."
    found = detector.detect(person(text, "Orla: I may."), cache=cache, tick=lambda: None)

    values = {text[s.start : s.end] for s in found[text].spans}
    assert values == {"Tove", "Orla", "Wexmoor", "7 May 2026", "March 2025"}


def test_a_text_that_was_never_detected_stops_everything() -> None:
    with pytest.raises(KeyError):
        Replayed({}).recognize("x", Context())


def test_there_is_no_reference_where_nobody_annotated() -> None:
    assert detector_for("reference", DataSet("other", (), annotated=False, reference="")) is None
    assert detector_for("unknown", data_set()) is None
    assert isinstance(detector_for("reference", data_set()), AnnotationDetector)
