"""Erasure beyond one scope or one value: retention times, and what may remain elsewhere.

Erasing a mapping here does not erase the placeholder there: a memory in the
cloud may keep `<Email_3>` for ever, as an empty word. `issued` says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from memveil.errors import ConfigError, VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.numbering import placeholder_of
from memveil.vault.opened import ERASURES, ScopeWork
from memveil.vault.rows import Rows
from memveil.vault.table import TableVault, today

__all__ = ["Retention", "expire", "issued"]

_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days a value is kept after it was last assigned, by level; a level left out is kept.

    Days are calendar days in UTC. PL4 has no place here: it is never stored.
    """

    days: Mapping[PrivacyLevel, int] = field(default_factory=dict[PrivacyLevel, int])

    def __post_init__(self) -> None:
        for level, days in self.days.items():
            if level == PrivacyLevel.PL4 or days < 1:
                raise ConfigError(f"retention.{level}: at least 1 day, and not for PL4, which is never stored")


def issued(vault: TableVault, scope: str) -> dict[str, range]:
    """Numbers given out in a scope, by tag: the placeholders that may still sit in a memory elsewhere.

    Placeholders of PL4 values and of erased values are among them. Ask before
    forgetting a scope: afterwards nobody can tell.
    """

    def read(work: ScopeWork) -> dict[str, range]:
        given = {label: row.value for label, row in work.counters().items() if label.startswith("tag:")}
        return {label.removeprefix("tag:"): range(1, given[label] + 1) for label in sorted(given)}

    return vault.reading(scope, read) or {}


def expire(vault: TableVault, retention: Retention, *, day: int | None = None) -> dict[str, list[str]]:
    """Erase what is kept for longer than ``retention`` allows.

    Args:
        vault: every scope of it.
        retention: days by level.
        day: days since 1970-01-01 UTC; the clock's by default.

    Returns:
        Erased placeholders by scope; scopes without any are absent.

    Raises:
        VaultError: the clock is behind a day the vault has seen, so that ages mean nothing.
    """
    now = today() if day is None else day
    if vault.database.read(lambda rows: rows.latest_day()) > now:
        raise VaultError("the clock is behind the vault's last use; nothing was erased, set the clock right")
    erased: dict[str, list[str]] = {}
    for scope in vault.scopes():
        gone: list[str] = []
        for level, days in sorted(retention.days.items()):
            after: int | None = 0
            while after is not None:
                task = partial(_erase, level=level, before=now - days, after=after)
                part, after = vault.changing(scope, task) or ([], None)
                gone += part
        if gone:
            erased[scope] = gone
    if erased:
        vault.database.scrub()
    return erased


def _erase(
    rows: Rows, work: ScopeWork, *, level: PrivacyLevel, before: int, after: int
) -> tuple[list[str], int | None]:
    """Erase one batch: its placeholders, and the position to go on from."""
    kinds = [kind_id for kind_id, kind in work.kinds().items() if kind.level == level]
    old = rows.expired(work.scope.id, kinds, before, after, _BATCH)
    if old:
        rows.drop_entries(work.scope.id, [row.position for row in old])
        work.take(ERASURES, 1)
    placeholders = [placeholder_of(work.kind(row.kind).tag, row.number) for row in old]
    return placeholders, old[-1].position if len(old) == _BATCH else None
