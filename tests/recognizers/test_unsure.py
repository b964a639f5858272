"""The dear recognizer is asked where the tagger doubts about text that would leave, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.detect import Context, detect
from memveil.errors import ConfigError, DetectionError
from memveil.recognizers.defaults import default_recognizers, rule_recognizers, tagger
from memveil.recognizers.onnx import MODEL_FOLDER, TaggerReading
from memveil.recognizers.tagging import Doubt
from memveil.recognizers.unsure import UnsureRecognizer, greatest_doubt
from memveil.spans import PrivacyLevel, Span
from memveil.testing import ScriptedRecognizer
from tests.texts import texts

TEXT = "abcdefghij"


def span(start: int, end: int, recognizer: str = "rule") -> Span:
    return Span(start, end, "Email", PrivacyLevel.PL2, 1.0, recognizer)


@dataclass
class Scripted:
    spans: tuple[Span, ...]
    name: str = "rule"
    asked: int = 0

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        self.asked += 1
        return self.spans


@dataclass
class ScriptedTagger:
    reading: TaggerReading = field(default_factory=TaggerReading)
    error: Exception | None = None
    name: str = "onnx"

    def read(self, text: str, context: Context) -> TaggerReading:
        if self.error is not None:
            raise self.error
        return self.reading


@pytest.mark.parametrize(
    ("doubts", "asked"),
    [
        ((), 0),
        ((Doubt(5, 7, 0.19),), 0),
        ((Doubt(5, 7, 0.2),), 1),
        ((Doubt(0, 3, 1.0),), 0),  # a rule found it
        ((Doubt(3, 5, 1.0),), 0),  # so did the tagger
        ((Doubt(2, 6, 0.5),), 1),  # sticks out
    ],
)
def test_it_is_asked_from_a_doubt_on_that_no_span_settles(doubts: tuple[Doubt, ...], asked: int) -> None:
    reading = TaggerReading((span(3, 5, "onnx"),), doubts)
    last = Scripted((span(8, 9, "llm"),), name="llm")
    cascade = UnsureRecognizer([Scripted((span(0, 3),))], ScriptedTagger(reading), last, doubt=0.2)
    found = [each.recognizer for each in cascade.recognize(TEXT, Context())]

    assert last.asked == asked
    assert found == ["rule", "onnx", *["llm"] * asked]
    assert cascade.name == "rule+onnx+llm"


def test_the_tagger_defers_to_the_rules_as_without_a_language_model() -> None:
    reading = TaggerReading((span(1, 5, "onnx"),))
    cascade = UnsureRecognizer([Scripted((span(0, 3),))], ScriptedTagger(reading), Scripted(()), doubt=0.2)

    assert list(cascade.recognize(TEXT, Context())) == [span(0, 3)]


def test_a_tagger_that_fails_stops_the_text_and_its_message_is_cut_off() -> None:
    cascade = UnsureRecognizer([], ScriptedTagger(error=ValueError("lena@hartwig.example")), Scripted(()), doubt=0.2)
    with pytest.raises(DetectionError, match=r"^recognizer 'onnx' failed \(ValueError\)$"):
        detect(TEXT, [cascade])


def test_an_error_of_our_own_passes_as_it_is() -> None:
    cascade = UnsureRecognizer([], ScriptedTagger(error=ConfigError("model: missing")), Scripted(()), doubt=0.2)
    with pytest.raises(ConfigError):
        detect(TEXT, [cascade])


def test_without_doubts_there_is_no_doubt() -> None:
    assert greatest_doubt(TaggerReading(), ()) == 0.0
    assert greatest_doubt(TaggerReading((), (Doubt(0, 1, 0.3), Doubt(1, 2, 0.1))), ()) == 0.3


@pytest.mark.skipif(not (MODEL_FOLDER / "edge.onnx").exists(), reason="no bundled model in src/memveil/model")
@given(texts(), st.sampled_from([0.01, 0.3, 1.0]))
def test_the_cascade_finds_at_least_what_it_finds_without_a_language_model(text: str, doubt: float) -> None:
    alone = detect(text, default_recognizers())
    together = detect(text, [UnsureRecognizer(rule_recognizers(), tagger(), ScriptedRecognizer(), doubt=doubt)])

    assert set(alone) <= set(together)
