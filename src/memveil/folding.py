"""Fold a text into the form that recognizers read, and map offsets back.

Folding undoes what hides a value from a pattern: full-width letters and digits
become ASCII, zero-width characters vanish, exotic blanks become a plain blank.
Every folded character knows where it stood, so spans always refer to the text
the user typed. (Unicode Standard Annex 15 would go further; NFKC changes too
much to be mapped back character by character.)
"""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Folded", "fold"]

# Removed: they are invisible, and split values without changing how they look.
_INVISIBLE = "\u00ad\u180e\u200b\u200c\u200d\u2060\u2061\u2062\u2063\u2064\ufeff\ufe0e\ufe0f"
_BLANKS = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_HYPHENS = "\u2010\u2011\u2012\u2013\u2212\ufe58\ufe63"

_TABLE: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TABLE |= {ord(char): None for char in _INVISIBLE}
_TABLE |= {ord(char): ord(" ") for char in _BLANKS}
_TABLE |= {ord(char): ord("-") for char in _HYPHENS}
# Half a surrogate pair is no character; automata and tokenizers refuse it.
_TABLE |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
_REMOVED = frozenset(_INVISIBLE)


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with the way back.

    Args:
        text: the folded text.
        origin: index in the original text of each folded character, or ``None``
            where nothing was removed and the indices agree.
        size: length of the original text.
    """

    text: str = field(repr=False)
    origin: tuple[int, ...] | None = field(repr=False)
    size: int

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Map a non-empty range of the folded text to the original text."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold ``text``. Linear in its length; returns it unchanged where it is plain ASCII."""
    if text.isascii():
        return Folded(text, None, len(text))
    if _REMOVED.isdisjoint(text):
        return Folded(text.translate(_TABLE), None, len(text))
    kept = [(i, char) for i, char in enumerate(text) if char not in _REMOVED]
    folded = "".join(char for _, char in kept).translate(_TABLE)
    return Folded(folded, tuple(i for i, _ in kept), len(text))
