"""Data for measuring is never copied: no distinctive annotated value stands in anything committed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shared_data import benchmark_rows, needs

ROOT = Path(__file__).parents[1]
FOLDERS = ["src", "tests", "docs", "corpus", "bench", "evaluation", "training", "benchmarks", "README.md"]
SUFFIXES = {".py", ".md", ".txt", ".tsv", ".json", ".toml", ".csv", ".html"}
# Shapes and words that anybody would write: the guideline's own examples, plain medicine and kinship.
COMMON = re.compile(
    r"ending in \d+|(credit )?score (is|of) \d+|\d{1,2}(岁| years old)?|[a-z' ]*(allerg|headache|migraine|intoleran|"
    r"deficiency|reflux|injur)\w*|.*(universit|大学|学院|localhost).*|192\.168\.\d+\.\d+|(我|你|您)的.{2,4}|(my|your|his|her|our) [a-z-]+( [a-z-]+)?|\$?\d{1,3}(,000)?|第?\d+[天周月年]?",
    re.IGNORECASE,
)


def distinctive(value: str) -> bool:
    """Whether nobody would write this value by chance."""
    if COMMON.fullmatch(value):
        return False
    han = len(re.findall(r"[\u3400-\u9fff]", value))
    digits = sum(char.isdigit() for char in value)
    return (digits >= 3 and len(value) >= 6) or len(value.split()) >= 3 or han >= 5


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=needs(n)) for n in ("memprivacy_bench_dev", "personamem_v2_annotated")]
)
def test_no_annotated_value_of_a_test_set_stands_in_the_project(name: str) -> None:
    values = {
        item["original_text"]
        for row in benchmark_rows(name)
        for turn in row["dialogues"]
        for item in turn.get("privacy_info", [])
        if distinctive(item["original_text"])
    }
    files = [
        path
        for folder in FOLDERS
        for path in ([ROOT / folder] if (ROOT / folder).is_file() else sorted((ROOT / folder).rglob("*")))
        if path.suffix in SUFFIXES and "_build" not in path.parts
    ]
    copied = {}
    for path in files:
        text = path.read_text(encoding="utf-8", errors="replace")
        hits = sum(value in text for value in values)
        if hits:
            copied[str(path.relative_to(ROOT))] = hits

    assert len(values) > 50
    assert copied == {}
