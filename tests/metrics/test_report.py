from __future__ import annotations

import importlib.util
import json
import random
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from memveil.metrics import (
    Annotation,
    Form,
    Matching,
    MessageScore,
    Quality,
    Report,
    Share,
    score_message,
    summarize,
)
from memveil.metrics.pairs import LENIENT_TYPES
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel

SHARED = Path(__file__).resolve().parents[3] / "shared"
REFEREE = SHARED / "tools" / "score.py"
DEV = SHARED / "data" / "test" / "memprivacy_bench_dev" / "dev.jsonl"

# The referee leaves its file to the garbage collector.
leaves_its_file_open = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

Item = dict[str, str]
PL4 = PrivacyLevel.PL4
BEST = (Form.PRODUCT, Matching.GREEDY)


def annotation(value: str, privacy_type: str = "Password", level: PrivacyLevel = PL4) -> Annotation:
    return Annotation(value, privacy_type, level)


def test_finding_nothing_where_nothing_is_to_be_found_is_perfect() -> None:
    assert score_message("hello", [], []).scores[BEST] == Quality(1, 1, 1)


def test_an_empty_list_against_a_full_one_scores_nothing() -> None:
    assert score_message("ab12", [], [annotation("ab12")]).scores[BEST] == Quality(0, 0, 0)
    assert score_message("ab12", [annotation("ab12")], []).scores[BEST] == Quality(0, 0, 0)


def test_precision_counts_predictions_and_recall_references() -> None:
    score = score_message("ab12 cd34 ef56", [annotation("ab12")], [annotation("ab12"), annotation("cd34")])

    assert score.scores[BEST] == Quality(1, 0.5, pytest.approx(2 / 3))


def test_a_repeated_prediction_counts_once() -> None:
    twice = [annotation("ab12"), annotation("ab12", "Token")]

    assert score_message("ab12", twice, [annotation("ab12")]).scores[BEST] == Quality(1, 1, 1)


def test_a_wrong_prediction_everywhere_gives_zero_and_no_division_by_zero() -> None:
    score = score_message("ab12 cd34", [annotation("cd34")], [annotation("ab12")])

    assert score.scores[Form.TEXT, Matching.OPTIMAL] == Quality(0, 0, 0)


def test_the_report_averages_over_messages_and_names_the_floor() -> None:
    found = score_message("ab12", [annotation("ab12")], [annotation("ab12")])
    missed = score_message("ab12 x", [], [annotation("ab12")])
    quiet = score_message("hello", [], [])

    report = summarize([found, missed, quiet, quiet])

    assert report.messages == 4
    assert report.annotated_messages == 2
    assert report.floor == 50
    assert report.scores[BEST].f1 == 75
    assert report.annotated_scores[BEST].f1 == 50
    assert report.leaks == {PL4: Share(1, 2)}


def test_the_report_of_nothing_is_all_zero() -> None:
    report = summarize([])

    assert (report.messages, report.floor, report.overmasked.percent) == (0, 0, 0)
    assert report.scores[BEST] == Quality(0, 0, 0)


# --- the referee -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def referee() -> ModuleType:
    if not REFEREE.exists():
        pytest.skip("the referee ../shared/tools/score.py is not here")
    spec = importlib.util.spec_from_file_location("referee", REFEREE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    # Its last line rounds to two digits, which would hide a difference.
    vars(module)["round"] = lambda value, digits: value
    return module


def as_annotation(item: Item) -> Annotation:
    return Annotation(item["original_text"], item["privacy_type"], PrivacyLevel[item["privacy_level"]])


def likeness(first: str, second: str) -> float:
    """A type similarity without a model: the words two names share."""
    ours, theirs = set(first.replace("/", " ").split()), set(second.replace("/", " ").split())
    return len(ours & theirs) / len(ours | theirs)


class RefereeLikeness:
    """The referee calls its similarity for equal names, too."""

    def __call__(self, first: str, second: str) -> float:
        return 1.0 if first == second else likeness(first, second)


def ours(rows: list[dict[str, Any]], detected: dict[str, list[Item]]) -> Report:
    scored: list[MessageScore] = []
    for row in rows:
        for message in row["dialogues"]:
            if message["role"] == "user":
                text = message["content"]
                scored.append(
                    score_message(
                        text,
                        [as_annotation(item) for item in detected[text]],
                        [as_annotation(item) for item in message["privacy_info"]],
                        similarity=likeness,
                    )
                )
    return summarize(scored)


def assert_same_numbers(report: Report, theirs: dict[str, float]) -> None:
    product = report.scores[Form.PRODUCT, Matching.GREEDY]
    numbers = {
        "n": report.messages,
        "f1_product": product.f1,
        "p": product.precision,
        "r": product.recall,
        "f1_nonempty": report.annotated_scores[Form.PRODUCT, Matching.GREEDY].f1,
        "f1_span": report.scores[Form.SPAN, Matching.GREEDY].f1,
        "f1_text": report.scores[Form.TEXT, Matching.GREEDY].f1,
        "overmask": report.overmasked.percent,
        **{f"leak@{level}": share.percent for level, share in report.leaks.items()},
    }

    assert {k for k in theirs if not k.startswith("ms_")} == set(numbers)
    for name, number in numbers.items():
        assert number == pytest.approx(theirs[name], abs=1e-9), name
    for form in Form:
        assert report.scores[form, Matching.OPTIMAL].f1 >= report.scores[form, Matching.GREEDY].f1 - 1e-9


def noisy(text: str, items: list[Item], chance: random.Random) -> list[Item]:
    """Drop, cut, widen, mislabel, repeat and invent: every way a detector errs."""
    predicted: list[Item] = []
    for item in items:
        value = item["original_text"]
        start = max(0, text.find(value))
        roll = chance.random()
        if roll < 0.2:
            continue
        if roll < 0.4:
            value = value[: chance.randint(1, len(value))] if value else value
        elif roll < 0.55:
            value = text[start : start + len(value) + chance.randint(1, 12)]
        privacy_type = item["privacy_type"] if chance.random() < 0.7 else chance.choice(list(PRIVACY_TYPES))
        level = item["privacy_level"] if chance.random() < 0.85 else chance.choice(["PL2", "PL3", "PL4"])
        predicted.append({"original_text": value, "privacy_type": privacy_type, "privacy_level": level})
        if chance.random() < 0.1:
            predicted.append(dict(predicted[-1], privacy_type="Token"))
    if text and chance.random() < 0.3:
        start = chance.randrange(len(text))
        predicted.append(
            {
                "original_text": text[start : start + chance.randint(1, 30)],
                "privacy_type": chance.choice(sorted(LENIENT_TYPES)),
                "privacy_level": chance.choice(["PL2", "PL3", "PL4"]),
            }
        )
    if chance.random() < 0.05:
        predicted.append({"original_text": "not there at all", "privacy_type": "Email", "privacy_level": "PL2"})
    chance.shuffle(predicted)
    return predicted


def random_rows(chance: random.Random, messages: int) -> list[dict[str, Any]]:
    words = [
        "my",
        "wife",
        "Ines",
        "paid",
        "$45",
        "妻子",
        "号",
        "4417",
        "clinic",
        "the",
        "去",
        "诊所",
        "a",
        "\n",
        "🙂",
    ]
    types = [*PRIVACY_TYPES, *LENIENT_TYPES]
    dialogues: list[dict[str, Any]] = []
    for number in range(messages):
        # The number keeps messages apart: detected values are looked up by text.
        text = f"{number} " + " ".join(chance.choice(words) for _ in range(chance.randint(1, 25)))
        items: list[Item] = []
        for _ in range(chance.choice([0, 0, 1, 2, 5])):
            start = chance.randrange(len(text))
            items.append(
                {
                    "original_text": text[start : start + chance.randint(1, 20)],
                    "privacy_type": chance.choice(types),
                    "privacy_level": chance.choice(["PL2", "PL3", "PL4"]),
                }
            )
        dialogues.append({"role": "user", "content": text, "privacy_info": items})
        dialogues.append({"role": "assistant", "content": text, "privacy_info": []})
    return [{"metadata": {"user_name": "Ines"}, "dialogues": dialogues}]


def compare(referee: ModuleType, path: Path, rows: list[dict[str, Any]], chance: random.Random) -> None:
    detected = {m["content"]: noisy(m["content"], m["privacy_info"], chance) for r in rows for m in r["dialogues"]}
    theirs = referee.evaluate(path, lambda text, name: detected[text], RefereeLikeness())

    assert_same_numbers(ours(rows, detected), theirs)


@leaves_its_file_open
@pytest.mark.parametrize("seed", range(5))
def test_random_messages_get_the_referees_numbers(referee: ModuleType, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = random_rows(chance, 60)
    path = tmp_path / "random.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")

    compare(referee, path, rows, chance)


@leaves_its_file_open
def test_a_noisy_detector_gets_the_referees_numbers_on_the_development_set(referee: ModuleType) -> None:
    if not DEV.exists():
        pytest.skip("../shared/data/test/memprivacy_bench_dev is not here")
    rows = [json.loads(line) for line in DEV.open(encoding="utf-8")]

    compare(referee, DEV, rows, random.Random(7))
