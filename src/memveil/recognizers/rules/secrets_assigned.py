"""Rules: secrets in commands, headers, parameters and assignments, and phrases of words that open a wallet."""

from __future__ import annotations

import re

from memveil.recognizers.cues import OPEN, cue_then_value, words
from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.secrets_shapes import entropy, is_assigned_secret, is_spoken, is_stub

__all__ = ["PATTERNS"]

_B64 = "q7Zt4mXb9Rk2Wpv8Ln5cJ3hD6fGysTa1Eu0KiM"
_HEX = "3e9b07c5d1f84a263e9b07c5d1f84a26"


def _is_key(value: str) -> bool:
    """Random letters with digits: no word, no path, no version, no name of a program's own."""
    if is_stub(value) or not any(char.isdigit() for char in value) or entropy(value) < 3.0 or is_spoken(value):
        return False
    return re.search(r"://|^[/~.]|\.(?:com|org|net|py|js|json|yaml|txt|md|html|go|java)$", value, re.IGNORECASE) is None


def _is_long_key(value: str) -> bool:
    return _is_key(value) and entropy(value) >= 3.4


def _is_header(value: str) -> bool:
    return not is_stub(value) and entropy(value) >= 2.5 and re.search(r"[$<>{}\[\]()*]|\.\.\.", value) is None


def _is_user_and_password(value: str) -> bool:
    user, _, password = value.partition(":")
    secrets = [part for part in (user, password) if part]
    if any(re.search(r"[$<>{}\[\]%]", part) and not re.search(r"\w[$%]\w", part) for part in secrets):
        return False
    secret = password or user
    stubs = {"test", "pass", "user", "username", "admin", "root", "foo", "bar", "pw", "passw0rd", "secret"}
    return len(secret) >= 3 and secret.lower() not in stubs and not is_stub(secret)


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
        validate=_is_user_and_password,
        score=0.95,
        examples=(("curl -u 'lena:gr0use-77' https://x.example", "lena:gr0use-77"),),
        counterexamples=("curl -u 'user:pass' https://x.example", 'curl --user "$1:$2" "$3"'),
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
        validate=_is_user_and_password,
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
        keywords=words(
            "authorization, x-auth-token, x-access-token, x-api-key, x-api-token, api-key, apikey, "
            "private-token, deploy-token, job-token, x-vault-token, x-token, access-token, auth-token, "
            "ocp-apim-subscription-key"
        ),
        reach=0,
        validate=_is_header,
        score=0.94,
        examples=(
            (f"curl -H 'Authorization: Bearer {_B64}' https://x.example", _B64),
            (f'-H "X-Api-Key: {_HEX}"', _HEX),
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
        keywords=words("key, secret, token, credential, creds, auth"),
        reach=0,
        validate=_is_long_key,
        score=0.9,
        examples=(
            (f'client_secret = "{_B64}"', _B64),
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
        keywords=words("key=, secret=, token=, credentials=, credential=, key_, secret_, token_"),
        reach=48,
        validate=is_assigned_secret,
        score=0.89,
        examples=(("DEBUG=1\nSIGNING_SECRET=heronlakeatdawn\n", "heronlakeatdawn"),),
        counterexamples=("SIGNING_SECRET=<secret>", "SORT_KEY=None", "API_KEY=${KEY}"),
    ),
    cue_then_value(
        "key.named",
        "Key",
        cues=words(
            "api key, access key, secret key, app secret, client secret, auth key, encryption key, "
            "signing key, license key, licence key, product key, activation key, serial key, cd key, "
            "registration key, access key id, secret access key, subscription key, app key, api secret, "
            "api token, 密钥, 秘钥, 访问密钥, 授权密钥, 产品密钥, 许可证密钥, 激活密钥, 应用密钥, 许可证, "
            "注册码, 授权key, 私钥"
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
        name="key.marked",
        privacy_type="Key",
        regex=(
            r"(?<![A-Za-z0-9_.\-/])(?P<value>(?:sk-(?!ant-)(?=[A-Za-z_\-]{0,20}\d)[A-Za-z0-9_\-]{12,200}"
            r"|[a-z]{2,8}_(?:live|test|prod|dep|deploy|sk|pk|api|key|secret)_(?=[A-Za-z]{0,12}\d)[A-Za-z0-9_\-]{8,120}))(?<![_\-])"
            r"(?![A-Za-z0-9])"
        ),
        keywords=words("sk-, _live_, _test_, _prod_, _dep_, _deploy_, _sk_, _pk_, _api_, _key_, _secret_"),
        reach=9,
        validate=_is_key,
        score=0.93,
        examples=(
            ("it had sk-heron-live-9fQe27XbT in it", "sk-heron-live-9fQe27XbT"),
            ("部署密钥mk_dep_44Qz7LrT0s", "mk_dep_44Qz7LrT0s"),
        ),
        counterexamples=("a sk-learn pipeline", "unit_test_cases_for_module_2"),
    ),
    Pattern(
        name="token.parameter",
        privacy_type="Token",
        regex=(
            r"[?&#](?P<cue>access_token|token|sig|signature|x-amz-signature|x-amz-security-token|auth|api_key|apikey|key|code|session"
            r"|sessionid|sid|jwt|ticket|id_token|refresh_token|secret)=(?P<value>[A-Za-z0-9_.%+/=~\-]{12,1000})"
        ),
        keywords=words(
            "token=, sig=, signature=, auth=, api_key=, apikey=, key=, code=, session=, sessionid=, sid=, "
            "jwt=, ticket=, secret="
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
        keywords=words("session, sess, sid=, phpsessid, auth, csrftoken, xsrf-token, remember_token"),
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
            r"(?P<value>[a-f0-9]{32,64}|[a-f0-9]{8}-(?:[a-f0-9]{4}-){3}[a-f0-9]{12}|(?=[a-z]{0,40}\d)[a-z0-9_=\-]{20,64})(?=[\"'`\s;,\u2e80-\uffef]|$)"
        ),
        keywords=words(
            "sourcegraph, snyk, datadog, meraki, okta, sonar, messagebird, discord, kraken, coinbase, "
            "bitbucket, asana, dropbox, fastly, finicity, freshbooks, gitter, heroku, hubspot, intercom, "
            "jfrog, linkedin, lob, mattermost, netlify, newrelic, new_relic, new-relic, new relic, nytimes, "
            "plaid, rapidapi, sendbird, squarespace, sumo, telegram, travis, trello, twitch, twitter, "
            "zendesk, cloudflare, codecov, cohere, contentful, confluent, algolia, adafruit, airtable, "
            "beamer, bittrex, etsy, kucoin, launchdarkly, looker, privateai, yandex, artifactory, openai, "
            "mistral, deepseek"
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

_COMMON = "the|and|for|are|with|your|from|which|was|but|not|has|their|should|would|these|them|its|our|can|into|then|than|been|used"
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
        keywords=words(
            "seed phrase, seed-phrase, seed word, seedphrase, recovery phrase, mnemonic, secret phrase, "
            "backup phrase, wallet phrase, 助记词, 种子短语, 恢复短语"
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
        counterexamples=(
            "a seed phrase is a list of words that can restore the whole wallet for you when it was lost",
        ),
    ),
)

PATTERNS: tuple[Pattern, ...] = (*_CURL, *_NAMED, *_PHRASES)
