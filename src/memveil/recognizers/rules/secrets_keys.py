"""Rules: keys by form or by cue: PEM blocks, JWTs, connection strings, headers, assignments, phrases."""

from __future__ import annotations

import re

from memveil.recognizers.cues import LINK, OPEN, cue_then_value
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.secrets_shapes import entropy, is_assigned_secret, is_random, is_spoken, is_stub

__all__ = ["PATTERNS"]

_B64 = "q7Zt4mXb9Rk2Wpv8Ln5cJ3hD6fGysTa1Eu0KiM"
_HEX = "3e9b07c5d1f84a263e9b07c5d1f84a26"
_DASHES = "-" * 5


def _is_key(value: str) -> bool:
    """Random letters with digits: no word, no path, no version, no name of a program's own."""
    if is_stub(value) or not any(char.isdigit() for char in value) or entropy(value) < 3.0 or is_spoken(value):
        return False
    return re.search(r"://|^[/~.]|\.(?:com|org|net|py|js|json|yaml|txt|md|html|go|java)$", value, re.IGNORECASE) is None


def _is_long_key(value: str) -> bool:
    return _is_key(value) and entropy(value) >= 3.4


def _is_header(value: str) -> bool:
    return not is_stub(value) and entropy(value) >= 2.5 and re.search(r"[$<>{}\[\]()*]|\.\.\.", value) is None


def _is_url_password(value: str) -> bool:
    return not is_stub(value)


_FORMS = (
    Pattern(
        name="private_key.pem",
        privacy_type="Private Key",
        regex=(
            r"(?P<value>-----BEGIN[ A-Z0-9_\-]{0,48}PRIVATE KEY(?: BLOCK)?-----(?:[^\-]|-(?!----)){24,20000}"
            r"(?:-----END[ A-Z0-9_\-]{0,48}PRIVATE KEY(?: BLOCK)?-----)?)(?<!\s)"
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
        regex=r"(?P<cue>private[ _-]?key|私钥)[^\n]{0,24}?(?<![0-9a-z])(?P<value>(?:0x)?[0-9a-f]{64})(?![0-9a-z])",
        keywords=("private key", "private_key", "private-key", "privatekey", "私钥"),
        reach=0,
        validate=is_random,
        score=0.95,
        examples=((f"wallet private key: 0x{_HEX}{_HEX}", f"0x{_HEX}{_HEX}"),),
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
            r"://[^\s:/@\"'<>`]{0,64}:[^\s/@\"'<>`]{1,128}@[^\s\"'<>`()，。；、\u2e80-\u9fff]{1,200})(?<![.,;:!?])"
        ),
        keywords=(
            "postgres", "mysql", "mariadb", "mongodb", "redis", "amqp", "mssql", "sqlserver", "oracle", "cockroachdb",
            "clickhouse", "snowflake", "neo4j", "bolt", "cassandra", "couchbase", "influxdb", "elasticsearch", "kafka",
            "nats", "mqtt", "ldap", "ftp", "sftp", "smb", "hive", "db2", "jdbc:", "timescaledb", "vertica", "redshift",
        ),
        reach=0,
        score=0.97,
        examples=(
            ("DATABASE_URL=postgres://app:gr0use@db.nordlys.example:5432/prod", "postgres://app:gr0use@db.nordlys.example:5432/prod"),
            ("连接串mongodb+srv://su:qingwa9@c0.example/x，请看", "mongodb+srv://su:qingwa9@c0.example/x"),
        ),
        counterexamples=("postgres://localhost:5432/mydb", "redis is fast"),
    ),
    Pattern(
        name="database.jdbc",
        privacy_type="Database Connection String",
        regex=(
            r"(?P<value>jdbc:[a-z0-9:]{2,30}//[^\s\"'<>`]{3,200}?[?;&](?:user|password|pwd|username)=[^\s\"'<>`]{1,200})(?<![.,;:!?])"
        ),
        keywords=("jdbc:",),
        reach=0,
        score=0.97,
        examples=(
            ("url jdbc:mysql://db1.example/shop?user=su&password=qingwa9", "jdbc:mysql://db1.example/shop?user=su&password=qingwa9"),
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
        keywords=("server=", "data source=", "host=", "server =", "data source =", "host =", "addr=", "datasource="),
        reach=0,
        score=0.97,
        examples=(
            ("\"Server=db1;Database=shop;User Id=su;Password=qingwa9;Encrypt=true\"", "Server=db1;Database=shop;User Id=su;Password=qingwa9;Encrypt=true"),
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
        keywords=(
            "hooks.slack.com/", "discord.com/api/webhooks", "discordapp.com/api/webhooks", ".webhook.office.com/",
            "qyapi.weixin.qq.com/", "oapi.dingtalk.com/", "open.feishu.cn/", "open.larksuite.com/",
        ),
        reach=70,
        validate=is_random,
        score=0.97,
        examples=(
            (f"post to https://hooks.slack.com/services/{_B64[:11]}/{_B64[3:14]}/{_B64[5:29]}",
             f"https://hooks.slack.com/services/{_B64[:11]}/{_B64[3:14]}/{_B64[5:29]}"),
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
        validate=lambda value: is_random(value) and not value.endswith("EXAMPLE"),
        score=0.97,
        examples=(("钥匙是AKIAQ7ZT4MXB3RK2WPV5的", "AKIAQ7ZT4MXB3RK2WPV5"),),
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

_CURL = (
    Pattern(
        name="password.curl_user",
        privacy_type="Password",
        regex=(
            r"curl(?![a-z])[^\n]{0,400}?(?:\\\r?\n[^\n]{0,200}?){0,6}?[ \t](?:-u|--user)(?:[ =]|(?=[\"']))[ ]?(?:[\"'](?P<value>"
            r"(?<=\")[^\"\s]{0,60}:[^\"\s]{0,100}(?=\")|(?<=')[^'\s]{0,60}:[^'\s]{0,100}(?='))|)"
        ),
        keywords=("curl",),
        reach=0,
        validate=lambda value: _is_user_and_password(value),
        score=0.95,
        examples=(("curl -u 'lena:gr0use-77' https://x.example", "lena:gr0use-77"),),
        counterexamples=("curl -u 'user:pass' https://x.example", "curl --user \"$1:$2\" \"$3\""),
    ),
    Pattern(
        name="password.curl_user_bare",
        privacy_type="Password",
        regex=(
            r"curl(?![a-z])[^\n]{0,400}?(?:\\\r?\n[^\n]{0,200}?){0,6}?[ \t](?:-u|--user)[ =]?[ ]?"
            r"(?P<value>[^\s\"':<>$\[]{0,60}:[^\s\"'<>\[]{0,100})(?=[\s\"']|$)"
        ),
        keywords=("curl",),
        reach=0,
        validate=lambda value: _is_user_and_password(value),
        score=0.95,
        examples=(("curl -k -u lena:gr0use-77 https://x.example", "lena:gr0use-77"),),
        counterexamples=("curl -u <user:password> https://x.example", "curl -u lena https://x.example:80"),
    ),
    Pattern(
        name="token.header",
        privacy_type="Token",
        regex=(
            r"(?P<cue>authorization|x-auth-token|x-access-token|x-api-key|x-api-token|api-key|apikey|private-token|deploy-token"
            r"|job-token|x-vault-token|x-token|access-token|auth-token|proxy-authorization|ocp-apim-subscription-key)"
            r"[\"']?[ ]?[:=][ ]{0,3}[\"']?(?:(?:basic|bearer|token|apikey|digest|key|negotiate|jwt|oauth)[ :=]{1,3})?[\"']?"
            r"(?P<value>[A-Za-z0-9=~@.+/_\-]{7,2000})(?=[\"'\s,;}\\]|$)"
        ),
        keywords=(
            "authorization", "x-auth-token", "x-access-token", "x-api-key", "x-api-token", "api-key", "apikey",
            "private-token", "deploy-token", "job-token", "x-vault-token", "x-token", "access-token", "auth-token",
            "ocp-apim-subscription-key",
        ),
        reach=0,
        validate=_is_header,
        score=0.94,
        examples=(
            (f"curl -H 'Authorization: Bearer {_B64}' https://x.example", _B64),
            (f"-H \"X-Api-Key: {_HEX}\"", _HEX),
        ),
        counterexamples=("Authorization: Bearer <token>", "Authorization: Bearer XXXXXXXXXXXX", "api-key: string"),
    ),
    cue_then_value(
        "token.bearer",
        "Token",
        cues=("bearer", "bearer token"),
        gap=rf"[ ]?[:=]?[ ]?{OPEN}",
        value=r"[A-Za-z0-9=~.+/_\-]{16,2000}(?<![.])",
        validate=_is_key,
        score=0.93,
        examples=((f"use Bearer {_B64} there", _B64),),
        counterexamples=("a bearer of good-news-tomorrow",),
    ),
)


def _is_user_and_password(value: str) -> bool:
    user, _, password = value.partition(":")
    secrets = [part for part in (user, password) if part]
    if any(re.search(r"[$<>{}\[\]%]", part) and not re.search(r"\w[$%]\w", part) for part in secrets):
        return False
    secret = password or user
    stubs = {"test", "pass", "user", "username", "admin", "root", "foo", "bar", "pw", "passw0rd", "secret"}
    return len(secret) >= 3 and secret.lower() not in stubs and not is_stub(secret)


_NAMED = (
    Pattern(
        name="key.assigned",
        privacy_type="Key",
        regex=(
            r"(?<!public)(?<!public[_ \-])(?<!pub[_\-])(?<![cx]srf)(?<![cx]srf[_\-])(?P<cue>key|secret|token|credential|creds|auth)s?"
            r"(?:[ _.\-]?(?:value|key|string|base64|b64|v?\d))?[\"']?"
            r"[ \t]{0,6}(?:=>|:=|\|\|:|={1,3}|:|,|>|\?=)[ \t=]{0,6}[\"'`]?"
            r"(?P<value>[A-Za-z0-9_.=~+/\-]{16,200})(?<![.])(?=[\"'`\s;,<)}\\\]]|$|[\u2e80-\u9fff])"
        ),
        keywords=("key", "secret", "token", "credential", "creds", "auth"),
        reach=0,
        validate=_is_long_key,
        score=0.9,
        examples=(
            (f"client_secret = \"{_B64}\"", _B64),
            (f"my api key: {_HEX}", _HEX),
        ),
        counterexamples=("api_key = os.environ['KEY']", "key: value_of_the_map", "token = getTokenFromServer2(x)"),
    ),
    Pattern(
        name="key.environment",
        privacy_type="Key",
        regex=(
            r"(?:^|(?<=[\n\s]))(?:export[ ]|set[ ]|ENV[ ])?(?-i:(?P<cue>[A-Z][A-Z0-9_]{0,40}?(?:SECRET|KEY|TOKEN|CREDENTIALS?|APIKEY)"
            r"(?:_[A-Z0-9]{1,12})?))=[\"']?(?P<value>[^\s\"'`;,<>(){}$]{6,200})(?=[\"'`;,\s]|$)"
        ),
        keywords=("key=", "secret=", "token=", "credentials=", "credential=", "key_", "secret_", "token_"),
        reach=48,
        validate=is_assigned_secret,
        score=0.89,
        examples=(("DEBUG=1\nSIGNING_SECRET=heronlakeatdawn\n", "heronlakeatdawn"),),
        counterexamples=("SIGNING_SECRET=<secret>", "SORT_KEY=None", "API_KEY=${KEY}"),
    ),
    cue_then_value(
        "key.named",
        "Key",
        cues=(
            "api key", "access key", "secret key", "app secret", "client secret", "auth key", "encryption key", "signing key",
            "license key", "licence key", "product key", "activation key", "serial key", "cd key", "registration key",
            "access key id", "secret access key", "subscription key", "app key", "api secret", "api token",
            "密钥", "秘钥", "访问密钥", "授权密钥", "产品密钥", "许可证密钥", "激活密钥", "应用密钥", "许可证", "注册码", "授权key",
            "私钥",
        ),
        gap=r"[^\n。.!?;]{0,32}?(?<![A-Za-z0-9_.\-])",
        value=(
            r"(?=[^\s]{0,40}\d)(?:[A-Z0-9]{4,8}(?:-[A-Z0-9]{4,12}){2,7}|[A-Za-z0-9_+/=\-]{12,128}|(?=[A-Za-z0-9_]{1,40}[!@#$%^&*+])"
            r"[A-Za-z0-9!@#$%^&*_+=\-]{8,64})(?![A-Za-z0-9]|[\-!@#$%^&*_+=][A-Za-z0-9])"
        ),
        validate=_is_key,
        score=0.91,
        examples=(
            ("the licence key for the app is QX7R2-9KLMT-44ZPW-8HVBN", "QX7R2-9KLMT-44ZPW-8HVBN"),
            (f"这是API密钥：{_HEX[:24]}", _HEX[:24]),
            ("Auth_Key: Wq7!zt%vnp#p2", "Wq7!zt%vnp#p2"),
        ),
        counterexamples=("the API key is stored in settings", "密钥长度为256位", "access key AKIAXXXXXXXXXXXXXXXX"),
    ),
    Pattern(
        name="token.parameter",
        privacy_type="Token",
        regex=(
            r"[?&#](?P<cue>access_token|token|sig|signature|x-amz-signature|x-amz-security-token|auth|api_key|apikey|key|code|session"
            r"|sessionid|sid|jwt|ticket|id_token|refresh_token|secret)=(?P<value>[A-Za-z0-9_.%+/=~\-]{16,1000})"
        ),
        keywords=(
            "token=", "sig=", "signature=", "auth=", "api_key=", "apikey=", "key=", "code=", "session=", "sessionid=", "sid=",
            "jwt=", "ticket=", "secret=",
        ),
        reach=24,
        validate=_is_long_key,
        score=0.92,
        examples=((f"https://x.example/cb?session={_B64}&x=1", _B64),),
        counterexamples=("https://x.example/?key=value", "https://x.example/?code=404"),
    ),
    Pattern(
        name="token.cookie",
        privacy_type="Token",
        regex=(
            r"(?P<cue>(?:session|sess|sid|jsessionid|phpsessid|auth|csrftoken|xsrf-token|connect\.sid|sessionid|remember_token"
            r"|asp\.net_sessionid|_gitlab_session|access_token)[a-z_\-]{0,12})=(?P<value>[A-Za-z0-9_.%+/:\-]{16,1000})(?=[;\s\"']|$)"
        ),
        keywords=("session", "sess", "sid=", "phpsessid", "auth", "csrftoken", "xsrf-token", "remember_token"),
        reach=0,
        validate=_is_key,
        score=0.92,
        examples=((f"Cookie: JSESSIONID={_HEX}; a=b", _HEX),),
        counterexamples=("session=none",),
    ),
    Pattern(
        name="key.vendor",
        privacy_type="Key",
        regex=(
            r"(?<![a-z])(?P<cue>sourcegraph|snyk|datadog|meraki|okta|sonar|messagebird|discord|kraken|coinbase|bitbucket|asana|dropbox"
            r"|fastly|finicity|freshbooks|gitter|heroku|hubspot|intercom|jfrog|linkedin|lob|mattermost|netlify|new[ _-]?relic"
            r"|nytimes|plaid|rapidapi|sendbird|squarespace|sumo|telegram|travis|trello|twitch|twitter|zendesk|cloudflare|codecov"
            r"|cohere|contentful|confluent|algolia|adafruit|airtable|beamer|bittrex|dronecdi|etsy|kucoin|launchdarkly|looker"
            r"|privateai|yandex|artifactory|looker|openai|mistral|deepseek)(?-i:(?![a-z]))"
            r"[ \t\w.\-]{0,20}[\"']?[ \t]{0,3}(?:=>|:=|={1,3}|:|,)[ \t]{0,5}[\"'`]?"
            r"(?P<value>[a-f0-9]{32,64}|[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}|(?=[a-z]{0,40}\d)[a-z0-9_=\-]{20,64})(?=[\"'`\s;,]|$)"
        ),
        keywords=(
            "sourcegraph", "snyk", "datadog", "meraki", "okta", "sonar", "messagebird", "discord", "kraken", "coinbase",
            "bitbucket", "asana", "dropbox", "fastly", "finicity", "freshbooks", "gitter", "heroku", "hubspot", "intercom",
            "jfrog", "linkedin", "lob", "mattermost", "netlify", "newrelic", "new_relic", "new-relic", "new relic", "nytimes",
            "plaid", "rapidapi", "sendbird", "squarespace", "sumo", "telegram", "travis", "trello", "twitch", "twitter",
            "zendesk", "cloudflare", "codecov", "cohere", "contentful", "confluent", "algolia", "adafruit", "airtable",
            "beamer", "bittrex", "etsy", "kucoin", "launchdarkly", "looker", "privateai", "yandex", "artifactory", "openai",
            "mistral", "deepseek",
        ),
        reach=0,
        validate=_is_key,
        score=0.9,
        examples=((f"datadog_app = {_HEX}", _HEX),),
        counterexamples=("discord: none yet", "twitter: 280 characters"),
    ),
    Pattern(
        name="password.sidekiq",
        privacy_type="Password",
        regex=(
            r"(?P<cue>BUNDLE_[A-Z0-9_]{4,60})(?:=|:|=>|[\"']?[ ]?[:=])[ ]?[\"']?(?P<value>[a-z0-9_\-]{4,64}:[a-z0-9_\-]{4,64})(?![a-z0-9])"
        ),
        keywords=("bundle_",),
        reach=0,
        score=0.93,
        examples=(("BUNDLE_GEMS__HERON__EXAMPLE=k7f3:q8d2e1", "k7f3:q8d2e1"),),
        counterexamples=("BUNDLE_PATH=vendor",),
    ),
)

_COMMON = (
    "the|and|for|are|with|your|from|which|was|but|not|has|their|should|would|these|them|its|our|can|into|then|than|been|used"
)
_PHRASES = (
    Pattern(
        name="key.seed_phrase",
        privacy_type="Key",
        regex=(
            r"(?P<cue>seed[ -]?(?:phrase|words?)|recovery phrase|mnemonic|secret phrase|backup phrase|wallet phrase|助记词|种子短语|恢复短语)"
            r"[^\n。.!?]{0,40}?[:：是为=\"'“`(s][ \n]{0,3}[\"'“`*(]{0,3}"
            rf"(?P<value>(?:(?:\d{{1,2}}[.)][ ]?)?(?!(?:{_COMMON})[ ,\n])[a-z]{{3,8}}(?:[ ]{{1,2}}|,[ ]?|[ ]?\n[ ]?)){{11,23}}"
            rf"(?:\d{{1,2}}[.)][ ]?)?(?!(?:{_COMMON})(?![a-z]))[a-z]{{3,8}})(?![a-z])"
        ),
        keywords=(
            "seed phrase", "seed-phrase", "seed word", "seedphrase", "recovery phrase", "mnemonic", "secret phrase", "backup phrase",
            "wallet phrase", "助记词", "种子短语", "恢复短语",
        ),
        reach=0,
        score=0.95,
        examples=(
            (
                "my seed phrase is: velvet canyon ladder mixed harbor tiny orbit fossil grant pulse umbrella zebra",
                "velvet canyon ladder mixed harbor tiny orbit fossil grant pulse umbrella zebra",
            ),
            (
                "助记词：velvet canyon ladder mixed harbor tiny orbit fossil grant pulse umbrella zebra。",
                "velvet canyon ladder mixed harbor tiny orbit fossil grant pulse umbrella zebra",
            ),
        ),
        counterexamples=("a seed phrase is a list of words that can restore the whole wallet for you when it was lost",),
    ),
)

PATTERNS: tuple[Pattern, ...] = (*_FORMS, *_CURL, *_NAMED, *_PHRASES)
