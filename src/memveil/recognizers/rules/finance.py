"""Rules: cards, accounts and banks. Amounts are for :mod:`memveil.recognizers.rules.money`."""

from __future__ import annotations

import re

from memveil.recognizers import checksums
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.fragments import CJK, NOT_AFTER_WORD, NOT_BEFORE_WORD, UPPER

__all__ = ["PATTERNS"]


def _iban(value: str) -> bool:
    """An IBAN by its check digits, or one that is written in groups of four as people write it."""
    return (
        checksums.iban(value) or checksums.iban(value.rsplit(" ", 1)[0]) or _GROUPED_IBAN.fullmatch(value) is not None
    )


_GROUPED_IBAN = re.compile(r"(?!00)[A-Z]{2}(?!00)\d{2}(?: [A-Z0-9]{4}){3,7}(?: [A-Z0-9]{1,3})?")
_CARD_DIGITS = r"\d(?:[ \-]?\d){11,18}"
_ALONE = r"(?<![0-9A-Za-z_])(?<![0-9][.\-/])"
_END = r"(?![0-9A-Za-z_])(?![.\-/][0-9])"

_NETWORK = (
    r"(?:visa(?:[ ]electron)?|master[ ]?card|amex|american express|discover|diners(?:[ ]club)?|jcb|union[ ]?pay|maestro|revolut|monzo"
    r"|wise|n26|银联|万事达|美国运通|运通|大来)"
)
_NETWORK_WORDS = (
    "visa",
    "mastercard",
    "master card",
    "amex",
    "american express",
    "discover",
    "diners",
    "jcb",
    "unionpay",
    "union pay",
    "maestro",
    "revolut",
    "monzo",
    "wise",
    "n26",
    "银联",
    "万事达",
    "运通",
    "大来",
)
_KIND = r"(?:(?:debit|credit|business|prepaid|corporate|travel|platinum|gold|virtual|joint)[ ]){0,2}"
_NAME = rf"(?-i:[{UPPER}][A-Za-z&'’\-]{{1,20}}[ ]){{0,4}}(?-i:of[ ](?:the[ ])?[{UPPER}][A-Za-z]{{2,15}}[ ])?"
_TAIL = (
    r"(?:[ ](?:card[ ])?|,[ ]?(?:the[ ]one[ ])?)?(?:that[ ])?\(?(?:number[ ])?(?:ending|ends)[ ](?:in|with)[ ]\d{4}\)?"
)
_BANK_ZH = rf"[{CJK}]{{2,8}}银行"
_CARD_ZH = r"(?:借记卡|信用卡|商务卡|储蓄卡|贷记卡|白金卡|金卡|卡)"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="finance.card_luhn",
        privacy_type="Bank/Payment Card Number",
        regex=rf"{_ALONE}(?P<value>[23456]\d{{3}}(?:(?P<sep>[ \-]?)\d{{4}}(?P=sep)\d{{4}}(?P=sep)\d{{1,7}}|[ \-]?\d{{6}}[ \-]?\d{{4,5}})){_END}",
        keywords=tuple("23456"),
        reach=0,
        validate=lambda value: len([c for c in value if c.isdigit()]) >= 14 and checksums.payment_card(value),
        score=0.94,
        examples=(
            ("charge 4024 0071 4471 2030 please", "4024 0071 4471 2030"),
            ("用这张5425233430109903付款", "5425233430109903"),
            ("my Amex 371449635398431", "371449635398431"),
        ),
        counterexamples=("4024-0071-4471-2031", "1234567890123456", "uuid 4024a0071"),
    ),
    Pattern(
        name="finance.card_by_cue",
        privacy_type="Bank/Payment Card Number",
        regex=(
            rf"(?P<cue>(?:credit|debit|bank|payment|visa|amex|jcb|discover|maestro|master[ ]?card|diners(?:[ ]club)?|gift|business)?[ _]?card(?:[ _]?(?:number|no\.?|#|num|digits))?)"
            rf"(?:[ ]?(?:is|was|on file|:|=|#|\"|'|`|\*|\(|,|[ ])){{1,6}}(?P<value>{_CARD_DIGITS}){_END}"
        ),
        keywords=("card",),
        reach=14,
        validate=lambda value: (
            (any(c.isdigit() for c in value) and not checksums.imei(value)) or checksums.payment_card(value)
        ),
        score=0.93,
        examples=(("credit card number: 4929 3174 8291 4736", "4929 3174 8291 4736"),),
        counterexamples=("card 4 of 52 in the deck",),
    ),
    Pattern(
        name="finance.card_by_cue_zh",
        privacy_type="Bank/Payment Card Number",
        regex=rf"(?P<cue>[{CJK}]卡|卡号|账号)(?:号码|号)?(?:是|为|：|[:=\"“(]|[ ]){{0,4}}(?P<value>[1-9]\d(?:[ \-]?\d){{12,17}})(?![0-9A-Za-z])",
        keywords=("卡", "账号"),
        reach=2,
        score=0.93,
        examples=(
            ("工行卡6222 0244 7103 9981 204", "6222 0244 7103 9981 204"),
            ("卡号为346380447103917", "346380447103917"),
        ),
        counterexamples=("这张卡片有12345种玩法",),
    ),
    Pattern(
        name="finance.iban",
        privacy_type="Financial Account",
        regex=rf"{NOT_AFTER_WORD}(?P<value>[A-Z]{{2}}\d{{2}}(?:[ ]?[A-Z0-9]{{4}}){{2,7}}(?:[ ]?[A-Z0-9]{{1,3}})?)(?![A-Za-z0-9])",
        keywords=tuple(
            f"{country}{digit}"
            for digit in range(10)
            for country in [
                "ad",
                "ae",
                "al",
                "at",
                "az",
                "ba",
                "be",
                "bg",
                "bh",
                "br",
                "by",
                "ch",
                "cr",
                "cy",
                "cz",
                "de",
                "dk",
                "do",
                "ee",
                "eg",
                "es",
                "fi",
                "fo",
                "fr",
                "gb",
                "ge",
                "gi",
                "gl",
                "gr",
                "gt",
                "hr",
                "hu",
                "ie",
                "il",
                "iq",
                "is",
                "it",
                "jo",
                "kw",
                "kz",
                "lb",
                "lc",
                "li",
                "lt",
                "lu",
                "lv",
                "ly",
                "mc",
                "md",
                "me",
                "mk",
                "mr",
                "mt",
                "mu",
                "nl",
                "no",
                "pk",
                "pl",
                "ps",
                "pt",
                "qa",
                "ro",
                "rs",
                "sa",
                "sc",
                "se",
                "si",
                "sk",
                "sm",
                "sv",
                "tl",
                "tn",
                "tr",
                "ua",
                "va",
                "vg",
                "xk",
            ]
        ),
        reach=0,
        validate=_iban,
        score=0.97,
        examples=(
            ("to DE75 5121 0800 1245 1261 99 by Friday", "DE75 5121 0800 1245 1261 99"),
            ("NL02ABNA0123456789", "NL02ABNA0123456789"),
        ),
        counterexamples=("DE00512108001245126199", "ES is short"),
    ),
    Pattern(
        name="finance.account_by_cue",
        privacy_type="Financial Account",
        regex=(
            r"(?P<cue>(?:(?:bank|savings|checking|current|deposit|brokerage|financial|insurance|pension|policy|member|customer)[ _])?(?:account|acct|a/c)"
            r"(?:[ _](?:number|no\.?|num|#))?|bank_account(?:_number)?|(?:insurance[ ])?policy[ ](?:number|no\.?)|routing(?:[ ]number)?|iban|swift|bic)"
            r"(?:[ ]?(?:is|was|on file|ending|:|=|#|\"|'|`|\*|\(|[ ])){1,6}"
            r"(?P<value>(?-i:\d{8,18}|\d{2}-\d{2}-\d{2}|\d{3,6}(?:[ \-]\d{2,6}){1,4}|[A-Z]{2,4}\d{2}[A-Z0-9 ]{8,30}[A-Z0-9]|[A-Z]{2,4}-\d{5,14}))(?![0-9A-Za-z\-])"
        ),
        keywords=("account", "acct", "a/c", "policy n", "routing", "iban", "swift", "bic"),
        reach=10,
        score=0.89,
        examples=(("account number: 041720338816", "041720338816"),),
        counterexamples=("my account is 3 years old", "account manager since 2019"),
    ),
    Pattern(
        name="finance.account_at",
        privacy_type="Financial Account",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?!(?:My|The|Our|Your|This|Account|Bank|New|Old|Joint|Farm|Savings|User|Service|His|Her)[ ])(?:(?-i:[{UPPER}][A-Za-z&'’\-]{{1,20}})[ ]){{1,3}}(?:(?:savings|current|checking|joint)[ ])?(?P<cue>account)[ ](?:number[ ])?(?-i:\d{{8,14}}|\d{{2,6}}(?:[ .\-]\d{{2,6}}){{1,4}}))(?![0-9A-Za-z\-])",
        keywords=("account",),
        reach=64,
        score=0.91,
        examples=(("pay to KCB account 2284 3305 27 please", "KCB account 2284 3305 27"),),
        counterexamples=("My account 20471186", "the Account 7 days"),
    ),
    Pattern(
        name="finance.sort_code",
        privacy_type="Financial Account",
        regex=r"(?P<value>sort code:?[ ]\d{2}-\d{2}-\d{2}(?:,?[ ](?:and )?account(?:[ ]number)?:?[ ]\d{7,9})?)(?!\d)",
        keywords=("sort code",),
        reach=0,
        score=0.95,
        examples=(("Lloyds, sort code 20-47-11, account 51827749", "sort code 20-47-11, account 51827749"),),
    ),
    Pattern(
        name="finance.account_by_cue_zh",
        privacy_type="Financial Account",
        regex=r"(?P<cue>银行账[户号]|账户号|开户账号|银行帐[户号]|收款账[户号]|对公账[户号]|保单号|公积金账[户号])(?:码)?(?:是|为|[:=\"“]|[ ]){0,4}(?P<value>[A-Z]{0,4}\d[\d \-]{6,22}\d)(?![0-9A-Za-z])",
        keywords=("银行账", "账户号", "开户账号", "银行帐", "收款账", "对公账", "保单号", "公积金账"),
        reach=0,
        score=0.95,
        examples=(("收款账户：0471 2033 8816", "0471 2033 8816"),),
    ),
    Pattern(
        name="finance.card_with_tail",
        privacy_type="Financial Account",
        regex=rf"{NOT_AFTER_WORD}(?P<value>{_NAME}(?:{_NETWORK}[ ]?)?{_KIND}(?:card|{_NETWORK}|account|savings){_TAIL})(?!\d)",
        keywords=("ending in", "ending with", "ends in", "ends with"),
        reach=70,
        score=0.96,
        examples=(
            ("I paid with the Nordea Mastercard ending in 4471.", "Nordea Mastercard ending in 4471"),
            ("my credit card ending in 9921 was blocked", "credit card ending in 9921"),
            ("on the Hanseatic Bank Discover card, ending in 8116", "Hanseatic Bank Discover card, ending in 8116"),
        ),
        counterexamples=("a story ending in 1945", "a film ending in 2010 cards"),
    ),
    Pattern(
        name="finance.card_tail_zh",
        privacy_type="Financial Account",
        regex=rf"(?P<value>(?:(?:(?![的在用把从])[{CJK}]){{2,6}}银行|(?:农行|工行|建行|中行|招行|交行))?(?:卡号)?(?P<cue>尾号)(?:是|为)?[ ]?\d{{4}}的(?:[A-Za-z]{{2,16}}[ ]?|[{CJK}]{{2,8}}银行)?(?:{_NETWORK}[ ]?)?(?:Electron)?{_CARD_ZH})",
        keywords=("尾号",),
        reach=10,
        score=0.95,
        examples=(
            ("用尾号4471的Visa借记卡付", "尾号4471的Visa借记卡"),
            ("尾号为9921的招商银行信用卡", "尾号为9921的招商银行信用卡"),
        ),
        counterexamples=("尾号4471的车限行",),
    ),
    Pattern(
        name="finance.card_name_tail_zh",
        privacy_type="Financial Account",
        regex=(
            rf"(?P<value>(?![,(， ])(?:[A-Z]{{3,8}}[ ]?|[{CJK}]{{2,8}}银行)?(?:{_NETWORK}[ ]?)?(?:Electron[ ]?)?{_CARD_ZH}?[,(， ]{{0,2}}(?:卡号)?(?P<cue>尾号)(?:是|为)?[:]?[ ]?\d{{4}}\)?)(?![0-9])"
        ),
        keywords=("尾号",),
        reach=30,
        score=0.93,
        examples=(("我的KCB借记卡（尾号4471）丢了", "KCB借记卡（尾号4471）"),),
        counterexamples=("手机尾号限行",),
    ),
    Pattern(
        name="finance.named_card",
        privacy_type="Financial Account",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?-i:[{UPPER}][A-Za-z&'’\-]{{1,20}}[ ]){{0,3}}{_NETWORK}[ ]{_KIND}card){NOT_BEFORE_WORD}",
        keywords=_NETWORK_WORDS,
        reach=40,
        score=0.8,
        examples=(
            ("put it on the Nordea Visa debit card", "Nordea Visa debit card"),
            ("with my Maestro card", "Maestro card"),
        ),
        counterexamples=("a visa for Boston", "discover the card game"),
    ),
    Pattern(
        name="finance.named_card_zh",
        privacy_type="Financial Account",
        regex=rf"(?P<value>(?:(?-i:[A-Z]{{3,8}})[ ]|[{CJK}]{{2,6}}银行)?{_NETWORK}[ ]?(?:Electron[ ]?)?(?:借记卡|信用卡|商务卡|储蓄卡|白金卡|金卡))",
        keywords=_NETWORK_WORDS,
        reach=12,
        score=0.8,
        examples=(("我用万事达信用卡付的", "万事达信用卡"),),
        counterexamples=("签证（Visa）申请",),
    ),
    Pattern(
        name="finance.bank",
        privacy_type="Financial Account",
        regex=(
            rf"{NOT_AFTER_WORD}(?P<value>(?-i:(?:[{UPPER}][A-Za-z&'’\-]{{2,20}}[ ]){{1,3}}Bank|Royal Bank of Scotland|(?:[A-Z][a-z]{{2,12}}|[A-Z]{{2,5}})Bank|Bank of [{UPPER}][a-z]{{2,15}})(?:[ ](?:savings account|savings|checking account|current account|app|account|credit card|debit card|card))?(?:[ ](?:\d[\d \-]{{4,18}}\d))?)(?![A-Za-z0-9])"
        ),
        keywords=("bank",),
        reach=60,
        validate=lambda value: (
            value.split()[0].lower()
            not in (
                "the",
                "world",
                "central",
                "food",
                "blood",
                "west",
                "data",
                "power",
                "reserve",
                "european",
                "national",
                "federal",
                "asian",
                "african",
                "river",
                "left",
                "a",
                "investment",
                "sperm",
                "seed",
                "my",
                "your",
                "development",
                "south",
                "right",
                "dear",
                "project",
                "gene",
                "any",
                "every",
                "which",
                "our",
                "phone",
                "an",
                "investing",
                "orchard",
                "snow",
                "cloud",
            )
            and "Development" not in value
            and "Central" not in value
        ),
        score=0.7,
        examples=(
            ("my money is at Fjordland Bank in Bergen", "Fjordland Bank"),
            ("Bushveld Bank account 5571 902 118 was used", "Bushveld Bank account 5571 902 118"),
            ("CaspiBank froze it", "CaspiBank"),
        ),
        counterexamples=("the World Bank said", "on the West Bank", "the Central Bank"),
    ),
)
