"""The user's own full name, where the caller told it, in the forms a text may use.

The whole name is found in any case, with any blanks, with or without accents, in
either order, and without its middle parts. The given name alone, and the family
name alone, are forms of address and no spans (annotation guideline, boundary 6).
A name that carries a second script in brackets, ``伊莎多拉·门德斯 (Isadora Mendes)``, is two
names, and both together are one mention.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from memveil.detect import Context
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import Span

__all__ = ["UserNameRecognizer"]

_TYPE = "Real Name"
_LEVEL = PRIVACY_TYPES[_TYPE].level

_TITLE_WORDS = """
mr mrs ms miss mx sir dame lord lady dr prof professor rev reverend fr father sister brother hon judge captain capt
lieutenant lt colonel col major maj general gen sergeant sgt corporal cpl private pvt commander cmdr admiral adm
officer madam madame monsieur herr frau señor señora sr sra don doña ing dipl
先生 女士 小姐 太太 老师 教授 博士 医生
"""
_TITLES = frozenset(_TITLE_WORDS.split())
_SUFFIX_WORDS = "jr sr ii iii iv phd md mba msc bsc ma ba dds esq rn cpa pe ret retd"
_SUFFIXES = frozenset(_SUFFIX_WORDS.split())
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]{1,80})[)）\]】]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DOTS = "·•‧・∙⋅\u2027\u30fb\uff0e."
_LATIN_EDGE_LEFT = r"(?<![0-9A-Za-z_\u00c0-\u024f@.])(?<![A-Za-z]-)"
_LATIN_EDGE_RIGHT = r"(?![0-9A-Za-z_\u00c0-\u024f@])"
_ACCENTS = r"[\u0300-\u036f]*"
_SAME = {"ß": "ss", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l", "ı": "i"}


class UserNameRecognizer:
    """Proposes ``Real Name`` spans for ``Context.user_name``; nothing without it."""

    name = "user_name"

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """Mentions of the user's full name, disjoint, in the order of the text."""
        if not context.user_name:
            return
        expression = _expression(context.user_name)
        if expression is None:
            return
        for match in expression.finditer(text):
            yield Span(match.start(), match.end(), _TYPE, _LEVEL, 0.99, self.name)


# Few names are in use at a time; each is compiled once.
@lru_cache(maxsize=64)
def _expression(user_name: str) -> re.Pattern[str] | None:
    names = [sorted(set(_forms(name)), key=lambda form: (-len(form), form)) for name in _names(user_name)]
    forms = list(dict.fromkeys(form for of_name in names for form in of_name))
    if not forms:
        return None
    whole = "|".join(forms)
    # Two forms side by side, one of them in brackets, are one mention.
    pair = rf"(?:{whole})[ ]?[(（](?:{whole})[)）]"
    return re.compile(f"{pair}|{whole}" if len(names) > 1 else whole, re.IGNORECASE)


def _names(user_name: str) -> Iterator[str]:
    """The names in what the caller gave: the main one and any in brackets."""
    composed = unicodedata.normalize("NFC", user_name)
    for inside in _BRACKETED.findall(composed):
        yield inside.strip()
    outside = _BRACKETED.sub(" ", composed).strip()
    yield outside
    han = _HAN.search(outside)
    latin = re.search(r"[A-Za-z]", outside)
    if han is not None and latin is not None:
        # Both scripts side by side without brackets: ``苏婉 Wan Su``.
        yield " ".join(re.findall(r"[\u3400-\u9fff·•‧・]+", outside))
        yield " ".join(re.findall(r"[A-Za-z\u00c0-\u024f.'’\-]+", outside))


def _forms(name: str) -> Iterator[str]:
    """Expressions of the ways to write one name; none for what is no full name."""
    parts = [part for part in re.split(r"[\s,，]+", name) if part]
    while parts and parts[0].rstrip(".").casefold() in _TITLES and len(parts) > 1:
        parts = parts[1:]
    while parts and parts[-1].strip(".").replace(".", "").casefold() in _SUFFIXES and len(parts) > 1:
        parts = parts[:-1]
    if not parts:
        return
    if all(_HAN.match(part) for part in parts):
        yield from _han_forms("".join(parts) if len(parts) <= 2 and not _dotted(name) else "·".join(parts))
    elif len(parts) >= 2:
        yield from _latin_forms(parts)


def _dotted(name: str) -> bool:
    return any(char in _DOTS for char in name)


def _han_forms(name: str) -> Iterator[str]:
    pieces = [piece for piece in re.split(f"[{re.escape(_DOTS)}]", name) if piece]
    if len(pieces) == 1:
        if len(pieces[0]) >= 2:
            yield r"[ \u3000]?".join(map(re.escape, pieces[0]))
    else:
        yield rf"[ \u3000]?[{re.escape(_DOTS)} \-]?[ \u3000]?".join(map(re.escape, pieces))


def _latin_forms(parts: list[str]) -> Iterator[str]:
    first, *middle, last = (_letters(part) for part in parts)
    between = r"[\s\u00a0]{1,3}"
    orders = [[first, *middle, last], [first, last], [last + ",?", first, *middle], [last + ",?", first]]
    if middle:
        orders.append([first, *(rf"{_letters(part[0])}\.?" for part in parts[1:-1]), last])
    for order in orders:
        yield _LATIN_EDGE_LEFT + between.join(order) + _LATIN_EDGE_RIGHT


def _letters(part: str) -> str:
    """An expression for one part that does not mind accents, apostrophes or hyphens."""
    return "".join(map(_letter, part))


def _letter(char: str) -> str:
    if char in "'’‘`":
        return "['’‘`]?"
    if char in "-\u2010\u2011\u2012\u2013":
        return r"[\-\u2010-\u2013 ]?"
    plain = _SAME.get(char, unicodedata.normalize("NFD", char)[0])
    if plain == char:
        return re.escape(char) + (_ACCENTS if char.isalpha() else "")
    return f"(?:{re.escape(char)}|{re.escape(plain)}{_ACCENTS})"
