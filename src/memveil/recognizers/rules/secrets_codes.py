"""Rules: codes that open something: one-time codes, tokens, recovery codes, card security codes."""

from __future__ import annotations


from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.identifiers_shapes import code_rows

__all__ = ["PATTERNS"]

_VERIFICATION_CUES = (
    "otp", "2fa", "mfa", "totp", "verification code", "verify code", "sms code", "text code", "security code",
    "one-time code", "one time code", "one-time password", "one time password", "one-time passcode",
    "one time passcode", "one-time pin", "passcode", "auth code", "authorization code", "authorisation code",
    "authentication code", "access code", "login code", "sign-in code", "confirmation code", "unlock code",
    "pickup code", "pick-up code", "collection code", "delivery code", "release code", "validation code",
    "activation code", "pairing code", "temporary code", "email code", "verification data", "verification pin",
    "cancellation code", "entry code", "security loop", "challenge code", "redemption code", "code",
    "验证码", "校验码", "动态码", "动态密码", "授权码", "确认码", "取消码", "取件码", "提货码", "取货码", "签收码",
    "指示码", "配送码", "解锁码", "激活码", "核销码", "登录码", "短信码", "安全码", "一次性密码", "临时码", "认证码",
    "配对码", "取票码", "取药码", "取餐码", "口令码", "提取码", "邀请码", "兑换码", "通关码", "识别码", "放行码",
)

_VERIFICATION = code_rows(
    "verification",
    "Verification Code",
    cues=_VERIFICATION_CUES,
    code=("The SMS OTP I got was KXA-4471, please go on.", "KXA-4471"),
    numbered=("验证码：829417", "829417"),
    before=("that 829-417 code has expired", "829-417"),
    counterexamples=("dress code: smart", "see code 2.1 of the rules", "扫描二维码 3 次"),
)

_TOKEN = code_rows(
    "token",
    "Token",
    cues=(
        "token", "auth token", "session token", "access token", "access pass", "bearer", "refresh token",
        "auth string", "session cookie", "pass phrase code", "gate pass", "entry pass", "visitor pass",
        "令牌", "授权口令", "会话口令", "安全口令", "通行口令", "临时口令", "临时授权口令", "访问凭证", "通行码",
        "临时凭证", "授权令牌", "追踪令牌", "登录凭证",
    ),
    code=("your Auth-Token: 77-QXZ-9 is noted", "77-QXZ-9"),
    numbered=("令牌：a8f3k29xq", "a8f3k29xq"),
    before=("the SEC-551-FIN Auth-Token", "SEC-551-FIN"),
    counterexamples=("a context of 8192 tokens", "The token count is 4096."),
)

PATTERNS: tuple[Pattern, ...] = (
    *_VERIFICATION,
    *_TOKEN,
)
