"""What one run of the program works with: its configuration, its vault, its guards.

The only place that reads the environment:

    MEMVEIL_CONFIG       the configuration file; else memveil.toml in the user's configuration folder
    MEMVEIL_VAULT        the vault file
    MEMVEIL_KEY_FILE     the file with its key
    MEMVEIL_PASSPHRASE   its passphrase
    MEMVEIL_NEW_PASSPHRASE      the passphrase that `vault rekey` changes to
    MEMVEIL_EXPORT_PASSPHRASE   the passphrase of an exported file

Order: defaults, then the file, then the environment, then the options. A file in
the current folder is not looked for: a stranger's project could bring one that
protects nothing.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from memveil.cli import ui
from memveil.errors import ConfigError

if TYPE_CHECKING:
    from memveil.config import Config
    from memveil.detect import Recognizer
    from memveil.guard import Guard
    from memveil.policy import Policy
    from memveil.recognizers.llm import LanguageModelRecognizer
    from memveil.vault.base import Vault
    from memveil.vault.ephemeral import EphemeralTable
    from memveil.vault.keys import KeySource, Passphrase
    from memveil.vault.table import TableVault

__all__ = ["Workspace"]

# A batch may name a new user in each line.
_GUARDS = 256


class Workspace:
    """Opens things when they are first needed and closes what it opened.

    Args:
        environment: the environment; default the process's own.
    """

    def __init__(self, environment: Mapping[str, str] | None = None) -> None:
        self._environment = os.environ if environment is None else environment
        self._guards: OrderedDict[tuple[int, str, str | None], Guard] = OrderedDict()
        self._open: TableVault | None = None

    # -- configuration ----------------------------------------------------------

    @cached_property
    def config_path(self) -> Path | None:
        """The configuration file, if there is one."""
        named = self._environment.get("MEMVEIL_CONFIG")
        if named:
            return Path(named)
        import platformdirs

        usual = platformdirs.user_config_path("memveil", appauthor=False) / "memveil.toml"
        return usual if usual.exists() else None

    @cached_property
    def config(self) -> Config:
        """The configuration.

        Raises:
            ConfigError: the file cannot be read or is wrong.
        """
        from memveil.config import Config, decode_config

        path = self.config_path
        if path is None:
            return Config()
        try:
            data = path.read_bytes()
        except OSError as error:
            raise ConfigError(
                f"the configuration cannot be read ({error.strerror}), in {path}, check MEMVEIL_CONFIG"
            ) from None
        try:
            return decode_config(data)
        except ConfigError as error:
            raise ConfigError(f"{error}, in {path}, mend it there") from None

    def policy(self, *, preset: str | None = None, style: str | None = None) -> Policy:
        """The configured policy, with what the options say instead.

        A preset takes the place of threshold and levels; the lists of the file stay.
        """
        from memveil.policy import Policy, Style

        policy = self.config.build_policy()
        if preset is not None:
            chosen = Policy.preset(preset)
            policy = replace(policy, threshold=chosen.threshold, by_level=chosen.by_level)
        return policy if style is None else policy.with_style(Style(style))

    @property
    def scope(self) -> str:
        """The scope where no option names one."""
        return self.config.scope

    def recognizers(self) -> tuple[Recognizer, ...]:
        """The configured cascade: rules, the bundled model, the language model."""
        from memveil.recognizers.defaults import default_recognizers, rule_recognizers, tagger

        table = self.config.recognizers
        names = ("rules", "model") if table.cascade is None else table.cascade
        llm = self.language_model
        rules = rule_recognizers() if "rules" in names else ()
        if llm is not None and table.llm is not None and table.llm.only_when_unsure:
            from memveil.recognizers.unsure import UnsureRecognizer

            return (UnsureRecognizer(rules, tagger(sensitivity=table.sensitivity), llm, doubt=table.llm.doubt),)
        last = () if llm is None else (llm,)
        if {"rules", "model"} <= set(names):
            return (*default_recognizers(sensitivity=table.sensitivity), *last)
        model = (tagger(sensitivity=table.sensitivity),) if "model" in names else ()
        return (*rules, *model, *last)

    @property
    def has_language_model(self) -> bool:
        """Whether the configuration can be read and names a language model."""
        try:
            return self.config.recognizers.llm is not None
        except ConfigError:
            return False

    @cached_property
    def language_model(self) -> LanguageModelRecognizer | None:
        """The language model, if one is configured.

        Raises:
            ConfigError: its key, its instructions or a package is missing, or its host is not allowed.
        """
        table = self.config.recognizers.llm
        if table is None:
            return None
        key = instructions = None
        if table.api_key_env is not None:
            key = self._environment.get(table.api_key_env)
            if not key:
                raise ConfigError("recognizers.llm.api_key_env: that variable is not set, export it")
        if table.instructions is not None:
            try:
                instructions = Path(table.instructions).expanduser().read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                raise ConfigError("recognizers.llm.instructions: that file cannot be read as UTF-8 text") from None
        return table.build(api_key=key, instructions=instructions)

    # -- the vault --------------------------------------------------------------

    @cached_property
    def vault_path(self) -> Path:
        """The vault file; it need not exist."""
        named = self._environment.get("MEMVEIL_VAULT") or self.config.vault.path
        if named:
            return Path(named).expanduser()
        from memveil.vault.location import default_path

        return default_path()

    def key(self) -> KeySource | None:
        """The key source that was named, or ``None``: the vault's own header knows.

        Raises:
            ConfigError: two sources are named, or a passphrase is needed and nobody is there to ask.
        """
        from memveil.vault.keys import KeyFile, KeyringKey, Passphrase

        file, passphrase = (self._environment.get(f"MEMVEIL_{name}") for name in ("KEY_FILE", "PASSPHRASE"))
        if file and passphrase:
            raise ConfigError("both MEMVEIL_KEY_FILE and MEMVEIL_PASSPHRASE are set, unset one of them")
        if file:
            return KeyFile(Path(file))
        if passphrase:
            return Passphrase(passphrase)
        match self.config.vault.key:
            case "file":
                return KeyFile(Path(str(self.config.vault.key_file)).expanduser())
            case "keyring":
                return KeyringKey()
            case "passphrase":
                return Passphrase(ui.ask_passphrase("MEMVEIL_PASSPHRASE"))
            case None:
                return None

    def passphrase(self, purpose: str, *, is_new: bool) -> Passphrase:
        """The passphrase for ``purpose`` (``NEW`` or ``EXPORT``): from the environment, else asked.

        Raises:
            ConfigError: it is not set and nobody is there to ask.
        """
        from memveil.vault.keys import Passphrase

        name = f"MEMVEIL_{purpose}_PASSPHRASE"
        return Passphrase(self._environment.get(name) or ui.ask_passphrase(name, twice=is_new))

    def vault(self) -> TableVault:
        """The vault, made on first use."""
        from memveil.vault.location import open_vault

        if self._open is None:
            self._open = open_vault(self.vault_path, self.key())
        return self._open

    def vault_to_read(self) -> TableVault:
        """The vault, for reading only; it must exist."""
        from memveil.vault.location import open_vault_read_only

        if self._open is None:
            self._open = open_vault_read_only(self.vault_path, self.key())
        return self._open

    @cached_property
    def no_vault(self) -> Vault:
        """A vault of this process alone: nothing is read from disk or written to it."""
        from memveil.vault.memory import MemoryVault

        return MemoryVault()

    # -- guards -----------------------------------------------------------------

    def guard(self, vault: Vault, scope: str, *, user_name: str | None = None, policy: Policy | None = None) -> Guard:
        """The guard of a scope and a user, kept for the next text.

        PL4 values are common to all guards of a run, so none is lost with a guard.
        """
        from memveil.guard import Guard
        from memveil.vault.scope import ScopeVault

        place = (id(vault), scope, user_name)
        if place not in self._guards:
            if len(self._guards) >= _GUARDS:
                self._guards.popitem(last=False)
            self._guards[place] = Guard(
                ScopeVault(vault, scope, self._secrets),
                policy=self.policy() if policy is None else policy,
                recognizers=self.recognizers(),
                user_name=user_name or self.config.user_name,
            )
        self._guards.move_to_end(place)
        return self._guards[place]

    @cached_property
    def _secrets(self) -> EphemeralTable:
        from memveil.vault.ephemeral import LIFETIME, EphemeralTable

        lifetime = self.config.vault.secret_lifetime
        return EphemeralTable(lifetime=LIFETIME if lifetime is None else lifetime)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open is not None:
            self._open.close()
        if self.__dict__.get("language_model") is not None:
            self.__dict__["language_model"].close()
