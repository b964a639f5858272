"""What is measured on: people with memories and questions, whatever the data set."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from memveil.metrics import Annotation
from memveil.spans import PrivacyLevel

__all__ = ["DataSet", "Memory", "Person", "Question", "dataset_digest"]


@dataclass(frozen=True, slots=True)
class Memory:
    """One text that a memory system stores. The repr shows no text.

    Args:
        text: what is protected and stored.
        note: what the system keeps beside it, such as a date; never private.
        reference: what annotators found private in it.
    """

    text: str = field(repr=False)
    note: str = ""
    reference: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the memory. The repr shows no text.

    Args:
        text: as it is asked; protected before it leaves, like a memory.
        kind: the data set's own name for its kind.
        accepted: answers, any of which is right; empty where none is known.
        evidence: indices of the memories that the answer follows from; empty where not known.
        options: for multiple choice; compared on the user's side, never sent.
        right: index of the right option.
    """

    text: str = field(repr=False)
    kind: str = ""
    accepted: tuple[str, ...] = field(default=(), repr=False)
    evidence: frozenset[int] = frozenset()
    options: tuple[str, ...] = field(default=(), repr=False)
    right: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """One memory: one scope, one store. The repr shows no name."""

    name: str = field(repr=False)
    memories: tuple[Memory, ...]
    questions: tuple[Question, ...]
    user_name: str | None = field(default=None, repr=False)
    language: str = "en"

    @property
    def values(self) -> tuple[Annotation, ...]:
        """The annotated values of all memories, each once."""
        return tuple(dict.fromkeys(item for memory in self.memories for item in memory.reference))


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set.

    Args:
        name: short name, used in file names.
        people: in a fixed order.
        annotated: whether ``reference`` of the memories is complete, so that leaks can be counted.
        reference: in words, where the annotations come from.
    """

    name: str
    people: tuple[Person, ...]
    annotated: bool
    reference: str

    def first(self, count: int) -> DataSet:
        """The data set of the first ``count`` people."""
        return DataSet(self.name, self.people[:count], self.annotated, self.reference)


def dataset_digest(data: DataSet) -> str:
    """SHA-256 over everything that is measured: results of other material are not comparable."""
    digest = hashlib.sha256()
    for person in data.people:
        parts = [person.name, person.user_name or "", person.language]
        for memory in person.memories:
            parts += [memory.text, memory.note]
            parts += [f"{a.value}|{a.privacy_type}|{PrivacyLevel(a.level)}" for a in memory.reference]
        for question in person.questions:
            parts += [question.text, question.kind, *question.accepted, *question.options, str(question.right)]
            parts += [str(index) for index in sorted(question.evidence)]
        for part in parts:
            coded = part.encode("utf-8", "surrogatepass")
            digest.update(len(coded).to_bytes(8, "big") + coded)
    return digest.hexdigest()
