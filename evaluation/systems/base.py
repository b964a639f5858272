"""What the evaluation asks of a memory system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

__all__ = ["SEPARATOR", "Hit", "System"]

SEPARATOR = "\0"
"""Between the parts of a store that lives in memory: values may hold a line break, none holds this."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A memory that came home. The repr shows no text.

    Args:
        index: which of the stored memories it is.
        text: as the system gave it back, not yet restored.
    """

    index: int
    text: str = field(repr=False)


class System(Protocol):
    """One store for one person; it sees what left the guard and nothing else."""

    def store(self, memories: Sequence[str]) -> None:
        """Take all memories, in order."""
        ...

    def search(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """For each query the ``k`` best memories, best first."""
        ...

    def at_rest(self) -> bytes:
        """Every byte that the system keeps."""
        ...

    def close(self) -> None:
        """Let go of files and processes."""
        ...
