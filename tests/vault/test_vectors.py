"""The committed vaults of format v1 are read for ever: by memveil, and by a reader made from the specification alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from memveil.errors import WrongKey
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.doctor import verify
from memveil.vault.keys import KeySource, Passphrase, RawKey
from memveil.vault.sqlite import open_sqlite
from memveil.vault.table import TableVault
from memveil.vault.transfer import GAP, import_scopes

FOLDER = Path(__file__).parent.parent / "vectors" / "vault-v1"
EXPECTED: dict[str, Any] = json.loads((FOLDER / "expected.json").read_text())
KEYS: dict[str, KeySource] = {
    "raw-key": RawKey(bytes.fromhex(EXPECTED["key"])),
    "passphrase": Passphrase(EXPECTED["passphrase"]),
}


def rows(vault: TableVault, scope: str) -> list[dict[str, object]]:
    return [
        {
            "placeholder": entry.placeholder,
            "value": entry.value,
            "type": entry.privacy_type,
            "level": int(entry.level),
            "position": entry.position,
        }
        for entry in vault.known(scope)
    ]


@pytest.fixture(name="vault", params=list(KEYS))
def _vault(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TableVault]:
    path = tmp_path / "vault.db"
    shutil.copy(FOLDER / f"{request.param}.db", path)
    vault = open_sqlite(path, KEYS[request.param])
    yield vault
    vault.close()


def test_every_value_is_where_it_was(vault: TableVault) -> None:
    assert vault.scopes() == sorted(EXPECTED["scopes"])
    for scope, expected in EXPECTED["scopes"].items():
        assert rows(vault, scope) == expected
        asked = {row["placeholder"]: row["value"] for row in expected}
        assert vault.lookup(scope, [*asked, "<Email_2>"]) == asked
    assert all(finding.sound for finding in verify(vault))


def test_equal_values_and_numbers_go_on(vault: TableVault) -> None:
    for scope, expected in EXPECTED["scopes"].items():
        again = [
            NewValue(row["value"], row["type"], PrivacyLevel(row["level"]), row["placeholder"][1:].rpartition("_")[0])
            for row in expected
        ]
        assert vault.assign(scope, again) == [row["placeholder"] for row in expected]
        for tag, number in EXPECTED["next"].items():
            assert vault.assign(scope, [NewValue("new", tag, PrivacyLevel.PL2, tag)]) == [f"<{tag}_{number}>"]
    forgotten = EXPECTED["forgotten"]
    new = vault.assign(forgotten["scope"], [NewValue("new", "Email", PrivacyLevel.PL2, "Email")])
    assert new == [f"<Email_{forgotten['first_number']}>"]


def test_a_wrong_key_is_a_wrong_key(tmp_path: Path) -> None:
    for name, key in (("raw-key", RawKey(bytes(32))), ("passphrase", Passphrase("correct horse battery stapler"))):
        shutil.copy(FOLDER / f"{name}.db", tmp_path / "vault.db")
        with pytest.raises(WrongKey):
            open_sqlite(tmp_path / "vault.db", key)


def test_the_export_imports(open_file: Callable[..., TableVault]) -> None:
    vault = open_file()
    import_scopes(vault, FOLDER / "export", Passphrase(EXPECTED["passphrase"]))

    for scope, expected in EXPECTED["scopes"].items():
        assert rows(vault, scope) == expected
        new = vault.assign(scope, [NewValue("new", "Email", PrivacyLevel.PL2, "Email")])
        assert new == [f"<Email_{EXPECTED['next']['Email'] + GAP}>"]


# A second reader, from docs/spec/vault-v1.md alone.


def bind(*parts: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(part)) + part for part in parts)


def derive(key: bytes, salt: bytes, label: str) -> bytes:
    return HKDF(SHA256(), 32, salt, b"memveil vault v1 " + label.encode()).derive(key)


def unseal(key: bytes, sealed: bytes, *bound: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:12], sealed[12:], bind(*bound))


def text_of(padded: bytes) -> str:
    return padded.rstrip(b"\0")[:-1].decode("utf-8", "surrogatepass")


def mac(key: bytes, *parts: bytes) -> bytes:
    return hmac.digest(key, bind(*parts), "sha256")


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("name", list(KEYS))
def test_the_specification_is_enough_to_read_a_vault(name: str, tmp_path: Path) -> None:
    shutil.copy(FOLDER / f"{name}.db", tmp_path / "vault.db")
    connection = sqlite3.connect(tmp_path / "vault.db")
    query = connection.execute
    assert query("PRAGMA application_id").fetchone() == (0x6D566C74,)
    assert query("PRAGMA user_version").fetchone() == (1,)
    data, checksum, proof = query("SELECT data, checksum, proof FROM memveil_header").fetchone()
    assert hashlib.sha256(data + proof).digest() == checksum
    header = json.loads(data)
    vault_uid = bytes.fromhex(header["vault"])
    master = bytes.fromhex(EXPECTED["key"])
    if header["argon2"]:
        cost = header["argon2"]
        master = Argon2id(
            salt=base64.b64decode(header["salt"]),
            length=32,
            iterations=cost["iterations"],
            lanes=cost["lanes"],
            memory_cost=cost["memory"],
        ).derive(EXPECTED["passphrase"].encode())
    assert mac(derive(master, vault_uid, "master header"), b"header", data) == proof
    seal, wrap = derive(master, vault_uid, "master seal"), derive(master, vault_uid, "master wrap")
    secret = unseal(seal, base64.b64decode(header["secret"]), b"index secret", vault_uid)

    found: dict[str, list[dict[str, object]]] = {}
    for scope, uid, name_index, sealed_name, epoch in query(
        "SELECT id, uid, name_index, sealed_name, epoch FROM memveil_scope"
    ).fetchall():
        scope_name = text_of(unseal(seal, sealed_name, b"scope name", vault_uid, uid))
        assert mac(secret, b"scope name", encoded(scope_name))[:16] == name_index
        assert epoch == header["epoch"]
        ((key_id, wrapped),) = query("SELECT id, wrapped FROM memveil_key WHERE scope = ?", (scope,)).fetchall()
        data_key = unseal(wrap, wrapped, b"data key", vault_uid, uid)
        seals, indexes, counts = (
            derive(data_key, uid, label) for label in ("scope seal", "scope index", "scope counter")
        )
        kinds = {
            kind: json.loads(text_of(unseal(seals, sealed, b"label", uid)))
            for kind, sealed in query("SELECT id, sealed_label FROM memveil_kind WHERE scope = ?", (scope,))
        }
        counters: dict[str, int] = {}
        for _, label_index, sealed, value, counted in query(
            "SELECT id, label_index, sealed_label, value, proof FROM memveil_counter WHERE scope = ?", (scope,)
        ):
            label = text_of(unseal(seals, sealed, b"label", uid))
            assert mac(indexes, b"label", encoded(label))[:16] == label_index
            assert mac(counts, b"counter", uid, encoded(label), value.to_bytes(8, "big")) == counted
            counters[label] = value
        assert counters["tag:Password"] == 3
        assert counters["erasures"] == 1
        found[scope_name] = []
        for position, number, kind, key, index, sealed in query(
            "SELECT position, number, kind, key, value_index, sealed FROM memveil_entry"
            " WHERE scope = ? ORDER BY position",
            (scope,),
        ):
            tag, privacy_type, level = kinds[kind]
            placeholder = f"<{tag}_{number}>"
            bound = (encoded(placeholder), encoded(privacy_type), bytes([level]), position.to_bytes(8, "big"))
            value = text_of(unseal(seals, sealed, b"value", uid, *bound))
            assert key == key_id
            assert mac(indexes, b"value", encoded(tag), encoded(privacy_type), encoded(value))[:16] == index
            found[scope_name].append(
                {
                    "placeholder": placeholder,
                    "value": value,
                    "type": privacy_type,
                    "level": level,
                    "position": position,
                }
            )
    names = query("SELECT name_index, floor, alive, proof FROM memveil_name").fetchall()
    connection.close()

    assert found == EXPECTED["scopes"]
    for index, floor, alive, proved in names:
        assert mac(secret, b"name state", index, floor.to_bytes(8, "big"), bytes([alive])) == proved
    assert {alive for *_, alive, _ in names} == {0, 1}
