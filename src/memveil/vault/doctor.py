"""Checks of a vault in use: what its owner should know and can mend.

`examine` is quick and changes nothing but one canary of its own; `verify`
reads every entry. Findings hold places and counts, never a value or a name.
"""

from __future__ import annotations

import os
import secrets
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memveil.errors import Tampered, VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.migrations import FORMAT
from memveil.vault.opened import ScopeWork
from memveil.vault.rekey import scopes_to_rekey
from memveil.vault.sqlite import SqliteDatabase
from memveil.vault.table import TableVault

__all__ = ["Finding", "examine", "verify"]

# One scope for all examinations: its name stays remembered after it is forgotten.
_CANARY_SCOPE = "memveil doctor"
_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """Outcome of one check.

    Args:
        check: what was looked at.
        sound: whether all is well.
        detail: what was found, and what to do about it.
    """

    check: str
    sound: bool
    detail: str


def examine(vault: TableVault) -> list[Finding]:
    """Permissions, structure, key, pending work, and one value written, read and erased."""
    return list(_examine(vault))


def verify(vault: TableVault) -> list[Finding]:
    """Decrypt and cross-check every entry; takes about half a minute for a million."""
    findings: list[Finding] = []
    total = 0
    for scope in vault.scopes():
        try:
            total += _verify_scope(vault, scope)
        except Tampered as error:
            findings.append(Finding("entries", sound=False, detail=f"{error}; restore a backup"))
    if not findings:
        findings.append(Finding("entries", sound=True, detail=f"{total} entries decrypt where they stand"))
    return findings


def _examine(vault: TableVault) -> Iterator[Finding]:
    database = vault.database
    if isinstance(database, SqliteDatabase):
        yield from _permissions(database.path)
        wrong = database.check()
        yield Finding("structure", sound=not wrong, detail="; ".join(wrong) or "SQLite finds nothing wrong")
    header = vault.header.header
    yield Finding("key", sound=True, detail=f"opens the vault (from a {header.recipe.source}); format {FORMAT}")
    waiting = len(scopes_to_rekey(vault))
    yield Finding(
        "rekey",
        sound=not waiting,
        detail=f"{waiting} scopes wait for a new data key; run rekey to finish" if waiting else "nothing is pending",
    )
    yield _round_trip(vault)


def _permissions(path: Path) -> Iterator[Finding]:
    if sys.platform == "win32":  # access lists, not modes, say who may read a file there
        return
    for each, forbidden, advice in (
        (path, 0o077, "600"),
        (path.with_name(path.name + "-wal"), 0o077, "600"),
        (path.parent, 0o022, "700"),
    ):
        try:
            status = each.stat()
        except FileNotFoundError:
            continue
        if status.st_uid not in (os.geteuid(), 0):
            yield Finding("permissions", sound=False, detail=f"{each} belongs to another user")
        elif stat.S_IMODE(status.st_mode) & forbidden:
            yield Finding("permissions", sound=False, detail=f"{each} is open to others; run: chmod {advice} {each}")
        else:
            yield Finding("permissions", sound=True, detail=f"{each} is its owner's alone")


def _round_trip(vault: TableVault) -> Finding:
    value = secrets.token_hex(16)
    try:
        wanted = NewValue(value, "Device ID", PrivacyLevel.PL2, "Canary")
        (placeholder,) = vault.assign(_CANARY_SCOPE, [wanted])
        found = vault.lookup(_CANARY_SCOPE, [placeholder])
        vault.forget(_CANARY_SCOPE)
        gone = not vault.lookup(_CANARY_SCOPE, [placeholder])
    except VaultError as error:
        return Finding("round trip", sound=False, detail=str(error))
    sound = found == {placeholder: value} and gone
    return Finding("round trip", sound=sound, detail="a value was written, read and erased" if sound else "it failed")


def _verify_scope(vault: TableVault, scope: str) -> int:
    count, after = 0, 0
    while True:

        def page(work: ScopeWork, after: int = after) -> tuple[int, int]:
            counters = {label: row.value for label, row in work.counters().items()}
            rows = work.rows.entries_after(work.scope.id, after, _PAGE)
            for row in rows:
                entry, kind = work.entry(row), work.kind(row.kind)
                if row.number > counters.get(f"tag:{kind.tag}", 0) or row.position > counters.get("position", 0):
                    raise Tampered(f"{entry.placeholder} is beyond its counter")
                if work.index(row, entry.value) != row.value_index:
                    raise Tampered(f"{entry.placeholder} cannot be found by its value")
            return len(rows), rows[-1].position if rows else after

        found, after = vault.reading(scope, page) or (0, after)
        count += found
        if found < _PAGE:
            return count
