"""The one configuration file, ``memveil.toml``, as one frozen structure.

Every key is optional; without a file everything has its default. A key that is
not below is refused with its path, because a misspelt rule protects nothing.

    user_name = "Lena Hartwig"        # the user's own name, found as Real Name
    scope = "lena"                    # whose memory it is, where nobody says

    [policy]
    preset = "pl2"                    # pl4, pl3, pl2 or strict
    threshold = "PL3"                 # instead of the preset's
    style = "typed"                   # typed, generic or redact
    levels = { PL4 = "block" }        # keep, pseudonymize, redact or block
    types = { "School" = "keep" }     # the same, by privacy type

    [[policy.always]]                 # protected even where nothing finds it
    literal = "Larkspur"              # or: pattern = "Larkspur (one|two)"
    type = "Business Secret"

    [[policy.never]]                  # kept even where something finds it
    literal = "support@memveil.example"

    [vault]
    path = "/home/lena/memveil.db"
    key = "file"                      # keyring, file or passphrase
    key_file = "/home/lena/memveil.key"
    secret_lifetime = 3600            # seconds that PL4 values live in memory

    [recognizers]
    cascade = ["rules", "model"]      # one of them alone: faster, or without our rules
    sensitivity = 0.0                 # of the model, in log-odds: above zero finds more, hides more needlessly

    [recognizers.llm]                 # a language model as well; see docs/guides/language-model.md
    url = "http://127.0.0.1:8000/v1"  # or gguf = "model.gguf", or weights = "folder"
    model = "IAAR-Shanghai/MemPrivacy-4B-RL"
    on_failure = "fail"               # or degrade: go on without it, and say so
    only_when_unsure = false          # true: only texts about which the bundled model is unsure

    [gateway]                         # of `memveil serve`
    upstream = "https://api.openai.com/v1"
    host = "127.0.0.1"
    port = 8787
    scope_from = "fixed"              # fixed, header, key or user
    note = true                       # tell the model what placeholders are
    media = "block"                   # or allow: images, sounds and files leave unread
    keep_tools = ["remember"]         # tools that get placeholders instead of values
    ask_tools = ["pay_*"]             # tools that get values where the person at the terminal says yes
    refuse_tools = ["post_*"]         # tools that may not be called with values
    max_request = 33554432            # bytes
    timeout = 600                     # seconds until the upstream's next byte
    audit = "/home/lena/audit.jsonl"
    token_sha256 = "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"

    [gateway.scopes.mara]             # a scope with rules of its own
    user_name = "Mara Hartwig"
    token_sha256 = "fcde2b2edba56bf408601fb721fe9b5c338d10ee429ea04fae5511b68fbf8fb9"
    policy = { preset = "pl3" }       # instead of [policy]

Pure: takes the bytes of the file, reads no file and no environment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from typing import Literal, TypeVar

import msgspec

from memveil.errors import ConfigError
from memveil.policy import Policy, Style, ValueRule
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.llm_table import LanguageModelTable
from memveil.spans import Action, PrivacyLevel

__all__ = [
    "Config",
    "GatewayTable",
    "PolicyTable",
    "RecognizersTable",
    "RuleTable",
    "ScopeTable",
    "VaultTable",
    "decode_config",
]

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$?\.?(?P<path>.*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*)`", re.DOTALL)
_TOML_PLACE = re.compile(r"\(at [a-z0-9 ,]+\)$")
_SCOPE = re.compile(r"[A-Za-z0-9_.@:+\-]{1,128}")
_SHA256 = re.compile(r"[0-9a-f]{64}")

_Choice = TypeVar("_Choice", bound=Enum)


class RuleTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A value, or a pattern of values. The repr shows neither."""

    literal: str | None = None
    pattern: str | None = None
    type: str | None = None

    def __repr__(self) -> str:
        return "RuleTable(...)"


class PolicyTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is protected and how; see :class:`memveil.policy.Policy`."""

    preset: str = "pl2"
    threshold: str | None = None
    style: str | None = None
    levels: dict[str, str] = {}
    types: dict[str, str] = {}
    always: tuple[RuleTable, ...] = ()
    never: tuple[RuleTable, ...] = ()


class VaultTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where values are kept.

    ``secret_lifetime`` is in seconds since the last use of a PL4 value.
    """

    path: str | None = None
    key: Literal["keyring", "file", "passphrase"] | None = None
    key_file: str | None = None
    secret_lifetime: float | None = None


class RecognizersTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which recognizers run, in which order; ``None`` means the default cascade.

    ``sensitivity`` is the model's dial in log-odds: above zero it finds more and
    covers more needlessly.
    """

    cascade: tuple[Literal["rules", "model"], ...] | None = None
    sensitivity: float = 0.0
    llm: LanguageModelTable | None = None


class ScopeTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A scope of the gateway with rules of its own. The repr shows no value."""

    user_name: str | None = None
    token_sha256: str | None = None
    policy: PolicyTable | None = None

    def __repr__(self) -> str:
        return "ScopeTable(...)"


class GatewayTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The gateway; see :class:`memveil.proxy.options.GatewayOptions`. The repr shows no token."""

    upstream: str | None = None
    host: str = "127.0.0.1"
    port: int = 8787
    scope_from: Literal["fixed", "header", "key", "user"] = "fixed"
    note: bool = True
    media: Literal["block", "allow"] = "block"
    keep_tools: tuple[str, ...] = ()
    ask_tools: tuple[str, ...] = ()
    refuse_tools: tuple[str, ...] = ()
    max_request: int = 32 * 1024 * 1024
    timeout: float = 600.0
    audit: str | None = None
    token_sha256: str | None = None
    scopes: dict[str, ScopeTable] = {}

    def __repr__(self) -> str:
        return "GatewayTable(...)"


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file. The repr shows no value of the user."""

    user_name: str | None = None
    scope: str = "default"
    policy: PolicyTable = PolicyTable()
    vault: VaultTable = VaultTable()
    recognizers: RecognizersTable = RecognizersTable()
    gateway: GatewayTable = GatewayTable()

    def __repr__(self) -> str:
        return "Config(...)"

    def build_scope_policy(self, scope: str) -> Policy:
        """The policy of a scope of the gateway: its own, or else the one of the file.

        Raises:
            ConfigError: a word in it is unknown; starts with the path of the key.
        """
        table = self.gateway.scopes.get(scope)
        if table is None or table.policy is None:
            return self.build_policy()
        try:
            return Config(policy=table.policy).build_policy()
        except ConfigError as error:
            raise ConfigError(f"gateway.scopes.{scope}.{error}") from None

    def build_policy(self) -> Policy:
        """The policy that ``[policy]`` describes.

        Raises:
            ConfigError: a word in it is unknown; starts with the path of the key.
        """
        table = self.policy
        try:
            policy = Policy.preset(table.preset)
        except ConfigError as error:
            raise ConfigError(f"policy.preset: {error}") from None
        if table.threshold is not None:
            threshold = _choose(PrivacyLevel.__members__, table.threshold, "policy.threshold")
            if threshold is PrivacyLevel.PL1:
                raise ConfigError("policy.threshold: PL1 is never protected; use PL2, PL3 or PL4")
            policy = replace(policy, threshold=threshold)
        if table.style is not None:
            policy = policy.with_style(_choose(_by_value(Style), table.style, "policy.style"))
        actions = _by_value(Action)
        by_level = {
            _choose(PrivacyLevel.__members__, level, "policy.levels"): _choose(
                actions, action, f"policy.levels.{level}"
            )
            for level, action in table.levels.items()
        }
        by_type = {
            _known_type(name, f'policy.types."{name}"'): _choose(actions, action, f'policy.types."{name}"')
            for name, action in table.types.items()
        }
        return replace(
            policy,
            by_level={**policy.by_level, **by_level},
            by_type={**policy.by_type, **by_type},
            always=tuple(_rule(rule, f"policy.always[{i}]") for i, rule in enumerate(table.always)),
            never=tuple(_rule(rule, f"policy.never[{i}]") for i, rule in enumerate(table.never)),
        )


def decode_config(data: bytes) -> Config:
    """Decode the content of a configuration file.

    Raises:
        ConfigError: no TOML (names the place), an unknown key, or a wrong value;
            the message starts with the path of the key.
    """
    try:
        config = msgspec.toml.decode(data, type=Config)
    # Both errors may quote the file.
    except msgspec.ValidationError as error:
        message = _describe(str(error))
    except msgspec.DecodeError as error:
        place = _TOML_PLACE.search(str(error))
        message = f"the file is not TOML {place[0] if place else ''}".rstrip()
    except UnicodeDecodeError as error:
        message = f"the file is not UTF-8 at byte {error.start}"
    else:
        _check(config)
        return config
    raise ConfigError(message)


def _check(config: Config) -> None:
    """Find every wrong word now, not when the first text is protected."""
    config.build_policy()
    lifetime = config.vault.secret_lifetime
    if lifetime is not None and not 0 < lifetime < float("inf"):
        raise ConfigError("vault.secret_lifetime: seconds, more than 0")
    if config.vault.key_file is not None and config.vault.key != "file":
        raise ConfigError('vault.key_file: only with vault.key = "file"')
    if config.vault.key == "file" and config.vault.key_file is None:
        raise ConfigError('vault.key: "file" needs vault.key_file')
    llm = config.recognizers.llm
    if llm is not None:
        llm.check()
        if llm.only_when_unsure and "model" not in (config.recognizers.cascade or ("model",)):
            raise ConfigError('recognizers.llm.only_when_unsure: only with "model" in recognizers.cascade')
    if not config.scope:
        raise ConfigError("scope: it is empty")
    if not -20 <= config.recognizers.sensitivity <= 20:
        raise ConfigError("recognizers.sensitivity: a number from -20 to 20 is needed")
    _check_gateway(config)


def _check_gateway(config: Config) -> None:
    gateway = config.gateway
    if not 0 <= gateway.port < 65536:
        raise ConfigError("gateway.port: a number from 0 to 65535")
    if gateway.max_request <= 0:
        raise ConfigError("gateway.max_request: bytes, more than 0")
    if not 0 < gateway.timeout < float("inf"):
        raise ConfigError("gateway.timeout: seconds, more than 0")
    digests = {"gateway": gateway.token_sha256}
    for name, table in gateway.scopes.items():
        if not _SCOPE.fullmatch(name):
            raise ConfigError("gateway.scopes: a name with other characters than letters, digits and _.@:+-")
        config.build_scope_policy(name)
        digests[f"gateway.scopes.{name}"] = table.token_sha256
    for path, digest in digests.items():
        if digest is not None and not _SHA256.fullmatch(digest):
            raise ConfigError(f"{path}.token_sha256: 64 digits from 0 to f, the SHA-256 of a token")


def _describe(message: str) -> str:
    """The validator's words, path first and without the value it found."""
    place = _PLACE.match(message)
    what, path = (place["what"], place["path"] or "") if place else (message, "")
    unknown = _UNKNOWN.fullmatch(what)
    if unknown is not None:
        return f"{path}{'.' if path else ''}{unknown['key']}: unknown key"
    if what.startswith("Invalid enum value"):
        what = "not one of the words allowed here"
    return f"{path}: {what[:1].lower()}{what[1:]}"


def _by_value(choices: type[_Choice]) -> dict[str, _Choice]:
    return {str(choice.value): choice for choice in choices}


_T = TypeVar("_T")


def _choose(choices: Mapping[str, _T], word: str, path: str) -> _T:
    try:
        return choices[word]
    except KeyError:
        raise ConfigError(f"{path}: unknown; use one of {', '.join(choices)}") from None


def _known_type(name: str, path: str) -> str:
    if name not in PRIVACY_TYPES:
        raise ConfigError(f"{path}: unknown privacy type")
    return name


def _rule(table: RuleTable, path: str) -> ValueRule:
    text = table.pattern if table.literal is None else table.literal
    if not text or (table.literal is None) == (table.pattern is None):
        raise ConfigError(f"{path}: give either a literal or a pattern")
    build = ValueRule.pattern if table.literal is None else ValueRule.literal
    try:
        if table.type is None:
            return build(text)
        return build(text, privacy_type=_known_type(table.type, f"{path}.type"))
    except ConfigError as error:
        message = str(error)
    raise ConfigError(message if message.startswith(path) else f"{path}: {message}")
