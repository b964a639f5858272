"""``memveil vault export``, ``import`` and ``rekey``: what moves a vault or changes its key."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from memveil.cli import ui
from memveil.cli.arguments import WrongUsage
from memveil.cli.workspace import Workspace
from memveil.errors import ConfigError

if TYPE_CHECKING:
    from memveil.vault.keys import KeySource

__all__ = ["export_vault", "import_vault", "rekey_vault"]

_file = click.argument("file", type=click.Path(path_type=Path))


@click.command("export")
@_file
@click.option("--scope", "scopes", multiple=True, metavar="NAME", help="Only this scope; may be repeated.")
def export_vault(file: Path, scopes: Sequence[str]) -> None:
    """Write scopes into a new file that a passphrase opens."""
    from memveil.vault.transfer import export_scopes

    with Workspace() as workspace:
        vault = workspace.vault_to_read()
        passphrase = workspace.passphrase("EXPORT", is_new=True)
        moved = export_scopes(vault, file, passphrase, scopes=scopes or None)
    ui.say(f"{moved.entries} values of {moved.scopes} scopes exported; PL4 values are in no vault and in no export")


@click.command("import")
@_file
def import_vault(file: Path) -> None:
    """Read a file that `vault export` wrote; its scopes must not exist here."""
    from memveil.vault.transfer import import_scopes

    with Workspace() as workspace:
        moved = import_scopes(workspace.vault(), file, workspace.passphrase("EXPORT", is_new=False))
    ui.say(f"{moved.entries} values of {moved.scopes} scopes imported")


@click.command("rekey")
@click.option("--key-file", type=click.Path(path_type=Path), help="Change to this key file; it is made if missing.")
@click.option("--keyring", is_flag=True, help="Change to the system's keyring.")
@click.option("--passphrase", is_flag=True, help="Change to a passphrase.")
def rekey_vault(key_file: Path | None, *, keyring: bool, passphrase: bool) -> None:
    """Change the key of the vault, and seal everything again under it.

    Without an option a vault with the usual key file gets a new one in its
    place, and a change that was stopped half-way is finished.
    """
    if (key_file is not None) + keyring + passphrase > 1:
        raise WrongUsage("give one of --key-file, --keyring and --passphrase")
    with Workspace() as workspace:
        if key_file is None and not keyring and not passphrase:
            _renew_usual_key_file(workspace)
            return
        from memveil.vault.keys import KeyFile, KeyringKey

        new: KeySource
        if keyring:
            if workspace.vault().header.header.recipe.source == "keyring":
                # Its entry would be overwritten before the vault has changed: a stop would lose the vault.
                raise ConfigError("the vault opens with the keyring already, change to --key-file or --passphrase")
            new = KeyringKey()
        elif passphrase:
            new = workspace.passphrase("NEW", is_new=True)
        else:
            new = KeyFile(Path(key_file or ""))
        _rekey(workspace, new)


def _renew_usual_key_file(workspace: Workspace) -> None:
    from memveil.vault.keys import KeyFile
    from memveil.vault.location import key_file_beside
    from memveil.vault.rekey import finish_rekey, scopes_to_rekey

    vault = workspace.vault()
    if scopes_to_rekey(vault):
        ui.say(f"{finish_rekey(vault)} values sealed again, the change of the key is finished")
        return
    if vault.header.header.recipe.source != "key file" or workspace.key() is not None:
        raise WrongUsage("give one of --key-file, --keyring and --passphrase")
    usual = key_file_beside(workspace.vault_path)
    # Kept beside the old one until the vault has changed: at every moment one of the two opens it.
    fresh = usual.with_name(f"{usual.name}.new")
    _rekey(workspace, KeyFile(fresh))
    fresh.replace(usual)


def _rekey(workspace: Workspace, key: KeySource) -> None:
    from memveil.vault.rekey import rekey

    sealed = rekey(workspace.vault(), key)
    ui.say(f"the key was changed and {sealed} values were sealed again, other programs must open the vault again")
