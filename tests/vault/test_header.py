"""The header: which key opens a vault, and how damage differs from a wrong key."""

from __future__ import annotations

import hashlib
import json

import pytest

from memveil.errors import ConfigError, Tampered, WrongKey
from memveil.vault.crypto import new_key
from memveil.vault.header import StoredHeader, create_header, open_header, parse_header, renew_header
from memveil.vault.keys import Argon2, Passphrase, RawKey

KEY = RawKey(new_key())
PASSPHRASE = Passphrase("correct horse", Argon2(iterations=1, lanes=1, memory=8))


@pytest.mark.parametrize("source", [KEY, PASSPHRASE])
def test_a_header_opens_with_its_key(source: RawKey | Passphrase) -> None:
    made = create_header(source)
    opened = open_header(made.stored, source)

    assert opened.header == made.header
    assert opened.names.index("alice") == made.names.index("alice")


def test_another_key_is_a_wrong_key() -> None:
    with pytest.raises(WrongKey, match="made with a raw"):
        open_header(create_header(KEY).stored, RawKey(new_key()))
    with pytest.raises(WrongKey):
        open_header(create_header(PASSPHRASE).stored, Passphrase("correct horsf"))


def test_every_changed_byte_is_found() -> None:
    stored = create_header(KEY).stored
    for part in range(3):
        for at in range(len(stored[part])):
            fields = list(stored)
            fields[part] = fields[part][:at] + bytes([fields[part][at] ^ 1]) + fields[part][at + 1 :]
            with pytest.raises(Tampered):
                open_header(StoredHeader(*fields), KEY)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b'{"vault":"zz"}', b"\xff"])
def test_a_header_that_cannot_be_read_is_tampered(data: bytes) -> None:
    with pytest.raises(Tampered):
        parse_header(StoredHeader(data, hashlib.sha256(data).digest(), b""))


def test_a_forged_cost_is_refused_before_it_is_paid() -> None:
    stored = create_header(PASSPHRASE).stored
    fields = json.loads(stored.data)
    fields["argon2"]["memory"] = 1 << 40
    data = json.dumps(fields).encode()

    with pytest.raises((Tampered, ConfigError)):
        open_header(StoredHeader(data, hashlib.sha256(data + stored.proof).digest(), stored.proof), PASSPHRASE)


def test_a_renewed_header_is_the_same_vault_under_another_key() -> None:
    old, other = create_header(KEY), RawKey(new_key())
    new = renew_header(old, other)

    assert (new.header.uid, new.header.epoch) == (old.header.uid, 1)
    assert open_header(new.stored, other).names.index("a") == old.names.index("a")
    with pytest.raises(WrongKey):
        open_header(new.stored, KEY)


def test_the_header_shows_no_secret() -> None:
    made = create_header(KEY)

    assert made.secret.hex() not in repr(made)
    assert made.secret not in made.stored.data
    assert KEY.key not in made.stored.data
