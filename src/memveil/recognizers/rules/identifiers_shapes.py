"""What codes look like, and the rows that find them by the word beside them."""

from __future__ import annotations

import re

from memveil.recognizers.cues import LINK, LOOSE, OPEN, cue_then_value, value_then_cue
from memveil.recognizers.patterns import Pattern

__all__ = ["ANY_CODE", "CODE", "CODE_OR_HASHED", "START", "code_rows", "is_any_code", "is_code", "is_long_code"]

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

ANY_CODE = rf"{START}#?(?=[A-Z_\-]{{0,24}}\d)[A-Z0-9]{{1,32}}(?:[\-_][A-Z0-9]{{1,32}}){{0,6}}{_END}"
"""Letters and digits with or without joints; only right behind a cue that says what it is."""

_DATE = re.compile(
    r"#?(?:19|20)\d\d[\-_]\d{1,2}(?:[\-_]\d{1,2})?|\d{1,2}-\d{1,2}-(?:19|20)?\d\d|(?:19|20)\d\d-(?:19|20)?\d\d"
)
_SHORT_GROUPS = re.compile(r"\d{2,4}-\d{2,4}(?:-\d{2,4})?")
# Names of standards, products, algorithms and diseases that have the shape of a code.
_KNOWN = re.compile(
    r"(?:ISO|IEC|IEEE|DIN|EN|GBT?|ANSI|ASTM|MIL-STD|RFC|CVE|CWE|PEP|BS|JIS)[\-_]\d{1,7}(?:[\-_]\d{1,7})?"
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


def is_long_code(value: str) -> bool:
    """Like :func:`is_any_code`, with at least five places, three of them digits, and no bare year."""
    body = value.removeprefix("#")
    return (
        is_any_code(value)
        and (len(body) >= 5 or body != value)
        and _digits(body) >= 3
        and _KNOWN.fullmatch(body.upper()) is None
    )


def is_code(value: str) -> bool:
    """A jointed code that is no date, no phone number, and no name of a standard or product."""
    body = value.removeprefix("#")
    if _DATE.fullmatch(body) or _KNOWN.fullmatch(body) or len(body) < 5 or _digits(body) < 2 or not body[0].isalnum():
        return False
    if _digits(body) == len(body) - body.count("-") - body.count("_"):
        return _SHORT_GROUPS.fullmatch(body) is not None and 6 <= _digits(body) <= 8
    return True


def _is_jointed_or_hashed(value: str) -> bool:
    return is_code(value) or (value.startswith("#") and is_long_code(value))


_SUFFIX = (
    r"(?:[ _-]?(?:id|number|no|num|nr|code|ref|reference|serial)(?![a-z0-9])\.?"
    r"|的?(?:参考|追踪|流水|查询|登记|确认|识别)?(?:编号|号码|代码|单号|流水号|编码|标识|码|号|id(?![a-z0-9])))"
)


def code_rows(
    family: str,
    privacy_type: str,
    *,
    cues: tuple[str, ...],
    code: tuple[str, str],
    numbered: tuple[str, str],
    before: tuple[str, str],
    headed: tuple[str, str],
    unless_after: tuple[str, ...] = (),
    counterexamples: tuple[str, ...] = (),
) -> tuple[Pattern, ...]:
    """Four rows for one kind of code, by where it stands beside its cue.

    It may be jointed and near, of any form right behind, in front of the cue, or at the end of a
    sentence that the cue begins (``the code for the booking is ...``).

    Args:
        family: first part of the names of the rows.
        privacy_type: what the cues make of a code.
        cues: see :func:`~memveil.recognizers.cues.cue_then_value`.
        code: example of a jointed code after its cue.
        numbered: example of a code of any form, after a cue with ``number``, ``编号`` or a colon.
        before: example of a jointed code with its cue behind it.
        headed: example of a code after ``cue for ... is``, where another cue may stand nearer.
        unless_after: see :func:`~memveil.recognizers.cues.cue_then_value`.
        counterexamples: texts in which none of the rows must find anything.
    """
    return (
        cue_then_value(
            f"{family}.code",
            privacy_type,
            cues=cues,
            suffix=f"{_SUFFIX}?",
            unless_after=unless_after,
            gap=LOOSE,
            value=CODE_OR_HASHED,
            validate=_is_jointed_or_hashed,
            examples=(code,),
            counterexamples=counterexamples,
        ),
        cue_then_value(
            f"{family}.numbered",
            privacy_type,
            cues=cues,
            suffix=f"(?:{_SUFFIX}|(?=[ ]?[:=]))",
            unless_after=unless_after,
            value=ANY_CODE,
            gap=LINK,
            validate=is_any_code,
            examples=(numbered,),
            counterexamples=counterexamples,
        ),
        cue_then_value(
            f"{family}.headed",
            privacy_type,
            cues=cues,
            suffix=f"{_SUFFIX}?",
            unless_after=unless_after,
            gap=(
                r"[ ](?:for|of|to|from|on|that|which|I|sent|used|we|needed|required)[ ][^\n.!?;:]{2,90}?[ ](?:is|was|reads)[ ]"
                rf"(?:now[ ]|just[ ]|indeed[ ])?{OPEN}"
            ),
            value=CODE_OR_HASHED,
            validate=_is_jointed_or_hashed,
            score=0.905,
            examples=(headed,),
            counterexamples=counterexamples,
        ),
        value_then_cue(
            f"{family}.before",
            privacy_type,
            cues=cues,
            value=CODE_OR_HASHED,
            validate=_is_jointed_or_hashed,
            examples=(before,),
            counterexamples=counterexamples,
        ),
    )
