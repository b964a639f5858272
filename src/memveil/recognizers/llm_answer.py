"""Read the answer of a language model, which is never trusted.

The model has seen text that others wrote, and may have obeyed it; or it is
small and wanders. So an answer can only ever add: each item has to stand in the
text, and the span is where it stands, not where the model says. What cannot be
read as items makes the answer incomplete, and the caller decides about that.

Broken JSON is repaired object by object with json-repair. Objects are cut out
first and are short, because repairing takes time that grows with the square of
the length: an answer must not be able to stop its reader.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

import json_repair

from memveil.folding import Folded, fold
from memveil.spans import PrivacyLevel, Span
from memveil.type_names import known_type, nearest_type

__all__ = ["LONGEST_ANSWER", "MOST_SPANS", "Item", "Located", "Reading", "locate", "read_answer"]

LONGEST_ANSWER = 65_536
"""Characters that are looked at; a dense page of text needs a quarter of it."""

MOST_SPANS = 4096
"""Spans in one text; an answer that marks more marks letters."""

_SCORE = 0.8
"""A model of this kind says no probability; below a rule that checked a number."""

_THINKING = re.compile(r"\A.*</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_OPEN_THINKING = re.compile(r"<think(?:ing)?>.*\Z", re.DOTALL | re.IGNORECASE)
_OBJECT = re.compile(r"\{[^{}]*\}?")
_LONGEST_OBJECT = 2000
_MOST_BRACKETS = 8
_MOST_ITEMS = 1000
_LONGEST_TYPE = 100
_LEVEL = re.compile(r"\s*(?:PL|level)?\s*([1-4])\s*", re.IGNORECASE)
_ROUND_A_VALUE = " \t\r\n\u3000,，;；。.、：:\"'“”‘’`「」《》"


@dataclass(frozen=True, slots=True)
class Item:
    """What the model says is private. The repr shows no value.

    Args:
        original_text: what it copied, or made up.
        privacy_type: a name of the type table.
        level: at least the level of the type.
    """

    original_text: str = field(repr=False)
    privacy_type: str
    level: PrivacyLevel


@dataclass(frozen=True, slots=True)
class Reading:
    """An answer, read.

    Args:
        items: in their order, each once.
        unreadable: how many parts were no item.
        is_complete: whether all of the answer was read, to its end.
    """

    items: tuple[Item, ...]
    unreadable: int
    is_complete: bool


@dataclass(frozen=True, slots=True)
class Located:
    """Items, found in the text.

    Args:
        spans: every place of every item; they may overlap.
        invented: how many items stand nowhere in the text.
        is_plausible: whether that was all; not if there were more than :data:`MOST_SPANS`.
    """

    spans: tuple[Span, ...]
    invented: int
    is_plausible: bool


def read_answer(answer: str) -> Reading:
    """Read the items of an answer, whatever it is."""
    if len(answer) > LONGEST_ANSWER:
        return Reading((), 0, is_complete=False)
    said = _without_thinking(answer)
    whole = _strictly(said)
    parts: Sequence[object]
    if whole is None:
        parts = [_repaired(match[0]) for match in _OBJECT.finditer(said)]
        # Whoever closed the list was done; where nothing was listed, nothing was answered.
        is_complete = bool(parts) and said.rstrip(" \t\r\n`").endswith("]")
    else:
        parts, is_complete = whole, True
    items: dict[Item, None] = {}
    unreadable = 0
    for part in parts:
        if not isinstance(part, dict):
            unreadable += 1
            continue
        item = _item(cast("dict[str, object]", part))
        if item is not None:
            items[item] = None
        elif not _is_taste(cast("dict[str, object]", part)):
            unreadable += 1
    return Reading(tuple(items)[:_MOST_ITEMS], unreadable, is_complete and not unreadable and len(items) <= _MOST_ITEMS)


def locate(text: str, items: Iterable[Item], *, recognizer: str) -> Located:
    """Find where items stand in ``text``: every place of each.

    An item counts where it stands verbatim, or but for what folding undoes
    (:mod:`memveil.folding`) and for marks around it. Inside longer words and
    numbers it counts only if it stands nowhere else.

    Args:
        text: what the model was asked about.
        items: what it answered.
        recognizer: the name that spans carry.
    """
    folded = fold(text)
    spans: list[Span] = []
    invented = 0
    for item in items:
        places = _places(text, folded, item.original_text)
        if not places:
            invented += 1
        if len(spans) + len(places) > MOST_SPANS:
            return Located(tuple(spans), invented, is_plausible=False)
        spans += [Span(start, end, item.privacy_type, item.level, _SCORE, recognizer) for start, end in places]
    return Located(tuple(spans), invented, is_plausible=True)


def _without_thinking(answer: str) -> str:
    """What was said after thinking; nothing where the thinking did not end."""
    return _OPEN_THINKING.sub("", _THINKING.sub("", answer))


def _without_fence(said: str) -> str:
    """What stands between the marks of a block of code, if it is one."""
    bare = said.strip()
    if bare.startswith("```") and bare.endswith("```") and len(bare) >= 6:
        bare = bare[3:-3].removeprefix("json").strip()
    return bare


def _strictly(said: str) -> Sequence[object] | None:
    """The items of an answer that is proper JSON, whatever words stand around it."""
    first, last = said.find("["), said.rfind("]")
    whole, inner = _without_fence(said), said[first : last + 1] if 0 <= first < last else ""
    for candidate in (whole, inner):
        try:
            value: object = json.loads(candidate)
        # Nested too deeply, it is no list of ours.
        except (ValueError, RecursionError):
            continue
        listed = _listed(value)
        # "[]" somewhere among words may be anything, such as a quotation of the text.
        if listed or (listed is not None and candidate == whole):
            return listed
    return None


def _listed(value: object) -> Sequence[object] | None:
    """A list of items; servers that can only be held to objects wrap it in one."""
    if isinstance(value, list):
        return cast("list[object]", value)
    if not isinstance(value, dict):
        return None
    fields = cast("dict[str, object]", value)
    if "original_text" in fields:
        return [fields]
    if len(fields) == 1:
        (inner,) = fields.values()
        return cast("list[object]", inner) if isinstance(inner, list) else None
    return None


def _repaired(piece: str) -> object:
    """The object that was meant, or ``None``."""
    if len(piece) > _LONGEST_OBJECT or piece.count("[") > _MOST_BRACKETS:
        return None
    try:
        return json_repair.loads(piece)
    # It gives up in these ways; none of them says more than that.
    except (ValueError, RecursionError, IndexError, TypeError, AttributeError):
        return None


def _item(fields: dict[str, object]) -> Item | None:
    text, kind = fields.get("original_text"), fields.get("privacy_type")
    if isinstance(text, int) and not isinstance(text, bool):
        # A number that was copied without its quotes.
        text = str(text)
    if not isinstance(text, str):
        return None
    named = kind[:_LONGEST_TYPE] if isinstance(kind, str) else ""
    level = _level(fields.get("privacy_level"))
    if level is PrivacyLevel.PL1 and known_type(named) is None:
        return None
    # Without a level the type decides; what is neither known nor ranked still identifies.
    name, at_least = nearest_type(named, max(level or PrivacyLevel.PL2, PrivacyLevel.PL2))
    return Item(text, name, at_least)


def _is_taste(fields: dict[str, object]) -> bool:
    """Whether the model says itself that this may stay: tastes and moods."""
    return isinstance(fields.get("original_text"), str) and _level(fields.get("privacy_level")) is PrivacyLevel.PL1


def _level(value: object) -> PrivacyLevel | None:
    match = _LEVEL.fullmatch(value[:20]) if isinstance(value, str) else None
    return PrivacyLevel(int(match[1])) if match else None


def _places(text: str, folded: Folded, wanted: str) -> list[tuple[int, int]]:
    for candidate in (wanted.strip(), wanted.strip().strip(_ROUND_A_VALUE).strip()):
        if not candidate:
            continue
        found = _occurrences(text, candidate)
        if not found:
            found = [folded.original(*place) for place in _occurrences(folded.text, fold(candidate).text)]
        if len(found) > MOST_SPANS:
            return found
        if found:
            return [place for place in found if _stands_alone(text, *place)] or found
    return []


def _occurrences(text: str, wanted: str) -> list[tuple[int, int]]:
    """Places of a value, overlapping ones too; one more than allowed where there are too many."""
    found: list[tuple[int, int]] = []
    start = text.find(wanted) if wanted else -1
    while start >= 0 and len(found) <= MOST_SPANS:
        found.append((start, start + len(wanted)))
        start = text.find(wanted, start + 1)
    return found


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no word or number goes on across the borders."""
    return not (
        (start > 0 and _joins(text[start - 1], text[start])) or (end < len(text) and _joins(text[end - 1], text[end]))
    )


def _joins(left: str, right: str) -> bool:
    # Chinese writes words without blanks, so a border there says nothing.
    return (left.isdecimal() and right.isdecimal()) or all(
        char.isalpha() and ord(char) < 0x2E80 for char in left + right
    )
