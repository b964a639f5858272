"""Rules: numbers of the Chinese state, and any identity number that a cue names.

Chinese resident ids are taken by their inner form (region, birth date) even where
the check digit is wrong, if a cue stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from memveil.recognizers import checksums
from memveil.recognizers.patterns import Pattern

__all__ = ["PATTERNS"]

_IS = r"(?:[ ]?(?:number|no\.?|nr\.?|num|#|号码|号))?[ ]{0,2}(?:\([^()\n]{1,30}\)[ ]?)?(?:on file[ ])?(?:is|was|为|是|:|=|#|\"|'|`|\*|[ ]|,){0,7}"
_CODE = r"(?=[A-Z0-9\-/ .]{0,24}\d)[A-Z0-9]{1,20}(?:[ \-/.][A-Z0-9]{1,12}){0,4}"
_DIGIT_EDGE = r"(?<![0-9A-Za-z_])(?<![0-9][.\-/])"
_REGION = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])\d{4}"
_PROVINCES = (
    "11",
    "12",
    "13",
    "14",
    "15",
    "21",
    "22",
    "23",
    "31",
    "32",
    "33",
    "34",
    "35",
    "36",
    "37",
    "41",
    "42",
    "43",
    "44",
    "45",
    "46",
    "50",
    "51",
    "52",
    "53",
    "54",
    "61",
    "62",
    "63",
    "64",
    "65",
    "71",
    "81",
    "82",
    "83",
)
_BIRTH_8 = r"(?:18|19|20)\d{2}[ \-]?(?:0[1-9]|1[0-2])[ ]?(?:0[1-9]|[12]\d|3[01])"
_BIRTH_6 = r"\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"


def _has_digits(least: int) -> Callable[[str], bool]:
    def check(value: str) -> bool:
        return sum(char.isdigit() for char in value) >= least

    return check


def _ssn(value: str) -> bool:
    """Form of a US social security number: no area 000, 666 or 9xx, no group 00, no serial 0000."""
    digits = re.sub(r"\D", "", value)
    return (
        len(digits) == 9
        and digits[:3] not in ("000", "666")
        and digits[0] != "9"
        and digits[3:5] != "00"
        and digits[5:] != "0000"
    )


def _ssn_or_itin(value: str) -> bool:
    """As :func:`_ssn`, or of the 9xx area of taxpayer numbers, which people call by the same name."""
    return _ssn(value) or _ssn(value.replace("9", "1", 1) if value[0] == "9" else value)


def _ssn_in_form(value: str) -> bool:
    """As :func:`_ssn_or_itin`, without 987-65-4320 to 4329, which are set aside for advertisements."""
    return _ssn_or_itin(value) and not value.startswith("987-65-432")


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="government.cn_resident_id",
        privacy_type="ID Number",
        regex=rf"{_DIGIT_EDGE}(?P<value>{_REGION}[ \-]?{_BIRTH_8}[ \-]?\d{{3}}[\dX])(?![0-9])(?![a-wyz])",
        keywords=_PROVINCES,
        reach=0,
        validate=checksums.cn_resident_id,
        score=0.97,
        examples=(("310104198808062344在这里", "310104198808062344"),),
        counterexamples=("310104198808062341在这里", "订单310104198813062344"),
    ),
    Pattern(
        name="government.cn_resident_id_by_cue",
        privacy_type="ID Number",
        regex=(
            rf"(?P<cue>身份证|身份號碼|证件|社保|社会保障|医保|resident id|id card|national id)(?:卡|件)?(?:号码|号)?[ ]?(?:\([^()\n]{{1,16}}\))?"
            rf"(?:number|no\.?)?[ ]?(?:是|为|is|:|=|#|\"|[ ]){{0,4}}"
            rf"(?P<value>{_REGION}[ \-]?{_BIRTH_8}[ \-]?\d{{3}}[\dX]|{_REGION}{_BIRTH_6}\d{{3}})(?![0-9])(?![a-wyz])"
        ),
        keywords=("身份证", "证件", "社保", "社会保障", "医保", "resident id", "id card", "national id"),
        reach=0,
        score=0.97,
        examples=(
            ("身份证号是310104198808062341", "310104198808062341"),
            ("身份证 310104 19880806 2341，请核对", "310104 19880806 2341"),
            ("证件号码310104880806234", "310104880806234"),
        ),
        counterexamples=("身份证号码还没带，号码牌是310104",),
    ),
    Pattern(
        name="government.cn_social_card",
        privacy_type="ID Number",
        regex=r"(?P<cue>社保|社会保障|医保|公积金)(?:卡|账)?(?:号码|号)?(?:是|为|:|[ ]){0,3}(?P<value>[A-Z]?\d{8,12})(?![0-9A-Za-z])",
        keywords=("社保", "社会保障", "医保", "公积金"),
        reach=0,
        score=0.9,
        examples=(("社保卡号：B20471186", "B20471186"),),
    ),
    Pattern(
        name="government.cn_credit_code",
        privacy_type="ID Number",
        regex=r"(?P<cue>代码|credit code)(?:是|为|:|[ ]){0,3}(?P<value>[1-9A-NPQRTUWXY][1-59][0-9A-HJ-NPQRTUWXY]{16})(?![0-9A-Za-z])",
        keywords=("代码", "credit code"),
        reach=0,
        validate=checksums.cn_credit_code,
        score=0.9,
        examples=(("统一社会信用代码91310115591693856A", "91310115591693856A"),),
        counterexamples=("信用代码91310115591693856F",),
    ),
    Pattern(
        name="government.ssn_form",
        privacy_type="ID Number",
        regex=rf"{_DIGIT_EDGE}(?P<value>\d{{3}}-\d{{2}}-\d{{4}})(?![0-9_])(?![.\-/][0-9])",
        keywords=tuple(f"-{group:02d}-" for group in range(100)),
        reach=3,
        validate=_ssn_in_form,
        score=0.9,
        examples=(("Mine is 219-09-9998.", "219-09-9998"), ("Mine is 912-70-4418.", "912-70-4418")),
        counterexamples=("000-09-9998", "part 1219-09-9998", "987-65-4329"),
    ),
    Pattern(
        name="government.ssn_by_cue",
        privacy_type="ID Number",
        regex=rf"(?P<cue>ssn|social security){_IS}(?P<value>\d{{3}}[ \-]?\d{{2}}[ \-]?\d{{4}})(?![0-9])",
        keywords=("ssn", "social security"),
        reach=0,
        validate=_ssn_or_itin,
        score=0.96,
        examples=(
            ("SSN 219 09 9998", "219 09 9998"),
            ("My SSN is 912-70-4418.", "912-70-4418"),
            ("my social security number is 219099998", "219099998"),
        ),
        counterexamples=("SSN 666-09-9998",),
    ),
    Pattern(
        name="government.id_by_cue",
        privacy_type="ID Number",
        regex=(
            rf"(?P<cue>(?:national|government|identity|personal|citizen|resident|residence|residency|state|tax(?:payer)?|fiscal|voter)"
            rf"[ _](?:id(?:entity|entification)?|card|permit|identifier)(?:[ _](?:card|permit))?|id[ ]number|id[ ]no\.?|id_number|national_id|ni[ ]number|tin|codice[ ]fiscale"
            rf"|dni|nie|nif|curp|rfc|bsn|pesel|nric|vat|ppsn?|cedula|cédula|personnummer|kennitala|cuit|cuil|rut|civil id|emirates id|iqama|qid|uan|snils|inn|oib|jmbg|egn|cnp|codigo fiscal|ahv|avs|medicare(?: number)?|a-number|alien number|social(?=[ ]is))(?:[ ]for[ ]the[ ]\w{{3,12}}(?:[ ]\w{{2,8}})?)?{_IS}(?P<value>(?-i:{_CODE}))(?![0-9A-Za-z])"
        ),
        keywords=(
            "national",
            "government",
            "identity",
            "personal id",
            "citizen",
            "resident",
            "residence",
            "state id",
            "tax",
            "fiscal",
            "voter",
            "id number",
            "id no",
            "id_number",
            "tin",
            "codice fiscale",
            "dni",
            "nie",
            "nif",
            "curp",
            "rfc",
            "bsn",
            "pesel",
            "nric",
            "vat",
            "pps",
            "cedula",
            "cédula",
            "personnummer",
            "kennitala",
            "cuit",
            "cuil",
            "rut",
            "civil id",
            "emirates id",
            "iqama",
            "qid",
            "uan",
            "snils",
            "inn",
            "oib",
            "jmbg",
            "egn",
            "cnp",
            "ahv",
            "avs",
            "medicare",
            "a-number",
            "alien number",
            "social",
        ),
        reach=0,
        validate=_has_digits(5),
        score=0.86,
        examples=(
            ("National ID: GH-4471-0398-2", "GH-4471-0398-2"),
            ("my tax id number is 471820338816", "471820338816"),
            ("id_number: WX-55A20471", "WX-55A20471"),
        ),
        counterexamples=("the national card game of 2019", "tax of 12 percent"),
    ),
    Pattern(
        name="government.id_by_cue_zh",
        privacy_type="ID Number",
        regex=(
            r"(?P<cue>身份证|证件|税号|纳税人识别号|居留证|居留卡|居住证|回乡证|通行证|台胞证|港澳证|户口|国民身份|税务识别)[件卡簿]?(?:号码|编号|号)?(?:\([^()\n]{1,16}\))?"
            r"(?:是|为|写的是|:|=|\"|[ ]){0,4}(?P<value>[A-Z]{0,3}-?\d[\dA-Z\-]{4,20}(?:\(\w\))?|[A-Z]{1,2}\d{6}\([\dA]\)|(?-i:[A-Z]{3,6}\d{2}[A-Z\d]{3,10}))(?![0-9A-Za-z])"
        ),
        keywords=(
            "身份证",
            "证件",
            "税号",
            "识别号",
            "居留证",
            "居留卡",
            "居住证",
            "回乡证",
            "通行证",
            "台胞证",
            "港澳证",
            "户口",
            "国民身份",
            "税务识别",
        ),
        reach=0,
        validate=_has_digits(5),
        score=0.88,
        examples=(("居留证号码是 X-4471039-K", "X-4471039-K"), ("通行证号：H60471182", "H60471182")),
        counterexamples=("通行证已经过期",),
    ),
    Pattern(
        name="government.military_id",
        privacy_type="ID Number",
        regex=r"(?P<cue>[军武参政后装][字]第|(?:士兵|军官|义务兵|文职|警官|士官|退伍|退役|警察)证(?:件)?(?:号码|号)?(?:是|为|:|[ ]){0,3}(?:[军武]字第)?)(?P<value>\d{7,10})(?![0-9])",
        keywords=("字第", "证"),
        reach=6,
        validate=_has_digits(8),
        score=0.93,
        examples=(("他的军官证号是军字第20471186号", "20471186"), ("士兵证20471186", "20471186")),
        counterexamples=("京字第2047号",),
    ),
)
