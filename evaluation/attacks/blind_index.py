"""Look-up of low-entropy values: whoever holds the vault's file tries all phone numbers, ages and codes.

A vault must find a value again without decrypting every row, so it keeps an
index of each. Were it a plain hash, every value from a small set would be read
off it. The attack enumerates the sets and compares.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from evaluation.attacks.records import Finding
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.crypto import ScopeKeys
from memveil.vault.keys import KeyFile
from memveil.vault.sqlite import open_sqlite

__all__ = ["candidates", "hits", "run"]

_TYPE, _TAG = "Phone Number", "Phone"
_DIGEST = 16


def candidates(count: int) -> Iterator[str]:
    """The numbers of one invented exchange, which anybody can list."""
    return (f"+999 20 {number // 1000:03d} {number % 1000:03d}" for number in range(count))


def hits(index: Callable[[str], bytes], stored: frozenset[bytes], guesses: Sequence[str]) -> int:
    """How many guesses have their index among the stored ones."""
    return sum(index(each) in stored for each in guesses)


def run(*, listed: int = 20_000, stored: int = 200) -> Finding:
    """Enumerate ``listed`` numbers against an index of ``stored`` of them."""
    guesses = list(candidates(listed))
    values = guesses[:: listed // stored]
    key, uid = os.urandom(32), os.urandom(16)
    ours = ScopeKeys(key, uid)
    blind = frozenset(ours.value_index(_TAG, _TYPE, value) for value in values)
    plain = frozenset(_plain(value) for value in values)
    other_key = ScopeKeys(os.urandom(32), uid)
    other_scope = ScopeKeys(os.urandom(32), os.urandom(16))
    rows = [
        ("a plain SHA-256 in its place (not memveil)", hits(_plain, plain, guesses)),
        ("blind index, file only: plain hashes of the guesses", hits(_plain, blind, guesses)),
        ("blind index, file only: the scope's identity taken for the key", hits(_keyed(uid), blind, guesses)),
        ("blind index, another random key", hits(lambda v: other_key.value_index(_TAG, _TYPE, v), blind, guesses)),
        ("blind index, the key of another scope", hits(lambda v: other_scope.value_index(_TAG, _TYPE, v), blind, guesses)),
        ("blind index, with the scope's key (the attacker can decrypt the rows as well)",
         hits(lambda v: ours.value_index(_TAG, _TYPE, v), blind, guesses)),
    ]  # fmt: skip
    table = [(name, f"{found} of {len(values)}") for name, found in rows]
    in_file = _in_file(values)
    table.append(
        ("the vault's real file: values or their plain hashes anywhere in its bytes", f"{in_file} of {len(values)}")
    )
    return Finding(
        title="Look-up of low-entropy values in the vault",
        lines=(
            f"{len(values)} phone numbers are stored, the attacker lists all {listed:,} of their exchange. The index is "
            "HMAC-SHA256 under a key of the scope, cut to 16 bytes; without the key a guess cannot be checked, however few "
            "guesses there are. Whoever has the key needs no guess. What the file shows without a key: how many rows a "
            "scope has, and their sealed lengths in steps of 32 bytes.",
        ),
        header=("attack", "numbers found"),
        rows=tuple(table),
    )


def _plain(value: str) -> bytes:
    return hashlib.sha256(value.encode()).digest()[:_DIGEST]


def _keyed(key: bytes) -> Callable[[str], bytes]:
    return lambda value: hmac.digest(key, value.encode(), "sha256")[:_DIGEST]


def _in_file(values: Sequence[str]) -> int:
    """Store the values in a real vault and look for them in its bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vault.db"
        vault = open_sqlite(path, KeyFile(Path(folder) / "key"))
        vault.assign("attacked", [NewValue(value, _TYPE, PrivacyLevel.PL2, _TAG) for value in values])
        vault.close()
        data = b"".join(each.read_bytes() for each in sorted(Path(folder).glob("vault.db*")))
    return sum(value.encode() in data or _plain(value) in data for value in values)
