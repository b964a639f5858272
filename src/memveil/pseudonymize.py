"""The fourth stage: put placeholders where the policy wants them.

Besides the spans, every piece of the user's own text that already reads as a
placeholder is replaced, by a placeholder of the tag ``Literal``: so it comes
back exactly as it was typed and can never be used to read a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from memveil.errors import PolicyError
from memveil.placeholders import LITERAL_TAG, find
from memveil.spans import Action, Span

__all__ = ["REDACTED", "Assign", "Replacement", "pseudonymize"]

REDACTED = "[redacted]"
"""What stands for a redacted span. Its brackets keep it from completing a placeholder."""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A range of the text that needs a placeholder; ``span`` is ``None`` for a look-alike."""

    start: int
    end: int
    span: Span | None

    @property
    def tag(self) -> str | None:
        """``Literal`` for a look-alike, else ``None``: the style decides."""
        return LITERAL_TAG if self.span is None else None


Assign = Callable[[Sequence[Replacement]], Sequence[str]]
"""Gives the placeholders of a text's replacements, in order: one call, one transaction."""


def pseudonymize(text: str, decisions: Sequence[Span], assign: Assign) -> str:
    """Replace what ``decisions`` say.

    Args:
        text: the original text.
        decisions: disjoint, sorted spans with their actions.
        assign: called at most once.

    Returns:
        The protected text: none of the replaced values stands at its span any more.

    Raises:
        PolicyError: a span's action is ``BLOCK``; names the privacy types.
    """
    blocked = sorted({span.privacy_type for span in decisions if span.action is Action.BLOCK})
    if blocked:
        raise PolicyError(f"the policy blocks texts with: {', '.join(blocked)}; nothing was sent")
    acted = [span for span in decisions if span.action is not Action.KEEP]
    replacements = [Replacement(span.start, span.end, span) for span in acted if span.action is Action.PSEUDONYMIZE]
    replacements += _look_alikes(text, acted)
    inserts = {span.start: (span.end, REDACTED) for span in acted if span.action is Action.REDACT}
    if replacements:
        for replacement, placeholder in zip(replacements, assign(replacements), strict=True):
            inserts[replacement.start] = (replacement.end, placeholder)
    parts: list[str] = []
    position = 0
    for start in sorted(inserts):
        end, insert = inserts[start]
        parts += [text[position:start], insert]
        position = end
    parts.append(text[position:])
    return "".join(parts)


def _look_alikes(text: str, acted: Sequence[Span]) -> Iterable[Replacement]:
    """Placeholder look-alikes between the spans.

    Each gap is read on its own, because that is how it will stand: between
    inserts, whose brackets end words and cannot be inside a placeholder.
    """
    position = 0
    for start, end in [*((span.start, span.end) for span in acted), (len(text), len(text))]:
        for found in find(text[position:start]):
            yield Replacement(position + found.start, position + found.end, None)
        position = end
