"""The header of a vault: its identity, how its key is found, and the proof of that key.

The header is JSON, so that a person can read which source a vault wants. A
plain checksum tells damage (``Tampered``) from a wrong key (``WrongKey``).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import NamedTuple

from memveil.errors import ConfigError, Tampered, WrongKey
from memveil.vault.crypto import MasterKeys, NameIndex, from_text, new_key, new_uid, same, to_text
from memveil.vault.keys import Argon2, KeyRecipe, KeySource

__all__ = [
    "Header",
    "OpenHeader",
    "StoredHeader",
    "create_header",
    "open_header",
    "parse_header",
    "renew_header",
]


class StoredHeader(NamedTuple):
    """The header as a backend keeps it."""

    data: bytes
    checksum: bytes
    proof: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """The header in clear: nothing in it is secret.

    Args:
        uid: identity of the vault, 16 random bytes.
        epoch: how often the master key was changed.
        recipe: how to find the master key.
        sealed_secret: the secret of the scope-name index, sealed by the master key.
    """

    uid: bytes
    epoch: int
    recipe: KeyRecipe
    sealed_secret: bytes


@dataclass(frozen=True, slots=True, repr=False)
class OpenHeader:
    """A header whose key was proved, with what the key opens."""

    stored: StoredHeader
    header: Header
    keys: MasterKeys
    names: NameIndex
    secret: bytes


def create_header(source: KeySource) -> OpenHeader:
    """Header of a new vault."""
    uid, secret = new_uid(), new_key()
    return _build(source, uid, 0, secret)


def renew_header(old: OpenHeader, source: KeySource) -> OpenHeader:
    """The same vault under another master key; the index secret stays (see ``NameIndex``)."""
    return _build(source, old.header.uid, old.header.epoch + 1, old.secret)


def open_header(stored: StoredHeader, source: KeySource) -> OpenHeader:
    """Check a stored header and prove the key.

    Raises:
        Tampered: the header is damaged.
        WrongKey: the source's key is not the key of this vault.
        ConfigError: the source has no key to offer.
    """
    header = parse_header(stored)
    keys = MasterKeys(source.open(header.uid, header.recipe), header.uid)
    if not keys.proves(stored.data, stored.proof):
        raise WrongKey(f"the key does not open this vault; it was made with a {header.recipe.source}")
    secret = keys.open_secret(header.sealed_secret)
    return OpenHeader(stored, header, keys, NameIndex(secret), secret)


def parse_header(stored: StoredHeader) -> Header:
    """Read a stored header without its key; raises ``Tampered``."""
    if not same(_checksum(stored.data, stored.proof), stored.checksum):
        raise Tampered("the header of the vault is damaged")
    try:
        fields = json.loads(stored.data)
        cost = fields["argon2"]
        recipe = KeyRecipe(
            fields["key"],
            from_text(fields["salt"]),
            None if cost is None else Argon2(cost["iterations"], cost["lanes"], cost["memory"]),
            str(fields["entry"]),
        )
        return Header(bytes.fromhex(fields["vault"]), int(fields["epoch"]), recipe, from_text(fields["secret"]))
    except (ValueError, KeyError, TypeError, ConfigError):
        raise Tampered("the header of the vault cannot be read") from None


def _build(source: KeySource, uid: bytes, epoch: int, secret: bytes) -> OpenHeader:
    master, recipe = source.create(uid)
    keys = MasterKeys(master, uid)
    header = Header(uid, epoch, recipe, b"")
    header = replace(header, sealed_secret=keys.seal_secret(secret))
    data = _encode(header)
    proof = keys.proof(data)
    stored = StoredHeader(data, _checksum(data, proof), proof)
    return OpenHeader(stored, header, keys, NameIndex(secret), secret)


def _encode(header: Header) -> bytes:
    cost = header.recipe.argon2
    fields = {
        "vault": header.uid.hex(),
        "epoch": header.epoch,
        "key": header.recipe.source,
        "entry": header.recipe.entry,
        "salt": to_text(header.recipe.salt),
        "argon2": None if cost is None else {"iterations": cost.iterations, "lanes": cost.lanes, "memory": cost.memory},
        "secret": to_text(header.sealed_secret),
    }
    return json.dumps(fields, separators=(",", ":")).encode("ascii")


def _checksum(data: bytes, proof: bytes) -> bytes:
    return hashlib.sha256(data + proof).digest()
