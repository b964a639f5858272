"""What can be set about a gateway, with the values that nobody has to set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

__all__ = ["SYSTEM_NOTE", "Approve", "GatewayOptions", "ToolPolicy"]

Approve = Callable[[str, Sequence[str]], bool]
"""Whether a person lets a tool get the values of these placeholders. Called in a worker thread; may wait."""

SYSTEM_NOTE = (
    "Some values in this conversation are replaced by placeholders such as <Email_1> or <Person_2>. "
    "Each stands for one real value, the same one everywhere. Use them as if they were the values: "
    "copy them exactly, with their angle brackets and numbers, also in tool arguments and code. "
    "Do not invent, change, translate or explain placeholders."
)
"""What the model is told, so that placeholders come back as they went."""


def _nobody(tool: str, placeholders: Sequence[str]) -> bool:
    """Nobody is there to ask, so the answer is no."""
    del tool, placeholders
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolPolicy:
    """Which tools get values. Names may end in ``*``; the stricter rule holds; all others get values.

    Args:
        keep: tools that get placeholders.
        ask: tools that get values where a person says so; else their call is an error.
        refuse: tools whose call is an error where a value would go into it.
        approve: asks the person.
    """

    keep: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    refuse: tuple[str, ...] = ()
    approve: Approve = field(default=_nobody, repr=False)

    def keeps(self, tool: str) -> bool:
        """Whether this tool gets placeholders."""
        return any(fnmatchcase(tool, name) for name in self.keep)

    def asks(self, tool: str) -> bool:
        """Whether a person is asked before a value goes into this tool."""
        return any(fnmatchcase(tool, name) for name in self.ask)

    def refuses(self, tool: str) -> bool:
        """Whether no value may go into this tool."""
        return any(fnmatchcase(tool, name) for name in self.refuse)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayOptions:
    """Limits and choices of one gateway.

    Args:
        tools: which tools get values.
        allows_media: whether images, sounds and files may leave, unread.
        note: what the model is told about placeholders; empty for nothing.
        max_request: bytes of a request's body at most.
        max_answer: bytes of an answer that is no stream at most.
        body_timeout: seconds until a request's body must have arrived.
        workers: how many texts are looked at at the same time.
    """

    tools: ToolPolicy = ToolPolicy()
    allows_media: bool = False
    note: str = SYSTEM_NOTE
    max_request: int = 32 * 1024 * 1024
    max_answer: int = 64 * 1024 * 1024
    body_timeout: float = 60.0
    workers: int = 4
