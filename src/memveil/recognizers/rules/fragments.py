"""Pieces of expressions that the rules of several subjects share.

All of them are strings for :func:`re.compile` with ``re.IGNORECASE``; where case
carries the meaning they switch it on with ``(?-i:...)``. None has a named group.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "AMOUNT",
    "AMOUNT_ZH",
    "CJK",
    "DATE",
    "LATIN",
    "MONTH",
    "NOT_AFTER_WORD",
    "NOT_BEFORE_WORD",
    "NUMBER_ZH",
    "PERSON",
    "PERSON_WORD",
    "UPPER",
    "any_of",
]

# Beyond Latin-1 the cases alternate, so that a range cannot tell them apart; both take it whole.
_EXTENDED = "\u0100-\u024f\u1e00-\u1eff"

UPPER = "A-Z\u00c0-\u00d6\u00d8-\u00de" + _EXTENDED
"""Characters of a class: Latin capitals."""

_LOWER = "a-z\u00df-\u00f6\u00f8-\u00ff\u0259" + _EXTENDED

LATIN = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0259" + _EXTENDED
"""Characters of a class: Latin letters."""

CJK = "\u4e00-\u9fff"
"""Characters of a class: the Han characters in common use."""

NOT_AFTER_WORD = f"(?<![{LATIN}0-9_])"
"""Holds where no Latin word reaches up to here. Han characters may stand before."""

NOT_BEFORE_WORD = f"(?![{LATIN}0-9_])"
"""Holds where no Latin word goes on from here. Han characters may follow."""

PERSON_WORD = (
    f"(?-i:[{UPPER}](?:[{_LOWER}]{{1,14}}|['’][{UPPER}][{_LOWER}]{{1,12}})"
    f"(?:['’-]?[{UPPER}]?[{_LOWER}]{{1,12}}(?<!['’]s)){{0,2}}|[{UPPER}]\\.)"
)
"""One capitalized part of a Latin name: ``Mara``, ``O'Brien``, ``Al-Sayed``, ``Ji-woo``, ``R.``"""

PERSON = (
    rf"{PERSON_WORD}(?:[ ](?:(?-i:de|da|di|del|der|den|van|von|bin|al|el|la|le|dos|das|ter|ten)[ ]){{0,2}}"
    rf"{PERSON_WORD}){{0,3}}{NOT_BEFORE_WORD}"
)
"""A Latin name of one to four parts."""

_CURRENCY_SIGN = r"(?:(?:US|CA|AU|A|C|NZ|HK|S|R)?\$|[€£¥￥₹₩₽₺₫₱₪₦]|(?-i:(?<![A-Z])R(?=\d{1,3},\d{3}|\d{4,9}(?!\w))|Rs\.?|UF(?= ?\d)))"
_CURRENCY_CODE = (
    r"(?:USD|EUR|GBP|AUD|CAD|CHF|CNY|RMB|JPY|HKD|SGD|NZD|SEK|NOK|DKK|INR|KRW|PLN|CZK|BRL|ZAR|MXN"
    r"|dollars?|euros?|pounds?|francs?|yuan|rupees?|kronor|kroner|pesos)"
)
_NUMBER = r"\d{1,3}(?:[,.]\d{3}){1,3}(?:\.\d{1,2})?|\d{1,9}(?:\.\d{1,2})?"
AMOUNT = (
    rf"(?:{_CURRENCY_SIGN}[ ]?(?:{_NUMBER})(?:[ ]?(?:k|m|bn|thousand|million|billion|lakh|crore){NOT_BEFORE_WORD})?"
    rf"(?:[ ]{_CURRENCY_CODE}{NOT_BEFORE_WORD})?"
    rf"|(?<![\d.,])(?:{_NUMBER})(?:[ ]?(?:k|thousand|million|billion))?[ ]{_CURRENCY_CODE}{NOT_BEFORE_WORD}"
    rf"|{NOT_AFTER_WORD}(?:USD|EUR|GBP|AUD|CAD|CHF|CNY|RMB|JPY|SEK|NOK|DKK|ISK|AED|KD|CLP|INR|ZAR|SGD|HKD|PLN)[ ](?:{_NUMBER})(?:[ ](?:million|billion|thousand))?)(?![$\d])"
)
"""An amount of money with its currency: ``€210``, ``$1.2 million``, ``1,200 euros``."""

NUMBER_ZH = r"(?:\d[\d,]{0,14}(?:\.\d{1,4})?|[一二两三四五六七八九十百千零几半]{1,9})"
"""A number in digits or in Han numerals."""

_UNIT_ZH = (
    r"(?:人民币|美元|美金|欧元|英镑|日元|日币|港币|港元|加元|加币|澳元|澳币|新币|新台币|台币|韩元|卢布|卢比|泰铢"
    r"|法郎|克朗|比索|令吉|块钱|块|元)"
)
AMOUNT_ZH = (
    rf"(?:{_CURRENCY_SIGN}[ ]?{NUMBER_ZH}[ ]?[千万亿]{{0,2}}(?:{_UNIT_ZH})?"
    rf"|(?<![\d.]){NUMBER_ZH}[ ]?[百千万亿]{{0,2}}[ ]?(?:多|余)?{_UNIT_ZH})"
)
"""An amount of money as Chinese writes it: ``2.5万元``, ``85欧元``, ``￥3,200``."""

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
"""An English month."""

DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?[ ](?:of[ ])?{MONTH}(?:,?[ ]\d{{4}})?{NOT_BEFORE_WORD}"
    rf"|{MONTH}[ ]\d{{1,2}}(?:st|nd|rd|th)?(?:,?[ ]\d{{4}})?{NOT_BEFORE_WORD}"
    r"|\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)|\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})(?!\d)"
    r"|\d{4}[ ]?年[ ]?\d{1,2}[ ]?月(?:[ ]?\d{1,2}[ ]?[日号])?|\d{1,2}月\d{1,2}[日号])"
)
"""A calendar date in figures, English or Chinese."""


class _Tree(dict[str, "_Tree"]):
    """Characters that may come next; the empty string where a word may end."""


def any_of(words: Iterable[str]) -> str:
    """An expression for any of the words, the longest first, as a tree of their beginnings.

    The tree lets a search give up after a character or two, where an alternation
    would try every word.
    """
    root = _Tree()
    for word in words:
        node = root
        for char in word:
            node = node.setdefault(char, _Tree())
        node[""] = _Tree()
    return _branches(root)


def _branches(node: _Tree) -> str:
    ends_here = "" in node
    parts = [_literal(char) + _branches(below) for char, below in sorted(node.items()) if char]
    if not parts:
        return ""
    if len(parts) == 1 and not ends_here:
        return parts[0]
    return "(?:" + "|".join(parts) + ")" + ("?" if ends_here else "")


def _literal(char: str) -> str:
    if char == " ":
        return "[ ]"
    return "\\" + char if char in r".^$*+?{}[]\|()-#" else char
