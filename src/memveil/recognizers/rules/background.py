"""Rules: schools, degrees, origin."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.fragments import CJK, NOT_AFTER_WORD, NOT_BEFORE_WORD, UPPER

__all__ = ["PATTERNS"]

_CAP = rf"(?-i:[{UPPER}][\w'’&\-]{{1,20}})"
# Characters that stand before a name of an institution and are no part of it.
_NOT_IN_ORG = "什么对符银我你他她它的是在于到从去来往入进给被把向由和与跟及了着过有个家这那哪此每各某所位名请查问看说上下考读就任职毕业，考转让为或叫做帮用找"

PATTERNS: tuple[Pattern, ...] = (
    # --- schools
    Pattern(
        name="background.university",
        privacy_type="School",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?-i:University|College|Institute|Technical University|Academy)[ ](?-i:of)[ ](?:the[ ])?{_CAP}(?:[ ]{_CAP}){{0,2}}(?:,[ ](?:Berkeley|Los Angeles|Seattle|San Diego|Davis|Irvine))?|(?:{_CAP}[ ]){{1,3}}(?-i:University|College|Polytechnic|High School|Preparatory School|Elementary School|Primary School|Grammar School|Middle School|Kindergarten|Academy)(?:[ ](?-i:of)[ ]{_CAP}(?:[ ]{_CAP})?|[ ](?-i:College[ ])?(?-i:London|Dublin))?){NOT_BEFORE_WORD}",
        keywords=(
            "university",
            "college",
            "institute",
            "academy",
            "polytechnic",
            "high school",
            "preparatory school",
            "elementary school",
            "primary school",
            "grammar school",
            "middle school",
            "kindergarten",
        ),
        reach=60,
        validate=lambda value: (
            not value.startswith(
                ("The ", "A ", "My ", "Our ", "Your ", "This ", "In ", "At ", "Community ", "Attend ", "State ")
            )
        ),
        score=0.72,
        examples=(
            ("a postdoc at the University of Tromvik", "University of Tromvik"),
            ("she left Harrowgate College early", "Harrowgate College"),
        ),
        counterexamples=("the university is old",),
    ),
    Pattern(
        name="background.school_zh",
        privacy_type="School",
        regex=rf"(?P<value>(?:(?![{_NOT_IN_ORG}学校])[{CJK}]){{2,10}}?(?:大学|学院|中学|小学|幼儿园|附中|附小|高中|职校|技校)(?:附属(?:中学|小学)|[{CJK}]{{1,4}}(?:学院|系))?(?:[ ]?\([A-Z][\w .&]{{1,40}}\))?)(?!生|里|校长|的时候|时|教育|习|位|问|者|堂|学习|毕业|入学|城)",
        keywords=("大学", "学院", "中学", "小学", "幼儿园", "附中", "附小", "高中", "职校", "技校"),
        reach=12,
        validate=lambda value: (
            not value.startswith(
                (
                    "综合",
                    "当地",
                    "附近",
                    "公立",
                    "私立",
                    "一些",
                    "许多",
                    "很多",
                    "不同",
                    "著名",
                    "各大",
                    "社区",
                    "重点",
                    "国内",
                    "国外",
                    "开放",
                    "全日制",
                    "高等",
                    "世界",
                    "部分",
                    "职业",
                    "专业",
                    "理想",
                    "医学院校",
                    "初中",
                    "老年",
                    "追求",
                    "魔法",
                    "历史",
                    "失败",
                )
            )
        ),
        score=0.72,
        examples=(("毕业于海北理工大学", "海北理工大学"), ("孩子在蓝鲸幼儿园", "蓝鲸幼儿园")),
        counterexamples=("上大学很重要", "这所大学"),
    ),
    # --- origin and degrees
    Pattern(
        name="background.degree",
        privacy_type="Identity Background",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?:ph\.?d\.?|doctorate|master(?:'s|’s)(?: degree)?|bachelor(?:'s|’s)(?: degree)?|mba|msc|bsc|(?:master|bachelor|doctor) of (?:science|arts|engineering|laws|education|fine arts))(?:[ ](?:in|from)[ ](?:the[ ])?(?:(?-i:University of )?[A-Za-z]\w{{2,18}})(?:[ ](?:and[ ])?(?-i:[A-Z]\w{{2,18}})){{0,4}}))",
        keywords=("phd ", "ph.d. ", "doctorate", "master", "bachelor", "mba ", "msc ", "bsc ", "doctor of "),
        reach=0,
        score=0.78,
        examples=(
            ("I hold a PhD in glaciology", "PhD in glaciology"),
            ("a Bachelor of Science in Forestry", "Bachelor of Science in Forestry"),
        ),
        counterexamples=("a master of the house",),
    ),
    Pattern(
        name="background.hometown",
        privacy_type="Identity Background",
        regex=rf"{NOT_AFTER_WORD}(?P<cue>(?:i'm|i am|we're|we are|i come)[ ](?:originally[ ])?from|i grew up in|i was born and raised in|originally from|raised in|hometown[ ](?:of|is)|native of)[ ](?P<value>(?:the[ ])?{_CAP}(?:[ ]{_CAP}){{0,2}}(?:,[ ]{_CAP})?){NOT_BEFORE_WORD}",
        keywords=("from ", "i grew up in", "i was born and raised", "raised in", "hometown", "native of"),
        reach=26,
        score=0.82,
        examples=(("I'm originally from Trondheim, and", "Trondheim"), ("my hometown of Lecce", "Lecce")),
        counterexamples=("from Monday on", "I'm from the future"),
    ),
    Pattern(
        name="background.hometown_zh",
        privacy_type="Identity Background",
        regex=rf"(?P<cue>我是|老家在|老家是|家乡是|家乡在|籍贯[:是为]?|祖籍[:是为]?|户籍[:在是]?)(?P<value>[{CJK}]{{2,6}}?(?:人|省|市|县|州|(?=[,，。、的\n])))(?=[,，。、的\n！]|$)",
        keywords=("我是", "老家", "家乡", "籍贯", "祖籍", "户籍"),
        reach=0,
        validate=lambda value: (
            not value.endswith(
                (
                    "个人",
                    "本人",
                    "新人",
                    "主人",
                    "别人",
                    "客人",
                    "病人",
                    "老人",
                    "女人",
                    "男人",
                    "年轻人",
                    "成年人",
                    "负责人",
                    "联系人",
                    "申请人",
                    "盲人",
                    "机器人",
                    "好人",
                )
            )
            and not value.startswith(("一个", "个", "一名", "人工"))
        ),
        score=0.6,
        examples=(("我是温州人，", "温州人"), ("籍贯：湖北省", "湖北省")),
        counterexamples=("我是负责人，",),
    ),
    Pattern(
        name="background.nationality",
        privacy_type="Identity Background",
        regex=rf"{NOT_AFTER_WORD}(?P<cue>nationality|citizenship|国籍|citizen of)[\"']?[ ]?(?:is|是|为|[:=])?[ ]?[\"']?(?P<value>{_CAP}|[{CJK}]{{2,5}}(?=[,，。;；、\n ]|$))",
        keywords=("nationality", "citizenship", "国籍", "citizen of"),
        reach=0,
        score=0.85,
        examples=(("Nationality: Chilean", "Chilean"), ("国籍：智利，", "智利")),
        counterexamples=("nationality matters",),
    ),
)
