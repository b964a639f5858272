"""Rules: passwords, PINs, door codes, security questions, card security codes."""

from __future__ import annotations

import re

from memveil.recognizers.cues import LINK, OPEN, cue_then_value, words
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.secrets_shapes import (
    SECRET,
    is_assigned_secret,
    is_password,
    is_stated_password,
    is_strong_password,
)

__all__ = ["PATTERNS"]

_WORDS = words(
    "password, passwd, pwd, passphrase, passcode, pass word, wifi key, wi-fi key, wpa key, network key, "
    "master key, login pass, pw, 密码, 口令, 密碼, 开机码, 锁屏码"
)
_STATES = (
    r"(?:[^\n.。!?;、\"'“‘`<>\[\]{}|]{0,40}?)(?:(?<![a-z])(?:is|was|be|to|as|are)(?![a-z])|是|为|成|叫做?|设置?为|我?想?用|[:=])"
    rf"(?:[ ]?(?:now|still|actually|just|currently|indeed|simply|this|the|了|这个))?[ ]{{0,2}}[:,]?[ ]{{0,2}}{OPEN}"
)
_PIN_WORDS = words(
    "pin, pin code, pin number, screen lock, sim pin, phone pin, unlock pin, lock screen code, door code, "
    "gate code, entry code, alarm code, lock code, street code, alarm, keypad, visitor code, passcode, "
    " garage code, safe code, lockbox code, keypad code, building code, "
    "buzzer code, combination, padlock code, pin码, 锁屏密码, 门禁密码, 门禁码, 门锁密码, 保险箱密码, "
    "保险柜密码, 解锁密码, 手机密码, 开门密码, 入户密码, 大门密码, 单元门密码, 密码锁, 行李箱密码, 报警密码, 门口密码"
)
_PAYMENT_WORDS = words(
    "payment pin, card pin, atm pin, bank pin, debit pin, credit card pin, debit card pin, transaction pin, mpin, "
    "payment password, upi pin, 支付密码, 取款密码, 银行卡密码, 交易密码, 付款密码, 借记卡密码, 信用卡密码, "
    "卡密码"
)
_CVC_WORDS = words(
    "cvc, cvv, cvc2, cvv2, cvc code, cvv code, card security code, csc, cid code, card verification, "
    "code behind, three digits, 3 digits, back bit, 卡背面的三位, 卡背三位, 后三位, 后面三位, 后三码, 后面三码, 三位码, 背面三位数, 后三位安全码, 信用卡安全码, 卡安全码, 安全码"
)
_QUOTED = r"(?<=[\"“‘'「『`*])[^\n\"“”‘’「」『』`*]{4,64}(?=[\"”’'」』`*])"


def _is_pin(value: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", value) is None


def _is_answer(value: str) -> bool:
    return value.lower() not in {"not", "the", "yes", "no", "wrong", "correct", "incorrect", "invalid", "required"}


_PASSWORDS = (
    cue_then_value(
        "password.stated",
        "Password",
        cues=_WORDS,
        gap=_STATES,
        value=SECRET,
        validate=is_stated_password,
        score=0.9,
        examples=(
            ("My password for the router is now kestrel88, ok?", "kestrel88"),
            ("我的开机密码是Qx7!moss，别告诉别人", "Qx7!moss"),
            ("Password: 4471093", "4471093"),
            ("口令：ZH-4471", "ZH-4471"),
        ),
        counterexamples=(
            "My password is wrong.",
            "The password is required to be 8-12 characters.",
            "密码是必填项",
            "The password: it must be strong.",
            "the pwd command is built in",
        ),
    ),
    cue_then_value(
        "password.quoted",
        "Password",
        cues=_WORDS,
        gap=_STATES.replace("{0,40}", "{0,24}").replace("。", "。,，不"),
        value=_QUOTED,
        score=0.9,
        examples=(
            ('the passphrase is "nine blue herons"', "nine blue herons"),
            ("Wi-Fi密码是“shanhaiguan”", "shanhaiguan"),
        ),
        counterexamples=("the password is 'abc'",),
    ),
    cue_then_value(
        "password.beside",
        "Password",
        cues=_WORDS,
        gap=LINK,
        value=SECRET,
        validate=is_password,
        score=0.9,
        examples=(
            ("I typed the password 'Vexil#2931' twice", "Vexil#2931"),
            ("那个旧密码 Vexil#2931 作废了", "Vexil#2931"),
        ),
        counterexamples=("password-based login", "a password 12-16 characters long", "password AES-256 encrypted"),
    ),
    cue_then_value(
        "password.plain",
        "Password",
        cues=("my password", "our password", "wifi password", "wi-fi password", "the password"),
        gap=r"(?:[ ](?:for|to|of)[ ][^\n.!?;:]{2,40})?(?:[ ](?:is|was)[ ]|[ ]?[:=][ ]?)" + OPEN,
        value=(
            r"(?!(?:not|wrong|correct|right|fine|good|weak|strong|safe|secure|long|short|too|very|always|required|same"
            r"|just|still|now|easy|hard|stored|invalid|incorrect|different|null|empty|none|here|there|what|that|this"
            r"|never|also|only|simple|complex|unique|shared|private|public|case|known|lost|gone|fully|already|basically)"
            r"(?![a-z]))[a-z]{5,24}(?<!ed)(?<!ing)(?<!able)(?<!ible)(?<!ful)(?<!ly)(?=[ ]?(?:[\"'”’.,!;)*`]|$))"
        ),
        score=0.86,
        examples=(("My password is marmalade.", "marmalade"),),
        counterexamples=(
            "My password is expired.",
            "my password is correct",
            "The password is incorrect, try again",
            "my password is something I never write down",
        ),
    ),
    Pattern(
        name="password.shape",
        privacy_type="Password",
        regex=(
            r"(?<![^\s\"'“”‘’「」『』`(:,;*，。：；、\u4e00-\u9fff])"
            r"(?=[A-Za-z0-9])(?P<value>(?=[!-~]{1,30}?[!@#$%^&*+?~])[A-Za-z0-9][^\s\"'“”‘’`<>()\[\]{},;|/\\\u2e80-\u9fff]{6,40})"
            r"(?<![.:?])(?![A-Za-z0-9])"
        ),
        keywords=words("password, passwd, passphrase, 密码, 口令, credential, 凭证, 登录"),
        reach=240,
        validate=is_strong_password,
        score=0.8,
        examples=(
            ("The old password again: I will replace 'm0ss&Fern_77' today.", "m0ss&Fern_77"),
            ("密码换好了，旧的 m0ss&Fern_77 彻底作废", "m0ss&Fern_77"),
        ),
        counterexamples=("the password costs 5% more, or $20+", "password? mail me at lena@hartwig.example"),
    ),
    Pattern(
        name="password.shape_quoted",
        privacy_type="Password",
        regex=(r"[\"'“‘'「『`](?P<value>(?=[^\s]{0,30}[!@#$%^&*])[A-Za-z0-9!@#$%^&*_+?~\-]{9,40})[\"'”’'」』`]"),
        keywords=words("', `, \", “, ‘, 「"),
        reach=0,
        validate=is_strong_password,
        score=0.7,
        examples=(
            ("Overwrite 'm0ss&Fern_77' and be done", "m0ss&Fern_77"),
            ("我选`m0ss&Fern_77`这个方案", "m0ss&Fern_77"),
        ),
        counterexamples=("'C++17-and-more'", "'lena@hartwig1.example'", "it's '100% cotton'"),
    ),
    cue_then_value(
        "pin.stated",
        "Password",
        cues=_PIN_WORDS,
        gap=r"(?:[ ](?:for|to|of|at|on)[ ][^\n.!?;:\d]{2,40}?)?" + LINK,
        value=(
            r"(?<![\d$€£¥.#*])[#*]?(?-i:[A-D]?)\d{3,10}(?:[#*]\d{0,6})?"
            r"(?![\d%.\-]\d|[A-Za-z\d#*]|%|[ ]?(?:元|块|位|dollars|euros|digits))"
        ),
        validate=_is_pin,
        score=0.9,
        examples=(
            ("the PIN for my phone is 7294", "7294"),
            ("Door code: 4471#", "4471#"),
            ("门禁密码 5582#，到了直接进", "5582#"),
        ),
        counterexamples=("pin 3 of the chip", "a combination of 12345.5 parts"),
    ),
)

_SECURITY_CODES = (
    cue_then_value(
        "payment.pin",
        "Payment Security Code",
        cues=_PAYMENT_WORDS,
        gap=r"(?:[ ](?:for|of)[ ][^\n.!?;:\d]{2,40}?)?" + LINK,
        value=r"(?<!\d)\d{4,8}(?!\d)",
        score=0.9,
        examples=(("支付密码是662018", "662018"), ("my card PIN is 4471", "4471")),
        counterexamples=("支付密码连续输错3次",),
    ),
    cue_then_value(
        "payment.card_then_pin",
        "Payment Security Code",
        cues=words("card, debit, visa, mastercard, amex, maestro, atm, 卡"),
        suffix=r"(?:[^\n.。!?;]{0,60}?(?<![a-z])(?:pin|security code|密码)(?![a-z]))",
        value=r"(?<!\d)\d{3,6}(?![\d]|[.,\-]\d|[ ]?(?:位|digits))",
        examples=(
            ("a card ending in 4410, pin 7702, and no cash", "7702"),
            ("the Amex ending in 41007, security code 8803", "8803"),
            ("我的工资卡密码662018", "662018"),
        ),
        counterexamples=("the card needs a PIN of 4 digits",),
    ),
    cue_then_value(
        "payment.cvc",
        "Payment Security Code",
        cues=_CVC_WORDS,
        gap=r"(?:[^\n。.!?;\d]{0,24}?)" + LINK,
        value=r"(?<!\d)(?<!\d[.,\-])\d{3,4}(?![\d]|[.,\-]\d|[ ]?(?:位|元|digits?))",
        score=0.9,
        examples=(("卡的CVC应该是 447", "447"), ("CVV: 4471", "4471"), ("信用卡安全码 447", "447")),
        counterexamples=("the CVC has 3 digits", "CVV是3位数字"),
    ),
    Pattern(
        name="payment.cvc_before",
        privacy_type="Payment Security Code",
        regex=(
            r"(?<!\d)(?<!\d[.,\-])(?P<value>\d{3,4})(?![\d]|[.,\-]\d)[ ]?(?:is|was|是|才是)[^\n。.!?;\d]{0,24}?(?P<cue>cv[cv]2?)"
        ),
        keywords=("cvc", "cvv"),
        reach=40,
        score=0.9,
        examples=(("串行了，447 是我那张商务卡的CVC", "447"),),
        counterexamples=("there are 447 cards with a CVC",),
    ),
)

_ASKED = (
    "密保|安全问题|找回密码|找回问题|security question|secret question|recovery question|first pet|first boat|first car"
    "|first street|first school|first teacher|first word|first dog|first employer|maiden name|childhood friend|第一只宠物"
    "|what was your first|what is your first|name of my first|name of your first|name of his first|name of her first"
    "|小学班主任|童年最好的朋友|最好的朋友叫|母亲出生|父母在哪|题目是|题目改为|第一艘船|第一条船|第一位老师"
)
_QUESTION_WORDS = words(
    "security answer, security word, answer to the security question, answer to my security question, secret answer, "
    "security question answer, recovery answer, 密保答案, 安全问题答案, 安全问题的答案, 密保问题的答案, "
    "密保问题答案, 密保的答案"
)
_ANSWER = (
    r"(?:(?<=[\"“‘'「『`])[^\n\"“”‘’「」『』`]{2,40}(?=[\"”’'」』`])"
    r"|(?-i:[A-ZÀ-Þ][A-Za-zÀ-ɏ'’\-]{1,20}(?:[ ][A-ZÀ-Þ][A-Za-zÀ-ɏ'’\-]{1,20}){0,3}|[A-Za-z]{2,20}\d{1,5})(?![A-Za-zÀ-ɏ])"
    r"|[\u4e00-\u9fff]{2,10}?(?=[。，,;；.!?）)\s]|$|说|不对|这))"
)
_SECURITY_QUESTIONS = (
    cue_then_value(
        "security.answer",
        "Security Question Answer",
        cues=_QUESTION_WORDS,
        value=_ANSWER,
        validate=_is_answer,
        score=0.9,
        examples=(
            ("The exact Security Answer is 'Borislav'.", "Borislav"),
            ("security answer Quill, check", "Quill"),
            ("密保答案是胡桃街。", "胡桃街"),
        ),
        counterexamples=("The security answer is wrong.",),
    ),
    Pattern(
        name="security.answer_far",
        privacy_type="Security Question Answer",
        regex=(
            rf"(?P<cue>{_ASKED})[^\n]{{0,120}}?"
            rf"(?:答案|我填|我写|我答|应该填|配上|(?:answer(?:ed|s)?|wrote|typed|entered|put|said|chose)(?![a-z]))[^\n。.!?\"“‘'「]{{0,16}}?(?:(?:是|为|填|写|我?填的是|以|is|was|with|[:=]|(?<=wrote)|(?<=typed)|(?<=entered)|(?<=put)|(?<=said)|(?<=我填)|(?<=我写)|(?<=我答)|应该是|(?<=应该填)|(?<=配上)|(?<=answer))[ ]?{OPEN}|[ ]?[\"'“‘「『`]{{1,2}})(?P<value>{_ANSWER})"
        ),
        keywords=words(_ASKED.replace("|", ",")),
        reach=0,
        validate=_is_answer,
        score=0.9,
        examples=(
            ("那个密保问题一直没变：我外婆的职业，答案是“灯塔看守”。", "灯塔看守"),
            ("For the security question I would answer 'Quill'.", "Quill"),
        ),
        counterexamples=("安全问题很重要，答案在第3页吗",),
    ),
    cue_then_value(
        "security.maiden_name",
        "Security Question Answer",
        cues=(
            "mother's maiden name",
            "mothers maiden name",
            "maiden name",
            "name of my first pet",
            "my first pet's name",
        ),
        value=_ANSWER,
        validate=_is_answer,
        score=0.9,
        examples=(("my mother's maiden name is Hollander", "Hollander"),),
        counterexamples=("What is your mother's maiden name?",),
    ),
    Pattern(
        name="security.question_quoted",
        privacy_type="Security Question",
        regex=(
            r"[\"“‘'「『](?P<value>(?:(?:what|which|who|where|in what|(?:the )?name of)(?![a-z])(?:[^\n\"“”「」'’]|['’](?=[a-z])){0,60}?"
            r"(?<![a-z])(?:first|mother|father|pet|maiden|childhood|favou?rite|born|best friend|nickname|grandmother|grandfather)"
            r"(?![a-z])(?:[^\n\"“”「」'’]|['’](?=[a-z])){0,50}"
            r"|[^\n\"“”「」]{0,12}(?:您|你|我)[^\n\"“”「」]{0,12}(?:第一|母亲|父亲|父母|小学|童年|宠物|最好的朋友|老师|出生|小时候|姓氏)"
            r"[^\n\"“”「」]{0,20}(?:什么|谁|哪|几|姓|名字|动物|吗|村庄|城市|街)[^\n\"“”「」]{0,8}))[\"”’'」』]"
        ),
        keywords=words(
            "first, mother, father, pet, maiden, childhood, favourite, favorite, born, best friend, nickname, 第一, 母亲, "
            "父亲, 父母, 小学, 童年, 宠物, 最好的朋友, 老师, 出生, 小时候, 姓氏"
        ),
        reach=70,
        score=0.8,
        examples=(
            ('It asks "What was the name of your first boat?" again', "What was the name of your first boat?"),
            ("它问我“您母亲出生在哪个村庄？”", "您母亲出生在哪个村庄？"),
        ),
        counterexamples=('he said "I was first in line"', "“你好，老师”"),
    ),
    Pattern(
        name="security.question_asked",
        privacy_type="Security Question",
        regex=(
            r"(?:security question|recovery question|secret question|the question|it asks|asked(?: me)?(?: for)?|asks)(?:[ ]is|[ ]was)?[ ,:]{1,3}"
            r"(?P<value>(?:what|which|who|where|name of|the (?:sur)?name of)(?![a-z])[^\n.?!,\"“]{0,40}?(?<![a-z])(?:first|maiden|childhood"
            r"|favou?rite|mother'?s|best friend|born)(?![a-z])[^\n.?!,\"“]{0,40}?\??)(?=[.,!]|[ ]and[ ]|[ ]I[ ]|$|(?<=[?]))"
        ),
        keywords=words("security question, recovery question, secret question, the question, it asks, asked, asks"),
        reach=0,
        score=0.8,
        examples=(("the question is what was your first pet and I wrote Quill", "what was your first pet"),),
        counterexamples=("he asked what was for dinner",),
    ),
    cue_then_value(
        "security.question",
        "Security Question",
        cues=("security question", "secret question", "recovery question", "密保问题", "安全问题"),
        gap=r"[^\n。.!?\"“‘'「]{0,60}?(?:is|was|asks|是|为|[:=])[ ]?[\"“‘'「『]",
        value=r"(?<=[\"“‘'「『])(?:[^\n\"“”‘'’「」『』]|['’](?=[a-z])){6,80}(?=[\"”’'」』])",
        score=0.9,
        examples=(
            (
                "The Security Question for the portal is 'What was the name of the first boat?'.",
                "What was the name of the first boat?",
            ),
            ("密保问题是“第一艘船叫什么名字”", "第一艘船叫什么名字"),
        ),
        counterexamples=("security question two is optional",),
    ),
)

_ASSIGNED = (
    Pattern(
        name="password.assigned",
        privacy_type="Password",
        regex=(
            r"(?P<cue>(?:password|passwd|passphrase|pwd|_pass|pass)(?:[_-]?\d)?)[\"']?[ \t]{0,4}(?:=>|:=|={1,3}|:)[ \t]{0,4}"
            r"(?:[\"'](?P<value>(?<=\")[^\"\n]{4,128}(?=\")|(?<=')[^'\n]{4,128}(?='))|)"
        ),
        keywords=words('password, passwd, passphrase, pwd, _pass, pass=, pass:, pass"'),
        reach=0,
        validate=is_assigned_secret,
        score=0.9,
        examples=(
            ("db_password = 'heron lake'", "heron lake"),
            ('{"user": "su", "password": "qingwa"}', "qingwa"),
        ),
        counterexamples=("password = '<your password>'", 'password: "${DB_PASSWORD}"', "password = 'changeme'"),
    ),
    Pattern(
        name="password.assigned_bare",
        privacy_type="Password",
        regex=(
            r"(?P<cue>(?:password|passwd|passphrase|pwd|_pass|pass)(?:[_-]?\d)?)(?:[ \t]{0,4}=[ \t]{0,4}|:[ \t]{1,4})"
            r"(?P<value>[^\s\"'`,;()<>{}\[\]\u2e80-\u9fff]{5,128}(?<![.?!]))(?=[\"'`,;&]?\s|[\"'`,;&]|$)(?![ \t]+[a-z]{2,})"
        ),
        keywords=words("password, passwd, passphrase, pwd, _pass, pass=, pass:"),
        reach=0,
        validate=is_assigned_secret,
        score=0.89,
        examples=(
            ("DB_PASS=heronlake\nDEBUG=1", "heronlake"),
            ("spring.datasource.password: heronlake\n", "heronlake"),
            ("smtp.pass: heronlake\nport: 25", "heronlake"),
        ),
        counterexamples=("Password: The password must be long", "password=<secret>", "password: string\n"),
    ),
)

PATTERNS: tuple[Pattern, ...] = (*_PASSWORDS, *_SECURITY_CODES, *_SECURITY_QUESTIONS, *_ASSIGNED)
