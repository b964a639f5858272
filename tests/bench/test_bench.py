"""memveil-bench: passes its checker, keeps apart from the training corpus, and its record has the published schema."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from memveil.annotated import read_annotated

ROOT = Path(__file__).parents[2]
LEAST = {"users": 24, "messages": 24 * 40, "questions": 24 * 12}


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "bench" / script), *arguments], capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def records() -> list[dict[str, object]]:
    result = run("bench.py")
    assert result.returncode == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_checker_finds_no_problem() -> None:
    result = run("check.py")

    assert result.returncode == 0, result.stdout
    assert result.stdout.count("\n") == 1, "counts alone"


def test_the_checker_finds_a_missing_user() -> None:
    result = run("check.py", "en_99")

    assert result.returncode == 1
    assert "en_99" in result.stdout


def test_it_is_as_large_as_it_says(records: list[dict]) -> None:
    assert len(records) >= LEAST["users"]
    assert sum(record["metadata"]["language"] == "Chinese" for record in records) * 2 == len(records)
    assert sum(len(record["dialogues"]) for record in records) >= LEAST["messages"]
    assert sum(len(record["questions"]) for record in records) >= LEAST["questions"]


def test_the_program_reads_its_records(records: list[dict]) -> None:
    lines = [json.dumps(record, ensure_ascii=False).encode() for record in records]
    dialogues = list(read_annotated(lines))

    assert [d.user_name for d in dialogues] == [record["metadata"]["user_name"] for record in records]
    assert all(item.value in m.text for d in dialogues for m in d.messages for item in m.reference)


def test_offsets_point_at_the_values(records: list[dict]) -> None:
    for record in records:
        for turn in record["dialogues"]:
            for item in turn["privacy_info"]:
                assert turn["content"][item["start"] : item["end"]] == item["original_text"]


def test_no_user_of_it_is_in_the_training_corpus(records: list[dict]) -> None:
    heads = {
        line.removeprefix("=== user: ").strip()
        for path in (ROOT / "corpus" / "dialogues").glob("*.txt")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith("=== user: ")
    }

    assert heads
    assert not heads & {record["metadata"]["user_name"] for record in records}


def test_two_annotators_agree() -> None:
    result = run("agreement.py")
    assert result.returncode == 0, result.stderr
    both = result.stdout.strip().splitlines()[-1].strip("| ").split(" | ")

    assert both[0] == "both"
    assert int(both[1]) >= 122
    assert float(both[2]) > 0.8
