"""Build rows of the kind "a word that names a value, then the value".

Most private codes look alike: only the word beside them tells a one-time code
from an order number. A row made here lists such words (cues), so that a table
of rules reads as a table of words; :mod:`memveil.recognizers.patterns` lets the
nearest cue decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from memveil.recognizers.patterns import Pattern
from memveil.spans import PrivacyLevel

__all__ = [
    "CLOSE",
    "LINK",
    "LOOSE",
    "OPEN",
    "any_word",
    "cue_then_value",
    "value_then_cue",
    "words",
]

OPEN = r"[\"'“”‘’「『【《\[(<`*_~]{0,4}"
"""Marks that open a value: quotes, brackets, markdown."""

CLOSE = r"[\"'“”‘’」』】》\])>`*~]{0,4}"
"""Marks that close a value."""

_SAYS = (
    r"(?:is|was|are|were|will be|to be|reads?|says?|called|being|came|arrived|indeed|now|still|just|currently|set to|to"
    r"|是|为|叫做?|就是|还是|变成了?|改成了?|改为了?|换成了?|设成了?|设为了?|设置为|如下|即|写着|显示的?是?)"
)
LINK = (
    r"(?:[ ]?\([^()\n]{1,24}\))?[ \t]{0,3}"
    rf"(?:,[ ]?)?(?:{_SAYS}[ ]{{0,2}}){{0,3}}[ ]{{0,2}}(?:=>|->|:=|={{1,3}}|::?|→|—|[ ]-[ ]|,)?[ \t]{{0,3}}{OPEN}[ ]?"
)
"""What may stand between a cue and its value at the most: ``(new) is now: **``. May be empty."""

LOOSE = r"(?:[^\n。!?;.]|\.(?=[^\s])){0,40}?"
"""Up to forty characters of one sentence, as few as possible; for values that no prose looks like."""


_SIMPLIFIED = (
    "码号编验证账户单订发设备签项务会员报场网线电话动态临时应权复钥锁门银预约确认机学职积读参踪运进录历处诊检资产标"
)
_TRADITIONAL = (
    "碼號編驗證帳戶單訂發設備簽項務會員報場網線電話動態臨時應權復鑰鎖門銀預約確認機學職積讀參蹤運進錄歷處診檢資產標"
)
_AS_TRADITIONAL = str.maketrans(_SIMPLIFIED, _TRADITIONAL)


def words(listed: str) -> tuple[str, ...]:
    """The words of a comma-separated list; Chinese ones also as traditional characters write them."""
    given = [word.strip() for word in listed.split(",")]
    return tuple(dict.fromkeys(form for word in given for form in (word, word.translate(_AS_TRADITIONAL))))


def cue_then_value(
    name: str,
    privacy_type: str,
    *,
    cues: tuple[str, ...],
    value: str,
    gap: str = LINK,
    suffix: str = "",
    unless_after: tuple[str, ...] = (),
    examples: tuple[tuple[str, str], ...],
    counterexamples: tuple[str, ...] = (),
    score: float = 0.9,
    validate: Callable[[str], bool] | None = None,
    level: PrivacyLevel | None = None,
) -> Pattern:
    """A row whose value follows one of its cues.

    Args:
        name: as in :class:`Pattern`, like the arguments not named here.
        privacy_type: as in :class:`Pattern`.
        cues: lower-case words. Latin ones match as whole words, in the plural
            too, and a blank in them stands for a blank, ``-``, ``_`` or nothing.
        value: expression of the value, with no named group.
        gap: expression of what may stand between cue and value.
        suffix: expression that follows each of the cues and counts as a part of it.
        unless_after: words that turn a cue into another thing (``error`` before ``code``).
        examples: as in :class:`Pattern`.
        counterexamples: as in :class:`Pattern`.
        score: as in :class:`Pattern`.
        validate: as in :class:`Pattern`.
        level: as in :class:`Pattern`.
    """
    return Pattern(
        name=name,
        privacy_type=privacy_type,
        regex=rf"{_forbidden(unless_after)}(?P<cue>{any_word(cues)}{suffix}){gap}(?P<value>{value})",
        keywords=_literals(cues),
        reach=0,
        score=score,
        validate=validate,
        level=level,
        examples=examples,
        counterexamples=counterexamples,
    )


def value_then_cue(
    name: str,
    privacy_type: str,
    *,
    cues: tuple[str, ...],
    value: str,
    gap: str = rf"{CLOSE}[ ]?(?:的|[这那](?:样的|种|[个笔张份串条组])?)?[ ]?",
    reach: int = 40,
    examples: tuple[tuple[str, str], ...],
    counterexamples: tuple[str, ...] = (),
    score: float = 0.9,
    validate: Callable[[str], bool] | None = None,
) -> Pattern:
    """A row whose value stands before one of its cues (``the 829-417 code``).

    Args:
        name: as in :func:`cue_then_value`, like the arguments not named here.
        privacy_type: as in :class:`Pattern`.
        cues: as in :func:`cue_then_value`.
        value: expression of the value, with no named group.
        gap: expression of what may stand between value and cue.
        reach: most characters of value and gap together.
        examples: as in :class:`Pattern`.
        counterexamples: as in :class:`Pattern`.
        score: as in :class:`Pattern`.
        validate: as in :class:`Pattern`.
    """
    return Pattern(
        name=name,
        privacy_type=privacy_type,
        regex=rf"(?P<value>{value}){gap}(?P<cue>{any_word(cues)})",
        keywords=_literals(cues),
        reach=reach,
        score=score,
        validate=validate,
        examples=examples,
        counterexamples=counterexamples,
    )


def _forbidden(before: tuple[str, ...]) -> str:
    return "".join(rf"(?<!{re.escape(word)}[ _-])" if word.isascii() else f"(?<!{word})" for word in before)


def _literals(cues: tuple[str, ...]) -> tuple[str, ...]:
    """The literals that a cue may begin with, for the keyword automaton."""
    literals: dict[str, None] = {}
    for cue in cues:
        parts = cue.split(" ")
        # The automaton finds the first word at least; for short ones the second, too, to wake seldom.
        joined = ("",) if len(parts) == 1 else (" ", "-", "_", "")
        for joint in joined:
            literals[joint.join(parts[:2])] = None
    return tuple(literals)


def any_word(cues: tuple[str, ...]) -> str:
    """One expression for all cues, the longest first; the Latin ones as whole words, in the plural too."""
    latin = [cue for cue in cues if cue.isascii()]
    other = [cue for cue in cues if not cue.isascii()]
    parts: list[str] = []
    if latin:
        choice = "|".join(_escaped(cue) for cue in sorted(latin, key=lambda cue: (-len(cue), cue)))
        parts.append(rf"(?<![a-z0-9])(?:{choice})(?:e?s|'s)?(?![a-z])")
    if other:
        choice = "|".join(_escaped(cue) for cue in sorted(other, key=lambda cue: (-len(cue), cue)))
        parts.append(f"(?:{choice})")
    return parts[0] if len(parts) == 1 else f"(?:{'|'.join(parts)})"


def _escaped(cue: str) -> str:
    return "[ _-]?".join(re.escape(word) for word in cue.split(" "))
