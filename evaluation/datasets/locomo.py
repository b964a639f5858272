"""LoCoMo: ten long conversations of two people each, questions with evidence by turn.

One memory is one turn, opened by its speaker's name; the day of the session stands
beside it. Questions of category 5 ask for what was never said and have no
answer; they are left out, as are those whose evidence names no turn.
"""

from __future__ import annotations

import json
import re
from typing import Any

from evaluation.datasets.place import TEST_DATA
from evaluation.material import DataSet, Memory, Person, Question

__all__ = ["load", "speakers"]

_KINDS = {1: "multi-hop", 2: "temporal", 3: "open-domain", 4: "single-hop"}
_SESSION = re.compile(r"session_(\d+)")
_TURN = re.compile(r"D:?(\d+):(\d+)")


def load() -> DataSet | None:
    """The data set, or ``None`` where it is not here."""
    path = TEST_DATA / "locomo10" / "locomo10.json"
    if not path.exists():
        return None
    people = tuple(_person(row) for row in json.loads(path.read_text(encoding="utf-8")))
    reference = (
        "none published; in its place the names of the two speakers, the people, organizations, places and "
        "nationalities that spaCy's en_core_web_md finds, and dates with a month"
    )
    return DataSet("locomo10", people, annotated=False, reference=reference)


def speakers(person: Person) -> tuple[str, ...]:
    """The names of the two who talk."""
    return tuple(dict.fromkeys(memory.text.partition(":")[0] for memory in person.memories))


def _person(row: Any) -> Person:  # noqa: ANN401 - JSON
    conversation = row["conversation"]
    sessions = sorted((int(m[1]), key) for key in conversation if (m := _SESSION.fullmatch(key)))
    memories: list[Memory] = []
    place: dict[tuple[int, int], int] = {}
    for _, key in sessions:
        for turn in conversation[key]:
            number = _TURN.search(turn["dia_id"])
            if number is not None:
                place[int(number[1]), int(number[2])] = len(memories)
            shown = f" [shares {turn['blip_caption']}]" if turn.get("blip_caption") else ""
            memories.append(Memory(f"{turn['speaker']}: {turn['text']}{shown}", conversation[f"{key}_date_time"]))
    questions: list[Question] = []
    for item in row["qa"]:
        named = [(int(a), int(b)) for each in item.get("evidence") or () for a, b in _TURN.findall(str(each))]
        evidence = frozenset(place[turn] for turn in named if turn in place)
        if item["category"] in _KINDS and evidence and "answer" in item:
            kind = _KINDS[item["category"]]
            questions.append(Question(item["question"], kind, (str(item["answer"]),), evidence))
    return Person(row["sample_id"], tuple(memories), tuple(questions))
