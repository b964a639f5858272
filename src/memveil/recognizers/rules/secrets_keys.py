"""Rules: keys and connection strings that their form gives away: PEM blocks, JWTs, database URLs."""

from __future__ import annotations

from memveil.recognizers.cues import words
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.secrets_shapes import entropy, is_issued, is_random

__all__ = ["PATTERNS"]

_B64 = "q7Zt4mXb9Rk2Wpv8Ln5cJ3hD6fGysTa1Eu0KiM"
_HEX = "3e9b07c5d1f84a263e9b07c5d1f84a26"
_DASHES = "-" * 5


PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        name="private_key.pem",
        privacy_type="Private Key",
        regex=(
            r"(?P<value>-----BEGIN[ A-Z0-9_\-]{0,48}PRIVATE KEY(?: BLOCK)?-----(?:(?:[^\-\u2e80-\uffef]|-(?!----)){16,20000}"
            r"-----END[ A-Z0-9_\-]{0,48}PRIVATE KEY(?: BLOCK)?-----|(?:(?:\s|\\n|\\r){1,4}[A-Za-z0-9+/=]{16,}){1,400}))"
        ),
        keywords=("-----begin",),
        reach=0,
        score=0.99,
        examples=(
            (
                f"key: {_DASHES}BEGIN OPENSSH PRIVATE KEY{_DASHES}\n{_B64}\n{_B64}\n{_DASHES}END OPENSSH PRIVATE KEY{_DASHES}\nok",
                f"{_DASHES}BEGIN OPENSSH PRIVATE KEY{_DASHES}\n{_B64}\n{_B64}\n{_DASHES}END OPENSSH PRIVATE KEY{_DASHES}",
            ),
            (
                f"{_DASHES}BEGIN PRIVATE KEY{_DASHES}\\n{_B64}\\n{_B64}",
                f"{_DASHES}BEGIN PRIVATE KEY{_DASHES}\\n{_B64}\\n{_B64}",
            ),
        ),
        counterexamples=(
            f"{_DASHES}BEGIN PUBLIC KEY{_DASHES}\n{_B64}\n{_DASHES}END PUBLIC KEY{_DASHES}",
            f"{_DASHES}BEGIN PRIVATE KEY{_DASHES}\nanything\n{_DASHES}END PRIVATE KEY{_DASHES}",
        ),
    ),
    Pattern(
        name="private_key.hex",
        privacy_type="Private Key",
        regex=(
            r"(?P<cue>private[ _-]?key|私钥)[^\n]{0,24}?(?<![0-9a-z])"
            r"(?P<value>(?:0x)?[0-9a-f]{64}(?![0-9a-z])|[A-Za-z0-9+/]{42,44}={0,2}(?![A-Za-z0-9+/=]))"
        ),
        keywords=("private key", "private_key", "private-key", "privatekey", "私钥"),
        reach=0,
        validate=is_random,
        score=0.95,
        examples=(
            (f"wallet private key: 0x{_HEX}{_HEX}", f"0x{_HEX}{_HEX}"),
            (f"PrivateKey = {_B64}{_B64[:5]}=\nAddress", f"{_B64}{_B64[:5]}="),
        ),
        counterexamples=("the private key is 64 digits long",),
    ),
    Pattern(
        name="token.jwt",
        privacy_type="Token",
        regex=r"(?-i:(?<![A-Za-z0-9])(?P<value>ey[A-Za-z0-9]{8,1000}\.ey[A-Za-z0-9/_\\\-]{8,4000}\.[A-Za-z0-9/_\\\-]{8,1000}={0,2}))",
        keywords=("eyj",),
        reach=0,
        score=0.98,
        examples=((f"令牌eyJhbGciOiJub25l.eyJ{_B64}.{_B64}过期", f"eyJhbGciOiJub25l.eyJ{_B64}.{_B64}"),),
        counterexamples=("eyJhbGciOiJub25l alone",),
    ),
    Pattern(
        name="token.jwt_base64",
        privacy_type="Token",
        regex=r"(?-i:(?<![A-Za-z0-9])(?P<value>ZXlK[A-Za-z0-9+/]{60,4000}={0,2}))",
        keywords=("zxlk",),
        reach=0,
        validate=is_random,
        score=0.95,
        examples=((f"x: ZXlK{_B64}{_B64}", f"ZXlK{_B64}{_B64}"),),
        counterexamples=("ZXlK short",),
    ),
    Pattern(
        name="database.url",
        privacy_type="Database Connection String",
        regex=(
            r"(?<![A-Za-z0-9])(?P<value>(?:jdbc:)?(?:postgres(?:ql)?|mysql|mariadb|mongodb|redis|rediss|amqps?|mssql|sqlserver"
            r"|oracle|cockroachdb|clickhouse|snowflake|neo4j|bolt|cassandra|couchbase|influxdb|elasticsearch|kafka|nats|mqtt"
            r"|ldaps?|ftps?|sftp|smb|hive2?|db2|sqlite|timescaledb|vertica|redshift)(?:\+[a-z0-9]{1,12}){0,2}"
            r"://[^\s:/@\"'<>`]{0,64}:[^\s/@\"'<>`]{1,128}@[^\s,;\"'<>`()，。；、\u2e80-\u9fff]{1,200}(?:,[a-z0-9.\-]{2,60}:\d{2,5}[^\s\"'<>`()，。；、\u2e80-\u9fff]{0,200})?)(?<![.,;:!?])"
        ),
        keywords=words(
            "postgres, mysql, mariadb, mongodb, redis, amqp, mssql, sqlserver, oracle, cockroachdb, "
            "clickhouse, snowflake, neo4j, bolt, cassandra, couchbase, influxdb, elasticsearch, kafka, nats, "
            "mqtt, ldap, ftp, sftp, smb, hive, db2, jdbc:, timescaledb, vertica, redshift"
        ),
        reach=0,
        score=0.97,
        examples=(
            (
                "DATABASE_URL=postgres://app:gr0use@db.nordlys.example:5432/prod",
                "postgres://app:gr0use@db.nordlys.example:5432/prod",
            ),
            ("连接串mongodb+srv://su:qingwa9@c0.example/x，请看", "mongodb+srv://su:qingwa9@c0.example/x"),
        ),
        counterexamples=("postgres://localhost:5432/mydb", "redis is fast"),
    ),
    Pattern(
        name="database.jdbc",
        privacy_type="Database Connection String",
        regex=(
            r"(?P<value>jdbc:[a-z0-9:]{2,30}//[^\s\"'<>`\u2e80-\uffef]{3,200}?[?;&](?:user|password|pwd|username)=[^\s\"'<>`\u2e80-\uffef]{1,200})(?<![.,;:!?])"
        ),
        keywords=("jdbc:",),
        reach=0,
        score=0.97,
        examples=(
            (
                "url jdbc:mysql://db1.example/shop?user=su&password=qingwa9",
                "jdbc:mysql://db1.example/shop?user=su&password=qingwa9",
            ),
        ),
        counterexamples=("jdbc:mysql://localhost/shop",),
    ),
    Pattern(
        name="database.keywords",
        privacy_type="Database Connection String",
        regex=(
            r"(?P<value>(?:server|data source|host|address|addr|datasource)[ ]?=[^;\n\"']{1,120};(?:[^;\n\"'=]{1,40}=[^;\n\"']{0,120};){0,8}?"
            r"[ ]?(?:password|pwd)[ ]?=[ ]?[^;\n\"']{1,120}(?:;[^;\n\"'= ]{1,40}(?:[ ][^;\n\"'= ]{1,20}){0,3}=[^;\n\"' ]{0,80}){0,8};?)"
        ),
        keywords=words("server=, data source=, host=, server =, data source =, host =, addr=, datasource="),
        reach=0,
        score=0.97,
        examples=(
            (
                '"Server=db1;Database=shop;User Id=su;Password=qingwa9;Encrypt=true"',
                "Server=db1;Database=shop;User Id=su;Password=qingwa9;Encrypt=true",
            ),
        ),
        counterexamples=("Server=db1;Database=shop;",),
    ),
    Pattern(
        name="token.webhook",
        privacy_type="Token",
        regex=(
            r"(?P<value>https?://(?:hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{30,80}"
            r"|(?:canary\.|ptb\.)?discord(?:app)?\.com/api/webhooks/\d{15,22}/[A-Za-z0-9_\-]{40,90}"
            r"|[a-z0-9\-]{1,60}\.webhook\.office\.com/[A-Za-z0-9/@\-]{60,250}"
            r"|qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[a-f0-9\-]{36}"
            r"|oapi\.dingtalk\.com/robot/send\?access_token=[a-f0-9]{64}"
            r"|open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/[a-f0-9\-]{36}))"
        ),
        keywords=words(
            "hooks.slack.com/, discord.com/api/webhooks, discordapp.com/api/webhooks, .webhook.office.com/, "
            "qyapi.weixin.qq.com/, oapi.dingtalk.com/, open.feishu.cn/, open.larksuite.com/"
        ),
        reach=70,
        validate=is_random,
        score=0.97,
        examples=(
            (
                f"post to https://hooks.slack.com/services/{_B64[:11]}/{_B64[3:14]}/{_B64[5:29]}",
                f"https://hooks.slack.com/services/{_B64[:11]}/{_B64[3:14]}/{_B64[5:29]}",
            ),
        ),
        counterexamples=("https://hooks.slack.com/services/ is the place",),
    ),
    Pattern(
        name="token.telegram_bot",
        privacy_type="Token",
        regex=r"(?-i:(?<![A-Za-z0-9])(?:bot)?(?P<value>\d{8,10}:AA[A-Za-z0-9_\-]{33})(?![A-Za-z0-9_\-]))",
        keywords=(":aa",),
        reach=14,
        validate=is_random,
        score=0.96,
        examples=((f"机器人令牌7714820935:AA{_B64[:33]}", f"7714820935:AA{_B64[:33]}"),),
        counterexamples=("10:AAB",),
    ),
    Pattern(
        name="token.discord_bot",
        privacy_type="Token",
        regex=r"(?-i:(?<![A-Za-z0-9])(?P<value>[MNO][A-Za-z0-9]{23,27}\.[A-Za-z0-9_\-]{6}\.[A-Za-z0-9_\-]{27,40})(?![A-Za-z0-9_\-]))",
        keywords=("discord", "bot", "token"),
        reach=120,
        validate=is_random,
        score=0.94,
        examples=((f"the bot token M{_B64[:25]}.{_B64[4:10]}.{_B64[:30]}", f"M{_B64[:25]}.{_B64[4:10]}.{_B64[:30]}"),),
        counterexamples=("MyBotHelper.module.function",),
    ),
    Pattern(
        name="token.google_oauth",
        privacy_type="Token",
        regex=r"(?-i:(?<![A-Za-z0-9])(?P<value>ya29\.[A-Za-z0-9_\-]{40,400}|1//0[A-Za-z0-9_\-]{40,120}))",
        keywords=("ya29.", "1//0"),
        reach=0,
        validate=is_random,
        score=0.96,
        examples=((f"got ya29.{_B64}{_B64}", f"ya29.{_B64}{_B64}"),),
        counterexamples=("ya29.",),
    ),
    Pattern(
        name="key.aws_access",
        privacy_type="Key",
        regex=r"(?-i:(?<![A-Za-z0-9])(?P<value>(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})(?![A-Z0-9]))",
        keywords=("akia", "asia", "abia", "acca", "a3t"),
        reach=0,
        # A key of the vendor's documentation looks like a key, and to hide it costs nothing: it comes back.
        validate=is_issued,
        score=0.97,
        examples=(
            ("钥匙是AKIAQ7ZT4MXB3RK2WPV5的", "AKIAQ7ZT4MXB3RK2WPV5"),
            ("the AWS key AKIAQ7ZT4MXB3EXAMPLE of the manual", "AKIAQ7ZT4MXB3EXAMPLE"),
        ),
        counterexamples=("AKIAXXXXXXXXXXXXXXXX", "ASIA PACIFIC"),
    ),
    Pattern(
        name="key.azure_client_secret",
        privacy_type="Key",
        regex=r"(?-i:(?<![A-Za-z0-9_~.\-])(?P<value>[A-Za-z0-9_~.\-]{3}\dQ~[A-Za-z0-9_~.\-]{30,34}(?<![.]))(?![A-Za-z0-9_~\-]))",
        keywords=tuple(f"{digit}q~" for digit in range(10)),
        reach=3,
        validate=lambda value: entropy(value) >= 3.0,
        score=0.97,
        examples=((f"client_secret=xK.8Q~{_B64[:31]}", f"xK.8Q~{_B64[:31]}"),),
        counterexamples=("~~~8Q~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~",),
    ),
    Pattern(
        name="key.facebook_app",
        privacy_type="Key",
        regex=r"(?-i:(?<!\d)(?P<value>\d{15,16}(?:\||%7[Cc])[A-Za-z0-9_\-]{27,40})(?![A-Za-z0-9_\-]))",
        keywords=tuple(f"{digit}{bar}" for digit in range(10) for bar in ("|", "%7c")),
        reach=16,
        validate=is_random,
        score=0.96,
        examples=((f"fb 771482093512345|{_B64[:27]}", f"771482093512345|{_B64[:27]}"),),
        counterexamples=("| 771482093512345|x |",),
    ),
    Pattern(
        name="key.terraform",
        privacy_type="Key",
        regex=r"(?-i:(?<![A-Za-z0-9])(?P<value>[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=\-]{40,70}))",
        keywords=(".atlasv1.",),
        reach=15,
        validate=is_random,
        score=0.97,
        examples=((f"{_B64[:14]}.atlasv1.{_B64}{_B64[:26]}", f"{_B64[:14]}.atlasv1.{_B64}{_B64[:26]}"),),
        counterexamples=("x.atlasv1.y",),
    ),
    Pattern(
        name="key.airtable",
        privacy_type="Key",
        regex=r"(?-i:(?<![A-Za-z0-9])(?P<value>pat[A-Za-z0-9]{14}\.[a-f0-9]{64})(?![a-f0-9]))",
        keywords=("pat",),
        reach=0,
        validate=is_random,
        score=0.97,
        examples=((f"pat{_B64[:14]}.{_HEX}{_HEX}", f"pat{_B64[:14]}.{_HEX}{_HEX}"),),
        counterexamples=("pattern.matcher",),
    ),
    Pattern(
        name="key.mailchimp",
        privacy_type="Key",
        regex=r"(?<![a-z0-9])(?P<value>[a-f0-9]{32}-us\d{1,2})(?![a-z0-9])",
        keywords=tuple(f"{digit}-us" for digit in "0123456789abcdef"),
        reach=33,
        validate=is_random,
        score=0.95,
        examples=((f"mailchimp {_HEX}-us7", f"{_HEX}-us7"),),
        counterexamples=("B2-us3",),
    ),
    Pattern(
        name="key.vault_old",
        privacy_type="Key",
        regex=r"(?-i:(?<![A-Za-z0-9.])(?P<value>s\.[A-Za-z0-9]{24})(?![A-Za-z0-9.(]))",
        keywords=("vault", "token"),
        reach=40,
        validate=lambda value: any(char.isdigit() for char in value) and is_random(value),
        score=0.93,
        examples=((f"vault token s.{_B64[:24]}", f"s.{_B64[:24]}"),),
        counterexamples=("token s.DefaultListableBeanFactor", "vault s.x"),
    ),
    Pattern(
        name="key.maxmind",
        privacy_type="Key",
        regex=r"(?-i:(?<![A-Za-z0-9])(?P<value>[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk)(?![A-Za-z0-9]))",
        keywords=("_mmk",),
        reach=37,
        validate=is_random,
        score=0.97,
        examples=((f"{_B64[:6]}_{_B64[:29]}_mmk", f"{_B64[:6]}_{_B64[:29]}_mmk"),),
        counterexamples=("x_mmk",),
    ),
)
