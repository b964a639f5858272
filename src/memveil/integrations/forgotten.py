"""What an adapter reports after forgetting a scope."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Forgotten"]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What went, and what may remain. Holds no value.

    Args:
        values: values that the vault has erased; their placeholders mean nothing from now on.
        deleted: records that the memory system was told to delete, or that it says it deleted.
        remains: what the adapter cannot reach, in words; placeholders only stand there.
    """

    values: int
    deleted: int
    remains: tuple[str, ...] = ()
