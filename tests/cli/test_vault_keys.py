from __future__ import annotations

from pathlib import Path

import pytest

from memveil.cli import vault_keys
from memveil.errors import ConfigError
from memveil.testing import CANARIES
from memveil.vault import rekey as rekey_module
from memveil.vault.keys import KeyFile, KeyRecipe, KeyringKey
from tests.cli.terminal import memveil

MAIL = CANARIES["Email"]


@pytest.fixture(name="vault")
def _vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault with one value."""
    path = tmp_path / "vault.db"
    monkeypatch.setenv("MEMVEIL_VAULT", str(path))
    assert memveil(monkeypatch, "protect", stdin=MAIL).stdout == "<Email_1>"
    return path


def test_a_change_of_key_that_stopped_half_way_is_finished(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The master key has changed; no scope has its new data key yet."""
    with monkeypatch.context() as patch:
        patch.setattr(rekey_module, "finish_rekey", lambda vault, progress=None: 0)
        assert memveil(monkeypatch, "vault rekey").code == 0

    ran = memveil(monkeypatch, "vault rekey")

    assert ran.stderr == "memveil: 1 values sealed again, the change of the key is finished\n"
    assert memveil(monkeypatch, "restore", stdin="<Email_1>").stdout == MAIL


def test_a_change_that_fails_leaves_the_old_key_in_its_place(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = vault.with_suffix(".key").read_bytes()

    def fail(vault: object, key: object) -> None:
        raise ConfigError("key: no")

    with monkeypatch.context() as patch:
        patch.setattr(rekey_module, "change_master_key", fail)
        assert memveil(monkeypatch, "vault rekey").code == 1

    assert vault.with_suffix(".key").read_bytes() == before
    assert memveil(monkeypatch, "restore", stdin="<Email_1>").stdout == MAIL


class _FakeKeyring:
    """A key file that says it is the keyring: this machine has none."""

    def __init__(self, path: Path) -> None:
        self._file = KeyFile(path)

    def create(self, vault_uid: bytes) -> tuple[bytes, KeyRecipe]:
        return self._file.create(vault_uid)[0], KeyRecipe("keyring")

    def open(self, vault_uid: bytes, recipe: KeyRecipe) -> bytes:
        return self._file.open(vault_uid, KeyRecipe("key file"))


def test_the_keyring_is_not_asked_to_overwrite_its_own_entry(
    vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = _FakeKeyring(tmp_path / "ring")
    monkeypatch.setattr(KeyringKey, "create", lambda self, uid: fake.create(uid))
    monkeypatch.setattr(KeyringKey, "open", lambda self, uid, recipe: fake.open(uid, recipe))

    assert memveil(monkeypatch, "vault rekey --keyring").code == 0
    again = memveil(monkeypatch, "vault rekey --keyring")

    assert again.code == 1
    assert again.stderr.startswith("memveil: the vault opens with the keyring already")
    assert memveil(monkeypatch, "restore", stdin="<Email_1>").stdout == MAIL
    assert vault_keys.__all__


def test_a_new_passphrase_is_asked_for_twice(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def answer(text: str, *, hide_input: bool, err: bool, confirmation_prompt: bool) -> str:
        asked.append(confirmation_prompt)
        return "larch door"

    monkeypatch.setattr("click.prompt", answer)

    assert memveil(monkeypatch, "vault rekey --passphrase", terminal="stdin stderr").code == 0
    monkeypatch.setenv("MEMVEIL_PASSPHRASE", "larch door")
    assert memveil(monkeypatch, "restore", stdin="<Email_1>").stdout == MAIL
    assert asked == [True]
