"""Change the keys of a vault while it is in use.

A change has two parts. The *master key* changes in one transaction: every data
key is wrapped anew, and from then on only the new master key opens the vault.
Then each scope gets a *new data key* and its entries are sealed again in small
transactions, between which others read and write. A stop at any point loses
nothing: :func:`finish_rekey` goes on where it stopped.

Both parts are needed against somebody who had the old master key *and* an old
copy of the vault; the first alone keeps out somebody who had the old key only.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from memveil.errors import ConfigError
from memveil.vault.crypto import ScopeKeys, new_key
from memveil.vault.header import renew_header
from memveil.vault.keys import KeySource
from memveil.vault.opened import ScopeWork
from memveil.vault.rows import KindRow, Rows
from memveil.vault.table import TableVault

__all__ = ["change_master_key", "finish_rekey", "rekey", "scopes_to_rekey"]

_BATCH = 500


def rekey(vault: TableVault, key: KeySource, *, progress: Callable[[int], object] | None = None) -> int:
    """Change the master key, then the data key of every scope.

    Args:
        vault: goes on under the new key; other processes must open it again.
        key: the new source; must give another key than the present one.
        progress: called with the number of entries sealed since the last call.

    Returns:
        How many entries were sealed again.

    Raises:
        ConfigError: the source gives no key, or the present one.
        VaultError: the vault cannot be written.
    """
    change_master_key(vault, key)
    return finish_rekey(vault, progress=progress)


def change_master_key(vault: TableVault, key: KeySource) -> None:
    """Change the master key alone, in one transaction. Errors as :func:`rekey`."""
    old = vault.header
    new = renew_header(old, key)
    if new.keys.proves(old.stored.data, old.stored.proof):
        raise ConfigError("key: the new key is the present one; give another file, entry or passphrase")

    def change(rows: Rows) -> None:
        rows.lock_names()
        if rows.header() == new.stored:  # a second run, after a commit nobody heard of
            return
        vault.check_header(rows)
        for scope in rows.scopes():
            for data_key in scope.keys:
                rows.put_key(data_key.id, new.keys.wrap(old.keys.unwrap(data_key.wrapped, scope.uid), scope.uid))
            name = old.keys.open_name(scope.sealed_name, scope.uid)
            rows.put_scope(scope.id, new.keys.seal_name(name, scope.uid), scope.epoch)
        rows.put_header(new.stored)

    vault.database.write(change)
    vault.renew(new)
    vault.database.scrub()


def scopes_to_rekey(vault: TableVault) -> list[str]:
    """Scopes whose data key is older than the master key: what :func:`finish_rekey` has to do."""
    epoch = vault.header.header.epoch
    rows = vault.database.read(lambda rows: rows.scopes())
    return [vault.header.keys.open_name(row.sealed_name, row.uid) for row in rows if row.epoch < epoch]


def finish_rekey(vault: TableVault, *, progress: Callable[[int], object] | None = None) -> int:
    """Give every scope that still has an older data key a new one. Returns and errors as :func:`rekey`."""
    return sum(_renew(vault, scope, progress) for scope in scopes_to_rekey(vault))


def _renew(vault: TableVault, scope: str, progress: Callable[[int], object] | None) -> int:
    vault.changing(scope, partial(_begin, vault))
    after: int | None = 0
    sealed = 0
    while after is not None:
        after, count = vault.changing(scope, partial(_batch, after=after)) or (None, 0)
        sealed += count
        if progress is not None and count:
            progress(count)
    vault.changing(scope, partial(_end, vault))
    vault.database.scrub()
    return sealed


def _begin(vault: TableVault, rows: Rows, work: ScopeWork) -> None:
    """Add the new data key, and move the few rows that name tags and kinds under it."""
    scope = work.scope
    if len(scope.keys) > 1:  # begun before, and stopped
        return
    rows.lock_names()  # no change of the master key between the check and the wrap
    vault.check_header(rows)
    data_key = new_key()
    rows.add_key(scope.id, vault.header.keys.wrap(data_key, scope.uid))
    keys = ScopeKeys(data_key, scope.uid)
    for label, row in work.counters().items():
        index, sealed, proof = keys.label_index(label), keys.seal_label(label), keys.count(label, row.value)
        rows.put_counter(row._replace(label_index=index, sealed_label=sealed, proof=proof))
    for kind_id, kind in work.kinds().items():
        rows.put_kind(KindRow(kind_id, keys.label_index(kind.label()), keys.seal_label(kind.label())))


def _batch(rows: Rows, work: ScopeWork, *, after: int) -> tuple[int | None, int]:
    """Seal the next entries under the newest key: last position seen, number sealed."""
    page = rows.entries_after(work.scope.id, after, _BATCH)
    renewed = [
        work.row(work.kind(row.kind), row.number, row.position, work.entry(row).value, row.day)
        for row in page
        if row.key != work.scope.newest
    ]
    rows.put_entries(work.scope.id, renewed)
    return (page[-1].position if len(page) == _BATCH else None), len(renewed)


def _end(vault: TableVault, rows: Rows, work: ScopeWork) -> None:
    """Destroy the older data keys, once nothing needs them."""
    scope = work.scope
    for key in scope.keys:
        if key != scope.newest and not rows.needs_key(scope.id, key):
            rows.drop_key(key)
    row = rows.scope(scope.name_index)
    if row is not None and len(row.keys) == 1:
        rows.put_scope(scope.id, row.sealed_name, vault.header.header.epoch)
