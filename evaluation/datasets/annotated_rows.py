"""Records of the benchmark schema (MemPrivacy-Bench) as people: one memory a message, both roles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from evaluation.material import Memory, Person, Question
from memveil.metrics import Annotation
from memveil.spans import PrivacyLevel

__all__ = ["person_of"]


def person_of(row: Any, questions: Callable[[Any, Sequence[Memory]], tuple[Question, ...]]) -> Person:  # noqa: ANN401 - JSON
    """One record; ``questions`` reads those of its data set."""
    memories = tuple(
        Memory(
            text=turn["content"],
            note=turn.get("date", ""),
            reference=tuple(
                Annotation(item["original_text"], item["privacy_type"], PrivacyLevel[item["privacy_level"]])
                for item in turn["privacy_info"]
                if item["original_text"]
            ),
        )
        for turn in row["dialogues"]
    )
    language = row["metadata"].get("language", "English")
    return Person(
        name=row["uuid"],
        memories=memories,
        questions=questions(row, memories),
        user_name=row["metadata"]["user_name"],
        language="zh" if language == "Chinese" else "en",
    )
