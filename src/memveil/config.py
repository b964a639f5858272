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
    cascade = ["rules"]

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
from memveil.spans import Action, PrivacyLevel

__all__ = ["Config", "PolicyTable", "RecognizersTable", "RuleTable", "VaultTable", "decode_config"]

_PLACE = re.compile(r"^(?P<what>.*?)(?: - at `\$?\.?(?P<path>.*)`)?$", re.DOTALL)
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<key>.*)`", re.DOTALL)
_TOML_PLACE = re.compile(r"\(at [a-z0-9 ,]+\)$")

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
    """Which recognizers run, in which order; ``None`` means the default cascade."""

    cascade: tuple[Literal["rules"], ...] | None = None


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole file. The repr shows no value of the user."""

    user_name: str | None = None
    scope: str = "default"
    policy: PolicyTable = PolicyTable()
    vault: VaultTable = VaultTable()
    recognizers: RecognizersTable = RecognizersTable()

    def __repr__(self) -> str:
        return "Config(...)"

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
    if not config.scope:
        raise ConfigError("scope: it is empty")


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
