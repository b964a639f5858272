"""The bundled tagger: reads what rules cannot, refuses files that are not the released ones."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from memveil.detect import Context
from memveil.errors import ConfigError
from memveil.recognizers.onnx import MODEL_FOLDER, OnnxRecognizer, OperatingPoint
from memveil.spans import PrivacyLevel
from tests.texts import texts

pytestmark = pytest.mark.skipif(
    not (MODEL_FOLDER / "edge.onnx").exists(), reason="no bundled model in src/memveil/model"
)
RECOGNIZER = OnnxRecognizer()


def found(text: str) -> dict[str, str]:
    return {text[s.start : s.end]: s.privacy_type for s in RECOGNIZER.recognize(text, Context())}


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("My arrhythmia flared up again on Sunday.", "arrhythmia", "Medical Health"),
        ("I work as a lighthouse keeper and I love it.", "lighthouse keeper", "Job Title/Rank"),
        ("今天我的偏头痛又犯了。", "偏头痛", "Medical Health"),
    ],
)
def test_facts_told_in_words_are_found(text: str, value: str, kind: str) -> None:
    assert any(value in span and found(text)[span] == kind for span in found(text))


@pytest.mark.parametrize("text", ["", "   \n", "What is the capital of France?", "请用三句话解释光合作用。"])
def test_plain_text_has_no_span(text: str) -> None:
    assert found(text) == {}


def test_a_long_text_is_read_in_windows_to_its_end() -> None:
    filler = (
        "We drove along the coast and stopped for coffee twice. The museum had a new wing with old maps. "
        "Somebody had painted the fence green over the winter. The recipe wants more lemon than you would think. "
        "Prices at the market went up again. Trains were late and nobody said why. A film about bees won the prize. "
    ) * 8
    middle, last = "I take lamotrigine 100 mg since the spring. ", "My arrhythmia flared up again on Sunday."
    spans = found(filler + middle + filler + last)

    assert any("lamotrigine" in span for span in spans)
    assert any("arrhythmia" in span for span in spans)


@settings(max_examples=30)
@given(texts())
def test_spans_are_disjoint_and_inside_any_text(text: str) -> None:
    spans = list(RECOGNIZER.recognize(text, Context()))

    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_the_dial_finds_more_above_zero() -> None:
    text = "My cousin mentioned the harbour office and the blue folder with Bjarne in March."
    more = list(OnnxRecognizer(sensitivity=6.0).recognize(text, Context()))
    fewer = list(OnnxRecognizer(sensitivity=-6.0).recognize(text, Context()))

    assert sum(map(len, more)) > sum(map(len, fewer))


def test_a_threshold_drops_the_spans_of_its_level_only() -> None:
    text = "My arrhythmia flared up again, says my cousin Bjarne."
    everything = OperatingPoint(0.0, dict.fromkeys(PrivacyLevel, -20.0))
    without = OperatingPoint(0.0, {**everything.thresholds, PrivacyLevel.PL3: 20.0})
    all_spans = list(OnnxRecognizer(point=everything).recognize(text, Context()))
    some = list(OnnxRecognizer(point=without).recognize(text, Context()))

    assert some == [span for span in all_spans if span.level is not PrivacyLevel.PL3]
    assert {PrivacyLevel.PL2, PrivacyLevel.PL3} <= {span.level for span in all_spans}


@settings(max_examples=20)
@given(texts(), texts())
def test_the_previous_turn_never_moves_a_span_out_of_the_text(text: str, previous: str) -> None:
    spans = list(RECOGNIZER.recognize(text, Context(previous=(previous,))))

    assert all(0 <= s.start < s.end <= len(text) for s in spans)


@pytest.mark.parametrize("name", ["edge.onnx", "tokenizer.json"])
def test_a_file_that_was_changed_is_refused(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    with (folder / name).open("ab") as file:
        file.write(b" ")

    with pytest.raises(ConfigError, match=name):
        list(OnnxRecognizer(folder).recognize("hello", Context()))


def test_a_missing_or_foreign_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"manifest\.json"):
        list(OnnxRecognizer(tmp_path).recognize("hello", Context()))
    manifest = json.loads((MODEL_FOLDER / "manifest.json").read_text())
    manifest["types"] = ["Shoe Size"]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ConfigError, match="Shoe Size"):
        list(OnnxRecognizer(tmp_path).recognize("hello", Context()))


@settings(max_examples=30)
@given(texts())
def test_doubts_lie_in_the_text_and_between_0_and_1(text: str) -> None:
    reading = RECOGNIZER.read(text, Context())

    assert list(reading.spans) == list(RECOGNIZER.recognize(text, Context()))
    assert all(0 <= doubt.start < doubt.end <= len(text) and 0 <= doubt.amount <= 1 for doubt in reading.doubts)


def test_the_model_doubts_more_about_half_a_fact_than_about_none() -> None:
    def doubt(text: str) -> float:
        return max(each.amount for each in RECOGNIZER.read(text, Context()).doubts)

    assert doubt("What is the capital of France?") < doubt("She said it was something with her kidneys again.")
