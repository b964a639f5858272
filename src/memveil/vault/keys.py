"""Where the master key comes from: a key file, the system's keyring, a passphrase.

A source makes a key for a new vault and opens the key of an existing one. The
vault's header keeps the recipe (which source; for a passphrase the Argon2id
parameters), never the key. What is wrong with a source is a ``ConfigError``;
whether the key is the right one, only the vault can tell (``WrongKey``).
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from memveil.errors import ConfigError
from memveil.vault.crypto import KEY_SIZE, encode, new_key

__all__ = [
    "RFC9106",
    "Argon2",
    "KeyFile",
    "KeyRecipe",
    "KeySource",
    "KeyringKey",
    "Passphrase",
    "RawKey",
    "argon2id",
]

SourceName = Literal["key file", "keyring", "passphrase", "raw"]

_FILE_PREFIX = "memveil-key-v1:"
_SERVICE = "memveil"


@dataclass(frozen=True, slots=True)
class Argon2:
    """Cost of Argon2id. ``memory`` in KiB; see RFC 9106, section 4."""

    iterations: int
    lanes: int
    memory: int

    def __post_init__(self) -> None:
        # A header is read before its key proves it: a forged cost must not eat the machine.
        if not (1 <= self.iterations <= 64 and 1 <= self.lanes <= 64 and 8 * self.lanes <= self.memory <= 4 << 20):
            raise ConfigError("argon2: parameters outside the allowed range (at most 64 passes, 64 lanes, 4 GiB)")


RFC9106 = Argon2(iterations=3, lanes=4, memory=64 * 1024)
"""The second recommended option of RFC 9106: 64 MiB, for machines that also do other work."""


@dataclass(frozen=True, slots=True)
class KeyRecipe:
    """What the header keeps about the key.

    Args:
        source: where the key comes from.
        salt: of a passphrase, 16 random bytes.
        argon2: of a passphrase, its cost.
        entry: of a keyring, the name of the entry.
    """

    source: SourceName
    salt: bytes = b""
    argon2: Argon2 | None = None
    entry: str = ""


class KeySource(Protocol):
    """A place to get the master key of a vault from."""

    def create(self, vault_uid: bytes) -> tuple[bytes, KeyRecipe]:
        """The 32-byte key for a new vault, and the recipe to find it again."""
        ...

    def open(self, vault_uid: bytes, recipe: KeyRecipe) -> bytes:
        """The 32-byte key of an existing vault."""
        ...


def argon2id(passphrase: str, salt: bytes, cost: Argon2) -> bytes:
    """Argon2id (RFC 9106): slow and memory-hard, so that guessing passphrases is dear."""
    try:
        return Argon2id(
            salt=salt, length=KEY_SIZE, iterations=cost.iterations, lanes=cost.lanes, memory_cost=cost.memory
        ).derive(encode(passphrase))
    except UnsupportedAlgorithm:
        raise ConfigError("passphrase: this build of OpenSSL has no Argon2id; use a key file") from None
    except MemoryError:
        raise ConfigError(
            f"passphrase: Argon2id needs {cost.memory // 1024} MiB of memory, which is not there"
        ) from None


@dataclass(frozen=True, slots=True)
class RawKey:
    """A key that the caller holds, from a key service for example. The repr hides it."""

    key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.key) != KEY_SIZE:
            raise ConfigError(f"key: {KEY_SIZE} bytes are needed, {len(self.key)} were given")

    def create(self, vault_uid: bytes) -> tuple[bytes, KeyRecipe]:
        """The key itself."""
        del vault_uid
        return self.key, KeyRecipe("raw")

    def open(self, vault_uid: bytes, recipe: KeyRecipe) -> bytes:
        """The key itself, unless the vault wants a passphrase."""
        del vault_uid
        _refuse_passphrase(recipe, "a raw key")
        return self.key


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase, stretched by Argon2id. The repr hides it.

    Args:
        text: the passphrase, as typed.
        cost: parameters for new vaults; existing ones keep theirs in the header.
    """

    text: str = field(repr=False)
    cost: Argon2 = RFC9106

    def __post_init__(self) -> None:
        if not self.text:
            raise ConfigError("passphrase: it is empty")

    def create(self, vault_uid: bytes) -> tuple[bytes, KeyRecipe]:
        """Stretch with a fresh 16-byte salt."""
        del vault_uid
        recipe = KeyRecipe("passphrase", secrets.token_bytes(16), self.cost)
        return argon2id(self.text, recipe.salt, self.cost), recipe

    def open(self, vault_uid: bytes, recipe: KeyRecipe) -> bytes:
        """Stretch with the salt and cost of the header."""
        del vault_uid
        if recipe.argon2 is None:
            raise ConfigError(f"passphrase: this vault opens with a {recipe.source}, not with a passphrase")
        return argon2id(self.text, recipe.salt, recipe.argon2)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A file with the key in text form, readable by its owner only."""

    path: Path

    def create(self, vault_uid: bytes) -> tuple[bytes, KeyRecipe]:
        """Read the file, or write it where it is missing (mode 0600, never over another file)."""
        del vault_uid
        if not self.path.exists():
            self._write(new_key())
        return self._read(), KeyRecipe("key file")

    def open(self, vault_uid: bytes, recipe: KeyRecipe) -> bytes:
        """Read the file. A missing file is never made up: a new key would open nothing."""
        del vault_uid
        _refuse_passphrase(recipe, "a key file")
        return self._read()

    def _write(self, key: bytes) -> None:
        # Written aside and linked into place: another process sees the whole file or none.
        aside = self.path.with_name(f"{self.path.name}.{secrets.token_hex(4)}.tmp")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, f"{_FILE_PREFIX}{base64.b64encode(key).decode('ascii')}\n".encode("ascii"))
                os.fsync(handle)
            finally:
                os.close(handle)
            try:
                os.link(aside, self.path)
            except FileExistsError:
                pass  # another process was first; its key is read below
            finally:
                aside.unlink()
        except OSError as error:
            raise ConfigError(f"key file {self.path}: cannot be written ({error.strerror})") from error

    def _read(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                status = os.fstat(file.fileno())
                content = file.read(1024)
        except FileNotFoundError:
            raise ConfigError(f"key file {self.path}: it is missing; put it back from your backup") from None
        except OSError as error:
            raise ConfigError(f"key file {self.path}: cannot be read ({error.strerror})") from error
        _check_private(self.path, status)
        prefix, _, rest = content.partition(b":")
        try:
            key = base64.b64decode(rest.strip(), validate=True)
        except binascii.Error:
            key = b""
        if prefix + b":" != _FILE_PREFIX.encode("ascii") or len(key) != KEY_SIZE:
            raise ConfigError(f"key file {self.path}: this is no memveil key file")
        return key


@dataclass(frozen=True, slots=True)
class KeyringKey:
    """An entry of the system's keyring, service ``memveil``; each new key is an entry of its own."""

    def create(self, vault_uid: bytes) -> tuple[bytes, KeyRecipe]:
        """Store a new key and read it back, so that a keyring that keeps nothing is found out now."""
        import keyring
        from keyring.errors import KeyringError

        key = new_key()
        # Never the entry of an older key: until the vault has changed over, that one opens it.
        recipe = KeyRecipe("keyring", entry=f"{vault_uid.hex()}-{secrets.token_hex(4)}")
        try:
            keyring.set_password(_SERVICE, recipe.entry, base64.b64encode(key).decode("ascii"))
        except KeyringError as error:
            raise ConfigError(f"keyring: no usable keyring ({type(error).__name__}); use a key file") from None
        if self._stored(recipe.entry) != key:
            raise ConfigError("keyring: it does not keep what it is given; use a key file")
        return key, recipe

    def open(self, vault_uid: bytes, recipe: KeyRecipe) -> bytes:
        """Read the entry of this vault."""
        del vault_uid
        if recipe.source != "keyring":
            raise ConfigError(f"key: this vault opens with a {recipe.source}, not with a keyring entry")
        key = self._stored(recipe.entry)
        if key is None:
            raise ConfigError(
                f"keyring: it has no entry {_SERVICE}/{recipe.entry}; log in as the user who made the vault"
            )
        return key

    def delete(self, recipe: KeyRecipe) -> None:
        """Remove the entry of a key that opens nothing any more; a missing one is fine."""
        import keyring
        from keyring.errors import KeyringError, PasswordDeleteError

        try:
            keyring.delete_password(_SERVICE, recipe.entry)
        except PasswordDeleteError:
            return
        except KeyringError as error:
            raise ConfigError(f"keyring: no usable keyring ({type(error).__name__})") from None

    def _stored(self, entry: str) -> bytes | None:
        import keyring
        from keyring.errors import KeyringError

        try:
            text = keyring.get_password(_SERVICE, entry)
        except KeyringError as error:
            raise ConfigError(f"keyring: no usable keyring ({type(error).__name__}); use a key file") from None
        if text is None:
            return None
        try:
            key = base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_SIZE:
            raise ConfigError(f"keyring: the entry {_SERVICE}/{entry} is no memveil key")
        return key


def _refuse_passphrase(recipe: KeyRecipe, given: str) -> None:
    if recipe.source == "passphrase":
        raise ConfigError(f"key: this vault opens with a passphrase, not with {given}")


def _check_private(path: Path, status: os.stat_result) -> None:
    if sys.platform == "win32":  # access lists, not modes, say who may read a file there
        return
    if not stat.S_ISREG(status.st_mode):
        raise ConfigError(f"key file {path}: this is no regular file")
    if status.st_uid not in (os.geteuid(), 0):
        raise ConfigError(f"key file {path}: it belongs to another user")
    if status.st_mode & 0o077:
        raise ConfigError(f"key file {path}: others may read it; run: chmod 600 {path}")
