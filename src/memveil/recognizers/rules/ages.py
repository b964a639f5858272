"""Rules: ages, birth dates, gender."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.fragments import DATE, MONTH, NOT_AFTER_WORD, PERSON, PERSON_WORD
from memveil.recognizers.rules.kinship import ADJECTIVE, ANY_RELATION

__all__ = ["PATTERNS"]

_AGE_WORD = (
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?"
)

PATTERNS: tuple[Pattern, ...] = (
    # --- age
    Pattern(
        name="ages.relative_age",
        privacy_type="Specific Age",
        regex=rf"{NOT_AFTER_WORD}(?:my|our)[ ]{ADJECTIVE}(?:{ANY_RELATION})(?:,?[ ]{PERSON})?(?:,[ ]|[ ]\(|[ ]is[ ](?:only[ ]|already[ ])?|'s[ ])(?P<value>1[01]\d|[1-9]\d|{_AGE_WORD})(?=[,.;)]|[ ]and[ ]|$)",
        keywords=("my ", "our "),
        reach=0,
        score=0.86,
        examples=(("my father, 74, fishes", "74"), ("my mother-in-law, Ngozi Achebe, 86, is here", "86")),
        counterexamples=("my brother is 10 minutes late",),
    ),
    Pattern(
        name="ages.name_with_age",
        privacy_type="Specific Age",
        regex=rf"{NOT_AFTER_WORD}{PERSON_WORD}(?:[ ]{PERSON_WORD})?[ ]\((?P<value>[1-9]\d)\)",
        keywords=tuple(f"{digit})" for digit in range(10)),
        reach=40,
        score=0.7,
        examples=(("Dragica (73) and Milan (68) are here", "73"),),
        counterexamples=("Figure (12a)", "call +44 (70)"),
    ),
    Pattern(
        name="ages.age",
        privacy_type="Specific Age",
        regex=r"(?<![\d.,$€£])(?P<value>(?:(?P<cue>aged?|turned|turning)[ ])?(?:1[01]\d|[1-9]?\d)[ -]?(?:years?|yrs?)[ -]old)(?![a-z])",
        keywords=("years old", "year old", "year-old", "years-old", "yrs old", "yr old"),
        reach=12,
        score=0.9,
        examples=(("he is 44 years old", "44 years old"), ("a 9-year-old kid", "9-year-old")),
        counterexamples=("a 200 year old oak", "3.5 years old"),
    ),
    Pattern(
        name="ages.age_by_cue",
        privacy_type="Specific Age",
        regex=(
            rf"{NOT_AFTER_WORD}(?:(?P<value>(?P<cue>aged|age of|age|turned|turning)[ ](?:1[01]\d|[1-9]\d|[1-9]))(?![\d.,:/%\-]\d|\d|[ ]?(?:%|km|kg|years? (?!old)|minutes|hours|days|times)))"
        ),
        keywords=("aged ", "age ", "age of ", "turned ", "turning "),
        reach=0,
        score=0.85,
        examples=(("she just turned 67.", "turned 67"), ("a patient aged 52", "aged 52")),
        counterexamples=("turned 180 degrees", "page 52", "age 10-12"),
    ),
    Pattern(
        name="ages.age_field",
        privacy_type="Specific Age",
        regex=r"(?<![a-z])(?P<cue>age|年龄)[\"']?[ ]?[:=][ ]?[\"']?(?P<value>1[01]\d|[1-9]?\d)(?![\d.%\-])",
        keywords=("age", "年龄"),
        reach=0,
        score=0.9,
        examples=(("Age: 34", "34"), ("年龄：28", "28")),
        counterexamples=("page: 34", "Age: 18-24"),
    ),
    Pattern(
        name="ages.i_am_years",
        privacy_type="Specific Age",
        regex=r"(?<![a-z])(?P<cue>i'm|i am|he's|he is|she's|she is)[ ](?:only[ ]|already[ ]|just[ ]|now[ ]|over[ ]|nearly[ ]|almost[ ])?(?P<value>(?:1[01]\d|[1-9]\d)|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-(?:one|two|three|four|five|six|seven|eight|nine))?)(?=[.,;!?)\n]|[ ](?:and|now|but|so|already|with|years|this|next|today)|$)",
        keywords=("i'm ", "i am ", "he's ", "he is ", "she's ", "she is "),
        reach=0,
        score=0.85,
        examples=(("I'm 34, with two kids", "34"), ("she is forty-one and", "forty-one")),
        counterexamples=("I'm 100% sure", "I am 5 minutes late"),
    ),
    Pattern(
        name="ages.age_zh",
        privacy_type="Specific Age",
        regex=r"(?<![\d.\-~至到])(?P<value>(?:1[0-3]\d|[1-9]?\d|[一二三四五六七八九十]{1,3})[ ]?(?:周?岁半?))(?!以上|以下|到|至|-|~|的?时候|时|那年|之前|以前|起|开始|生日)",
        keywords=("岁", "周岁"),
        reach=5,
        score=0.9,
        examples=(("我今年34岁", "34岁"), ("四十一岁，未婚", "四十一岁")),
        counterexamples=("999岁", "万岁", "18岁以上", "七岁的时候"),
    ),
    Pattern(
        name="ages.age_by_cue_zh",
        privacy_type="Specific Age",
        regex=r"(?P<value>(?P<cue>周岁|虚岁)[:]?(?:1[01]\d|[1-9]?\d))(?!\d)",
        keywords=("周岁", "虚岁"),
        reach=0,
        score=0.9,
        examples=(("周岁47", "周岁47"),),
    ),
    Pattern(
        name="ages.age_this_year_zh",
        privacy_type="Specific Age",
        regex=r"(?P<cue>今年|年纪|年龄)(?:刚|才|已经|快|都|是)?(?P<value>(?:1[01]\d|[1-9]\d)|[二三四五六七八九]十[一二三四五六七八九]?)(?![\d.年月日号%个天次万元块岁级届人多周])",
        keywords=("今年", "年纪", "年龄"),
        reach=0,
        score=0.8,
        examples=(("我今年五十二，爱钓鱼", "五十二"),),
        counterexamples=("今年30个项目", "今年12月"),
    ),
    # --- birth
    Pattern(
        name="ages.birth_date",
        privacy_type="Specific Date of Birth",
        regex=rf"(?P<cue>dob|d\.o\.b\.|date[ _]of[ _]birth|birth[ _]?date|birthday|born|出生日期|出生年月日?|出生于|生于|生日|出生)[\"']?[ ]?(?:is|was|are|on|in|at|是|为|在|于|:|=|\"|'|[ ]){{0,5}}(?P<value>{DATE}|{MONTH}[ ]\d{{1,2}}|(?:\d{{2}}|\d{{4}})年\d{{1,2}}月(?:\d{{1,2}}[日号])?|\d{{4}}年生?|[一二三四五六七八九十]{{1,2}}月[一二三四五六七八九十]{{1,3}}[日号]|\d{{4}}\.\d{{1,2}}\.\d{{1,2}}|\d{{8}})(?!\d)",
        keywords=(
            "dob",
            "d.o.b",
            "date of birth",
            "date_of_birth",
            "birthdate",
            "birth date",
            "birth_date",
            "birthday",
            "born",
            "出生",
            "生于",
            "生日",
        ),
        reach=0,
        score=0.94,
        examples=(
            ("DOB: 04/17/1986", "04/17/1986"),
            ("born on 12 March 1988 in Oslo", "12 March 1988"),
            ("出生日期：1986-04-17", "1986-04-17"),
            ("我生日是四月十七日", "四月十七日"),
        ),
        counterexamples=("meeting on 04/17/2024", "生日快乐"),
    ),
    Pattern(
        name="ages.born_year",
        privacy_type="Specific Date of Birth",
        regex=r"(?<![a-z])(?P<cue>i was born (?:in|on)|year of birth:?)[ ](?P<value>(?:19|20)\d{2})(?!\d)",
        keywords=("i was born", "year of birth"),
        reach=0,
        score=0.9,
        examples=(("I was born in 1986", "1986"),),
    ),
    Pattern(
        name="ages.birth_before_zh",
        privacy_type="Specific Date of Birth",
        regex=r"(?<!\d)(?P<value>(?:19|20)?\d{2}年(?:\d{1,2}月)?(?:\d{1,2}[日号])?)(?P<cue>出生|生的|生人)",
        keywords=("出生", "生的", "生人"),
        reach=12,
        score=0.92,
        examples=(("1986年4月17日出生", "1986年4月17日"),),
        counterexamples=("刚出生",),
    ),
    # --- gender
    Pattern(
        name="ages.gender_field",
        privacy_type="Gender",
        regex=r"(?<![a-z])(?P<cue>gender|sex|性别)[\"']?[ ]?(?:[:=是为]|[ ]is)?[ ]?[\"']?(?P<value>non-binary|nonbinary|transgender|female|male|woman|man|f|m|女性|男性|女|男)(?![a-z0-9])",
        keywords=("gender", "sex", "性别"),
        reach=0,
        score=0.9,
        examples=(("Gender: female", "female"), ("性别：女", "女")),
        counterexamples=("gender studies", "sex and the city"),
    ),
    Pattern(
        name="ages.gender_zh",
        privacy_type="Gender",
        regex=r"(?:我|他|她|本人)是(?:一[名位个])?(?P<value>男性|女性|男的|女的|男生|女生)",
        keywords=("男", "女"),
        reach=6,
        score=0.85,
        examples=(("我是一名女性", "女性"),),
        counterexamples=("女性健康",),
    ),
)
