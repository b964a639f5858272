"""``memveil vault``: look at what is kept, and forget it. Values appear only with ``--reveal``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from memveil.cli import ui
from memveil.cli.arguments import WrongUsage
from memveil.cli.vault_keys import export_vault, import_vault, rekey_vault
from memveil.cli.workspace import Workspace
from memveil.errors import InputError

if TYPE_CHECKING:
    from memveil.spans import PrivacyLevel
    from memveil.vault.base import Vault

__all__ = ["vault"]

_scope_argument = click.argument("scope", required=False)
_yes_option = click.option("--yes", is_flag=True, help="Do not ask.")


@click.group()
def vault() -> None:
    """Look at what the vault keeps, move it, forget it."""


for _command in (export_vault, import_vault, rekey_vault):
    vault.add_command(_command)


@vault.command("list")
def list_scopes() -> None:
    """Scopes, with the number of values in each."""
    with Workspace() as workspace:
        if _is_missing(workspace):
            return
        store = workspace.vault_to_read()
        rows = [_scope_row(store, scope) for scope in store.scopes()]
    _table(("scope", "values", "PL3", "PL2"), rows)


@vault.command("show")
@_scope_argument
@click.option("--reveal", is_flag=True, help="Show the values, too.")
def show(scope: str | None, reveal: bool) -> None:
    """Placeholders of a scope, in the order they were given out."""
    with Workspace() as workspace:
        store = workspace.vault_to_read()
        entries = list(store.known(_existing(store, scope or workspace.scope)))
    header = ("placeholder", "level", "type", *(("value",) if reveal else ()))
    _table(
        header,
        [
            (entry.placeholder, str(entry.level), entry.privacy_type, *((entry.value,) if reveal else ()))
            for entry in entries
        ],
    )


@vault.command("forget")
@_scope_argument
@click.option("--placeholder", "placeholders", multiple=True, metavar="<NAME_N>", help="Only this one's value.")
@click.option("--value", "from_stdin", is_flag=True, help="Only the value that is given on standard input.")
@_yes_option
def forget(scope: str | None, placeholders: Sequence[str], from_stdin: bool, yes: bool) -> None:
    """Erase a scope for good, or some of its values. Their placeholders mean nothing afterwards.

    Prints the placeholders that memories elsewhere may still hold.
    """
    from memveil.vault.erasure import issued

    if placeholders and from_stdin:
        raise WrongUsage("--placeholder and --value exclude each other")
    with Workspace() as workspace:
        store = workspace.vault()
        name = _existing(store, scope or workspace.scope)
        if from_stdin:
            values = [_read_value()]
        else:
            known = store.lookup(name, placeholders)
            if len(known) < len(set(placeholders)):
                raise InputError("a placeholder was never issued in this scope, nothing was forgotten, see vault show")
            values = list(dict.fromkeys(known.values()))
        if not values:
            _confirm("erase all values of this scope for good?", yes)
            # Afterwards nobody could tell which placeholders a memory elsewhere may still hold.
            given = issued(store, name)
            ui.say(f"{_values(store.forget(name))} forgotten")
            ui.write("".join(f"{_range(tag, numbers)}\n" for tag, numbers in given.items()))
            return
        _confirm(f"erase {_values(len(values))} for good?", yes)
        gone = [placeholder for value in values for placeholder in store.forget_value(name, value)]
    ui.say(f"{_values(len(gone))} forgotten")
    ui.write("".join(f"{placeholder}\n" for placeholder in gone))


@vault.command("expire")
@click.option("--pl2", type=click.IntRange(min=1), metavar="DAYS", help="How long PL2 values are kept.")
@click.option("--pl3", type=click.IntRange(min=1), metavar="DAYS", help="How long PL3 values are kept.")
@_yes_option
def expire_values(pl2: int | None, pl3: int | None, yes: bool) -> None:
    """Erase values, of all scopes, that were not used for so many days. PL4 is never kept.

    Prints the placeholders that mean nothing afterwards, one a line: scope, placeholder.
    """
    from memveil.spans import PrivacyLevel
    from memveil.vault.erasure import Retention, expire

    given = {PrivacyLevel.PL2: pl2, PrivacyLevel.PL3: pl3}
    days = {level: count for level, count in given.items() if count is not None}
    if not days:
        raise WrongUsage("give --pl2, --pl3 or both")
    with Workspace() as workspace:
        if _is_missing(workspace):
            return
        _confirm("erase values that are older than that for good?", yes)
        erased = expire(workspace.vault(), Retention(days))
    ui.say(f"{_values(sum(map(len, erased.values())))} forgotten")
    ui.write("".join(f"{scope}\t{gone}\n" for scope, found in erased.items() for gone in found))


@vault.command("stats")
@_scope_argument
def stats(scope: str | None) -> None:
    """Counts by privacy type, of one scope or of all."""
    with Workspace() as workspace:
        if scope is None and _is_missing(workspace):
            return
        store = workspace.vault_to_read()
        names = store.scopes() if scope is None else [_existing(store, scope)]
        counts: Counter[str] = Counter()
        for name in names:
            counts.update(store.stats(name).by_type)
    from memveil.privacy_types import PRIVACY_TYPES

    rows = [(str(row.level), name, str(counts[name])) for name, row in PRIVACY_TYPES.items() if counts[name]]
    others = sorted(set(counts) - set(PRIVACY_TYPES))
    _table(("level", "type", "values"), [*rows, *(("", name, str(counts[name])) for name in others)])


def _scope_row(store: Vault, scope: str) -> tuple[str, ...]:
    from memveil.spans import PrivacyLevel

    by_level: dict[PrivacyLevel, int] = store.stats(scope).by_level
    counts = (by_level.get(level, 0) for level in (PrivacyLevel.PL3, PrivacyLevel.PL2))
    return (scope, str(sum(by_level.values())), *(str(count) for count in counts))


def _is_missing(workspace: Workspace) -> bool:
    """Whether there is no vault yet; says so."""
    if workspace.vault_path.exists():
        return False
    ui.say("there is no vault yet, nothing is kept")
    return True


def _existing(store: Vault, scope: str) -> str:
    # The name is not repeated: it may be somebody's.
    if scope not in store.scopes():
        raise InputError("the vault has no such scope, see vault list")
    return scope


def _read_value() -> str:
    from memveil.json_input import decode_text

    value = decode_text(sys.stdin.buffer.read()).removesuffix("\n").removesuffix("\r")
    if not value:
        raise InputError("no value on standard input, nothing was forgotten")
    return value


def _confirm(question: str, yes: bool) -> None:
    if yes:
        return
    if not ui.can_ask():
        raise WrongUsage("nobody is there to ask, give --yes")
    click.confirm(question, abort=True, err=True)


def _range(tag: str, numbers: range) -> str:
    first, last = f"<{tag}_{numbers.start}>", f"<{tag}_{numbers.stop - 1}>"
    return first if first == last else f"{first} to {last}"


def _values(count: int) -> str:
    return f"{count} value{'' if count == 1 else 's'}"


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    if not ui.on_terminal():
        ui.write("".join(ui.plain_table(header, rows)))
        return
    from rich.table import Table

    table = Table(*header, box=None, pad_edge=False, header_style="dim")
    for row in rows:
        table.add_row(*(ui.printable(cell) for cell in row))
    ui.console().print(table)
