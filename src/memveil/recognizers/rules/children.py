"""Rules: children under fourteen, named or described."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.chinese_names import FOREIGN_NAME, NAME, SURNAME
from memveil.recognizers.rules.fragments import CJK, NOT_AFTER_WORD, NOT_BEFORE_WORD, PERSON
from memveil.recognizers.rules.kinship import ADJECTIVE

__all__ = ["PATTERNS"]

_CHILD = r"son|daughter|baby|toddler|child|grandson|granddaughter|boy|girl|kid|nephew|niece|stepson|stepdaughter|godson|goddaughter|little one|twins"
_CHILD_NUMBER = r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen"
_CHILD_ZH_WORDS = (
    "儿子",
    "女儿",
    "孩子",
    "小儿子",
    "小女儿",
    "大儿子",
    "大女儿",
    "孙子",
    "孙女",
    "外孙",
    "外孙女",
    "侄子",
    "侄女",
    "外甥",
    "外甥女",
    "宝宝",
    "娃",
)
_CHILD_ZH = "|".join(sorted(_CHILD_ZH_WORDS, key=lambda w: -len(w)))

PATTERNS: tuple[Pattern, ...] = (
    # --- children
    Pattern(
        name="children.child_with_age",
        privacy_type="Minor Information",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?:my|our)[ ]{ADJECTIVE}(?:{_CHILD})[ ](?:{PERSON},?[ ])?(?:who(?:'s|[ ]is)[ ]|is[ ]|\()?(?:only[ ]|just[ ])?(?:1[0-3]|[1-9]|{_CHILD_NUMBER})(?:[ ]years?[ ]old)?\)?)(?![\w%:.]|[ ](?:percent|of|years older|years younger|times|days|weeks))",
        keywords=("my ", "our "),
        reach=0,
        score=0.94,
        examples=(
            ("my grandson Bertil, 4, sings", "my grandson Bertil, 4"),
            ("our daughter Ida is nine", "our daughter Ida is nine"),
        ),
        counterexamples=("my daughter Ida, 19, moved", "my kids love 3 things"),
    ),
    Pattern(
        name="children.aged_child",
        privacy_type="Minor Information",
        regex=rf"(?:(?<=my )|(?<=our )|(?<=have a )|(?<=of a ))(?P<value>(?:1[0-3]|[1-9])[ -]year[ -]old[ ](?:{_CHILD})(?:,?[ ]{PERSON})?){NOT_BEFORE_WORD}",
        keywords=("-year-old ", " year old ", " year-old "),
        reach=2,
        score=0.93,
        examples=(("my 7-year-old daughter coughs", "7-year-old daughter"),),
        counterexamples=("my 17-year-old daughter",),
    ),
    Pattern(
        name="children.child_with_age_zh",
        privacy_type="Minor Information",
        regex=rf"(?P<value>(?:{_CHILD_ZH})(?:叫)?(?:{FOREIGN_NAME}|{SURNAME}?(?:(?![才今已刚快满有])[{CJK}]){{1,4}}|[A-Z][a-z]{{1,14}})?[,，]?(?:今年|才|刚|已经|刚满|满)?(?:1[0-3]|[1-9]|十[一二三]?|[一二两三四五六七八九])[ ]?(?:周岁|岁半|岁|个月))",
        keywords=_CHILD_ZH_WORDS,
        reach=0,
        score=0.94,
        examples=(("孙子田予安，三岁，随她", "孙子田予安，三岁"), ("我女儿今年7岁", "女儿今年7岁")),
        counterexamples=("女儿今年19岁",),
    ),
    Pattern(
        name="children.aged_child_zh",
        privacy_type="Minor Information",
        regex=rf"(?<![\d一二三四五六七八九十])(?P<value>(?:1[0-3]|[1-9]|十[一二三]?|[一二两三四五六七八九])[ ]?岁的(?:{_CHILD_ZH})(?:{FOREIGN_NAME}|{NAME})?)",
        keywords=("岁的",),
        reach=4,
        score=0.94,
        examples=(("带着6岁的女儿苏小雨去", "6岁的女儿苏小雨"),),
        counterexamples=("16岁的女儿",),
    ),
)
