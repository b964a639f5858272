"""The grammar of placeholders, version 1: write them, and find them again.

A placeholder is written ``<Tag_N>``. Language models rewrite what they copy, so
reading is more tolerant than writing: case, blanks or hyphens for underscores,
leading zeros, escapes, markup inside, foreign or lost brackets, a tag in
Chinese. Tolerance is grammar only. There is no edit distance, and whether an
index was ever issued is for the vault to say.

One grammar serves three readers: :func:`find` (restoration, and the look-alikes
in a user's own text that must be protected as they are) and
:func:`find_unfinished` (a stream: might this tail become a placeholder?). The
two expressions are generated from the same parts, so they cannot disagree.
Full rules and vectors: ``docs/spec/placeholder-v1.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from memveil.privacy_types import PRIVACY_TYPES

__all__ = [
    "GENERIC_TAG",
    "LITERAL_TAG",
    "MAX_LENGTH",
    "Placeholder",
    "find",
    "find_unfinished",
    "write",
]

GENERIC_TAG = "Private"
"""The one tag of the generic style, which tells no type."""

LITERAL_TAG = "Literal"
"""Stands for text of the user that looks like a placeholder itself."""

MAX_LENGTH = 64
"""No placeholder, in any accepted form, is longer than this many characters."""

_MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder in a text, in any accepted form.

    Args:
        start: index of its first character.
        end: index after its last character.
        written: the canonical form, ``<Tag_N>``.
    """

    start: int
    end: int
    written: str


def write(tag: str, number: int) -> str:
    """The canonical form of a placeholder."""
    return f"<{tag}_{number}>"


# --- the parts of the grammar ------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the grammar as two expressions.

    ``full`` matches the piece; ``begun`` matches every proper prefix of it.
    """

    full: str
    begun: str

    def __add__(self, after: _Part) -> _Part:
        return _Part(self.full + after.full, f"(?:{self.full}{after.begun}|{self.begun})")


def _some(chars: str, low: int, high: int) -> _Part:
    return _Part(f"[{chars}]{{{low},{high}}}", f"[{chars}]{{0,{high - 1}}}")


def _optional(chars: str) -> _Part:
    return _Part(f"[{chars}]?", "")


def _text(literal: str) -> _Part:
    part = _Part("", "")
    for char in reversed(literal):
        one = _Part(re.escape(char), "")
        part = one + part if part.full else one
    return part


def _either(parts: list[_Part]) -> _Part:
    return _Part(
        f"(?:{'|'.join(part.full for part in parts)})",
        f"(?:{'|'.join(part.begun for part in parts)})",
    )


def _tolerant_tag(tag: str) -> _Part:
    """A tag whose underscores may be anything that models put between words."""
    words = tag.split("_")
    part = _text(words[-1])
    for word in reversed(words[:-1]):
        part = _text(word) + _some(_GLUE, 0, 2) + part
    return part


def _named(name: str, part: _Part) -> _Part:
    return _Part(f"(?P<{name}>{part.full})", part.begun)


_GLUE = r"_\s\-\\*"
_JUNK = _some(r"\s*`\\", 0, 2)
_OPEN = _either([_Part("[<＜〈《\\[【［{「]", ""), *map(_text, ("&lt;", "%3C", "%3c", "\\u003c", "\\u003C"))])
_WORD_ENDS = _Part("(?![0-9A-Za-z_])", "")
# An escape that ends in a letter must end the word, or what follows it would begin
# a word only once the placeholder is replaced.
_CLOSE = _either(
    [
        _Part("[>＞〉》\\]】］}」]", ""),
        _text("&gt;"),
        *(_text(escape) + _WORD_ENDS for escape in ("%3E", "%3e", "\\u003e", "\\u003E")),
    ]
)
_DIGITS = _some("0-9０-９", 1, _MAX_DIGITS)
_NOT_IN_WORD = _Part("(?<![0-9A-Za-z_])", "")

_TAGS = sorted({GENERIC_TAG, LITERAL_TAG, *(row.tag for row in PRIVACY_TYPES.values())}, key=len, reverse=True)
_TRANSLATIONS = {
    "私密": GENERIC_TAG,
    "原文": LITERAL_TAG,
    **{word: row.tag for row in PRIVACY_TYPES.values() for word in row.translations},
}
_WORDS = sorted(_TRANSLATIONS, key=len, reverse=True)

_ANY_TAG = _either([*map(_tolerant_tag, _TAGS), *map(_text, _WORDS)])
_EXACT_TAG = _either([_text(tag) for tag in _TAGS])
_UNDERSCORE = _optional(r"\\") + _text("_")

# In brackets of any kind: tolerant. Written in the order of preference.
_BRACKETED = (
    _OPEN
    + _JUNK
    + _named("tag", _ANY_TAG)
    + _optional("s")
    + _some(_GLUE, 0, 3)
    + _named("number", _DIGITS)
    + _JUNK
    + _CLOSE
)
# Without brackets, or with one lost: exact, so that prose and code stay prose and code.
_HALF_OPEN = (
    _either([_text("<"), _text("&lt;")])
    + _named("half_tag", _EXACT_TAG)
    + _UNDERSCORE
    + _named("half_number", _DIGITS)
    + _WORD_ENDS
)
_BARE = (
    _named("bare_tag", _EXACT_TAG)
    + _UNDERSCORE
    + _named("bare_number", _DIGITS)
    + _either([_text(">"), _text("&gt;"), _WORD_ENDS])
)

_FIND = re.compile(f"(?ai:{_BRACKETED.full})|{_HALF_OPEN.full}|{_NOT_IN_WORD.full}{_BARE.full}")
_BEGUN = f"(?:(?ai:{_BRACKETED.begun})|{_HALF_OPEN.begun}|{_NOT_IN_WORD.full}{_BARE.begun})"


@cache
def _unfinished() -> re.Pattern[str]:
    """Compiled at first use: it is long, and only streams need it."""
    return re.compile(re.sub(r"\(\?P<\w+>", "(?:", _BEGUN) + r"\Z")


# Where either expression can start at all; the scan jumps from one to the next.
_STARTS = re.compile("[<＜〈《\\[【［{「&%\\\\]|(?<![0-9A-Za-z_])[" + "".join({tag[0] for tag in _TAGS}) + "]")
_FOLDED_TAGS = {re.sub(r"_", "", tag).lower(): tag for tag in _TAGS}
_NOT_LETTERS = re.compile(rf"[{_GLUE}]")


def find(text: str, start: int = 0) -> Iterator[Placeholder]:
    """All placeholders of ``text`` from ``start`` on, left to right, disjoint.

    The result depends on ``text`` alone: an index that was never issued is found too.
    """
    position = start
    while (begin := _STARTS.search(text, position)) is not None:
        match = _FIND.match(text, begin.start())
        if match is None:
            position = begin.start() + 1
            continue
        yield Placeholder(match.start(), match.end(), _canonical(match))
        position = match.end()


def find_unfinished(text: str, start: int = 0) -> int:
    """Where a placeholder that ``text`` does not finish may begin, or ``len(text)``.

    ``text[:result]`` cannot be changed by anything that follows, and
    ``len(text) - result < MAX_LENGTH``.
    """
    unfinished = _unfinished()
    position = max(start, len(text) - MAX_LENGTH)
    while (begin := _STARTS.search(text, position)) is not None:
        if unfinished.match(text, begin.start()) is not None:
            return begin.start()
        position = begin.start() + 1
    return len(text)


def _canonical(match: re.Match[str]) -> str:
    groups = match.groupdict()
    word = groups["tag"] or groups["half_tag"] or groups["bare_tag"]
    number = groups["number"] or groups["half_number"] or groups["bare_number"]
    tag = _TRANSLATIONS.get(word) or _FOLDED_TAGS[_NOT_LETTERS.sub("", word).lower()]
    return write(tag, int(number))
