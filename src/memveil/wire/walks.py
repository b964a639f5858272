"""The two ways through a request or an answer.

:class:`Outbound` refuses what no table knows, because what is not understood may
hold anything. :class:`Inbound` walks the same tables the other way; what it does
not know it leaves as it is, with placeholders in it, because nothing can leak
into the user's own hands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol, Self, cast

from memveil.errors import UnsupportedFormat
from memveil.json_values import map_values
from memveil.restore import Lookup, as_json_string, as_text, restore
from memveil.wire.json_text import map_document, map_text

__all__ = ["Exits", "Inbound", "Outbound", "Walk"]

Exits = Callable[[str | None], Lookup]
"""The look-up for text that the user reads (``None``), or for the arguments of a tool (its name)."""


class Walk(Protocol):
    """One direction through a request or an answer."""

    def text(self, value: str, where: str) -> str:
        """Text that somebody wrote."""
        ...

    def answer(self, value: str, where: str) -> str:
        """Text that the model wrote; JSON where JSON was ordered."""
        ...

    def document(self, value: str, where: str) -> str:
        """JSON as text, such as arguments of a tool."""
        ...

    def values(self, value: object, where: str) -> object:
        """Any JSON whose every string is text."""
        ...

    def seals(self, value: str) -> bool:
        """Whether signed text, which nobody may change, may pass."""
        ...

    def media(self, value: object, where: str) -> object:
        """An image, a sound or a file."""
        ...

    def unknown(self, value: object, problem: str) -> object:
        """What no table knows."""
        ...

    def calling(self, tool: str) -> Self:
        """The same walk, inside what goes into a tool, or what came out of it."""
        ...

    def apart(self) -> Self:
        """The same walk, through what is no part of the conversation."""
        ...

    def called(self, call: str, tool: str) -> None:
        """A call with this id went to this tool."""
        ...

    def tool_of(self, call: str, named: str) -> str | None:
        """The tool that an answer came out of, by the id of the call and the name that the answer bears."""
        ...


@dataclass(frozen=True, slots=True)
class Outbound:
    """The way of a request: texts are protected, and what is unknown is refused.

    Args:
        protect: from text to the text that may leave.
        is_clean: whether signed text holds nothing private; it passes as it is or not at all.
        allows_media: whether images, sounds and files may leave, unread.
        protect_call: as ``protect``, for what went into the tool of that name or came out of it;
            ``None`` where all tools are alike.
        earlier_call: the tool that a call of an earlier exchange went to, by the id of the call.
        protect_apart: as ``protect``, for a text that nothing was said before; ``None`` where it is the same.
    """

    protect: Callable[[str], str]
    is_clean: Callable[[str], bool]
    allows_media: bool = False
    protect_call: Callable[[str, str], str] | None = None
    earlier_call: Callable[[str], str | None] | None = None
    protect_apart: Callable[[str], str] | None = None
    # Shared with the walks inside tools, which are parts of this one.
    _counts: Counter[str] = field(default_factory=Counter[str], repr=False)
    _calls: dict[str, str] = field(default_factory=dict[str, str], repr=False)

    @property
    def media_count(self) -> int:
        """How many images, sounds and files leave."""
        return self._counts["media"]

    @property
    def dropped_count(self) -> int:
        """How many signed parts were left out."""
        return self._counts["dropped"]

    def text(self, value: str, where: str) -> str:
        return map_text(value, self.protect, where=where)

    def answer(self, value: str, where: str) -> str:
        return self.text(value, where)

    def document(self, value: str, where: str) -> str:
        # Some models say "no arguments" this way.
        if not value.strip():
            return value
        try:
            return map_document(value, self.protect, where=where)
        except UnsupportedFormat:
            # A model stopped in the middle. As text it can be read, unless escapes hide something.
            if "\\u" in value:
                raise
            return self.protect(value)

    def values(self, value: object, where: str) -> object:
        # A text among them may hold JSON of its own, with letters that are escaped once more.
        return map_values(value, lambda text: map_text(text, self.protect, where=where), where=where)

    def seals(self, value: str) -> bool:
        if self.is_clean(value):
            return True
        self._counts["dropped"] += 1
        return False

    def media(self, value: object, where: str) -> object:
        if not self.allows_media:
            raise UnsupportedFormat(
                f"an image, a sound or a file at {where}, which memveil cannot read; "
                "describe it in words, or allow media in the configuration; nothing was sent"
            )
        self._counts["media"] += 1
        return value

    def unknown(self, value: object, problem: str) -> object:
        del value
        raise UnsupportedFormat(f"{problem}; nothing was sent")

    def calling(self, tool: str) -> Self:
        return self if self.protect_call is None else replace(self, protect=partial(self.protect_call, tool))

    def apart(self) -> Self:
        return self if self.protect_apart is None else replace(self, protect=self.protect_apart)

    def called(self, call: str, tool: str) -> None:
        self._calls[call] = tool

    def tool_of(self, call: str, named: str) -> str | None:
        earlier = None if self.earlier_call is None else self.earlier_call(call)
        return self._calls.get(call) or earlier or named or None


@dataclass(frozen=True, slots=True)
class Inbound:
    """The way of an answer: placeholders become values, and what is unknown stays as it is.

    Args:
        exits: the look-up for each place that values may go to.
        is_json: whether JSON was ordered, so that values are escaped in the answer's text.
        note: what the request was given to tell the model; no part of the answer that repeats it shows it.
        on_call: told the id of each call and the tool that it goes to.
        tool: name of the tool inside whose arguments this walk is.
    """

    exits: Exits
    is_json: bool = False
    note: str = ""
    on_call: Callable[[str, str], None] | None = None
    tool: str | None = None

    def text(self, value: str, where: str) -> str:
        del where
        return restore(value, self.exits(self.tool))

    def answer(self, value: str, where: str) -> str:
        del where
        return restore(value, self.exits(self.tool), write=as_json_string if self.is_json else as_text)

    def document(self, value: str, where: str) -> str:
        del where
        return restore(value, self.exits(self.tool), write=as_json_string)

    def values(self, value: object, where: str) -> object:
        match value:
            case str():
                return self.text(value, where)
            case list():
                return [self.values(item, where) for item in cast("list[object]", value)]
            case dict():
                pairs = cast("dict[str, object]", value)
                return {self.text(key, where): self.values(item, where) for key, item in pairs.items()}
            case _:
                return value

    def seals(self, value: str) -> bool:
        del value
        return True

    def media(self, value: object, where: str) -> object:
        del where
        return value

    def unknown(self, value: object, problem: str) -> object:
        del problem
        return value

    def calling(self, tool: str) -> Self:
        return replace(self, tool=tool)

    def apart(self) -> Self:
        return self

    def called(self, call: str, tool: str) -> None:
        if self.on_call is not None:
            self.on_call(call, tool)

    def tool_of(self, call: str, named: str) -> str | None:
        # What came out of a tool is for the user to read.
        del call, named
        return None
