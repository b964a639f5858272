"""Where the vault of this user lies, and how it opens without being told.

The default is one SQLite file in the platform's data folder, with a key file
beside it that only its owner can read. A vault remembers in its header whether
a key file, the keyring or a passphrase opens it, so opening needs no guess.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memveil.errors import ConfigError, WrongKey
from memveil.vault.header import parse_header
from memveil.vault.keys import KeyFile, KeyringKey, KeySource
from memveil.vault.rekey import change_master_key, finish_rekey
from memveil.vault.sqlite import open_sqlite, open_sqlite_read_only, stored_header
from memveil.vault.table import TableVault

__all__ = ["default_key", "default_path", "key_file_beside", "open_vault", "open_vault_read_only", "rekey_key_file"]


def default_path() -> Path:
    """``vault.db`` in the user's data folder of the platform; nothing is created."""
    import platformdirs

    return platformdirs.user_data_path("memveil", appauthor=False) / "vault.db"


def key_file_beside(path: Path) -> Path:
    """The key file of a vault that was told no other key: ``vault.key`` beside ``vault.db``."""
    return path.with_suffix(".key")


def default_key(path: Path) -> KeySource:
    """The key source that the vault at ``path`` was made with; for a new one, the key file beside it.

    Raises:
        ConfigError: the vault opens with a passphrase or with a key that only the caller has.
    """
    stored = stored_header(path)
    if stored is None:
        return KeyFile(key_file_beside(path))
    source = parse_header(stored).recipe.source
    if source == "key file":
        return KeyFile(key_file_beside(path))
    if source == "keyring":
        return KeyringKey()
    wanted = "a passphrase" if source == "passphrase" else "a key of your own"
    raise ConfigError(f"key: the vault {path} opens with {wanted}; give it")


def open_vault(path: Path | None = None, key: KeySource | None = None) -> TableVault:
    """Open a vault, or make it on first use.

    Args:
        path: the file; :func:`default_path` where absent.
        key: the key source; :func:`default_key` where absent.

    Raises:
        ConfigError, WrongKey, Tampered, NewerVault, VaultError: see :func:`memveil.vault.sqlite.open_sqlite`.
    """
    path = default_path() if path is None else path
    if key is not None:
        return open_sqlite(path, key)
    following = _following(path)
    try:
        return open_sqlite(path, default_key(path))
    except WrongKey:
        # A change of the key file was stopped between the vault and the file.
        if not following.exists():
            raise
        vault = open_sqlite(path, KeyFile(following))
        following.replace(key_file_beside(path))
        return vault


def rekey_key_file(vault: TableVault, path: Path, *, progress: Callable[[int], object] | None = None) -> int:
    """Give a vault with the key file beside it new keys, and the file its new content.

    May be stopped at any point: :func:`open_vault` finds the right file, and
    :func:`memveil.vault.rekey.finish_rekey` goes on. Arguments, answer and errors as
    :func:`memveil.vault.rekey.rekey`.
    """
    following = _following(path)
    change_master_key(vault, KeyFile(following))
    following.replace(key_file_beside(path))
    return finish_rekey(vault, progress=progress)


def open_vault_read_only(path: Path | None = None, key: KeySource | None = None) -> TableVault:
    """Open an existing vault for reading; arguments and errors as :func:`open_vault`."""
    path = default_path() if path is None else path
    return open_sqlite_read_only(path, default_key(path) if key is None else key)


def _following(path: Path) -> Path:
    key = key_file_beside(path)
    return key.with_name(key.name + ".next")
