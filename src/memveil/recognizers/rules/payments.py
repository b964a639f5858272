"""Rules: what a person pays and for what.

An amount is private with its purpose, so most rows take the clause along:
``€45 parking fine at the harbour``, ``支付了820元的修车费``.
"""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.amounts import starting_with_amount
from memveil.recognizers.rules.fragments import AMOUNT, AMOUNT_ZH, CJK, NOT_AFTER_WORD, NOT_BEFORE_WORD

__all__ = ["PATTERNS"]

_ABOUT = r"(?:(?:about|around|roughly|approximately|some|nearly|almost|over|just|exactly|only|currently|actually|a|an)[ ]){0,3}"
_CURRENCY_WORDS_ZH = (
    "元",
    "块",
    "万",
    "镑",
    "美金",
    "加币",
    "澳币",
    "港币",
    "日币",
    "台币",
    "法郎",
    "卢布",
    "泰铢",
    "比索",
    "令吉",
    "$",
    "€",
    "£",
    "¥",
)
_PAID_FOR = (
    r"(?:fees?|receipts?|dinner|lunch|breakfast|refund|deposit|dispute|charges?|transaction|purchase|payment|expenses?|subscription|bill|invoice"
    r"|rent|fine|penalty|premium|voucher|ticket|tickets|tuition|donation|transfer|withdrawal|installments?|rental|booking|order|package|service|repair"
    r"|maintenance|membership|session|visit|credit|grant|allowance|reimbursement|cash-?back|cost|costs)"
)
_NOUNS = r"(?:(?!(?:and|or|but|is|was|are|were|that|which|who|i|you|we|they|it|to|if|because)[ ])[a-z][a-z'’\-]{0,20}[ ]){0,4}"
_PLACE = r"(?:[ ](?:on[ ](?=the[ ]|an?[ ]|my[ ]|our[ ])|(?:for|at|from|with|to|in)[ ])(?:the[ ]|a[ ]|an[ ]|my[ ]|our[ ])?(?:'[^'\n]{2,40}'|\"[^\"\n]{2,40}\"|(?:(?!(?:and|or|but|is|was|that|which|i|you|we|it|so|because|if|as|when)[ ])[a-z0-9][\w'’\-]{0,20}[ ]?){1,5}(?<! )))?"


PATTERNS: tuple[Pattern, ...] = (
    # --- payments
    *starting_with_amount(
        name="payments.amount_paid_for",
        privacy_type="Transaction Record",
        regex=rf"(?P<value>{AMOUNT}[ ]{_NOUNS}(?P<cue>{_PAID_FOR}){NOT_BEFORE_WORD}{_PLACE})",
        score=0.86,
        examples=(
            ("There was a €140 visa fee for Oslo.", "€140 visa fee for Oslo"),
            ("the $88.00 dinner with Ines was good", "$88.00 dinner with Ines"),
        ),
    ),
    *starting_with_amount(
        name="payments.amount_for",
        privacy_type="Transaction Record",
        regex=rf"(?P<value>{AMOUNT}(?:[ ](?:a|per)[ ](?:month|week|year))?[ ]for[ ](?:the|my|our|a|an|his|her|two|three)[ ](?:(?!(?:and|or|but|is|was|that|which|i|you|we|it|so|because|if|as|when|from|at|on|to)[ ])[\w'’\-]{{2,18}}[ ]?){{1,4}}(?<! ))",
        score=0.82,
        examples=(("I paid the plumber, $890 for the new boiler, today", "$890 for the new boiler"),),
        counterexamples=("$890 for everyone",),
    ),
    *starting_with_amount(
        name="payments.amount_at_shop",
        privacy_type="Transaction Record",
        regex=rf"(?P<value>{AMOUNT}[ ](?:at|from|to)[ ](?:the[ ])?(?:'[^'\n]{{2,40}}'|\"[^\"\n]{{2,40}}\"|(?-i:[A-Z][\w&'’\-]{{1,20}}(?:[ ][A-Z][\w&'’\-]{{1,20}}){{0,3}})))",
        score=0.86,
        examples=(("It shows $61.20 at 'Harbour Books' twice", "$61.20 at 'Harbour Books'"),),
    ),
    Pattern(
        name="payments.paid",
        privacy_type="Transaction Record",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?P<cue>paid|spent|was charged|were charged|transferred|refunded)[ ](?:(?:me|us|him|her|them|out)[ ])?{_ABOUT}{AMOUNT}(?:[ ](?:just|last|this|yesterday|today|week|month|year|ago|in|advance)){{0,4}}{_PLACE})",
        keywords=("paid", "spent", "was charged", "were charged", "transferred", "refunded"),
        reach=0,
        score=0.84,
        examples=(("I paid €75 for the locksmith.", "paid €75 for the locksmith"),),
        counterexamples=("I spent 3 days there",),
    ),
    Pattern(
        name="payments.charge_of",
        privacy_type="Transaction Record",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?P<cue>charge|payment|transaction|refund|deposit|fee|withdrawal|bill|total|transfer|fine|invoice|purchase)[ ](?:of|for|over)[ ]{AMOUNT}{_PLACE})",
        keywords=(
            "charge of",
            "payment of",
            "transaction of",
            "refund of",
            "deposit of",
            "fee of",
            "withdrawal of",
            "bill of",
            "total of",
            "transfer of",
            "fine of",
            "invoice of",
            "purchase of",
            "charge for",
            "bill for",
            "payment for",
        ),
        reach=0,
        score=0.87,
        examples=(("a charge of $61.20 on Monday", "charge of $61.20"),),
    ),
    Pattern(
        name="payments.paid_zh",
        privacy_type="Transaction Record",
        regex=(
            rf"(?P<value>(?:(?P<cue>支付了|支付|付了|付款|花了|花费|消费了|消费|转账|转了|充值了?|缴纳了?|交了|扣了|扣款|扣除|退款|退了|赔了|打了)[ ]?)"
            rf"{AMOUNT_ZH}(?:的[{CJK}A-Za-z0-9“”‘’\-]{{1,18}}?(?=[,，。.!?；;、()\n]|$|是|，|已|的|用|吧))?)"
        ),
        keywords=(
            "支付",
            "付了",
            "付款",
            "花了",
            "花费",
            "消费",
            "转账",
            "转了",
            "充值",
            "缴纳",
            "交了",
            "扣了",
            "扣款",
            "扣除",
            "退款",
            "退了",
            "赔了",
            "打了",
        ),
        reach=3,
        score=0.88,
        examples=(("我支付了4200加元的装修定金，", "支付了4200加元的装修定金"), ("花了85元", "花了85元")),
        counterexamples=("花了三天时间",),
    ),
    Pattern(
        name="payments.amount_of_zh",
        privacy_type="Transaction Record",
        regex=(
            rf"(?P<value>{AMOUNT_ZH}(?P<cue>的)[{CJK}A-Za-z0-9“”‘’\-]{{1,16}}?(?:费用?|费|账单|收据|订单|发票|扣费|扣款|退款|交易|定金|押金|订阅费?|会员|机票|车票|门票|餐费|房租|租金|罚款|罚单|学费|挂号费|红包|转账|收费|消费|支出|购物|还款|报销|保费|礼物|押运费))"
        ),
        keywords=_CURRENCY_WORDS_ZH,
        reach=16,
        score=0.86,
        examples=(("那笔62欧元的可疑扣款", "62欧元的可疑扣款"),),
        counterexamples=("500元的手机怎么样",),
    ),
)
