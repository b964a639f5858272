"""MemoryBank: 15 users in two languages, probing questions without answers.

So the only figure is agreement with what the unprotected system retrieves.
"""

from __future__ import annotations

import json

from evaluation.datasets.place import TEST_DATA, json_rows
from evaluation.material import DataSet, Memory, Person, Question

__all__ = ["load"]

_LANGUAGES = {"en": "en", "cn": "zh"}


def load() -> DataSet | None:
    """The data set, or ``None`` where it is not here."""
    folder = TEST_DATA / "memorybank"
    if not folder.exists():
        return None
    people: list[Person] = []
    for suffix, language in _LANGUAGES.items():
        bank = json.loads((folder / f"memory_bank_{suffix}.json").read_text(encoding="utf-8"))
        probes = {k: v for row in json_rows(folder / f"probing_questions_{suffix}.jsonl") for k, v in row.items()}
        for name, entry in bank.items():
            memories = tuple(
                Memory(f"{turn['query']}\n{turn['response']}", day)
                for day, turns in entry["history"].items()
                for turn in turns
            )
            questions = tuple(Question(text.strip('"“”'), "probe") for text in probes.get(name, ()))
            people.append(Person(f"{name}-{language}", memories, questions, user_name=name, language=language))
    return DataSet("memorybank", tuple(people), annotated=False, reference="none: no annotations")
