"""Rules: names of accounts and machines: user names, handles, messenger ids, host names, licence keys."""

from __future__ import annotations

import re

from memveil.recognizers.cues import LINK, OPEN, cue_then_value, value_then_cue, words
from memveil.recognizers.patterns import Pattern

__all__ = ["PATTERNS"]

_NAME = (
    r"(?-i:[@A-Za-z0-9À-ɏ_])(?<![A-Za-z0-9_.\-@/].)[A-Za-z0-9À-ɏ_.\-]{2,32}(?:\([A-Za-z0-9_]{2,20}\)[A-Za-z0-9_]{0,12})?"
    r"(?<![.\-])(?![A-Za-z0-9@]|:\d|\.[a-z]{2,4}/)"
)
_STOP = frozenset(
    words(
        "and, or, is, the, not, for, with, that, this, your, you, are, was, has, have, can, will, account, "
        "accounts, name, names, password, email, mail, login, number, id, user, users, username, has, been, "
        "which, what, who, when, where, why, how, but, also, only, just, too, very, field, required, "
        "optional, string, text, value, null, none, true, false, error, invalid, taken, available, unique, "
        "must, should, cannot, could, would, may, might, does, did, here, there, correct, incorrect, locked, "
        "unlocked, active, inactive, blocked, disabled, enabled, verified, works, working, fine, still, now, "
        "already, never, always, from, into, onto, per, via, phone, address, profile, page, settings, "
        "security, service, services, manager, holder, details, info, information, data, access, balance, "
        "instagram, twitter, facebook, telegram, linkedin, wechat, weibo, google, microsoft, apple, github, "
        "discord, whatsapp, amazon, admin, root, guest, administrator, test, demo, example, anonymous, "
        "default, system, public"
    )
)


def _is_marked_name(value: str) -> bool:
    """A name with a mark that words do not have: a digit, ``_``, ``@`` or a joint between letters."""
    if _is_other(value):
        return False
    return value.startswith("@") or re.search(r"[\d_]|[a-zA-Z]\.[a-zA-Z]", value) is not None


def _is_name(value: str) -> bool:
    return value.lower().removeprefix("@") not in _STOP and not _is_other(value)


def _is_other(value: str) -> bool:
    """A number, a date, a version, an ordinal, a quantity with its unit, a domain, a code in capitals: other rows' concern."""
    return (
        re.fullmatch(
            r"[\d.\-]+|\d+(?:st|nd|rd|th|gb|mb|kb|px|ms|k|x|%)|\d{1,3}[a-z]{1,3}|v?\d+(?:\.\d+)+", value, re.IGNORECASE
        )
        is not None
        or re.fullmatch(r"(?:[A-Za-z0-9\-]+\.)+(?:com|org|net|cn|io|edu|gov|co|uk|de|example|py|js|txt|json|md)", value)
        is not None
        or value.lower().removeprefix("@") in _STOP
        or re.fullmatch(
            r"(?:your|demo|example|some|new)[_.\-]?(?:user|username|name|account|email|login).*|.*\.(?:id|name|email|environ|user|get|value)",
            value,
            re.IGNORECASE,
        )
        is not None
    )


_NAME_WORDS = words(
    "username, user name, user id, userid, login name, screen name, handle, nickname, account name, "
    "gamertag, login id, pc username, account username, profile name, authentication context, ign, 用户名, "
    "账户名, 账号名, 帐号名, 登录名, 用户账号, 昵称, 网名, 账号, 帐号, 登录账号, 游戏id, 用户id, 领英账号, "
    "微信号, 微信, 微信id, wx, vx, wechat id, wechat, 抖音号, 抖音, 小红书号, 小红书, 微博, 微博号, 快手号, "
    "telegram, telegram id, discord, discord tag, skype, skype id, line id, signal id, 推特, twitter, "
    "instagram, ig, tiktok, snapchat, reddit, steam, steam id, psn, xbox live, github, b站, 知乎, 闲鱼, "
    "脸书, 领英"
)

PATTERNS: tuple[Pattern, ...] = (
    cue_then_value(
        "username.beside",
        "Account ID/Username",
        cues=_NAME_WORDS,
        gap=rf"(?:[ ](?:for|on|at|under)[ ][^\n.!?;:]{{2,40}}?[ ](?:is|was)[ ])?{LINK}",
        value=_NAME,
        validate=_is_marked_name,
        score=0.91,
        examples=(
            ("entering the username hartwig_77 now", "hartwig_77"),
            ("我的账号suwan3308被锁了", "suwan3308"),
            ("微信 su-wan_88", "su-wan_88"),
            ("my Telegram is @lena_kart", "@lena_kart"),
        ),
        counterexamples=("username and password", "账号密码", "the Instagram account", "github.com"),
    ),
    cue_then_value(
        "username.stated",
        "Account ID/Username",
        cues=words(
            "my username, my user name, my handle, my nickname online, my screen name, my login, "
            "my account name, the username, username for the account, 用户名, 登录名, 网名, 微信号, 抖音号, "
            "小红书号, 微信id"
        ),
        gap=r"(?:[ ](?:for|on|at)[ ][^\n.!?;:]{2,40}?)?(?:[ ]?(?:is|was|是|为|叫|[:=])[ ]?)" + OPEN,
        value=_NAME,
        validate=_is_name,
        score=0.9,
        examples=(("my handle on the forum is quillfeather", "quillfeather"), ("用户名是quillfeather", "quillfeather")),
        counterexamples=("my username is not working", "用户名是必填项"),
    ),
    cue_then_value(
        "username.logged",
        "Account ID/Username",
        cues=words("user, login, account, uid, owner, author, logged in as, signed in as"),
        gap=rf"(?:[\"']?[ ]?[:=][ ]?{OPEN}|(?<=as)[ ]{OPEN})",
        value=_NAME,
        validate=_is_marked_name,
        score=0.89,
        examples=(
            ("[Log]\nUser: hartwig608\nIP: 203.0.113.9", "hartwig608"),
            ("I am logged in as lena.hartwig", "lena.hartwig"),
        ),
        counterexamples=("User: hello there", "user: 12"),
    ),
    Pattern(
        name="username.with_password",
        privacy_type="Account ID/Username",
        regex=(
            rf"(?P<cue>user(?:name)?|login|account|账号|账户|帐号|用户名|用户)[ :=]{{0,3}}{OPEN}(?P<value>{_NAME})"
            r"(?=[\"'”’」`*]{0,3}[ ]?[,/;][ ]?(?:and[ ])?(?:the[ ])?(?:pass|pw|passw|pwd|密码|口令))"
        ),
        keywords=("user", "login", "account", "账号", "账户", "帐号", "用户"),
        reach=0,
        validate=_is_name,
        score=0.9,
        examples=(("the logger login, user icerad, password below", "icerad"), ("账号icerad，密码另发", "icerad")),
        counterexamples=("your account, password and phone",),
    ),
    Pattern(
        name="username.assigned",
        privacy_type="Account ID/Username",
        regex=rf"(?-i:(?P<cue>[A-Z0-9_]{{0,20}}(?:USER|USERNAME|LOGIN))=[\"']?)(?P<value>{_NAME})(?=[\"'\s,;]|$)",
        keywords=("user=", "username=", "login="),
        reach=21,
        validate=_is_name,
        score=0.9,
        examples=(("QA_USER=nlarsen\nQA_PASS=", "nlarsen"),),
        counterexamples=("SMTP_USER=your_username", "user=x"),
    ),
    value_then_cue(
        "username.before",
        "Account ID/Username",
        cues=words("username, handle, account, 账号, 帐号, 用户名, 用户"),
        value=_NAME,
        reach=48,
        validate=lambda value: re.search(r"[a-z]{3}\w*\d|\w_\w", value) is not None and _is_marked_name(value),
        score=0.87,
        examples=(("把hartwig608这个账号解锁", "hartwig608"),),
        counterexamples=("3 accounts", "the 2nd account"),
    ),
    Pattern(
        name="username.handle",
        privacy_type="Account ID/Username",
        regex=r"(?<![A-Za-z0-9_.\-@/])(?P<value>@[A-Za-z][A-Za-z0-9_.]{2,30})(?<!\.)(?![A-Za-z0-9@/]|\.[a-z])",
        keywords=words(
            "twitter, instagram, telegram, tiktok, handle, follow me, dm me, mastodon, threads, twitch, "
            "推特, 微博, 关注我, 私信, 艾特"
        ),
        reach=80,
        validate=_is_name,
        score=0.87,
        examples=(("DM me on Instagram, it's @lena.kart", "@lena.kart"), ("推特上@suwan_art就是我", "@suwan_art")),
        counterexamples=("@default is the handle to follow me", "instagram @ 5pm"),
    ),
    Pattern(
        name="username.home_folder",
        privacy_type="Account ID/Username",
        regex=(
            r"(?-i:/home/|/Users/|[A-Za-z]:\\{1,2}Users\\{1,2}|/export/home/)(?P<value>[A-Za-z][A-Za-z0-9_.\-]{2,31})(?![A-Za-z0-9])"
        ),
        keywords=("/home/", "/users/", ":\\users\\", ":\\\\users\\\\"),
        reach=3,
        validate=lambda value: (
            value.lower() not in _STOP | {"runner", "ubuntu", "shared", "app", "node", "pi", "username"}
        ),
        score=0.9,
        examples=(("the file is /home/lhartwig/kart/a.py", "lhartwig"), (r"C:\Users\suwan\Desktop", "suwan")),
        counterexamples=("/home/ubuntu/x", "https://x.example/users/list"),
    ),
    Pattern(
        name="username.wxid",
        privacy_type="Account ID/Username",
        regex=r"(?<![A-Za-z0-9_])(?P<value>wxid_[a-z0-9_\-]{4,30})",
        keywords=("wxid_",),
        reach=0,
        score=0.93,
        examples=(("加我wxid_k3j88lena吧", "wxid_k3j88lena"),),
        counterexamples=("the wxid_ prefix",),
    ),
    cue_then_value(
        "username.qq",
        "Account ID/Username",
        cues=words("qq, qq号, qq号码, 企鹅号, qq群, 群号"),
        value=r"(?<!\d)[1-9]\d{4,10}(?![\d\-])|(?<!\d)[1-9]\d{3}[ ]\d{3}[ ]\d{3,4}(?!\d)",
        score=0.91,
        examples=(("我的QQ是3398120447", "3398120447"), ("QQ号：3398120447", "3398120447")),
        counterexamples=("QQ 2024 版本",),
    ),
    cue_then_value(
        "device.imei",
        "Device ID",
        cues=words("imei, imei码, imei号, meid, 串号"),
        gap=rf"(?:[^\n。.!?;\d]{{0,16}}?)?{LINK}",
        value=r"(?<!\d)\d(?:[ \-]?\d){14}(?![\d])|(?<![A-F\d])(?=\d{0,13}[A-F])[A-F\d]{14}(?![A-F\d])",
        score=0.93,
        examples=(("IMEI: 490154203237518", "490154203237518"), ("手机串号490154203237518", "490154203237518")),
        counterexamples=("the IMEI has 15 digits",),
    ),
    cue_then_value(
        "device.name",
        "Device ID",
        cues=words("hostname, host name, computer name, device name, 主机名, 设备名称, 设备名, 电脑名, 计算机名"),
        gap=rf"(?:显示)?{LINK}",
        value=r"(?<![A-Za-z0-9])(?=[A-Za-z]{0,30}[\d\-])[A-Za-z0-9][A-Za-z0-9_\-]{3,40}(?<![\-_])(?![A-Za-z0-9.])",
        score=0.9,
        examples=(("hostname: KART-WS-07", "KART-WS-07"), ("设备名称显示的是“Balcony-Cam-Hub”", "Balcony-Cam-Hub")),
        counterexamples=("the hostname is resolved",),
    ),
    cue_then_value(
        "device.serial",
        "Device ID",
        cues=words("serial number, serial no, serial, s/n, sn, sn码, 序列号, 设备号, 机身号, udid, android id"),
        gap=rf"\.?{LINK}",
        value=r"(?<![A-Za-z0-9\-])(?=[A-Z\-]{0,20}\d)[A-Z0-9][A-Z0-9\-]{4,40}(?<!-)(?![A-Za-z0-9])",
        score=0.91,
        examples=(("Serial no. FVFXK02QJ1WL", "FVFXK02QJ1WL"), ("序列号是PF3K9X2Q", "PF3K9X2Q")),
        counterexamples=("serial killers of 1990s", "序列号在背面"),
    ),
)
