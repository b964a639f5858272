from __future__ import annotations

import json
from typing import Any

import pytest

from memveil.annotated import AnnotatedDialogue, AnnotatedMessage, read_annotated
from memveil.errors import InputError
from memveil.metrics import Annotation
from memveil.spans import PrivacyLevel

ITEM = {"original_text": "Ines", "privacy_type": "Real Name", "privacy_level": "PL2"}
RECORD: dict[str, Any] = {
    "metadata": {"user_name": "Ines Larsen", "language": "English", "extra": 1},
    "dialogues": [{"role": "user", "content": "I am Ines", "privacy_info": [ITEM], "date": "x"}],
}


def encode(record: object) -> bytes:
    return json.dumps(record).encode() + b"\n"


def test_a_record_is_read_with_name_language_and_annotations() -> None:
    expected = AnnotatedDialogue(
        "Ines Larsen",
        "English",
        (AnnotatedMessage("user", "I am Ines", (Annotation("Ines", "Real Name", PrivacyLevel.PL2),)),),
    )

    assert list(read_annotated([b"\n", encode(RECORD)])) == [expected]
    assert "Ines" not in repr(expected)


def test_metadata_may_be_missing() -> None:
    assert list(read_annotated([encode({"dialogues": []})])) == [AnnotatedDialogue("", "", ())]


def broken(**fields: Any) -> dict[str, Any]:
    return {"dialogues": [{"role": "user", "content": "x", "privacy_info": [], **fields}]}


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ([], "line 2: a list at the record where an object is expected"),
        ({}, "line 2: null at dialogues where a list is expected"),
        ({"metadata": {"user_name": 7}, "dialogues": []}, "line 2: a number at metadata.user_name"),
        ({"dialogues": ["x"]}, r"line 2: text at dialogues\[0\] where an object"),
        (broken(content=7), r"line 2: a number at dialogues\[0\].content where text"),
        (broken(privacy_info=None), r"line 2: null at dialogues\[0\].privacy_info where a list"),
        (
            broken(privacy_info=[{**ITEM, "privacy_level": "PL9"}]),
            r"unknown level at .*privacy_info\[0\].privacy_level",
        ),
        (broken(privacy_info=[{**ITEM, "original_text": 7}]), r"privacy_info\[0\].original_text"),
    ],
)
def test_a_record_that_is_not_annotated_is_refused_with_its_place(record: object, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(read_annotated([encode(RECORD), encode(record)]))
