"""Key sources: what they give, and what they say when something is wrong."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.backends.fail
import keyring.errors
import pytest

from memveil.errors import ConfigError
from memveil.vault.crypto import new_key, new_uid
from memveil.vault.keys import RFC9106, Argon2, KeyFile, KeyRecipe, KeyringKey, Passphrase, RawKey, argon2id

UID = new_uid()
CHEAP = Argon2(iterations=1, lanes=1, memory=8)
PASSPHRASE_RECIPE = KeyRecipe("passphrase", b"s" * 16, CHEAP)


class FakeKeyring(keyring.backend.KeyringBackend):
    """A keyring in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.entries.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError("no such entry")


@pytest.fixture(name="ring")
def _ring() -> Iterator[FakeKeyring]:
    before = keyring.get_keyring()
    ring = FakeKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


@pytest.fixture(name="_no_ring")
def _without_ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    yield
    keyring.set_keyring(before)


def test_a_key_file_is_made_once_and_read_afterwards(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "folder" / "vault.key")
    key, recipe = source.create(UID)

    assert len(key) == 32
    assert recipe == KeyRecipe("key file")
    assert source.open(UID, recipe) == key
    assert source.create(UID)[0] == key
    assert [file.name for file in source.path.parent.iterdir()] == ["vault.key"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing on Windows")
def test_a_key_file_is_its_owners_alone(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "vault.key")
    before = os.umask(0)
    try:
        source.create(UID)
    finally:
        os.umask(before)

    assert stat.S_IMODE(source.path.stat().st_mode) == 0o600
    source.path.chmod(0o640)
    with pytest.raises(ConfigError, match="chmod 600"):
        source.open(UID, KeyRecipe("key file"))


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can give a file away")
def test_a_key_file_of_another_user_is_refused(tmp_path: Path) -> None:
    source = KeyFile(tmp_path / "vault.key")
    source.create(UID)
    os.chown(source.path, 12345, 12345)

    with pytest.raises(ConfigError, match="another user"):
        source.open(UID, KeyRecipe("key file"))


@pytest.mark.parametrize("content", [b"", b"memveil-key-v1:", b"memveil-key-v1:AAAA\n", b"\xff\0", b"x" * 5000])
def test_a_file_that_is_no_key_file_is_refused_without_its_content(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vault.key"
    path.write_bytes(content)
    path.chmod(0o600)

    with pytest.raises(ConfigError, match="no memveil key file"):
        KeyFile(path).open(UID, KeyRecipe("key file"))


def test_a_missing_key_file_is_never_made_up(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"vault\.key: it is missing"):
        KeyFile(tmp_path / "vault.key").open(UID, KeyRecipe("key file"))

    assert not (tmp_path / "vault.key").exists()


def test_a_key_file_that_cannot_be_written_or_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigError, match="cannot be written"):
        KeyFile(tmp_path / "file" / "vault.key").create(UID)
    with pytest.raises(ConfigError, match="cannot be read"):
        KeyFile(tmp_path).open(UID, KeyRecipe("key file"))


def test_a_passphrase_gives_the_same_key_for_the_same_recipe() -> None:
    source = Passphrase("correct horse", CHEAP)
    key, recipe = source.create(UID)

    assert len(recipe.salt) == 16
    assert source.open(UID, recipe) == key
    assert Passphrase("correct horse").open(UID, recipe) == key
    assert Passphrase("correct horsf").open(UID, recipe) != key
    assert source.create(UID)[0] != key


def test_the_default_cost_is_the_one_of_rfc_9106() -> None:
    assert (RFC9106.iterations, RFC9106.lanes, RFC9106.memory) == (3, 4, 65536)
    assert Passphrase("x").cost == RFC9106


def test_argon2id_gives_the_answer_of_the_reference_implementation() -> None:
    """From the test vectors of the Argon2 reference code: t=2, m=64 MiB, p=1, version 0x13."""
    key = argon2id("password", b"somesalt", Argon2(iterations=2, lanes=1, memory=65536))

    assert key.hex() == "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"


@pytest.mark.parametrize("cost", [(0, 1, 64), (1, 0, 64), (1, 1, 7), (1, 1, 5 << 20), (65, 1, 64), (1, 65, 1024)])
def test_a_forged_cost_is_refused(cost: tuple[int, int, int]) -> None:
    with pytest.raises(ConfigError, match="argon2"):
        Argon2(*cost)


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(ConfigError, match="empty"):
        Passphrase("")


def test_a_raw_key_has_32_bytes() -> None:
    assert RawKey(b"k" * 32).create(UID) == (b"k" * 32, KeyRecipe("raw"))
    with pytest.raises(ConfigError, match="32 bytes"):
        RawKey(b"k" * 31)


def test_a_keyring_keeps_each_key_under_a_name_of_its_own(ring: FakeKeyring) -> None:
    one, first = KeyringKey().create(UID)
    two, second = KeyringKey().create(UID)

    assert KeyringKey().open(UID, first) == one
    assert KeyringKey().open(UID, second) == two
    assert one != two
    KeyringKey().delete(first)
    KeyringKey().delete(first)
    assert len(ring.entries) == 1
    with pytest.raises(ConfigError, match="no entry"):
        KeyringKey().open(UID, first)


def test_a_keyring_entry_that_is_no_key_is_refused(ring: FakeKeyring) -> None:
    _, recipe = KeyringKey().create(UID)
    ring.entries["memveil", recipe.entry] = "hunter2é"

    with pytest.raises(ConfigError, match="no memveil key") as caught:
        KeyringKey().open(UID, recipe)
    assert "hunter2" not in str(caught.value)


def test_a_keyring_that_keeps_nothing_is_found_out(ring: FakeKeyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ring, "set_password", lambda *_: None)

    with pytest.raises(ConfigError, match="does not keep"):
        KeyringKey().create(UID)


@pytest.mark.usefixtures("_no_ring")
def test_without_a_keyring_the_message_says_what_to_do() -> None:
    for use in (
        lambda: KeyringKey().create(UID),
        lambda: KeyringKey().open(UID, KeyRecipe("keyring", entry="x")),
        lambda: KeyringKey().delete(KeyRecipe("keyring", entry="x")),
    ):
        with pytest.raises(ConfigError, match="no usable keyring"):
            use()


def test_a_source_that_does_not_fit_the_vault_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="opens with a passphrase"):
        KeyFile(tmp_path / "k").open(UID, PASSPHRASE_RECIPE)
    with pytest.raises(ConfigError, match="opens with a passphrase"):
        RawKey(new_key()).open(UID, PASSPHRASE_RECIPE)
    with pytest.raises(ConfigError, match="opens with a key file"):
        Passphrase("x").open(UID, KeyRecipe("key file"))
    with pytest.raises(ConfigError, match="opens with a key file"):
        KeyringKey().open(UID, KeyRecipe("key file"))


def test_no_repr_shows_a_key_or_passphrase() -> None:
    assert "canary" not in repr([Passphrase("canary"), RawKey(b"canary".ljust(32))])
