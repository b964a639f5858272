"""What secrets look like: alphabets, randomness, and the tokens that only stand in for a secret."""

from __future__ import annotations

import math
import re
from collections import Counter

__all__ = [
    "SECRET",
    "entropy",
    "is_assigned_secret",
    "is_filled",
    "is_issued",
    "is_password",
    "is_random",
    "is_spoken",
    "is_stated_password",
    "is_strong_password",
    "is_stub",
]

SECRET = (
    r"(?![\-.:=])[^\s\"'“”‘’「」『』`<>()（）\[\]{}【】，。；、！？…,;|\u2e80-\u9fff\uff00-\uffef][^\s\"'“”‘’「」『』`<>()（）\[\]{}【】，。；、！？…,;|\u2e80-\u9fff\uff00-\uffef]{3,127}"
    r"(?<![.:?*~=])"
)
"""A run of characters that people type as a password, without closing punctuation."""

# Values that only say that a secret belongs here.
_STUB = re.compile(
    r"[x*.#_\-•●X0]+|(?:[a-z]{1,12}[_\-]){0,2}(?:your|example|changeme|change[_-]?me|placeholder|redacted|removed|secret|password"
    r"|passwd|pwd|token|key|none|null|nil|undefined|true|false|string|required|optional|todo|tbd|n/?a|empty|hidden|masked"
    r"|default|value|dummy|sample|insert|enter|replace|here)(?:[_\-][a-z_\-]{0,40})?|\$.*|%[a-z_]+%|\{.*|<.*|\[.*|.*\.\.\..*"
    r"|.*(?:x{6}|\*{3}|0{8}|example|abcdefghijklm|0123456789|123456789012345).*",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[><~≥≤+]?\d+(?:[\-–~/to]+\d+)?[\-]?(?:bits?|bytes?|chars?|characters?|digits?|letters?|words?|days?|hours?|hrs?|min"
    r"|minutes?|months?|years?|times?|th|st|nd|rd|位|個|个|次|[km]?b|%|\+|x)?",
    re.IGNORECASE,
)
_CLOCK_OR_DATE = re.compile(r"\d{1,4}[:/.\-]\d{1,2}(?:[:/.\-]\d{1,4})?(?:am|pm)?", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.\-]*://.*|www\..*|[^@]+@[^@]+\.[a-z]{2,}|\.{0,2}/.*|[a-z]:\\.*", re.IGNORECASE)
_STANDARD = re.compile(
    r"(?:AES|RSA|SHA|MD|WPA|TLS|SSL|UTF|ISO|IPV|OAUTH|GPT|PBKDF|SSO|2FA|MFA)[\-_]?\d*[a-z]?", re.IGNORECASE
)


def entropy(value: str) -> float:
    """Shannon entropy of the characters, in bits each."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values()) if size else 0.0


def is_stub(value: str) -> bool:
    """A word that stands where a secret belongs: ``xxxx``, ``<password>``, ``$TOKEN``, ``changeme``."""
    return _STUB.fullmatch(value) is not None or len(set(value)) < 3


def is_random(value: str) -> bool:
    """Random enough for an issued key: at least 3 bits a character, and no stub."""
    return not is_stub(value) and entropy(value) >= 3.0


_FILLED = re.compile(r"x{6}|\*{3}|\.{3}|abcdefghijklm|0123456789|123456789012345", re.IGNORECASE)


def is_filled(value: str) -> bool:
    """Whether a part of the value only fills a place: ``xxxxxx``, ``******``."""
    return _FILLED.search(value) is not None


def is_issued(value: str) -> bool:
    """Not merely filled in: for keys whose beginning already names their issuer."""
    bits = entropy(value)
    kinds = len(set(value))
    return not is_filled(value) and (bits >= 3.0 or (bits >= 2.75 and kinds >= 14) or ("0000" in value and kinds >= 8))


_SPOKEN = re.compile(
    r"(?:[A-Za-z]?[a-z]{2,}(?:[A-Z][a-z]+){0,6}\d{0,2}|[A-Z]{2,12}|[A-Za-z]?\d{1,4}|\d{5,12}|[a-z]|)"
    r"(?:[._\-/+=:~](?:[A-Za-z]?[a-z]{2,}(?:[A-Z][a-z]+){0,6}\d{0,2}|[A-Z]{2,12}|[A-Za-z]?\d{1,4}|\d{5,12}|[a-z]|)){0,12}"
)


def is_spoken(value: str) -> bool:
    """Words, versions and small numbers joined by marks: a name in a program rather than a key."""
    return _SPOKEN.fullmatch(value) is not None


def _classes(value: str) -> tuple[bool, bool, bool, bool]:
    return (
        any(char.isdigit() for char in value),
        any(char.islower() for char in value),
        any(char.isupper() for char in value),
        any(not char.isalnum() for char in value),
    )


def _is_something_else(value: str) -> bool:
    return any(form.fullmatch(value) is not None for form in (_STUB, _UNIT, _CLOCK_OR_DATE, _ADDRESS, _STANDARD))


def is_password(value: str) -> bool:
    """Letters with digits or with symbols that prose does not have; no date, address, unit or stub."""
    digit, lower, upper, symbol = _classes(value)
    if len(value) < 6 or not (lower or upper) or _is_something_else(value):
        return False
    return digit or (symbol and re.search(r"[!@#$%^&+=?~*]", value.rstrip("!?")) is not None)


def is_stated_password(value: str) -> bool:
    """What may follow ``password is``: like a password, or a number, or capitals inside a word."""
    if is_password(value):
        return "/" not in value or re.search(r"[!@#$%^&*+=?~]", value) is not None
    if re.fullmatch(r"\d{4,16}#?", value):
        return re.fullmatch(r"(?:19|20)\d\d", value) is None
    return re.search(r"[a-z][A-Z]", value) is not None and len(value) >= 6 and not _is_something_else(value)


def is_strong_password(value: str) -> bool:
    """Letters, digits and a rare symbol inside, as prose and identifiers do not have them."""
    digit, lower, upper, _ = _classes(value)
    if len(value) < 8 or not digit or not (lower or upper) or _is_something_else(value):
        return False
    return re.search(r"[!@#$%^&*+?~]", value[1:]) is not None and not re.search(r"[/=|]", value)


def is_assigned_secret(value: str) -> bool:
    """What may follow ``password=``: anything but a stub, a call or a variable of a program."""
    if len(value) < 4 or is_stub(value) or (len(value) > 12 and entropy(value) < 2.0):
        return False
    return (
        re.search(r"[()\[\]{}$<>]|^(?:os|env|process|config|self|this|args?|options?|params?|request)\.", value) is None
    )
