"""PersonaMem-v2 with the reference's annotations: 10 users, multiple choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from evaluation.datasets.annotated_rows import person_of
from evaluation.datasets.place import TEST_DATA, json_rows
from evaluation.material import DataSet, Memory, Question

__all__ = ["load"]

_LETTER = re.compile(r"^\(([a-d])\)\s*")


def load() -> DataSet | None:
    """The data set, or ``None`` where it is not here."""
    path = TEST_DATA / "personamem_v2_annotated" / "personamem_v2_testset.jsonl"
    if not path.exists():
        return None
    people = tuple(person_of(row, _questions) for row in json_rows(path))
    return DataSet("personamem_v2", people, annotated=True, reference="the annotations of the data set")


def _questions(row: Any, memories: Sequence[Memory]) -> tuple[Question, ...]:  # noqa: ANN401 - JSON
    del memories
    found: list[Question] = []
    for item in row["questions"]:
        letters = [match[1] if (match := _LETTER.match(option)) else "" for option in item["all_options"]]
        options = tuple(_LETTER.sub("", option) for option in item["all_options"])
        right = letters.index(item["answer"].strip("() "))
        found.append(Question(item["question"], "choice", (options[right],), options=options, right=right))
    return tuple(found)
