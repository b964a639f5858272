from __future__ import annotations

import textwrap

import pytest

from memveil import config as config_module
from memveil.config import (
    Config,
    GatewayTable,
    PolicyTable,
    RecognizersTable,
    ScopeTable,
    VaultTable,
    decode_config,
)
from memveil.errors import ConfigError
from memveil.policy import Policy, Style
from memveil.spans import Action, PrivacyLevel


def decode(text: str) -> Config:
    return decode_config(textwrap.dedent(text).encode())


def test_no_key_is_needed() -> None:
    config = decode("")

    assert config == Config()
    assert config.build_policy() == Policy()
    assert (config.scope, config.user_name, config.vault.path) == ("default", None, None)


def test_the_example_of_the_documentation_is_valid_and_names_every_key() -> None:
    documentation = str(config_module.__doc__)
    example = "\n".join(line for line in documentation.splitlines() if line.startswith("    "))

    config = decode(example)

    for table in (Config, PolicyTable, VaultTable, RecognizersTable, GatewayTable, ScopeTable):
        for key in table.__struct_fields__:
            assert f"{key} = " in example or f"[{key}]" in example or f".{key}]" in example or f".{key}." in example
    assert config.user_name == "Lena Hartwig"
    assert config.vault.secret_lifetime == 3600
    assert config.recognizers.cascade == ("rules", "model")


def test_the_policy_takes_the_preset_and_what_stands_beside_it() -> None:
    policy = decode(
        """
        [policy]
        preset = "strict"
        threshold = "PL3"
        style = "generic"
        levels = { PL3 = "block" }
        types = { "School" = "pseudonymize", "Email" = "keep" }
        [[policy.always]]
        literal = "Larkspur"
        [[policy.always]]
        pattern = "Project [A-Z]+"
        type = "Project/Task ID"
        [[policy.never]]
        literal = "Contoso"
        """
    ).build_policy()

    assert policy.threshold is PrivacyLevel.PL3
    assert policy.style is Style.GENERIC
    assert policy.by_level == {PrivacyLevel.PL4: Action.REDACT, PrivacyLevel.PL3: Action.BLOCK}
    assert policy.by_type == {"School": Action.PSEUDONYMIZE, "Email": Action.KEEP}
    assert [rule.privacy_type for rule in policy.always] == ["Business Secret", "Project/Task ID"]
    assert [rule.expression.search("at Contoso") is not None for rule in policy.never] == [True]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "colour: unknown key"),
        ("[policy]\ncolour = 1", "policy.colour: unknown key"),
        ("[[policy.never]]\nliterally = 'x'", "policy.never[0].literally: unknown key"),
        ("user_name = 7", "user_name: expected `str | null`, got `int`"),
        ("policy = 7", "policy: expected `object`, got `int`"),
        ("[policy]\npreset = 'pl9'", "policy.preset: unknown preset 'pl9'; use one of pl4, pl3, pl2, strict"),
        ("[policy]\nthreshold = 'PL9'", "policy.threshold: unknown; use one of PL1, PL2, PL3, PL4"),
        ("[policy]\nthreshold = 'PL1'", "policy.threshold: PL1 is never protected; use PL2, PL3 or PL4"),
        ("[policy]\nstyle = 'x'", "policy.style: unknown; use one of typed, generic, redact"),
        ("[policy.levels]\nPL9 = 'keep'", "policy.levels: unknown; use one of PL1, PL2, PL3, PL4"),
        (
            "[policy.levels]\nPL4 = 'x'",
            "policy.levels.PL4: unknown; use one of keep, pseudonymize, redact, block",
        ),
        ("[policy.types]\nPet = 'keep'", 'policy.types."Pet": unknown privacy type'),
        (
            "[policy.types]\nEmail = 'x'",
            'policy.types."Email": unknown; use one of keep, pseudonymize, redact, block',
        ),
        ("[[policy.always]]\ntype = 'Email'", "policy.always[0]: give either a literal or a pattern"),
        (
            "[[policy.always]]\nliteral = 'a'\npattern = 'b'",
            "policy.always[0]: give either a literal or a pattern",
        ),
        ("[[policy.always]]\nliteral = ''", "policy.always[0]: give either a literal or a pattern"),
        ("[[policy.always]]\nliteral = 'a'\ntype = 'Pet'", "policy.always[0].type: unknown privacy type"),
        ("[vault]\nkey = 'door mat'", "vault.key: not one of the words allowed here"),
        ("[vault]\nkey = 'file'", 'vault.key: "file" needs vault.key_file'),
        ("[vault]\nkey_file = 'k'", 'vault.key_file: only with vault.key = "file"'),
        ("[vault]\nsecret_lifetime = 0", "vault.secret_lifetime: seconds, more than 0"),
        ("[vault]\nsecret_lifetime = inf", "vault.secret_lifetime: seconds, more than 0"),
        ("scope = ''", "scope: it is empty"),
        ("[gateway]\nport = 70000", "gateway.port: a number from 0 to 65535"),
        ("[gateway]\nmax_request = 0", "gateway.max_request: bytes, more than 0"),
        ("[gateway]\ntimeout = 0", "gateway.timeout: seconds, more than 0"),
        ("[gateway]\nmedia = 'x'", "gateway.media: not one of the words allowed here"),
        ("[gateway]\ncolour = 1", "gateway.colour: unknown key"),
        (
            "[gateway]\ntoken_sha256 = 'let-me-in'",
            "gateway.token_sha256: 64 digits from 0 to f, the SHA-256 of a token",
        ),
        (
            '[gateway.scopes."a b"]',
            "gateway.scopes: a name with other characters than letters, digits and _.@:+-",
        ),
        (
            "[gateway.scopes.mara]\npolicy = { preset = 'pl9' }",
            "gateway.scopes.mara.policy.preset: unknown preset 'pl9'; use one of pl4, pl3, pl2, strict",
        ),
        (
            "[gateway.scopes.mara]\ntoken_sha256 = '7'",
            "gateway.scopes.mara.token_sha256: 64 digits from 0 to f, the SHA-256 of a token",
        ),
        ("[recognizers]\nsensitivity = nan", "recognizers.sensitivity: a number from -20 to 20 is needed"),
        ("[recognizers]\ncascade = ['magic']", "recognizers.cascade[0]: not one of the words allowed here"),
        ("a =", "the file is not TOML (at end of document)"),
        ("\nuser_name = Ines", "the file is not TOML (at line 2, column 13)"),
    ],
)
def test_a_mistake_is_named_by_the_path_of_its_key(text: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        decode_config(text.encode())

    assert str(caught.value) == message
    assert caught.value.__context__ is None or caught.value.__suppress_context__


def test_an_expression_that_does_not_compile_is_refused_with_its_path() -> None:
    with pytest.raises(ConfigError, match=r"^policy.never\[0\]: not a regular expression"):
        decode("[[policy.never]]\npattern = '('")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ConfigError, match=r"^the file is not UTF-8 at byte 13$"):
        decode_config(b"user_name = '\xff'")


def test_the_repr_shows_no_value() -> None:
    config = decode("user_name = 'Ines Larsen'\n[[policy.always]]\nliteral = 'Larkspur'")

    assert "Ines" not in repr(config)
    assert "Larkspur" not in repr(config.policy)


def test_a_scope_of_the_gateway_may_have_a_policy_of_its_own() -> None:
    config = decode(
        "[policy]\npreset = 'pl4'\n[gateway.scopes.mara]\nuser_name = 'Mara Hartwig'\npolicy = { preset = 'pl3' }"
    )

    assert config.build_scope_policy("mara").threshold is PrivacyLevel.PL3
    assert config.build_scope_policy("lena").threshold is PrivacyLevel.PL4
    assert "Mara" not in repr(config.gateway) + repr(config.gateway.scopes["mara"])


def test_a_language_model_is_checked_when_the_file_is_read() -> None:
    assert decode("").recognizers.llm is None
    with pytest.raises(ConfigError, match=r"^recognizers\.llm: give one of url, gguf and weights$"):
        decode("[recognizers.llm]")
    with pytest.raises(ConfigError, match=r"^recognizers\.llm\.port: unknown key$"):
        decode("[recognizers.llm]\nport = 1")


def test_asking_only_when_the_model_is_unsure_needs_the_model() -> None:
    table = "[recognizers.llm]\ngguf = 'm.gguf'\nonly_when_unsure = true"

    assert decode(table).recognizers.llm is not None
    with pytest.raises(ConfigError, match=r"^recognizers\.llm\.only_when_unsure: "):
        decode(f"[recognizers]\ncascade = ['rules']\n{table}")
