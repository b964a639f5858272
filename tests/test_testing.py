"""The canaries sing: whatever leaves in whatever form is seen, and never shown."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from memveil.detect import Context
from memveil.privacy_types import PRIVACY_TYPES
from memveil.testing import CANARIES, ScriptedRecognizer, assert_no_canary, canaries_in, canaries_under

VALUE = CANARIES["Email"]


@pytest.mark.parametrize(
    "data",
    [
        VALUE,
        f"x{VALUE}y".encode(),
        VALUE.encode("utf-16-le"),
        base64.b64encode(VALUE.encode()),
        VALUE.encode().hex(),
        json.dumps({"name": CANARIES["Real Name"]}),
    ],
)
def test_a_value_is_seen_in_every_form(data: str | bytes) -> None:
    assert canaries_in(data)


def test_the_failure_names_types_and_no_value() -> None:
    with pytest.raises(AssertionError, match=r"Email \(utf-8\)") as caught:
        assert_no_canary(f"mail {VALUE}")

    assert VALUE not in str(caught.value)


def test_values_of_ones_own_can_be_looked_for() -> None:
    assert canaries_in("nothing to see", ["see"]) == ["value 0 (utf-8)"]
    assert canaries_in("nothing to see") == []


def test_files_are_searched_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log.txt").write_text(f"hello {VALUE}")

    assert canaries_under(tmp_path) == ["deep/log.txt: Email (utf-8)"]


def test_every_canary_has_a_type_of_the_table() -> None:
    assert set(CANARIES) <= set(PRIVACY_TYPES)


def test_a_scripted_recognizer_finds_what_it_was_told_and_fails_when_told() -> None:
    spans = ScriptedRecognizer({"ab": "Email"}).recognize("ab cab", Context())
    assert [(s.start, s.end) for s in spans] == [(0, 2), (4, 6)]

    with pytest.raises(RuntimeError):
        ScriptedRecognizer(error=RuntimeError()).recognize("x", Context())
