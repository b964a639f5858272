"""Rules: a person's health: conditions, complaints, drugs, treatments."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.fragments import CJK, NOT_AFTER_WORD, NOT_BEFORE_WORD, any_of
from memveil.recognizers.rules.health_words import CONDITIONS, CONDITIONS_ZH, DRUGS, DRUGS_ZH, LOOSE_CONDITIONS

__all__ = ["PATTERNS", "PERSONAL"]

_CONDITIONS = tuple(word.strip() for word in CONDITIONS if word.strip())
_DRUGS = tuple(word.strip() for word in DRUGS if word.strip())
_CONDITION = any_of(_CONDITIONS)
_DRUG = any_of(_DRUGS)
_CONDITION_ZH = any_of(CONDITIONS_ZH)
_DRUG_ZH = any_of(DRUGS_ZH)
_LOOSE = any_of(LOOSE_CONDITIONS)
_DEGREES = (
    "mild",
    "severe",
    "chronic",
    "acute",
    "recurring",
    "occasional",
    "seasonal",
    "lower",
    "slight",
    "early",
    "heavily",
    "frequent",
    "moderate",
    "intermittent",
    "recurrent",
    "persistent",
    "clinical",
    "generalized",
    "generalised",
    "stage",
)
_DEGREE = any_of(_DEGREES)
_STRENGTH = r"\d{1,4}(?:[.,]\d{1,3})?[ ]?(?:mg|mcg|µg|ug|g|ml|iu|units?|毫克|微克|毫升|单位|克)"
_NOT_CLAUSE = r"(?!(?:and|or|but|that|which|who|because|so|when|after|before|while|since|as|if|to|i|my|the|a|he|she|they|in|at|on|last|this|from|by|for)[ ])"
_FEW = rf"(?:{_NOT_CLAUSE}[a-z][\w'’\-]{{1,18}}[ ]){{0,3}}{_NOT_CLAUSE}[a-z][\w'’\-]{{2,20}}"

PERSONAL: tuple[Pattern, ...] = (
    Pattern(
        name="health.condition",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<value>{_CONDITION}){NOT_BEFORE_WORD}",
        keywords=_CONDITIONS,
        reach=0,
        score=0.7,
        examples=(("my tinnitus is back", "tinnitus"),),
        counterexamples=("my tinnitus2 folder",),
    ),
    Pattern(
        name="health.degree_condition",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<value>{_DEGREE}[ ](?:[a-z\-]{{3,14}}[ ]){{0,2}}?(?:{_CONDITION}|{_LOOSE})){NOT_BEFORE_WORD}",
        keywords=tuple(f"{word} " for word in _DEGREES),
        reach=0,
        score=0.72,
        examples=(("I have a severe ankle sprain", "severe ankle sprain"),),
        counterexamples=("my severe boss",),
    ),
    Pattern(
        name="health.drug",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<value>{_DRUG}(?:[ ]\(?{_STRENGTH}\)?)?){NOT_BEFORE_WORD}",
        keywords=_DRUGS,
        reach=0,
        score=0.75,
        examples=(("I take sertraline at night", "sertraline"),),
        counterexamples=("my sertralines",),
    ),
    Pattern(
        name="health.condition_zh",
        privacy_type="Medical Health",
        regex=rf"(?<!半乳)(?P<value>{_CONDITION_ZH})",
        keywords=tuple(word.lower() for word in CONDITIONS_ZH),
        reach=0,
        score=0.72,
        examples=(("我有偏头痛", "偏头痛"),),
        counterexamples=("我查半乳糖尿病",),
    ),
    Pattern(
        name="health.degree_condition_zh",
        privacy_type="Medical Health",
        regex=rf"(?P<value>(?:轻度|中度|重度|慢性|急性|轻微的?|严重的?|季节性|春季|秋季|早期|晚期|偶发性的?){_CONDITION_ZH})",
        keywords=(
            "轻度",
            "中度",
            "重度",
            "慢性",
            "急性",
            "轻微",
            "严重",
            "季节性",
            "春季",
            "秋季",
            "早期",
            "晚期",
            "偶发",
        ),
        reach=0,
        score=0.75,
        examples=(("我查出轻度脂肪肝", "轻度脂肪肝"),),
        counterexamples=("我的轻度使用",),
    ),
    Pattern(
        name="health.drug_zh",
        privacy_type="Medical Health",
        regex=rf"(?P<value>{_DRUG_ZH}(?:[ ]?{_STRENGTH})?)",
        keywords=DRUGS_ZH,
        reach=0,
        score=0.75,
        examples=(("我每天吃二甲双胍500毫克", "二甲双胍500毫克"),),
        counterexamples=("我每天吃面",),
    ),
    Pattern(
        name="health.body_zh",
        privacy_type="Medical Health",
        regex=r"(?P<value>(?:有点|轻微的?|严重的?|持续|反复|隐隐|剧烈)?(?:头|胃|腰|背|膝盖|牙|喉咙|嗓子|肚子|腹部|胸口|颈椎|肩膀|肩|关节|太阳穴|眼睛|手腕|右耳|左耳)(?:又|有点|一直|很|特别|开始|隐隐)?(?:疼痛|酸痛|胀痛|作痛|疼|痛|发炎|耳鸣|劳损|僵硬|刺痛))(?<!人头疼)(?<!骨头疼)",
        keywords=("疼", "痛", "发炎", "耳鸣", "劳损", "僵硬"),
        reach=10,
        score=0.68,
        examples=(("我膝盖又疼了", "膝盖又疼"),),
        counterexamples=("痛快",),
    ),
    Pattern(
        name="health.fatigue_zh",
        privacy_type="Medical Health",
        regex=r"(?P<value>(?:(?:感冒|发烧|咳嗽|头痛|头晕|恶心|呕吐|腹泻)(?:和|、|跟)?){2,4}|(?:有点|重|轻微)(?:感冒|发烧|头晕))",
        keywords=("感冒", "发烧", "咳嗽", "头晕", "恶心", "呕吐", "腹泻"),
        reach=3,
        score=0.7,
        examples=(("今天咳嗽和头晕一起来", "咳嗽和头晕"),),
        counterexamples=("感冒药怎么选",),
    ),
)
"""Rows for :class:`memveil.recognizers.personal.PersonalRecognizer`."""

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="health.drug_strength",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<value>{_DRUG}[ ]\(?{_STRENGTH}\)?){NOT_BEFORE_WORD}",
        keywords=_DRUGS,
        reach=0,
        score=0.9,
        examples=(("topiramate 50 mg at night", "topiramate 50 mg"),),
        counterexamples=("topiramate is a drug",),
    ),
    Pattern(
        name="health.strength_drug",
        privacy_type="Medical Health",
        regex=rf"(?<![\d.,])(?P<value>{_STRENGTH}(?:[ ]of)?[ ]?的?(?:{_DRUG}|{_DRUG_ZH}))",
        keywords=("mg", "mcg", "µg", "ml", "units", "毫克", "微克", "毫升", "单位"),
        reach=9,
        score=0.9,
        examples=(("400mg of naproxen", "400mg of naproxen"), ("吃了20mg的瑞舒伐他汀", "20mg的瑞舒伐他汀")),
    ),
    # --- by cue
    Pattern(
        name="health.diagnosed",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<cue>diagnosed with|diagnosis of|diagnosis:|suffer(?:s|ed|ing)? from|treated for|tested positive for|recovering from|hospitali[sz]ed (?:for|with)|complications from|relapse of|(?:my|family|medical|a)[ ]history of)[ ](?:an?[ ]|my[ ]|the[ ]|some[ ])?(?P<value>(?-i:(?=[a-z])){_FEW}|[{CJK}]{{2,10}})",
        keywords=(
            "diagnosed with",
            "diagnosis of",
            "diagnosis:",
            "suffer",
            "treated for",
            "tested positive for",
            "recovering from",
            "hospitalized",
            "hospitalised",
            "complications from",
            "relapse of",
            "my history of",
            "family history of",
            "medical history of",
            "a history of",
        ),
        reach=0,
        validate=lambda value: (
            value.split()[0].lower()
            not in (
                "art",
                "mathematics",
                "the",
                "china",
                "england",
                "science",
                "money",
                "computing",
                "civilization",
                "human",
                "france",
                "music",
            )
        ),
        score=0.68,
        examples=(("I was diagnosed with hereditary angioedema in May", "hereditary angioedema"),),
        counterexamples=("diagnosed with",),
    ),
    Pattern(
        name="health.allergic",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?:(?:severely|badly|mildly|highly)[ ])?allergic to[ ](?:{_NOT_CLAUSE}[a-z][\w'’\-]{{1,18}}[ ]){{0,1}}{_NOT_CLAUSE}[a-z][\w'’\-]{{2,20}})",
        keywords=("allergic to", "severely allergic", "badly allergic", "mildly allergic", "highly allergic"),
        reach=0,
        score=0.85,
        examples=(("she's severely allergic to metoclopramide.", "severely allergic to metoclopramide"),),
        counterexamples=("allergic to",),
    ),
    Pattern(
        name="health.mine",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<cue>my|i have|i've had|i had|i've got|i get|having|with)[ ](?:an?[ ]|some[ ]|this[ ]|bad[ ]|really[ ])?(?P<value>(?:{_NOT_CLAUSE}[a-z][a-z\-]{{2,14}}[ ]){{0,2}}{_LOOSE}){NOT_BEFORE_WORD}(?![ ](?:with|for)[ ](?:the|you))",
        keywords=("my ", "i have ", "i've ", "i had ", "i get "),
        reach=0,
        validate=lambda value: (
            len(value.split()) > 1
            or value.lower()
            not in ("pain", "symptoms", "disorder", "surgery", "disease", "syndrome", "injury", "infection")
        ),
        score=0.74,
        examples=(
            ("my elbow fracture is worse", "elbow fracture"),
            ("I have a terrible headache today", "terrible headache"),
        ),
        counterexamples=("my sister in pain",),
    ),
    Pattern(
        name="health.prescribed",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<cue>prescribed(?:[ ]me)?|put me on|i'm taking|i am taking|dose of|i'm on)[ ](?P<value>(?:(?:an?[ ])?{_STRENGTH}[ ]?(?:of[ ])?)?(?!(?:the|a|an|my|this|that|some|by|for|vacation|holiday|leave|time|track|call|board|hold|fire|your|it)[ ,.])(?:[a-z][a-z\-]{{5,18}})(?:[ ]{_STRENGTH})?)",
        keywords=("prescribed", "put me on", "i'm taking", "i am taking", "dose of", "i'm on "),
        reach=0,
        validate=lambda value: (
            any(c.isdigit() for c in value)
            or (
                value.lower().endswith(
                    (
                        "ine",
                        "ol",
                        "in",
                        "am",
                        "ide",
                        "ate",
                        "one",
                        "ril",
                        "tan",
                        "pam",
                        "lin",
                        "xin",
                        "zole",
                        "mab",
                        "statin",
                        "cin",
                    )
                )
                and len(value) > 6
            )
        ),
        score=0.7,
        examples=(("she prescribed rimegepant 75 mg", "rimegepant 75 mg"), ("prescribed doxylamine", "doxylamine")),
        counterexamples=("I'm taking everything", "prescribed by law"),
    ),
    Pattern(
        name="health.treatment",
        privacy_type="Medical Health",
        regex=rf"{NOT_AFTER_WORD}(?P<cue>underwent|undergoing|undergo|scheduled for|recovering after|had)[ ](?:an?[ ]|my[ ])?(?P<value>(?:(?:heart|knee|hip|back|eye|spinal|brain|dental|gallbladder|open-heart|bypass|cataract|laser|shoulder|wisdom[ ]tooth|weight-loss|bariatric|plastic|emergency)[ ]){{1,2}}(?:surgery|operation|replacement|transplant)|chemotherapy|radiotherapy|dialysis|a c-section|ivf|physiotherapy|physical therapy|cognitive behavio(?:u)?ral therapy|hormone (?:replacement )?therapy)",
        keywords=("underwent", "undergo", "scheduled for", "recovering after", "had "),
        reach=0,
        score=0.8,
        examples=(("he underwent open-heart surgery", "open-heart surgery"),),
        counterexamples=("underwent changes",),
    ),
    Pattern(
        name="health.diagnosed_zh",
        privacy_type="Medical Health",
        regex=rf"(?P<cue>(?<!准)确诊(?:为|了|患有)?|诊断(?:为|是|:)|患有|患了|患上|得了|查出来?(?:是|有|患有)?|罹患|感染了|复发了?)(?:轻度|中度|重度|慢性|急性)?(?P<value>(?!断)[{CJK}A-Za-z0-9]{{1,10}}?(?:病|炎|症|癌|瘤|高血压|感冒|障碍|感染|综合征|骨折|结石|结节|糖尿|贫血|过敏|损伤|劳损|溃疡|中风|哮喘|抑郁|焦虑|溃烂|衰竭|阳性)|{_CONDITION_ZH})",
        keywords=("确诊", "诊断", "患", "得了", "查出", "感染了", "复发"),
        reach=0,
        score=0.8,
        examples=(("去年确诊为系统性硬化症", "系统性硬化症"),),
        counterexamples=("诊断问题的方法", "得了一等奖"),
    ),
    Pattern(
        name="health.taking_zh",
        privacy_type="Medical Health",
        regex=rf"(?P<cue>服用|口服|吃的是?|吃了|开了|注射|滴了|吃着)(?:一片|两片|一粒|一些|点)?(?P<value>{_DRUG_ZH}(?:[ ]?{_STRENGTH})?|[{CJK}]{{1,8}}?(?:药|片|胶囊|他汀|沙坦|地平|洛尔|拉唑|西林|霉素|他定|普利|西泮|唑仑|双胍|芬|平|汀|滴眼液|泪液|疫苗|激素))(?![{CJK}]{{0}}(?:店|方|酒))",
        keywords=("服用", "口服", "吃", "开了", "注射", "滴了"),
        reach=0,
        score=0.72,
        examples=(("一直服用氢氯噻嗪片", "氢氯噻嗪片"),),
        counterexamples=("开了一个会",),
    ),
    Pattern(
        name="health.surgery_zh",
        privacy_type="Medical Health",
        regex=rf"(?P<value>(?:做了|做过|接受了|刚做完)(?:[{CJK}]{{1,8}}?)(?:手术|化疗|放疗|透析|移植|搭桥|支架|切除术|穿刺))",
        keywords=("做了", "做过", "接受了", "刚做完"),
        reach=0,
        score=0.8,
        examples=(("上个月做了半月板切除手术", "做了半月板切除手术"),),
        counterexamples=("做了个蛋糕",),
    ),
    Pattern(
        name="health.test_zh",
        privacy_type="Medical Health",
        regex=r"(?P<value>(?:HIV|HPV|乙肝|梅毒|新冠|核酸|幽门螺杆菌|抗体)[ ]?(?:检测)?(?:呈)?阳性|hiv[ -]?positive|positive for (?:hiv|hpv|covid(?:-19)?|hepatitis [abc]|strep))",
        keywords=("阳性", "hiv", "positive for"),
        reach=8,
        score=0.88,
        examples=(("幽门螺杆菌阳性", "幽门螺杆菌阳性"), ("she is HIV positive", "HIV positive")),
        counterexamples=("HIV research",),
    ),
)
