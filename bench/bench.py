"""memveil-bench v1: invented users, dated conversations with annotated spans, questions with evidence.

    python bench/bench.py > memveil-bench-v1.jsonl      one JSON object a user, the schema of bench/README.md

A user is two files: ``conversations/NAME.txt`` (several dialogues of the corpus form, each with a date) and
``questions/NAME.toml``.
"""

from __future__ import annotations

import json
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

from corpus import LANGUAGES, Dialogue, read  # noqa: E402 - one reader for corpus and benchmark
from memveil.privacy_types import PRIVACY_TYPES  # noqa: E402

KINDS = (
    "Basic Memory",
    "Temporal Reasoning",
    "Dynamic Updating",
    "Information Aggregation",
    "Implicit Inference",
    "Adversarial Questioning",
)


@dataclass(frozen=True, slots=True)
class Question:
    """A question about what was told.

    Attributes:
        kind: one of ``KINDS``.
        question: as a person asks it.
        answer: in full words.
        accepted: short strings, one of which a right answer contains; empty where the right answer is a refusal.
        evidence: fragments of messages from which the answer follows, the deciding one last.
        forbidden: values that a good answer does not show.
    """

    kind: str
    question: str
    answer: str
    accepted: tuple[str, ...]
    evidence: tuple[str, ...]
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class User:
    """One invented user: dated conversations and questions."""

    name: str
    full_name: str
    language: str
    seed: str
    conversations: tuple[Dialogue, ...]
    questions: tuple[Question, ...]


def names() -> list[str]:
    """The users that have conversations, in order."""
    return sorted(path.stem for path in (HERE / "conversations").glob("*.txt"))


def read_user(name: str) -> User:
    """Both files of a user.

    Raises:
        OSError: a file is missing.
        KeyError, tomllib.TOMLDecodeError: the questions are not in the form.
    """
    conversations = tuple(read(HERE / "conversations" / f"{name}.txt"))
    head = tomllib.loads((HERE / "questions" / f"{name}.toml").read_text(encoding="utf-8"))
    questions = tuple(
        Question(
            kind=row["kind"],
            question=row["question"],
            answer=row["answer"],
            accepted=tuple(row["accepted"]),
            evidence=tuple(row["evidence"]),
            forbidden=tuple(row["forbidden"]),
        )
        for row in head["questions"]
    )
    return User(name, head["user"], head["language"], head["seed"], conversations, questions)


def read_all() -> list[User]:
    """All users."""
    return [read_user(name) for name in names()]


def as_record(user: User) -> dict[str, object]:
    """A user in the published schema (that of MemPrivacy-Bench, with offsets and accepted answers added)."""
    turns = [
        {
            "role": message.role,
            "content": message.text,
            "date": conversation.date,
            "privacy_info": [
                {
                    "original_text": message.text[start:end],
                    "privacy_type": kind,
                    "privacy_level": str(PRIVACY_TYPES[kind].level),
                    "start": start,
                    "end": end,
                }
                for start, end, kind in message.spans
            ],
        }
        for conversation in user.conversations
        for message in conversation.messages
    ]
    questions = [
        {
            "question": item.question,
            "answer": item.answer,
            "accepted": item.accepted,
            "evidence": item.evidence,
            "forbidden": item.forbidden,
            "question_type": item.kind,
        }
        for item in user.questions
    ]
    metadata = {
        "user_name": user.full_name,
        "language": LANGUAGES[user.language],
        "original_persona_seed": user.seed,
        "question_num": len(questions),
    }
    return {"uuid": f"memveil-bench-v1/{user.name}", "metadata": metadata, "dialogues": turns, "questions": questions}


if __name__ == "__main__":
    for one in read_all():
        print(json.dumps(as_record(one), ensure_ascii=False))
