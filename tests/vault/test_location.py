"""Where the vault lies and how it opens without being told."""

from __future__ import annotations

from pathlib import Path

import pytest

from memveil.errors import ConfigError, VaultError, WrongKey
from memveil.spans import PrivacyLevel
from memveil.vault import location
from memveil.vault.base import NewValue
from memveil.vault.crypto import new_key
from memveil.vault.keys import Argon2, KeyFile, Passphrase, RawKey
from memveil.vault.location import (
    default_path,
    key_file_beside,
    open_vault,
    open_vault_read_only,
    rekey_key_file,
)

MAIL = NewValue("x@y.example", "Email", PrivacyLevel.PL2, "Email")


def test_the_default_is_a_file_with_its_key_beside_it() -> None:
    path = default_path()

    assert path.name == "vault.db"
    assert not path.parent.exists()
    with_values = open_vault()
    with_values.assign("a", [MAIL])
    with_values.close()
    assert {file.name for file in path.parent.iterdir()} == {"vault.db", "vault.key"}
    again = open_vault_read_only()
    assert again.lookup("a", ["<Email_1>"]) == {"<Email_1>": "x@y.example"}
    again.close()


def test_a_missing_key_file_is_named_and_not_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    open_vault(path).close()
    key_file_beside(path).unlink()

    with pytest.raises(ConfigError, match=r"v\.key: it is missing"):
        open_vault(path)
    assert not key_file_beside(path).exists()


@pytest.mark.parametrize(
    ("key", "wanted"),
    [
        (Passphrase("x", Argon2(iterations=1, lanes=1, memory=8)), "opens with a passphrase; give it"),
        (RawKey(new_key()), "opens with a key of your own; give it"),
    ],
)
def test_a_vault_says_what_key_it_wants(tmp_path: Path, key: Passphrase | RawKey, wanted: str) -> None:
    open_vault(tmp_path / "v.db", key).close()

    with pytest.raises(ConfigError, match=wanted):
        open_vault(tmp_path / "v.db")
    open_vault(tmp_path / "v.db", key).close()


def test_a_vault_of_the_keyring_asks_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys: dict[str, str] = {}
    import keyring

    monkeypatch.setattr(keyring, "set_password", lambda _, name, text: keys.update({name: text}))
    monkeypatch.setattr(keyring, "get_password", lambda _, name: keys.get(name))
    open_vault(tmp_path / "v.db", location.KeyringKey()).close()

    open_vault(tmp_path / "v.db").close()
    assert not key_file_beside(tmp_path / "v.db").exists()
    keys.clear()
    with pytest.raises(ConfigError, match="no entry"):
        open_vault(tmp_path / "v.db")


def test_a_wrong_key_file_is_a_wrong_key(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    open_vault(path).close()
    key_file_beside(path).unlink()
    KeyFile(key_file_beside(path)).create(b"")

    with pytest.raises(WrongKey):
        open_vault(path)


def test_a_vault_can_be_read_only_when_it_exists(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="no such file"):
        open_vault_read_only(tmp_path / "v.db")
    assert not (tmp_path / "v.db").exists()


def test_the_key_file_changes_with_the_key(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    vault = open_vault(path)
    vault.assign("a", [MAIL])
    before = key_file_beside(path).read_text()

    assert rekey_key_file(vault, path) == 1
    vault.close()
    assert key_file_beside(path).read_text() != before
    assert {file.name for file in tmp_path.iterdir()} >= {"v.db", "v.key"}
    assert not (tmp_path / "v.key.next").exists()
    again = open_vault(path)
    assert again.lookup("a", ["<Email_1>"]) == {"<Email_1>": "x@y.example"}
    again.close()


def test_a_change_of_the_key_file_that_was_stopped_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "v.db"
    vault = open_vault(path)
    vault.assign("a", [MAIL])
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rekey_key_file(vault, path)
    vault.close()

    again = open_vault(path)
    assert again.lookup("a", ["<Email_1>"]) == {"<Email_1>": "x@y.example"}
    again.close()
    assert not (tmp_path / "v.key.next").exists()
    open_vault(path).close()


def test_a_key_file_that_was_made_for_a_change_that_never_came_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "v.db"
    open_vault(path).close()
    KeyFile(tmp_path / "v.key.next").create(b"")

    vault = open_vault(path)
    assert rekey_key_file(vault, path) == 0
    vault.close()
    open_vault(path).close()
