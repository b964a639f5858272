"""Telephone numbers of all countries, by form, by numbering plan and by cue.

Four kinds are read, from the surest to the weakest:

* international, with ``+`` or ``00``: the plan of the country says how far it goes;
* Chinese mobiles, which no other eleven digits look like, in any grouping;
* national forms that show themselves: North American ones with separators or
  brackets, numbers with a trunk zero that are valid in the plan of some country;
* whatever stands behind a word such as ``mobile`` or ``电话``.

Numbering plans are those of Google's libphonenumber (package ``phonenumbers``).
Invented numbers often lie outside a plan, so the plan only decides where the form
alone would not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import phonenumbers

from memveil.detect import Context
from memveil.folding import fold
from memveil.spans import PrivacyLevel, Span

__all__ = ["PhoneRecognizer"]

_TYPE = "Phone Number"
_EXTENSION = r"(?:[ ]?(?:ext\.?|x|转|分机)[ ]?\d{1,5})?"

# One pass over the text: everything that starts like a telephone number. The
# lookbehind keeps out the middle of codes, prices, versions and decimals.
_CANDIDATE = re.compile(
    r"(?<![0-9A-Za-z_])(?<![0-9][.,\-/])(?<![A-Za-z]-)(?<![$€£¥#])"
    r"(?:"
    r"(?P<international>(?:\(\+\d{1,3}\)|\+|00(?=[1-9]))[ ]?\(?\d(?:[ \-./()·]{0,2}\d){6,15}(?![0-9]))"
    r"|(?P<mainland>(?:86[ \-]?)?1[3-9]\d[ \-]?\d{4}[ \-]?\d{4}(?![0-9])(?![\-.][0-9]))"
    r"|(?P<american>(?:1[ .\-])?(?:\([2-9]\d{2}\)[ ]?\d{3}[ .\-]\d{4}|[2-9]\d{2}(?:-\d{3}-|\.\d{3}\.)\d{4})"
    r"(?![0-9])(?![.\-][0-9]))"
    r"|(?P<trunk>(?:0\d{1,4}|\(0?\d{2,4}\))[ ]?[ \-./]?[ ]?\d{2,8}(?:[ \-./]\d{2,5}){0,4}"
    r"(?![0-9])(?![\-./][0-9A-Za-z])(?![ ][0-9]))"
    r"|(?P<plain>\(?\d(?:[ \-.()]{0,2}\d){5,14}(?![0-9])(?![\-./][0-9]))"
    rf"){_EXTENSION}"
)
_EXTENDED = re.compile(r"[ ]?(?:ext|x|转|分机)", re.IGNORECASE)
# Not three times three, which is how tax and health numbers are written, and no second zero.
_TRUNK_FORM = re.compile(r"(?!\d{3}([ \-./])\d{3}\1\d{3}$)\(?0?[1-9]")
_SHORTEST = 6
_PERHAPS = re.compile(r"\d(?:[ \-./()·]{0,2}\d){5}")

_CUE = re.compile(
    r"(?:phone|mobile|cell|tel|telephone|fax|whats\s?app|call(?: me)?(?: at| on| under)?"
    r"|text me(?: at| on)?|reach me(?: at| on)|dial|contact(?: number| no\.?)?|handy|telefon\w{0,8}"
    r"|t[eé]l[eé]fono|t[eé]l[eé]phone|portable"
    r"|m[oó]vil|celular|ligar|rufnummer"
    r"|电话|手机|座机|致电|拨打|打给|联系方式|联系我|热线|来电|電話|携帯|手機|전화|핸드폰|휴대폰)"
    r"(?:[ ]?(?:number|no\.?|nr\.?|nummer|号码|号|番号|번호|numbers?))?"
    r"[ ]?(?:is|was|are|now|为|是|は|:|=|#|\(|-|\"|'|\*|[ ]){0,6}$",
    re.IGNORECASE,
)
_OTHER_CUE = re.compile(
    r"(?:order|invoice|tracking|ticket|isbn|issn|serial|account|acct|card|ssn|case|ref(?:erence)?|id|code|tax|steuer\S{0,8}"
    r"|version|passport|licen[cs]e|imei|otp|pin|page|seite|amount|total|balance|session|receipt|policy|claim|room"
    r"|订单|单号|流水|编号|账号|卡号|号牌|证号|身份证|护照|工号|学号|验证码|密码|金额|余额|邮编|qq|微信|代码)"
    r"(?:[ ]?(?:number|no\.?|nr\.?|号码|号))?[ ]?(?:is|was|lautet|为|是|:|=|#|\(|\"|'|[ ]){0,5}$",
    re.IGNORECASE,
)
_SUM = re.compile(r"[ ]?[*/×÷=+][ ]?\d")
_DATE = re.compile(r"(?:\d{4}[ \-./]\d{1,2}[ \-./]\d{1,2}|\d{1,2}[ \-./]\d{1,2}[ \-./]\d{4})(?:[ ].*)?")
_LOOK_BACK = 32

# A number that goes on to the left: ``CH46 0070 0114``, ``1Z 88F 402 03``, ``VAT IT 012``.
_CONTINUED = re.compile(r"(?:[0-9]|(?<![A-Za-z])[A-Z]{2,4})[ ]$|[0-9A-Za-z][/.]$")

# Countries that write a trunk zero; a number without a country code must be
# valid in one of them.
_UNBROKEN_REGIONS = ("CN", "JP", "KR")
_TRUNK_REGIONS = (
    "CN",
    "GB",
    "DE",
    "JP",
    "KR",
    "FR",
    "AU",
    "IT",
    "NL",
    "ES",
    "BR",
    "IN",
    "TW",
    "CH",
    "AT",
    "SE",
    "ZA",
    "MY",
    "ID",
)


class PhoneRecognizer:
    """Proposes ``Phone Number`` spans. Holds no state; safe between threads."""

    name = "phones"

    def recognize(self, text: str, context: Context) -> Iterable[Span]:  # noqa: ARG002 (a number is one for everybody)
        """Telephone numbers in ``text``, disjoint, in the order of the text."""
        folded = fold(text)
        if _PERHAPS.search(folded.text) is None:
            return
        for low, high, score in _numbers(folded.text):
            start, end = folded.original(low, high)
            yield Span(start, end, _TYPE, PrivacyLevel.PL2, score, self.name)


def _numbers(text: str) -> Iterator[tuple[int, int, float]]:
    position = 0
    while (match := _CANDIDATE.search(text, position)) is not None:
        start, end = match.span()
        kind = match.lastgroup
        before = text[max(0, start - _LOOK_BACK) : start]
        found = _judge(kind or "plain", match.group(), before, text[end : end + 4], len(text.strip()) == end - start)
        if found is None:
            position = _after_group(text, start, end)
        else:
            length, score = found
            yield start, start + length, score
            position = start + length


def _after_group(text: str, start: int, end: int) -> int:
    """Where to look on: behind the first run of digits of what was refused."""
    position = start + 1
    if not text[start].isdigit():
        return position
    while position < end and text[position].isdigit():
        position += 1
    return position


def _judge(kind: str, value: str, before: str, after: str, alone: bool) -> tuple[int, float] | None:
    """Length of the number and score, or None where it is none."""
    follower = after[:1]
    letter_follows = follower.isascii() and (follower.isalnum() or follower == "_")
    if kind == "international":
        return None if value.startswith("00") and _CONTINUED.search(before) else _international(value)
    if kind == "mainland":
        return None if _SUM.match(after) or follower == "_" else (len(value), 0.95)
    other = _OTHER_CUE.search(before) is not None
    if kind == "american" and value.startswith("(") and not other:
        return (len(value), 0.9)
    if letter_follows or other or _DATE.fullmatch(value):
        return None
    cued = _CUE.search(before) is not None
    if not cued and _CONTINUED.search(before) is not None:
        return None
    if kind == "american":
        return (len(value), 0.85)
    digits = sum(char.isdigit() for char in _EXTENDED.split(value)[0])
    if cued and _SHORTEST < digits <= 15:
        return (len(value.rstrip("( ")), 0.9)
    if (
        kind == "trunk"
        and 9 <= digits <= 12
        and _TRUNK_FORM.match(value)
        and _valid_somewhere(_EXTENDED.split(value)[0], digits)
    ):
        return (len(value), 0.8)
    if alone and re.fullmatch(r"[2-9]\d{9}", value):
        # A message that is nothing but such a number answers the question for one.
        return (len(value), 0.6)
    return None


def _international(value: str) -> tuple[int, float] | None:
    """The longest beginning, cut between groups, that the plan of its country allows."""
    ends = [match.start() for match in re.finditer(r"(?<=\d)(?=[^\d])", value)] + [len(value)]
    possible: int | None = None
    for end in sorted(ends, reverse=True):
        part = value[:end]
        if sum(char.isdigit() for char in part) < 7:
            break
        number = _parse("+" + part[2:] if part.startswith("00") else part, None)
        if number is None:
            continue
        if phonenumbers.is_valid_number(number):
            return (end, 0.97)
        if possible is None and phonenumbers.is_possible_number(number):
            possible = end
    return None if possible is None else (possible, 0.9)


def _valid_somewhere(value: str, digits: int) -> bool:
    # Only China has numbers of twelve digits; written with a gap they are something else.
    if value.isdigit():
        regions: tuple[str, ...] = _UNBROKEN_REGIONS if digits < 12 else ("CN",)
    else:
        regions = _TRUNK_REGIONS if digits < 12 else ()
    return any(
        number is not None and phonenumbers.is_valid_number(number)
        for number in (_parse(value, region) for region in regions)
    )


def _parse(value: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(value, region)
    except phonenumbers.NumberParseException:
        return None
