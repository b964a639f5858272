"""Rules: plates of vehicles, by form and by cue."""

from __future__ import annotations

from collections.abc import Callable

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.fragments import NOT_AFTER_WORD, NOT_BEFORE_WORD

__all__ = ["PATTERNS"]

_IS = r"(?:[ ]?(?:number|no\.?|nr\.?|num|#|号码|号))?[ ]{0,2}(?:\([^()\n]{1,30}\)[ ]?)?(?:on file[ ])?(?:is|was|为|是|:|=|#|\"|'|`|\*|[ ]|,){0,7}"


def _has_digits(least: int) -> Callable[[str], bool]:
    def check(value: str) -> bool:
        return sum(char.isdigit() for char in value) >= least

    return check


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="plates.plate_cn",
        privacy_type="License Plate",
        regex=(
            r"(?P<value>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][ ]?[·•.\-]?[ ]?"
            r"(?:[DF][A-HJ-NP-Z0-9]\d{4}|\d{5}[DF]|[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳]))(?![0-9A-Za-z])"
        ),
        keywords=tuple("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"),
        reach=0,
        validate=_has_digits(2),
        score=0.95,
        examples=(("车牌浙A·7K201，黑色", "浙A·7K201"), ("停着沪AF04471", "沪AF04471")),
        counterexamples=("中A12345", "京A123", "川A计划"),
    ),
    Pattern(
        name="plates.plate_by_cue",
        privacy_type="License Plate",
        regex=(
            rf"(?P<cue>(?:licen[cs]e|number|registration|vehicle|car)[ _]?plates?|plate|rego|vehicle_registration){_IS}"
            r"(?P<value>(?-i:(?=[A-Z\- ]{0,6}[0-9])[A-Z0-9]{1,8}(?:[ \-·][A-Z0-9]{1,5}){0,2}))(?![0-9A-Za-z])"
        ),
        keywords=("plate", "rego", "vehicle_registration"),
        reach=14,
        validate=lambda value: len(value) >= 4 and any(c.isdigit() for c in value) and any(c.isalpha() for c in value),
        score=0.94,
        examples=(("license plate number is 7KBC201.", "7KBC201"), ("the plate, K 74 QBL", "K 74 QBL")),
        counterexamples=("a plate of 12 oysters", "plate number pending"),
    ),
    Pattern(
        name="plates.plate_by_cue_zh",
        privacy_type="License Plate",
        regex=r"(?P<cue>车牌|牌照|车牌号)(?:号码|号)?(?:是|为|[:=\"“(]|[ ]){0,4}(?P<value>(?-i:[A-Z0-9]{2,4}[ \-·]?[A-Z0-9]{2,5}(?:[ \-][A-Z0-9]{1,3})?))(?![0-9A-Za-z])",
        keywords=("车牌", "牌照"),
        reach=0,
        validate=lambda value: len(value) >= 5,
        score=0.94,
        examples=(("车牌号是 KX52 TRO", "KX52 TRO"),),
        counterexamples=("车牌丢了",),
    ),
    Pattern(
        name="plates.plate_uk",
        privacy_type="License Plate",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?-i:[A-HJ-PR-Y][A-HJ-Y](?:0[1-9]|[1257][0-9]|6[0-9])[ ][A-HJ-PR-Z]{{3}})){NOT_BEFORE_WORD}",
        keywords=tuple(f"{d} {c}" for d in range(10) for c in "abcdefghjklmnoprstuvwxyz"),
        reach=4,
        score=0.85,
        examples=(("the Volvo, KX52 TRO, is sold", "KX52 TRO"),),
        counterexamples=("room AB12 and so on",),
    ),
    Pattern(
        name="plates.plate_after_car",
        privacy_type="License Plate",
        regex=(
            r"(?P<cue>volvo|subaru|ford|toyota|honda|bmw|audi|mercedes|volkswagen|vw|tesla|nissan|mazda|hyundai|kia|alfa romeo|fiat|jaguar"
            r"|land rover|range rover|porsche|lexus|skoda|seat|renault|peugeot|citro[eë]n|jeep|chevrolet|mini|opel|byd|suv|sedan|car|van|truck"
            r"|vehicle|motorcycle|捷豹|路虎|奔驰|宝马|奥迪|特斯拉|丰田|本田|大众|比亚迪|车)[^()\n.;。；]{0,40}\((?:plate|车牌|牌照|registration|rego)?[ :号]{0,3}"
            r"(?P<value>(?-i:(?=[A-Z]{0,4}[ \-]?[A-Z]{0,4}[0-9])[A-Z0-9]{2,4}[ \-][A-Z0-9]{3,5}|[A-Z]{3}-[A-Z]{5}))\)"
        ),
        keywords=(
            "volvo",
            "subaru",
            "ford",
            "toyota",
            "honda",
            "bmw",
            "audi",
            "mercedes",
            "volkswagen",
            "vw",
            "tesla",
            "nissan",
            "mazda",
            "hyundai",
            "kia",
            "alfa romeo",
            "fiat",
            "jaguar",
            "rover",
            "porsche",
            "lexus",
            "skoda",
            "renault",
            "peugeot",
            "citro",
            "jeep",
            "chevrolet",
            "mini",
            "opel",
            "byd",
            "suv",
            "sedan",
            "car",
            "van",
            "truck",
            "vehicle",
            "motorcycle",
            "捷豹",
            "路虎",
            "奔驰",
            "宝马",
            "奥迪",
            "特斯拉",
            "丰田",
            "本田",
            "大众",
            "比亚迪",
            "车",
        ),
        reach=0,
        score=0.9,
        examples=(("selling the Volvo V60 (KXT-0471) soon", "KXT-0471"),),
        counterexamples=("a car (see page 12)",),
    ),
)
