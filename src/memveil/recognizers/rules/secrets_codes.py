"""Rules: codes that open something: one-time codes, tokens, recovery codes, card security codes."""

from __future__ import annotations

import re

from memveil.recognizers.cues import OPEN, cue_then_value, value_then_cue, words
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.identifiers_rows import code_rows
from memveil.recognizers.rules.identifiers_shapes import is_any_code
from memveil.recognizers.rules.secrets_shapes import is_filled, is_spoken

__all__ = ["PATTERNS"]

_VERIFICATION_CUES = words(
    "otp, 2fa, mfa, totp, verification code, verify code, sms code, text code, security code, one-time code, "
    "one time code, one-time password, one time password, one-time passcode, one time passcode, "
    "one-time pin, passcode, auth code, authorization code, authorisation code, authentication code, "
    "access code, login code, sign-in code, confirmation code, unlock code, pickup code, pick-up code, "
    "collection code, delivery code, release code, validation code, activation code, pairing code, "
    "temporary code, email code, verification data, verification pin, cancellation code, entry code, "
    "security loop, challenge code, redemption code, 验证码, 校验码, 动态码, 动态密码, 授权码, 确认码, "
    "取消码, 取件码, 提货码, 取货码, 签收码, 指示码, 配送码, 解锁码, 激活码, 核销码, 登录码, 短信码, 安全码, "
    "一次性密码, 临时码, 认证码, 配对码, 取票码, 取药码, 取餐码, 口令码, 提取码, 邀请码, 兑换码, 通关码, "
    "识别码, 放行码"
)

_VERIFICATION = code_rows(
    "verification",
    "Verification Code",
    cues=_VERIFICATION_CUES,
    code=("The SMS OTP I got was KXA-4471, please go on.", "KXA-4471"),
    numbered=("验证码：829417", "829417"),
    before=("that 829-417 OTP has expired", "829-417"),
    headed=("the OTP for my booking and the order is 829-417", "829-417"),
    counterexamples=("dress code: smart", "see code 2.1 of the rules", "扫描二维码 3 次"),
)

_NO_CODE = words(
    "error, status, exit, response, source, area, zip, postal, post, dress, promo, discount, coupon, "
    "country, colour, color, qr, bar, denial, product, dialing, dialling, sort, swift, tax, penal, "
    "civil, building, style, class, course, item, article, sku, reason, http, iso, machine, python, "
    "the same, this, sample, morse, character, key, project, model, referral"
)
_CODE = code_rows(
    "code",
    "Verification Code",
    cues=("code",),
    unless_after=_NO_CODE,
    code=("The code they sent is KXA-4471.", "KXA-4471"),
    numbered=("the code: 829417", "829417"),
    before=("that KXA-4471 code has expired", "KXA-4471"),
    headed=("the code for my booking is 829-417", "829-417"),
    counterexamples=("dress code: smart2", "error code: AUTH-FAIL-089", "zip code 94110", "see code 2.1 of the rules"),
)

_ONE_TIME = (
    cue_then_value(
        "verification.plain",
        "Verification Code",
        cues=_VERIFICATION_CUES,
        value=(
            r"(?<![\d.,\-+$€£¥])(?:g-)?(?:\d{3}[ \-·]?\d{3}|\d{4}[ \-]?\d{4}|\d{4,8}|\d{2}[ \-]\d{2}[ \-]\d{2}|\d(?:[、, \-]{1,2}\d){3,7}"
            r"|(?-i:(?=[A-Z]{0,6}\d)[A-Z0-9]{4,10}(?:[ \-][A-Z0-9]{2,6}){0,2}))(?![A-Za-z\d%]|[.,\-]\d|[ ]?(?:位|元|块|分|秒|个|次|条|天))"
        ),
        validate=lambda value: is_any_code(value.upper()),
        examples=(
            ("验证码829417请勿告诉他人", "829417"),
            ("the SMS code 829 417 came", "829 417"),
            ("动态码6-1-8-2-4-9有效", "6-1-8-2-4-9"),
            ("the OTP came: 82 94 17", "82 94 17"),
        ),
        counterexamples=("验证码有6位数字", "the OTP expires in 2026-05-01", "验证码 1200元"),
    ),
    cue_then_value(
        "code.plain",
        "Verification Code",
        cues=words("code, text, code is"),
        unless_after=_NO_CODE,
        gap=r"(?:[ ](?:is|was|came|says))?[ :,]{1,3}" + OPEN,
        value=(
            r"(?<![\d.,\-+$€£¥])(?:g-)?(?:\d{3}[ \-]\d{3}|\d{6}|\d{2}[ \-]\d{2}[ \-]\d{2}|\d{4}[ \-]\d{4})"
            r"(?![A-Za-z\d%]|[.,\-]\d)"
        ),
        score=0.85,
        examples=(("it sends a code 884 213 but I am locked out", "884 213"), ("code: 884213", "884213")),
        counterexamples=("error code 884213", "code 404", "postal code 884213"),
    ),
    value_then_cue(
        "verification.plain_before",
        "Verification Code",
        cues=_VERIFICATION_CUES,
        value=r"(?<![\d.,\-+$€£¥])(?:\d{3}[ \-]\d{3}|\d{6})",
        gap=r"[\"'”’」』`*)]{0,2}[ ]?(?:(?:is|was|是|的|这个)[ ]?(?:my|the|your|an?|我的)?[ ]?)?(?:[a-z]{2,9}[ ])?",
        reach=16,
        score=0.88,
        examples=(("I typed the 829417 OTP twice", "829417"), ("829 417这个验证码过期了", "829 417")),
        counterexamples=("100000 codes",),
    ),
)

_TOKEN = code_rows(
    "token",
    "Token",
    cues=words(
        "token, auth token, session token, access token, access pass, bearer, refresh token, auth string, "
        "session cookie, pass phrase code, gate pass, entry pass, visitor pass, 令牌, 授权口令, 会话口令, "
        "安全口令, 通行口令, 临时口令, 临时授权口令, 访问凭证, 通行码, 临时凭证, 授权令牌, 追踪令牌, 登录凭证"
    ),
    code=("your Auth-Token: 77-QXZ-9 is noted", "77-QXZ-9"),
    numbered=("令牌：a8f3k29xq", "a8f3k29xq"),
    before=("the SEC-551-FIN Auth-Token", "SEC-551-FIN"),
    headed=("the access pass for this session is PASS-77-QX", "PASS-77-QX"),
    counterexamples=("a context of 8192 tokens", "The token count is 4096."),
)


def _is_token(value: str) -> bool:
    return re.search(r"[A-Za-z]", value) is not None and not is_spoken(value) and not is_filled(value)


_TOKEN_VALUE = (
    cue_then_value(
        "token.plain",
        "Token",
        cues=words(
            "token, auth token, session token, access token, access pass, upload token, transfer token, security token, "
            "令牌, 授权口令, 会话口令, 安全口令, 通行口令, 临时口令, 访问凭证, 通行码, 临时凭证, 下载凭证, 登录凭证"
        ),
        value=(
            r"(?<![A-Za-z0-9])(?=[A-Za-z_.:~\-!]{0,24}\d)[A-Za-z0-9](?:[A-Za-z0-9_~!+]|[:.\-]{1,2}(?=[A-Za-z0-9])){5,120}(?<![!])"
            r"(?![A-Za-z0-9]|\.\.)"
        ),
        unless_after=("csrf", "xsrf"),
        validate=_is_token,
        examples=(
            ("the site lent me a session token, wk-sess-5mR0dq, for an hour", "wk-sess-5mR0dq"),
            ("会话令牌是lark::7d-polar-21，请保存", "lark::7d-polar-21"),
        ),
        counterexamples=("the token is 32 bytes long", "a token of 4096 characters"),
    ),
    Pattern(
        name="token.shape",
        privacy_type="Token",
        regex=(
            r"(?<![A-Za-z0-9_.\-/])(?P<value>(?:sess|session|tok|token|tk|sid|auth|jwt|pass)[_\-](?=[A-Za-z_\-]{0,24}\d)[A-Za-z0-9]"
            r"[A-Za-z0-9_\-]{5,80})(?<![_\-])(?![A-Za-z0-9])"
        ),
        keywords=words(
            "sess_, sess-, session_, session-, tok_, tok-, token_, token-, tk_, tk-, sid_, sid-, auth-, jwt-, pass-"
        ),
        reach=0,
        validate=lambda value: not is_spoken(value),
        score=0.85,
        examples=(
            ("End the session sess-c41f-90ab-7e first", "sess-c41f-90ab-7e"),
            ("旧的tok_q9fA27xQe作废", "tok_q9fA27xQe"),
        ),
        counterexamples=("session-based login", "a token-2 economy"),
    ),
)

_RECOVERY_CUES = words(
    "backup code, recovery code, recovery key, backup key, scratch code, rescue code, emergency code, puk, puk code, emergency phrase, "
    "恢复码, 备用码, 备份码, 恢复代码, 恢复密钥, 救援码, 备用验证码, 备用代码, 应急码, puk码, puk"
)
_RECOVERY = (
    *code_rows(
        "recovery",
        "Recovery Code",
        cues=_RECOVERY_CUES,
        code=("my backup code for the mail is 7F2K-99QD", "7F2K-99QD"),
        numbered=("恢复码：a81kq02m", "a81kq02m"),
        before=("7F2K-99QD这个恢复码", "7F2K-99QD"),
        headed=("the recovery code for the account and its session is 7F2K-99QD", "7F2K-99QD"),
        counterexamples=("I lost my backup codes", "备份码共10个"),
    ),
    Pattern(
        name="recovery.listed",
        privacy_type="Recovery Code",
        regex=(
            r"(?<![A-Za-z0-9_\-])(?P<value>(?=[A-Za-z\-]{0,9}\d)[A-Za-z0-9]{4,5}-[A-Za-z0-9]{4,5}|\d{4}[ ]\d{4}|\d{8}"
            r"|(?=[a-z]{0,9}\d)[a-z0-9]{8,10})(?![A-Za-z0-9\-])"
        ),
        keywords=tuple(cue for cue in _RECOVERY_CUES if cue.endswith(("code", "码", "代码"))),
        reach=160,
        validate=is_any_code,
        score=0.85,
        examples=(("Backup codes:\n1. 7f2k-99qd\n2. m3xa-71pb\n", "m3xa-71pb"),),
        counterexamples=("ten backup codes from 2024-2025",),
    ),
    Pattern(
        name="recovery.disk",
        privacy_type="Recovery Code",
        regex=r"(?<![\d\-])(?P<value>(?:\d{6}-){7}\d{6})(?![\d\-])",
        keywords=("bitlocker", "filevault", "recovery", "恢复", "解锁"),
        reach=120,
        score=0.95,
        examples=(
            (
                "BitLocker: 110044-220088-330132-440176-550220-660264-770308-880352",
                "110044-220088-330132-440176-550220-660264-770308-880352",
            ),
        ),
        counterexamples=("110044-220088",),
    ),
)

PATTERNS: tuple[Pattern, ...] = (
    *_VERIFICATION,
    *_CODE,
    *_ONE_TIME,
    *_RECOVERY,
    *_TOKEN,
    *_TOKEN_VALUE,
)
