"""The first stage: run the cascade of recognizers over a text and collect spans.

A recognizer that fails stops the request. There is no partial answer: a text
that one recognizer could not read may hold exactly what it would have found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from memveil.errors import DetectionError, MemveilError
from memveil.spans import Span

__all__ = ["Context", "Recognizer", "detect"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a recognizer may know beside the text itself. The repr shows no value.

    Args:
        user_name: the user's own full name, where the caller told it.
        previous: texts of the previous turns of the dialogue, oldest first.
        degraded: where a recognizer that the user allowed to fail says that it did and
            why, without any value; ``None`` where nobody listens.
    """

    user_name: str | None = field(default=None, repr=False)
    previous: tuple[str, ...] = field(default=(), repr=False)
    degraded: list[str] | None = field(default=None, repr=False, compare=False)


class Recognizer(Protocol):
    """A unit that proposes spans. Calls are independent and thread-safe."""

    @property
    def name(self) -> str:
        """Short name that spans carry: ``patterns``, ``known``, ``onnx``, ``llm``."""
        ...

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """Propose spans of ``text``; they may overlap and come in any order."""
        ...


def detect(text: str, recognizers: Sequence[Recognizer], context: Context = Context()) -> tuple[Span, ...]:
    """Run every recognizer over ``text``.

    Returns:
        All proposed spans, cascade order, possibly overlapping.

    Raises:
        DetectionError: a recognizer raised, or answered with a span that does
            not lie inside the text. The message names the recognizer only.
    """
    found: list[Span] = []
    for recognizer in recognizers:
        try:
            spans = tuple(recognizer.recognize(text, context))
        except MemveilError:
            raise
        # Any failure of any recognizer means "do not send"; the original error
        # may quote the text, so it is cut off here.
        except Exception as error:  # noqa: BLE001
            kind = type(error).__name__
            raise DetectionError(f"recognizer {recognizer.name!r} failed ({kind})") from None
        for span in spans:
            if span.end > len(text):
                raise DetectionError(f"recognizer {recognizer.name!r} left the text")
        found.extend(spans)
    return tuple(found)
