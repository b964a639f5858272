"""MADial-Bench: 160 memories and 160 dialogues in two languages.

The query is what the child said before the turn in which the assistant should
remember; the answer is there when one of the relevant memories comes home whole.
"""

from __future__ import annotations

import re
from typing import Any

from evaluation.datasets.place import TEST_DATA, json_rows
from evaluation.material import DataSet, Memory, Person, Question

__all__ = ["load"]

_SPEAKER = re.compile(r"^\s*<[^>]*>\s*[::]\s*")
_LANGUAGES = ("en", "zh")


def load() -> DataSet | None:
    """The data set, or ``None`` where it is not here."""
    folder = TEST_DATA / "madial_bench"
    if not folder.exists():
        return None
    people = tuple(
        _person(
            language, json_rows(folder / f"{language}-memory.json"), json_rows(folder / f"{language}-dialogue.json")
        )
        for language in _LANGUAGES
    )
    return DataSet("madial_bench", people, annotated=False, reference="none: no annotations")


def _person(language: str, memory_rows: list[Any], dialogues: list[Any]) -> Person:
    rows = {key: value for row in memory_rows for key, value in row.items()}
    place = {key: index for index, key in enumerate(rows)}
    memories = tuple(Memory(row["event"], row["time"]) for row in rows.values())
    questions: list[Question] = []
    for dialogue in dialogues:
        relevant = [place[str(key)] for key in dialogue["relevant-id"] if str(key) in place]
        before = dialogue["dialogue"][1 : dialogue["test-turn"][0]]
        said = [_SPEAKER.sub("", line).strip().strip('"“”') for line in before if "<Assistant>" not in line]
        said = [line for line in said if line and not line.startswith("<")]
        if relevant and said:
            accepted = tuple(memories[index].text for index in relevant)
            questions.append(Question(" ".join(said[-3:]), "recall", accepted, frozenset(relevant)))
    return Person(f"madial-{language}", memories, tuple(questions), language=language)
