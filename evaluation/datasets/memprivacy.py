"""The development users of MemPrivacy-Bench: dense private talk, free answers; evidence is prose, so not by memory."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evaluation.datasets.annotated_rows import person_of
from evaluation.datasets.place import TEST_DATA, json_rows
from evaluation.material import DataSet, Memory, Question

__all__ = ["load"]


def load() -> DataSet | None:
    """The data set, or ``None`` where it is not here."""
    path = TEST_DATA / "memprivacy_bench_dev" / "dev.jsonl"
    if not path.exists():
        return None
    people = tuple(person_of(row, _questions) for row in json_rows(path))
    return DataSet("memprivacy_bench_dev", people, annotated=True, reference="the annotations of the data set")


def _questions(row: Any, memories: Sequence[Memory]) -> tuple[Question, ...]:  # noqa: ANN401 - JSON
    del memories
    return tuple(Question(item["question"], item["question_type"], (item["answer"],)) for item in row["questions"])
