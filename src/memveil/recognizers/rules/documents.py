"""Rules: passports and driving licences."""

from __future__ import annotations

from collections.abc import Callable

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.fragments import NOT_AFTER_WORD, NOT_BEFORE_WORD

__all__ = ["PATTERNS"]

_IS = r"(?:[ ]?(?:number|no\.?|nr\.?|num|#|号码|号))?[ ]{0,2}(?:\([^()\n]{1,30}\)[ ]?)?(?:on file[ ])?(?:is|was|为|是|:|=|#|\"|'|`|\*|[ ]|,){0,7}"
_CODE = r"(?=[A-Z0-9\-/ .]{0,24}\d)[A-Z0-9]{1,20}(?:[ \-/.][A-Z0-9]{1,12}){0,4}"


def _has_digits(least: int) -> Callable[[str], bool]:
    def check(value: str) -> bool:
        return sum(char.isdigit() for char in value) >= least

    return check


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="documents.passport",
        privacy_type="Passport Number",
        regex=rf"(?P<cue>passport(?:_number|s|'s)?(?:[ ]numbers?)?(?:,)?)(?:[:,]?[ ](?:mine|hers|his|old|new|irish|british|american|dutch|german))?{_IS}(?P<value>(?-i:[A-Z]{{1,3}}[ \-]?\d{{6,9}}[A-Z]{{0,3}}|[A-Z]{{2}}\d[A-Z]\d{{4}}[A-Z]|\d{{8,9}}[A-Z]{{0,2}}|[A-Z]\d[A-Z\d]{{6,8}})|[a-z]\d{{8}})(?![0-9A-Za-z])",
        keywords=("passport",),
        reach=0,
        score=0.96,
        examples=(
            ("Passport No: L8472093", "L8472093"),
            ("my passport number is 504471820.", "504471820"),
            ("passport_number: KTA4471820MY", "KTA4471820MY"),
        ),
        counterexamples=("my passport expires in 2031", "passport C1234567890123"),
    ),
    Pattern(
        name="documents.passport_zh",
        privacy_type="Passport Number",
        regex=r"(?P<cue>护照|護照)(?:的)?(?:号码|编号|号)?(?:\([^()\n]{1,12}\))?[ ]?(?:是|为|变成了|更新为|[:=\"“]|[ ]){0,4}(?P<value>[A-Z]{0,3}[ ]?\d{6,9}[A-Z]{0,2}|[A-Z]\d[A-Z]\d[A-Z]\d{2}[A-Z]{2})(?![0-9A-Za-z])",
        keywords=("护照", "護照"),
        reach=0,
        score=0.96,
        examples=(("护照号码是E20471186，明年到期", "E20471186"), ("旧护照504471820", "504471820")),
        counterexamples=("护照2031年到期",),
    ),
    Pattern(
        name="documents.driving_licence",
        privacy_type="Driver's License Number",
        regex=rf"(?P<cue>driv(?:er|er's|er’s|ers|ing)[ _]?licen[cs]e(?:_number)?|my licen[cs]e|licen[cs]e_number|dl[ _](?:number|no\.?)){_IS}(?P<value>(?-i:{_CODE}))(?![0-9A-Za-z])",
        keywords=("driver", "driving", "my license", "my licence", "license_number", "licence_number", "dl "),
        reach=0,
        validate=_has_digits(5),
        score=0.96,
        examples=(
            ("Driver's License Number: NJ-4471-88203", "NJ-4471-88203"),
            ("driving licence HARTW804471LH9XX is new", "HARTW804471LH9XX"),
        ),
        counterexamples=("my driver's license in 2019",),
    ),
    Pattern(
        name="documents.driving_licence_uk",
        privacy_type="Driver's License Number",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?-i:[A-Z]{{1,5}}9{{0,4}}(?<=[A-Z9]{{5}})[ ]?\d[0156]\d[0-3]\d{{2}}[ ]?[A-Z][A-Z9][0-9][A-Z]{{2}})){NOT_BEFORE_WORD}",
        keywords=("licen",),
        reach=120,
        score=0.93,
        examples=(("licence is HARTW 804171 L99XK now", "HARTW 804171 L99XK"),),
        counterexamples=("licence ABCDE 991399",),
    ),
    Pattern(
        name="documents.driving_licence_zh",
        privacy_type="Driver's License Number",
        regex=r"(?P<cue>驾照|驾驶证|驾驶执照|行驶证)(?:的)?(?:证件)?(?:号码|编号|档案编号|号)?(?:是|为|[:=\"“]|[ ]){0,4}(?P<value>[A-Z]{0,3}[\dA-Z][\dA-Z\-]{6,20})(?![0-9A-Za-z])",
        keywords=("驾照", "驾驶证", "驾驶执照", "行驶证"),
        reach=0,
        validate=_has_digits(6),
        score=0.97,
        examples=(("驾照号码是715204471039", "715204471039"),),
        counterexamples=("驾照2031年换证",),
    ),
)
