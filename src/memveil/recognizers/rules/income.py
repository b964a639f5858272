"""Rules: what a person earns, owns and owes, and the credit score."""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.amounts import starting_with_amount
from memveil.recognizers.rules.fragments import AMOUNT, AMOUNT_ZH, CJK, NOT_AFTER_WORD, NOT_BEFORE_WORD, NUMBER_ZH

__all__ = ["PATTERNS"]

_ABOUT = r"(?:(?:about|around|roughly|approximately|some|nearly|almost|over|just|exactly|only|currently|actually|a|an)[ ]){0,3}"
_COPULA = r"(?:(?:[ ](?:is|was|of|at|has|sits|stands|totals|says|dropped to)|[ ]?[:=]|,[ ]it|['’]s)(?:[ ](?!(?:and|but|not|than|if|or)[ ])[a-z\-]{1,12}){0,5}?)?[ ]"
_INCOME = (
    r"(?:salary|income|wages?|pay(?:cheque|check)?|bonus|earnings|pension|stipend|take-?home|compensation|commission)"
)
_WORTH = r"(?:net worth|savings|saved|assets|nest egg|emergency fund|portfolio|equity|inheritance|investments?)"
_DEBT = r"(?:mortgage|loan|debt|overdraft|credit card balance|student loans?|auto loan|car loan|balance owed|arrears)"


PATTERNS: tuple[Pattern, ...] = (
    # --- income
    Pattern(
        name="income.income_then_amount",
        privacy_type="Assets/Income",
        regex=(
            rf"{NOT_AFTER_WORD}(?P<value>(?:(?:annual|monthly|yearly|weekly|base|gross|net|hourly|starting|total|household|year-end|quarterly|current)[ ]){{0,3}}"
            rf"(?P<cue>{_INCOME})(?:[ ](?:as|for|from)[ ](?:an?[ ]|the[ ]|my[ ])?[\w \-]{{3,40}}?)?{_COPULA}{AMOUNT}(?:[ ](?:a|per|each)[ ](?:year|month|week|hour))?(?:[ ](?:gross|net|before tax|after tax))?)"
        ),
        keywords=(
            "salary",
            "income",
            "wage",
            "paycheck",
            "paycheque",
            "bonus",
            "earnings",
            "pension",
            "stipend",
            "take-home",
            "compensation",
            "commission",
            "my pay ",
        ),
        reach=50,
        score=0.93,
        examples=(
            ("my annual salary is $91,350.", "annual salary is $91,350"),
            ("a pension of 2,140 euros a month", "pension of 2,140 euros a month"),
        ),
        counterexamples=("salary negotiations start in May",),
    ),
    *starting_with_amount(
        name="income.amount_then_income",
        privacy_type="Assets/Income",
        regex=(
            rf"(?P<value>{AMOUNT}(?:[ ](?:a|per|each)[ ](?:year|month|week|hour))?[ ](?:(?:annual|monthly|yearly|weekly|base|gross|net|year-end|consulting|total|in|after-tax)[ ]){{0,3}}(?P<cue>{_INCOME})){NOT_BEFORE_WORD}"
        ),
        score=0.93,
        examples=(
            ("on a $91,350 salary you can", "$91,350 salary"),
            ("the €4,000 year-end bonus", "€4,000 year-end bonus"),
        ),
        counterexamples=("$4,000 prize",),
    ),
    Pattern(
        name="income.i_earn",
        privacy_type="Assets/Income",
        regex=rf"(?P<cue>i(?:'m| am)? (?:currently )?(?:earn(?:ed|ing)?|mak(?:e|ing)|take home|paid|on|get paid|was paid))[ ]{_ABOUT}(?P<value>{AMOUNT}(?:[ ](?:a|per|each)[ ](?:year|month|week|hour))?(?:[ ](?:before tax|after tax|gross|net))?)",
        keywords=(
            "i earn",
            "i make",
            "i take home",
            "i'm paid",
            "i get paid",
            "i currently",
            "i am paid",
            "i'm making",
            "i'm earning",
            "i'm on ",
            "i am on ",
        ),
        reach=0,
        score=0.92,
        examples=(("I earn about $6,200 a month after tax", "$6,200 a month after tax"),),
        counterexamples=("I make 12 cakes",),
    ),
    Pattern(
        name="income.income_zh",
        privacy_type="Assets/Income",
        regex=(
            rf"(?P<value>(?:税前|税后|到手|基本|每月|每年|家庭){{0,2}}的?(?P<cue>月薪|年薪|工资|薪水|薪资|收入|年收入|月收入|年终奖|奖金|退休金|养老金|津贴|提成|时薪)"
            rf"(?:大概|大约|只有|差不多|是|为|约|到手|税前|税后|在|有|了|[:]|[ ]){{0,4}}(?:{AMOUNT_ZH}|{NUMBER_ZH}[ ]?[千万百]|\d{{4,7}}))"
        ),
        keywords=(
            "月薪",
            "年薪",
            "工资",
            "薪水",
            "薪资",
            "收入",
            "年终奖",
            "奖金",
            "退休金",
            "养老金",
            "津贴",
            "提成",
            "时薪",
        ),
        reach=6,
        score=0.93,
        examples=(("我月薪1.8万元", "月薪1.8万元"), ("税后工资9500", "税后工资9500"), ("年收入40万", "年收入40万")),
        counterexamples=("工资什么时候发",),
    ),
    Pattern(
        name="income.amount_income_zh",
        privacy_type="Assets/Income",
        regex=rf"(?P<value>(?:税前|税后|到手)?{AMOUNT_ZH}的?(?:税前|税后)?(?P<cue>月薪|年薪|工资|薪水|薪资|年收入|月收入|年终奖|奖金|退休金|养老金))",
        keywords=("月薪", "年薪", "工资", "薪水", "薪资", "收入", "年终奖", "奖金", "退休金", "养老金"),
        reach=24,
        score=0.94,
        examples=(("我有98,000加元的年薪", "98,000加元的年薪"),),
    ),
    # --- net worth
    Pattern(
        name="income.worth_then_amount",
        privacy_type="Assets/Net Worth",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?:(?:total|joint|liquid|combined|family|personal|life)[ ]){{0,2}}(?P<cue>{_WORTH}){_COPULA}{AMOUNT})",
        keywords=(
            "net worth",
            "savings",
            "saved",
            "assets",
            "nest egg",
            "emergency fund",
            "portfolio",
            "equity",
            "inheritance",
            "investment",
        ),
        reach=24,
        score=0.93,
        examples=(
            ("my total net worth is $912,400", "total net worth is $912,400"),
            ("savings of 240,000 SEK", "savings of 240,000 SEK"),
        ),
        counterexamples=("savings accounts are safe",),
    ),
    *starting_with_amount(
        name="income.amount_then_worth",
        privacy_type="Assets/Net Worth",
        regex=rf"(?P<value>{AMOUNT}[ ](?:(?:in|of|total|liquid|joint|my|our|the|remaining)[ ]){{0,3}}(?P<cue>{_WORTH}|(?:remaining )?balance)){NOT_BEFORE_WORD}",
        score=0.92,
        examples=(("with $912,400 net worth", "$912,400 net worth"), ("€31,000 in savings", "€31,000 in savings")),
    ),
    Pattern(
        name="income.worth_zh",
        privacy_type="Assets/Net Worth",
        regex=rf"(?P<value>(?P<cue>总?净值|净资产|总资产|资产|存款|积蓄|储蓄|身家|余额宝|理财)(?:总额|数据|一共|总共|大概|大约|只有|还有|是|为|约|有|了|[:(]|[ ]){{0,4}}{AMOUNT_ZH}\)?)",
        keywords=("净值", "净资产", "总资产", "资产", "存款", "积蓄", "储蓄", "身家", "余额宝", "理财"),
        reach=2,
        score=0.92,
        examples=(("净资产为912,400加元", "净资产为912,400加元"), ("存款36万元", "存款36万元")),
    ),
    Pattern(
        name="income.amount_worth_zh",
        privacy_type="Assets/Net Worth",
        regex=rf"(?P<value>{AMOUNT_ZH}的?(?P<cue>总?净值|净资产|总资产|资产|存款|积蓄|储蓄))",
        keywords=("净值", "净资产", "总资产", "资产", "存款", "积蓄", "储蓄"),
        reach=24,
        score=0.93,
        examples=(("手里有36万元存款", "36万元存款"),),
    ),
    # --- debt
    *starting_with_amount(
        name="income.amount_then_debt",
        privacy_type="Debt/Loan Info",
        regex=(
            rf"(?P<value>{AMOUNT}[ ](?:(?!(?:and|or|but|is|was|to|i|you)[ ])[a-z\-]{{2,14}}[ ]){{0,4}}(?P<cue>{_DEBT})(?:[ ]balance)?){NOT_BEFORE_WORD}"
        ),
        score=0.94,
        examples=(
            ("a $512,000 mortgage", "$512,000 mortgage"),
            ("€9,100 remaining on the car loan", "€9,100 remaining on the car loan"),
        ),
    ),
    Pattern(
        name="income.debt_then_amount",
        privacy_type="Debt/Loan Info",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?:(?:joint|student|auto|car|home|personal|monthly|outstanding|remaining)[ ]){{0,2}}(?P<cue>{_DEBT})(?:[ ](?:of|is|was|at|balance of|with|worth|totals)|[ ]?:)[ ]{_ABOUT}{AMOUNT})",
        keywords=("mortgage", "loan", "debt", "overdraft", "credit card balance", "arrears"),
        reach=24,
        score=0.94,
        examples=(("a student loan of $18,200", "student loan of $18,200"),),
    ),
    Pattern(
        name="income.owe",
        privacy_type="Debt/Loan Info",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?P<cue>owe[sd]?|owing)[ ](?:(?:him|her|them|the bank|my \w{{2,10}})[ ])?{_ABOUT}{AMOUNT}(?:[ ](?:in debt|on (?:the|my|our) [a-z]{{3,12}}(?: [a-z]{{3,12}})?))?)",
        keywords=("owe", "owing"),
        reach=0,
        score=0.95,
        examples=(
            ("owes $12,400 in debt", "owes $12,400 in debt"),
            ("we still owe €4,800 on the car", "owe €4,800 on the car"),
        ),
    ),
    Pattern(
        name="income.debt_zh",
        privacy_type="Debt/Loan Info",
        regex=rf"(?P<value>(?:房贷|车贷|贷款|欠款|负债|欠债|借款|按揭|信用卡账单|花呗|网贷|欠)(?P<cue>余额|本金|总额|还剩|还有|还欠|剩余|了|着|一共|每月|月供|是|为|[:]|[ ]){{0,4}}(?:大概|约)?(?:{AMOUNT_ZH}|{NUMBER_ZH}[ ]?[万千]))",
        keywords=("房贷", "车贷", "贷款", "欠", "负债", "借款", "按揭", "信用卡账单", "花呗", "网贷"),
        reach=0,
        score=0.93,
        examples=(("房贷余额86万", "房贷余额86万"), ("欠债12万", "欠债12万"), ("车贷还剩4.5万元", "车贷还剩4.5万元")),
        counterexamples=("贷款需要什么材料",),
    ),
    Pattern(
        name="income.amount_debt_zh",
        privacy_type="Debt/Loan Info",
        regex=rf"(?P<value>{AMOUNT_ZH}的?[{CJK}A-Za-z]{{0,14}}?(?P<cue>房贷|车贷|贷款|负债|债务|欠款|融资|按揭|借款)(?:贷款)?(?:利息|还款|扣款|余额|月供)?)",
        keywords=("房贷", "车贷", "贷款", "负债", "债务", "欠款", "融资", "按揭", "借款"),
        reach=30,
        score=0.94,
        examples=(("一笔86万元的住房按揭贷款", "86万元的住房按揭贷款"),),
    ),
    # --- credit score
    Pattern(
        name="income.credit_score",
        privacy_type="Credit Score",
        regex=rf"{NOT_AFTER_WORD}(?P<value>(?P<cue>credit (?:score|rating)|fico(?: score)?|schufa(?: score)?){_COPULA}(?:[3-8]\d{{2}}|9\d(?:\.\d)?\s?%?))(?!\d)",
        keywords=("credit score", "credit rating", "fico", "schufa"),
        reach=0,
        score=0.95,
        examples=(("my credit score is 641", "credit score is 641"), ("credit score 712", "credit score 712")),
        counterexamples=("a credit score matters",),
    ),
    Pattern(
        name="income.score_credit",
        privacy_type="Credit Score",
        regex=rf"(?<![\d.,$€£])(?P<value>[3-8]\d{{2}}[ ](?P<cue>credit (?:score|rating)|fico(?: score)?)){NOT_BEFORE_WORD}",
        keywords=("credit score", "credit rating", "fico"),
        reach=5,
        score=0.95,
        examples=(("a 641 credit score", "641 credit score"),),
    ),
    Pattern(
        name="income.credit_score_zh",
        privacy_type="Credit Score",
        regex=r"(?P<value>(?P<cue>信用评分|信用分|芝麻信用|芝麻分|征信评分|征信分)(?:只有|目前|大概|大约|分|是|为|有|[:]|[ ]){0,4}\d{3}分?)",
        keywords=("信用评分", "信用分", "芝麻", "征信"),
        reach=0,
        score=0.95,
        examples=(("信用评分641分", "信用评分641分"), ("芝麻信用分是712", "芝麻信用分是712")),
    ),
)
