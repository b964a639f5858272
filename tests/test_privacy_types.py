"""The type table is what the annotation guideline says, and fit for placeholders."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel

GUIDELINE = Path(__file__).parents[2] / "shared" / "spec" / "annotation-guideline.md"


def test_tags_fit_the_placeholder_grammar() -> None:
    for row in PRIVACY_TYPES.values():
        assert re.fullmatch(r"[A-Z][A-Za-z]*(_[A-Za-z]+)*", row.tag), row.tag
        assert len(row.tag) <= 24


def test_every_row_is_described_and_has_an_example_and_a_translation() -> None:
    for row in PRIVACY_TYPES.values():
        assert row.description
        assert row.examples
        assert row.translations
        assert row.level >= PrivacyLevel.PL2


@pytest.mark.skipif(not GUIDELINE.exists(), reason="needs ../shared/spec/annotation-guideline.md")
def test_names_and_levels_are_those_of_the_guideline() -> None:
    types = GUIDELINE.read_text(encoding="utf-8").split("## Types", 1)[1].split("\n## ", 1)[0]
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in types.splitlines()]
    expected = {
        name.strip(): row[0]
        for row in rows
        if len(row) >= 3 and re.fullmatch("PL[234]", row[0])
        for name in row[1].split(" / ")
    } | {"Company/Organization Info": "PL2"}

    assert {name: str(row.level) for name, row in PRIVACY_TYPES.items()} == expected
