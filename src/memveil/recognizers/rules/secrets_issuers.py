"""Rules: keys and tokens that carry the mark of their issuer.

One line an issuer: a fixed beginning, the alphabet of what follows, and how many
characters of it. The formats are those that the issuers publish and that secret
scanners such as gitleaks search for.
"""

from __future__ import annotations

from memveil.recognizers.patterns import Pattern
from memveil.recognizers.rules.secrets_shapes import is_issued

__all__ = ["PATTERNS"]

_ALNUM = "A-Za-z0-9"
_LOWER = "a-z0-9"
_UPPER = "A-Z0-9"
_HEX = "a-f0-9"
_WORD = r"A-Za-z0-9_\-"
_DOTTED = r"A-Za-z0-9_.=\-"
_BASE64 = "A-Za-z0-9+/"

# name, beginning, alphabet, least and most characters after the beginning
_KEYS: tuple[tuple[str, str, str, int, int], ...] = (
    ("1password", "ops_eyJ", _BASE64 + r"=_\-", 200, 2000),
    ("adobe", "p8e-", _LOWER, 32, 32),
    ("age", "AGE-SECRET-KEY-1", _UPPER, 58, 58),
    ("alibaba", "LTAI", _ALNUM, 16, 26),
    ("anthropic", "sk-ant-", _WORD, 24, 130),
    ("artifactory", "AKCp", _ALNUM, 66, 69),
    ("artifactory_reference", "cmVmd", _ALNUM, 59, 64),
    ("atlassian", "ATATT3", r"A-Za-z0-9_=\-", 100, 220),
    ("atlassian_container", "ATCTT3", r"A-Za-z0-9_=\-", 100, 220),
    ("bedrock", "ABSK", _BASE64, 100, 269),
    ("bedrock_short", "bedrock-api-key-YmVkcm9jay5hbWF6b25hd3MuY29t", _BASE64 + "=", 8, 2000),
    ("brevo", "xkeysib-", r"a-zA-Z0-9\-", 60, 90),
    ("clickhouse", "4b1d", _ALNUM, 38, 38),
    ("clojars", "CLOJARS_", _LOWER, 60, 60),
    ("cloudflare_origin", "v1.0-", r"a-f0-9\-", 160, 180),
    ("databricks", "dapi", r"a-f0-9\-", 32, 34),
    ("dashscope", "sk-", _HEX, 32, 32),
    ("defined", "dnkey-", r"a-zA-Z0-9_=\-", 50, 90),
    ("digitalocean_oauth", "doo_v1_", _HEX, 64, 64),
    ("digitalocean", "dop_v1_", _HEX, 64, 64),
    ("digitalocean_refresh", "dor_v1_", _HEX, 64, 64),
    ("docker", "dckr_pat_", _WORD, 24, 40),
    ("doppler", "dp.pt.", _ALNUM, 40, 46),
    ("doppler_service", "dp.st.", _DOTTED, 40, 60),
    ("duffel", "duffel_", r"A-Za-z0-9_=\-", 45, 55),
    ("dynatrace", "dt0c01.", _UPPER + ".", 80, 90),
    ("easypost", "EZAK", _ALNUM, 54, 54),
    ("easypost_test", "EZTK", _ALNUM, 54, 54),
    ("facebook_admin", "EAAM", _ALNUM, 100, 400),
    ("facebook_page", "EAAC", _ALNUM, 100, 400),
    ("facebook_graph", "EAAG", _ALNUM, 100, 400),
    ("figma", "figd_", _WORD, 38, 50),
    ("flutterwave", "FLWSECK", r"A-Za-z0-9_\-", 32, 60),
    ("flutterwave_public", "FLWPUBK", r"A-Za-z0-9_\-", 32, 60),
    ("flyio", "fo1_", _WORD, 43, 43),
    ("flyio_macaroon", "fm1", _BASE64 + "=_", 100, 1200),
    ("flyio_macaroon2", "fm2_", _BASE64 + "=", 100, 1200),
    ("frameio", "fio-u-", r"A-Za-z0-9_=\-", 60, 66),
    ("github", "ghp_", _ALNUM, 36, 40),
    ("github_oauth", "gho_", _ALNUM, 36, 40),
    ("github_user", "ghu_", _ALNUM, 36, 40),
    ("github_server", "ghs_", _ALNUM, 36, 40),
    ("github_refresh", "ghr_", _ALNUM, 36, 80),
    ("github_fine", "github_pat_", _ALNUM + "_", 60, 90),
    ("gitlab", "glpat-", _DOTTED, 20, 70),
    ("gitlab_deploy", "gldt-", _WORD, 20, 50),
    ("gitlab_job", "glcbt-", _WORD, 20, 60),
    ("gitlab_feed", "glft-", _WORD, 20, 50),
    ("gitlab_flags", "glffct-", _WORD, 20, 50),
    ("gitlab_mail", "glimt-", _WORD, 20, 50),
    ("gitlab_agent", "glagent-", _WORD, 40, 60),
    ("gitlab_oauth", "gloas-", _WORD, 40, 70),
    ("gitlab_trigger", "glptt-", _WORD, 36, 60),
    ("gitlab_runner", "glrt-", _DOTTED, 20, 60),
    ("gitlab_scim", "glsoat-", _WORD, 20, 50),
    ("gitlab_registration", "GR1348941", _WORD, 20, 30),
    ("google_api", "AIza", _WORD, 35, 35),
    ("google_client", "GOCSPX-", _WORD, 24, 34),
    ("grafana", "eyJrIjoi", _BASE64 + "=", 70, 400),
    ("grafana_cloud", "glc_", _BASE64 + "=", 32, 400),
    ("grafana_service", "glsa_", _ALNUM + "_", 41, 41),
    ("groq", "gsk_", _ALNUM, 48, 60),
    ("harness", "pat.", _WORD + ".", 60, 80),
    ("heroku", "HRKU-", _WORD, 36, 64),
    ("hubspot", "pat-na1-", r"a-f0-9\-", 36, 36),
    ("hubspot_eu", "pat-eu1-", r"a-f0-9\-", 36, 36),
    ("huggingface", "hf_", "A-Za-z", 34, 34),
    ("huggingface_org", "api_org_", "A-Za-z", 34, 34),
    ("infracost", "ico-", _ALNUM, 32, 32),
    ("intra42", "s-s4t2ud-", _HEX, 64, 64),
    ("intra42_app", "s-s4t2af-", _HEX, 64, 64),
    ("launchdarkly", "api-", r"a-f0-9\-", 36, 36),
    ("linear", "lin_api_", _ALNUM, 40, 40),
    ("mailgun", "key-", _HEX, 32, 32),
    ("mapbox", "sk.eyJ", _WORD + ".", 60, 120),
    ("mapbox_public", "pk.eyJ", _WORD + ".", 60, 120),
    ("meta_llama", "LLM|", r"0-9A-Za-z_|\-", 30, 60),
    ("netlify", "nfp_", _ALNUM, 36, 40),
    ("newrelic", "NRAK-", _UPPER, 27, 27),
    ("newrelic_insert", "NRII-", _WORD, 32, 32),
    ("newrelic_browser", "NRJS-", _HEX, 19, 19),
    ("npm", "npm_", _ALNUM, 36, 40),
    ("notion", "ntn_", _ALNUM, 46, 46),
    ("notion_old", "secret_", _ALNUM, 43, 43),
    ("nuget", "oy2", _LOWER, 43, 43),
    ("nvidia", "nvapi-", _WORD, 60, 72),
    ("octopus", "API-", _UPPER, 26, 26),
    ("onepassword_secret", "A3-", r"A-Z0-9\-", 33, 36),
    ("openai", "sk-proj-", _WORD, 40, 200),
    ("openai_service", "sk-svcacct-", _WORD, 40, 200),
    ("openai_admin", "sk-admin-", _WORD, 40, 200),
    ("openai_old", "sk-", _ALNUM, 20, 64),
    ("openrouter", "sk-or-v1-", _HEX, 64, 64),
    ("openshift", "sha256~", _WORD, 43, 43),
    ("perplexity", "pplx-", _ALNUM, 48, 48),
    ("pinecone", "pcsk_", _ALNUM + "_", 50, 80),
    ("plaid", "access-production-", r"a-f0-9\-", 36, 36),
    ("plaid_sandbox", "access-sandbox-", r"a-f0-9\-", 36, 36),
    ("planetscale", "pscale_", _DOTTED, 34, 72),
    ("postman", "PMAK-", r"a-f0-9\-", 59, 59),
    ("prefect", "pnu_", _LOWER, 36, 36),
    ("pulumi", "pul-", _HEX, 40, 40),
    ("pypi", "pypi-AgEIcHlwaS5vcmc", _WORD, 50, 400),
    ("readme", "rdme_", _LOWER, 70, 70),
    ("replicate", "r8_", _ALNUM, 36, 40),
    ("rubygems", "rubygems_", _HEX, 48, 48),
    ("scalingo", "tk-us-", _WORD, 48, 48),
    ("sendgrid", "SG.", _DOTTED, 34, 70),
    ("sentry", "sntrys_", _BASE64 + "=_", 60, 400),
    ("sentry_user", "sntryu_", _HEX, 64, 64),
    ("settlemint_app", "sm_aat_", _ALNUM, 16, 16),
    ("settlemint_user", "sm_pat_", _ALNUM, 16, 16),
    ("settlemint_service", "sm_sat_", _ALNUM, 16, 16),
    ("shippo", "shippo_live_", _HEX, 40, 40),
    ("shippo_test", "shippo_test_", _HEX, 40, 40),
    ("shopify_access", "shpat_", _ALNUM, 32, 32),
    ("shopify_custom", "shpca_", _ALNUM, 32, 32),
    ("shopify_private", "shppa_", _ALNUM, 32, 32),
    ("shopify_shared", "shpss_", _ALNUM, 32, 32),
    ("slack_bot", "xoxb-", r"A-Za-z0-9\-", 24, 90),
    ("slack_user", "xoxp-", r"A-Za-z0-9\-", 55, 120),
    ("slack_configuration", "xoxe.xox", r"A-Za-z0-9\-", 100, 250),
    ("slack_refresh", "xoxe-", r"A-Za-z0-9\-", 100, 200),
    ("slack_app", "xapp-", r"A-Za-z0-9\-", 40, 120),
    ("slack_legacy_a", "xoxa-", r"A-Za-z0-9\-", 28, 90),
    ("slack_legacy_r", "xoxr-", r"A-Za-z0-9\-", 28, 90),
    ("slack_legacy_s", "xoxs-", r"A-Za-z0-9\-", 28, 90),
    ("slack_legacy_o", "xoxo-", r"A-Za-z0-9\-", 28, 90),
    ("sonar_user", "squ_", _ALNUM, 40, 40),
    ("sonar_project", "sqp_", _ALNUM, 40, 40),
    ("sonar_analysis", "sqa_", _ALNUM, 40, 40),
    ("sourcegraph", "sgp_", "a-fA-F0-9", 40, 40),
    ("sourcegraph_instance", "sgp_", "a-fA-F0-9_", 57, 57),
    ("sourcegraph_local", "sgp_local_", "a-fA-F0-9", 40, 40),
    ("square", "sq0atp-", _WORD, 22, 60),
    ("square_secret", "sq0csp-", _WORD, 22, 60),
    ("square_oauth", "EAAA", r"A-Za-z0-9_+=\-", 56, 64),
    ("stripe", "sk_live_", _ALNUM, 10, 247),
    ("stripe_test", "sk_test_", _ALNUM, 10, 247),
    ("stripe_restricted", "rk_live_", _ALNUM, 10, 247),
    ("stripe_restricted_test", "rk_test_", _ALNUM, 10, 247),
    ("stripe_public", "pk_live_", _ALNUM, 10, 247),
    ("stripe_public_test", "pk_test_", _ALNUM, 10, 247),
    ("stripe_webhook", "whsec_", _BASE64, 24, 64),
    ("supabase", "sbp_", _HEX, 40, 40),
    ("tailscale", "tskey-", r"A-Za-z0-9\-", 20, 80),
    ("tencent", "AKID", _ALNUM, 24, 40),
    ("twilio", "SK", _HEX, 32, 32),
    ("typeform", "tfp_", _DOTTED, 50, 59),
    ("vault_batch", "hvb.", _WORD, 100, 400),
    ("vault_service", "hvs.", _WORD, 80, 400),
    ("volcengine", "AKLT", _ALNUM, 40, 60),
    ("xai", "xai-", _ALNUM, 70, 90),
    ("yandex", "AQVN", r"A-Za-z0-9_\-", 35, 38),
    ("zuplo", "zpka_", _ALNUM + "_", 40, 45),
)

# Invented, and long enough for every row: examples are cut from these.
_SAMPLES = (
    ("a-f", "3e9b07c5d1f84a26"),
    ("A-Z", "Q7ZT4MXB9RK2WPV8LN5CJ3HD6FGYS"),
    ("a-z", "q7zt4mxb9rk2wpv8ln5cj3hd6fgys"),
    ("A-Za-z", "qZtMxbRkWpvLncJhDfGysTaEuKimVo"),
    ("A-Za-z0-9", "q7Zt4mXb9Rk2Wpv8Ln5cJ3hD6fGysTa1Eu0KiM"),
)


def _sample(alphabet: str, size: int) -> str:
    letters = alphabet.replace("a-fA-F", "a-f").replace("0-9A-Za-z", "A-Za-z0-9").replace("a-zA-Z", "A-Za-z")
    body = max((name, text) for name, text in _SAMPLES if letters.startswith(name))[1]
    return (body * (size // len(body) + 1))[:size]


def _row(name: str, beginning: str, alphabet: str, least: int, most: int) -> Pattern:
    border = alphabet.replace(".", "")
    mark = "".join(f"\\{char}" if char in ".|-" else char for char in beginning)
    sample = beginning + _sample(alphabet, least)
    return Pattern(
        name=f"key.{name}",
        privacy_type="Key",
        regex=rf"(?-i:(?<![A-Za-z0-9.])(?P<value>{mark}[{alphabet}]{{{least},{most}}}(?<![.\-]))(?![{border}]))",
        keywords=(beginning.lower(),),
        reach=0,
        validate=is_issued,
        score=0.97,
        examples=((f"it is {sample}.", sample), (f"密钥{sample}泄露了", sample)),
        counterexamples=(f"{beginning}{'x' * least}", f"the mark {beginning} alone"),
    )


PATTERNS: tuple[Pattern, ...] = tuple(_row(*key) for key in _KEYS)
