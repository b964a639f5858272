"""Rules: ways to reach a person. Telephone numbers are for :mod:`memveil.recognizers.phones`."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.fragments import CJK, NOT_AFTER_WORD, NOT_BEFORE_WORD

__all__ = ["PATTERNS"]

_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,6}[a-z]{2,24}(?![a-z0-9])"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="contact.email",
        privacy_type="Email",
        regex=rf"(?P<value>[a-z0-9_][a-z0-9._%+\-]{{0,63}}@{_DOMAIN})",
        keywords=("@",),
        reach=65,
        validate=lambda value: not value.startswith(("git@", "svn@")),
        score=0.95,
        examples=(
            ("write to lena.h+tax@hartwig.example.no.", "lena.h+tax@hartwig.example.no"),
            ("我的邮箱是su_wan@youxiang.example，谢谢", "su_wan@youxiang.example"),
            ("<a href='mailto:ops@fjord.example'>", "ops@fjord.example"),
            ("发到ＳＵＷＡＮ＠ｙｏｕ.example就行", "ＳＵＷＡＮ＠ｙｏｕ.example"),
        ),
        counterexamples=("user@host without a domain", "npm install pkg@4.17.21", "git clone git@git.example:a/b"),
    ),
    Pattern(
        name="contact.email_han",
        privacy_type="Email",
        regex=rf"(?P<value>(?:(?![我你他的到给至发送写信抄是为叫在联系邮箱件于])[{CJK}·]){{1,5}}@{_DOMAIN})",
        keywords=("@",),
        reach=9,
        score=0.94,
        examples=(("抄送给苏婉@gongsi.example", "苏婉@gongsi.example"),),
        counterexamples=("联系@客服 请稍等",),
    ),
    Pattern(
        name="contact.email_spelled_out",
        privacy_type="Email",
        regex=(
            r"(?P<value>[a-z0-9_][a-z0-9._%+\-]{0,40}[ ]?(?:\[at\]|\(at\)|\{at\}|[ ]at[ ])[ ]?"
            r"[a-z0-9\-]{1,40}(?:[ ]?(?:\[dot\]|\(dot\)|\{dot\}|[ ]dot[ ])[ ]?[a-z0-9\-]{2,24}){1,3})"
        ),
        keywords=("[at]", "(at)", "{at}", " dot "),
        reach=90,
        examples=(
            ("reach me under lena [at] hartwig [dot] no", "lena [at] hartwig [dot] no"),
            ("it is lena at hartwig dot no, all small", "lena at hartwig dot no"),
        ),
        counterexamples=("look at the red dot on the map",),
    ),
    Pattern(
        name="contact.zip_by_cue",
        privacy_type="Zip Code",
        regex=(
            r"(?P<cue>zip(?:[ ]?code)?|post(?:al)?[ ]?code|pin[ ]?code|邮编|邮政编码)[ ]?(?:is|was|为|是|number)?[ ]?[:=\"']{0,3}[ ]?"
            r"(?P<value>\d{5}-\d{4}|\d{3}-\d{4}|(?-i:[A-Z]{1,2}\d[A-Z\d]?[ ]?\d[A-Z]{2}|[A-Z]\d[A-Z][ ]?\d[A-Z]\d"
            r"|\d{4}[ ]?[A-Z]{2})|\d{2}-\d{3}|\d{3}[ ]\d{2}|\d{4,7})(?![\da-z\-])"
        ),
        keywords=("zip", "postcode", "post code", "postal code", "pin code", "pincode", "邮编", "邮政编码"),
        reach=0,
        score=0.95,
        examples=(
            ("my zip code is 94110.", "94110"),
            ("postcode: EC4M 7RF", "EC4M 7RF"),
            ("邮编：310012，杭州", "310012"),
        ),
        counterexamples=("zip the file, all 94110 of them", "the postcode lottery of 2019"),
    ),
    Pattern(
        name="contact.postcode_form",
        privacy_type="Zip Code",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?-i:(?:[A-Z]{{1,2}}\d[A-Z\d]?)[ ]\d[ABD-HJLNP-UW-Z]{{2}}|[ABCEGHJ-NPRSTVXY]\d[A-Z][ ]\d[A-Z]\d)){NOT_BEFORE_WORD}",
        keywords=tuple(f" {digit}{letter}" for digit in "0123456789" for letter in "abcdefghjklmnpqrstuvwxyz"),
        reach=5,
        score=0.6,
        examples=(("send it to SW1V 2QQ, London", "SW1V 2QQ"), ("Burnaby, V5C 3K9", "V5C 3K9")),
        counterexamples=("error EC1A at 14:32", "page A4 20 gsm"),
    ),
    Pattern(
        name="contact.phone_tail",
        privacy_type="Phone Number",
        regex=(
            r"(?P<cue>(?:phone|mobile|cell(?:phone)?|telephone)(?:[ ]number)?|number)[ ](?:that[ ]|which[ ]|is[ ]the[ ]one[ ])?"
            r"(?P<value>(?:ending|ends|end)[ ](?:in|with)[ ]\d{2,4})(?!\d)"
        ),
        keywords=("phone", "mobile", "cell", "number"),
        reach=0,
        score=0.85,
        examples=(("the phone ending in 2171 is mine", "ending in 2171"),),
        counterexamples=("a prime number ending in three",),
    ),
    Pattern(
        name="contact.phone_tail_zh",
        privacy_type="Phone Number",
        regex=r"(?:手机|电话|号码)(?:号码|号)?[ ]?(?P<value>(?P<cue>尾号|后四位|末四位)(?:是|为)?[ ]?[:]?[ ]?\d{4})(?!\d)",
        keywords=("尾号", "后四位", "末四位"),
        reach=8,
        score=0.92,
        examples=(("我的手机尾号2171", "尾号2171"),),
        counterexamples=("尾号限行从明天开始",),
    ),
)
