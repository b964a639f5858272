"""A small invented data set: two people, dated conversations, every private value annotated."""

from __future__ import annotations

from evaluation.material import DataSet, Memory, Person, Question
from memveil.metrics import Annotation
from memveil.privacy_types import PRIVACY_TYPES

__all__ = ["annotation", "data_set"]


def annotation(value: str, kind: str) -> Annotation:
    return Annotation(value, kind, PRIVACY_TYPES[kind].level)


def data_set() -> DataSet:
    """Values are invented here and stand nowhere else."""
    return DataSet(
        "invented", (_person("ann", "Orla Quimby", "o.quimby"), _person("bee", "Tove Ravnsborg", "t.ravn")), True, "us"
    )


def _person(name: str, full_name: str, handle: str) -> Person:
    mail = f"{handle}@mailbox.example"
    memories = (
        Memory(f"{full_name} repairs harpsichords.", "2026-01-02", (annotation(full_name, "Real Name"),)),
        Memory(f"Write to {mail} about the soundboard.", "2026-01-02", (annotation(mail, "Email"),)),
        Memory("The weather is fine and the kettle is on.", "2026-01-02"),
        Memory(
            f"The alarm code of the workshop is 77{len(name)}918.",
            "2026-02-03",
            (annotation(f"77{len(name)}918", "Password"),),
        ),
        Memory(f"I told the insurer that {mail} is my address.", "2026-02-03", (annotation(mail, "Email"),)),
        Memory("Harpsichord strings arrived, brass, very thin.", "2026-03-04"),
    )
    questions = (
        Question("Which address did I give for the soundboard?", "fact", (mail,), frozenset({1})),
        Question(f"What happened with {mail} at the insurer?", "fact", ("insurer address",), frozenset({4})),
        Question(
            "What arrived for the harpsichord?",
            "choice",
            ("brass strings",),
            frozenset({5}),
            ("silver pins", "brass strings"),
            1,
        ),
        Question("Is the kettle on?", "probe"),
    )
    return Person(name, memories, questions, user_name=full_name)
