"""What codes look like."""

from __future__ import annotations

import re

__all__ = [
    "ANY_CODE",
    "CODE",
    "CODE_OR_HASHED",
    "START",
    "is_any_code",
    "is_bare_code",
    "is_code",
    "is_jointed_or_hashed",
]

_BORDER = r"[A-Za-z0-9_#+&@$€£%^/\\.\-]"
START = rf"(?<!{_BORDER})"
"""Holds where no code, word or address reaches up to here."""

_END = r"(?![A-Za-z0-9]|[\-_][A-Za-z0-9]|[.,]\d|\.\.|[/\\@%~]|://)"
# The first character comes first, and the look behind it second: so a search can skip quickly.
_FIRST = rf"[#A-Z0-9](?<!{_BORDER}.)(?:(?<=\d)|(?=[A-Za-z_\-]{{0,24}}\d))"
_JOINTED = r"[A-Z0-9]{0,16}(?:[\-_][A-Z0-9]{1,16}){1,6}"
_AFTER_HASH = r"(?<=#)[A-Za-z0-9]{2,20}(?:[\-_][A-Za-z0-9]{1,16}){0,6}"

CODE = rf"(?-i:{_FIRST}{_JOINTED}){_END}"
"""A code in capitals and digits with joints, which no prose looks like: ``#REQ-7731``, ``829-417``."""

CODE_OR_HASHED = rf"(?-i:{_FIRST}(?:{_JOINTED}|{_AFTER_HASH})){_END}"
"""The same, or letters and digits behind a number sign: ``#48812``, ``#rq7731``."""

_UNITS = (
    r"(?![ ]?(?:[元块塊万萬亿億人个個件美欧歐英日天年次台只本%]|dollars|euros|pounds|people|units|items|times|days))"
)
ANY_CODE = (
    rf"{START}(?:(?-i:[A-Z]{{1,6}})[ ](?=\d))?#?(?=[A-Z_\-/.]{{0,24}}\d)[A-Z0-9]{{1,32}}(?:[\-_/.][A-Z0-9]{{1,32}}){{0,6}}"
    rf"(?:(?<=\d)[ ]\d{{2,6}}(?!\d|[.,]\d|[A-Za-z])){{0,5}}(?:(?<=\d[ ]\d\d\d)[ ](?-i:[A-Z0-9])(?![A-Za-z0-9]))?"
    rf"(?![A-Za-z0-9]|[\-_/][A-Za-z0-9]|[.,]\d|\.\.|[\\@%~]|://){_UNITS}"
)
"""Letters and digits with joints, slashes or blanks; only right behind a cue that says what it is."""

_DATE = re.compile(
    r"(?:19|20)\d\d|#?(?:19|20)\d\d[\-_/.]\d{1,2}(?:[\-_/.]\d{1,2})?|\d{1,2}[\-/.]\d{1,2}[\-/.](?:19|20)?\d\d"
    r"|(?:19|20)\d\d[\-/](?:19|20)?\d\d|\d{1,2}[/.]\d{1,3}|\d{1,3}(?:\.\d{1,3}){1,2}"
)
_SHORT_GROUPS = re.compile(r"\d{2,4}-\d{2,4}(?:-\d{2,4})?")
# Names of standards, products, algorithms and diseases that have the shape of a code.
_KNOWN = re.compile(
    r"(?:ISO|IEC|IEEE|DIN|EN|GBT?|ANSI|ASTM|MIL-STD|RFC|CVE|CWE|PEP|BS|JIS|LM|SN74|NE|ATX|IPX|IP|EPA|OSHA|SAE|UL|ICD|DSM)"
    r"[\-_]\d{1,7}(?:[\-_]\d{1,7})?"
    r"|(?:COVID|SARS|MERS|UTF|UCS|AES|SHA|RSA|MD|DES|GPT|RTX|GTX|RX|USB|DDR|PCIE|MP|MPEG|WIFI|IPV|HTTP|TLS|WPA|BERT"
    r"|LLAMA|QWEN|CLAUDE|GEMINI|RESNET|VGG|CIFAR|TYPE|CLASS|TOP|COP|BOEING|AIRBUS|SU|MIG|AK|HIV|HPV|HSV|BRCA|VO|CD|IL"
    r"|TNF|PD|OMEGA|VITAMIN|INTEL|CORE|RYZEN|SQL|CSS|HTML|OAUTH|WEB|UTC|GMT|FY|GRE|CET|HSK|[A-Z])"
    r"[\-_]\d{1,4}[A-Z]{0,3}"
)


def _digits(value: str) -> int:
    return sum(char.isdigit() for char in value)


def is_any_code(value: str) -> bool:
    """A code of at least four places, or any behind ``#`` of at least three, that is no date."""
    body = value.removeprefix("#")
    return len(body) >= (3 if body != value else 4) and _DATE.fullmatch(body) is None


def is_code(value: str) -> bool:
    """A jointed code that is no date, no phone number, and no name of a standard or product."""
    body = value.removeprefix("#")
    if _DATE.fullmatch(body) or _KNOWN.fullmatch(body) or len(body) < 5 or _digits(body) < 2 or not body[0].isalnum():
        return False
    if _digits(body) == len(body) - body.count("-") - body.count("_"):
        return _SHORT_GROUPS.fullmatch(body) is not None and 6 <= _digits(body) <= 8
    return True


def is_jointed_or_hashed(value: str) -> bool:
    """A jointed code, or one behind ``#`` with at least three digits and no bare year."""
    if is_code(value):
        return True
    return (
        value.startswith("#") and is_any_code(value) and _digits(value) >= 3 and not _KNOWN.fullmatch(value[1:].upper())
    )


def is_bare_code(value: str) -> bool:
    """A jointed code that needs no cue: two capitals together and four digits, or three and two joints."""
    return (
        is_code(value)
        and re.search(r"[A-Z]{2}", value) is not None
        and _digits(value) >= (4 if value.count("-") + value.count("_") < 2 else 3)
    )
