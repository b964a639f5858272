"""The rules on the fixtures of another tool (argus-redact, Apache-2.0): how much is hidden, how much is spared.

The archive is read in memory and is no part of this project. Its cases for Chinese,
English and both count towards the goals. Where a case says what must be found, it
is hidden when it can no longer be read after masking; where it does not, when
anything is masked. A negative case says what must not be taken for *its* type: ``确诊``
with an illness is no pronoun, but it is an illness, and an order number is no
identity number, but it is an order number. Some of the positives are none of ours:
this tool masks every pronoun (``I``, ``我们``).
"""

from __future__ import annotations

import functools
import json
import tarfile
from collections.abc import Iterator
from typing import Any

from memveil.detect import Context, detect
from memveil.recognizers.defaults import rule_recognizers
from memveil.resolve import resolve
from tests.shared_data import TEST_DATA, needs

pytestmark = needs("argus_redact_fixtures")

_COUNTED = ("zh_", "en_", "shared_")
_GOAL = 0.9


@functools.cache
def _cases() -> tuple[tuple[str, dict[str, Any]], ...]:
    return tuple(_read())


def _read() -> Iterator[tuple[str, dict[str, Any]]]:
    with tarfile.open(TEST_DATA / "argus_redact_fixtures" / "fixtures.tar.gz") as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                name = member.name.rpartition("/")[2]
                for case in json.load(content):
                    yield name, case


_TYPES = {
    "self_reference": {"Real Name", "Relationship Info"},
    "person": {"Real Name", "Third-Party Identifiable Info"},
    "us_passport": {"Passport Number"},
    "passport": {"Passport Number"},
    "military_id": {"ID Number"},
    "id_number": {"ID Number"},
    "social_security": {"ID Number"},
    "ssn": {"ID Number"},
    "credit_code": {"ID Number"},
    "qq": {"Account ID/Username"},
    "wechat": {"Account ID/Username"},
    "date_of_birth": {"Specific Date of Birth"},
    "age": {"Specific Age"},
}


def _taken_for_its_type(case: dict[str, Any]) -> bool:
    spans = resolve(detect(case["input"], rule_recognizers(), Context()))
    ours = _TYPES.get(case["type"])
    return any(ours is None or span.privacy_type in ours for span in spans)


def _masked(text: str) -> str:
    masked = list(text)
    for span in resolve(detect(text, rule_recognizers(), Context())):
        masked[span.start : span.end] = "\0" * len(span)
    return "".join(masked)


def _hidden(case: dict[str, Any]) -> bool:
    masked = _masked(case["input"])
    expected = case.get("expected_text")
    return expected not in masked if expected else "\0" in masked


def _counted(*, should_match: bool) -> list[dict[str, Any]]:
    return [
        case
        for name, case in _cases()
        if name.startswith(_COUNTED) and "should_match" in case and case["should_match"] is should_match
    ]


def test_nine_of_ten_positive_cases_are_hidden() -> None:
    cases = _counted(should_match=True)

    assert len(cases) > 250
    assert sum(map(_hidden, cases)) / len(cases) >= _GOAL


def test_nine_of_ten_negative_cases_are_not_taken_for_their_type() -> None:
    cases = _counted(should_match=False)
    touched = sum(map(_taken_for_its_type, cases))

    assert len(cases) > 100
    assert 1 - touched / len(cases) >= _GOAL


def test_nine_of_ten_negative_cases_are_untouched() -> None:
    """The stricter reading: nothing at all is masked, whatever its type."""
    cases = _counted(should_match=False)
    touched = sum("\0" in _masked(case["input"]) for case in cases)

    assert 1 - touched / len(cases) >= _GOAL


def test_values_in_whole_scenarios_are_hidden() -> None:
    cases = [case for _, case in _cases() if case.get("pii_values")]
    values = [(case["input"], value) for case in cases for value in case["pii_values"]]
    masked = {text: _masked(text) for text in {text for text, _ in values}}

    assert len(values) > 100
    assert sum(value not in masked[text] for text, value in values) / len(values) >= 0.97
