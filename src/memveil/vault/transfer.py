"""Move scopes to another vault: one encrypted file, opened by a passphrase.

The file has a header in clear (format, salt, cost of Argon2id), a proof of the
passphrase, and chunks of 64 KiB sealed in order, so that a file that was cut
off or rearranged is refused before anything is written. Inside are lines of
JSON. PL4 values are not in it, because they are not in a vault.
"""

from __future__ import annotations

import json
import os
import secrets
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from memveil.errors import ConfigError, InputError, NewerVault, Tampered, VaultError, WrongKey
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.crypto import (
    CHUNK_OVERHEAD,
    ChunkCipher,
    export_proof,
    from_text,
    same,
    to_text,
)
from memveil.vault.keys import Argon2, Passphrase, argon2id
from memveil.vault.numbering import HIGHEST, check_count, check_values
from memveil.vault.opened import ScopeWork
from memveil.vault.rows import Rows
from memveil.vault.table import TableVault

__all__ = ["EXPORT_FORMAT", "GAP", "Moved", "export_scopes", "import_scopes"]

EXPORT_FORMAT = 1

GAP = 1_000
"""An import moves every counter forward by this much: after the export was
written, its vault may have gone on giving numbers, and a memory may hold them."""

_MAGIC = b"memveil-export "
_CHUNK = 64 * 1024
_LONGEST_LINE = 4096
_PAGE = 1_000
_BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Moved:
    """What an export or import moved."""

    scopes: int
    entries: int


def export_scopes(
    vault: TableVault, target: Path, passphrase: Passphrase, *, scopes: Sequence[str] | None = None
) -> Moved:
    """Write scopes into a new file (0600), whole or not at all.

    Args:
        vault: may be in use; each scope is written page by page as it is.
        target: must not exist.
        passphrase: opens the file; its cost is written into the header.
        scopes: names; all of the vault by default.

    Raises:
        VaultError: a scope does not exist, the target exists or cannot be written.
    """
    existing = vault.scopes()
    names = existing if scopes is None else list(dict.fromkeys(scopes))
    if not set(names) <= set(existing):
        raise VaultError("the vault has no scope of that name; nothing was exported")
    moved = Moved(len(names), 0)
    with _new_file(target) as file:
        salt = secrets.token_bytes(16)
        header = _header(salt, passphrase.cost)
        key = argon2id(passphrase.text, salt, passphrase.cost)
        file.write(header + export_proof(key, salt=salt, header=header))
        writer = _ChunkWriter(file, ChunkCipher(key, salt=salt, header=header))
        for name in names:
            moved = Moved(moved.scopes, moved.entries + _export_scope(vault, name, writer))
        writer.line({"scopes": moved.scopes, "entries": moved.entries})
        writer.finish()
    return moved


def import_scopes(vault: TableVault, source: Path, passphrase: Passphrase) -> Moved:
    """Read a file that :func:`export_scopes` wrote, in one transaction.

    Every placeholder keeps its meaning; numbers go on above (see :data:`GAP`).

    Raises:
        WrongKey: another passphrase wrote the file.
        Tampered: the file is damaged or cut off; NewerVault: a newer memveil wrote it.
        InputError: it is no export. VaultError: a scope exists already; nothing was imported.
    """
    with _opened(source, passphrase) as lines:  # once through, before anything is written
        deque(lines, maxlen=0)

    def put(rows: Rows) -> Moved:
        with _opened(source, passphrase) as lines:
            return _Importer(vault, rows).run(lines)

    return vault.database.write(put)


def _export_scope(vault: TableVault, name: str, writer: _ChunkWriter) -> int:
    writer.line({"scope": name})
    count, after = 0, 0
    while True:

        def page(work: ScopeWork, after: int = after) -> list[dict[str, Any]]:
            rows = work.rows.entries_after(work.scope.id, after, _PAGE)
            return [
                {
                    "position": row.position,
                    "tag": work.kind(row.kind).tag,
                    "number": row.number,
                    "type": entry.privacy_type,
                    "level": int(entry.level),
                    "day": row.day,
                    "value": entry.value,
                }
                for row in rows
                for entry in (work.entry(row),)
            ]

        lines = vault.reading(name, page) or []
        for line in lines:
            after = line.pop("position")
            writer.line(line)
        count += len(lines)
        if len(lines) < _PAGE:
            break
    # After the entries: what was assigned while they were written is above them.
    counters = vault.reading(name, lambda work: {label: row.value for label, row in work.counters().items()})
    writer.line({"counters": {label: value for label, value in (counters or {}).items() if label[:4] == "tag:"}})
    return count


class _Importer:
    """Lines of an export into the rows of one transaction."""

    def __init__(self, vault: TableVault, rows: Rows) -> None:
        self._vault = vault
        self._rows = rows
        self._work: ScopeWork | None = None
        self._batch: list[tuple[NewValue, int, int]] = []
        self._scopes = 0
        self._entries = 0

    def run(self, lines: Iterator[dict[str, Any]]) -> Moved:
        try:
            for line in lines:
                self._line(line)
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Tampered("the export has a line that cannot be read") from None
        return Moved(self._scopes, self._entries)

    def _line(self, line: dict[str, Any]) -> None:
        if "value" in line:
            value = NewValue(line["value"], line["type"], PrivacyLevel(line["level"]), line["tag"])
            check_values([value])
            self._batch.append((value, int(line["number"]), int(line["day"])))
            self._entries += 1
            if len(self._batch) == _BATCH:
                self._put_batch()
            return
        self._put_batch()
        if "scope" in line:
            self._begin(str(line["scope"]))
        elif "counters" in line:
            self._raise(line["counters"])
        elif (line["scopes"], line["entries"]) != (self._scopes, self._entries):
            raise Tampered("the export does not hold what it says")

    def _begin(self, scope: str) -> None:
        if self._rows.scope(self._vault.header.names.index(scope)) is not None:
            raise VaultError("the vault has a scope of that name already; nothing was imported")
        self._work = self._vault.work(self._rows, scope)
        self._scopes += 1

    def _raise(self, counters: dict[str, int]) -> None:
        for label, last in counters.items():
            check_count(label.removeprefix("tag:"), last)
            self._scope().raise_to(label, min(last + GAP, HIGHEST))

    def _put_batch(self) -> None:
        if self._batch:
            self._scope().put_back(self._batch)
            self._batch = []

    def _scope(self) -> ScopeWork:
        if self._work is None:
            raise Tampered("the export has a value without a scope")
        return self._work


class _ChunkWriter:
    """Lines of JSON into sealed chunks."""

    def __init__(self, file: IO[bytes], cipher: ChunkCipher) -> None:
        self._file = file
        self._cipher = cipher
        self._waiting = bytearray()

    def line(self, fields: dict[str, Any]) -> None:
        """Add a line."""
        # ASCII escapes carry lone surrogates, which UTF-8 does not.
        self._waiting += json.dumps(fields, separators=(",", ":")).encode("ascii") + b"\n"
        while len(self._waiting) > _CHUNK:
            self._file.write(self._cipher.seal(bytes(self._waiting[:_CHUNK]), last=False))
            del self._waiting[:_CHUNK]

    def finish(self) -> None:
        """Write the last chunk, marked as such."""
        self._file.write(self._cipher.seal(bytes(self._waiting), last=True))


@contextmanager
def _new_file(target: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name when it is complete, and not at all on an error."""
    if target.exists():
        raise VaultError(f"export {target}: there is a file already; choose another path")
    aside = target.with_name(f"{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(aside, target)
    except FileExistsError:
        raise VaultError(f"export {target}: there is a file already; choose another path") from None
    except OSError as error:
        raise VaultError(f"export {target}: cannot be written ({error.strerror})") from error
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def _opened(source: Path, passphrase: Passphrase) -> Iterator[Iterator[dict[str, Any]]]:
    """The lines of an export, each one proved before it is read."""
    try:
        with source.open("rb") as file:
            yield _read_lines(file, source, passphrase)
    except OSError as error:
        raise InputError(f"export {source}: cannot be read ({error.strerror})") from error


def _read_lines(file: IO[bytes], source: Path, passphrase: Passphrase) -> Iterator[dict[str, Any]]:
    header, salt, cost = _read_header(file, source)
    key = argon2id(passphrase.text, salt, cost)
    if not same(file.read(32), export_proof(key, salt=salt, header=header)):
        raise WrongKey(f"export {source}: the passphrase does not open it")
    cipher = ChunkCipher(key, salt=salt, header=header)
    waiting = b""
    chunk = file.read(_CHUNK + CHUNK_OVERHEAD)
    if not chunk:
        raise Tampered(f"export {source}: it is cut off")
    while chunk:
        following = file.read(_CHUNK + CHUNK_OVERHEAD)
        *lines, waiting = (waiting + cipher.open(chunk, last=not following)).split(b"\n")
        for line in lines:
            yield _parse(line)
        chunk = following
    if waiting:
        raise Tampered(f"export {source}: it ends inside a line")


def _parse(line: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(line)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise Tampered("the export has a line that cannot be read")
    return cast("dict[str, Any]", fields)


def _header(salt: bytes, cost: Argon2) -> bytes:
    fields = {
        "salt": to_text(salt),
        "iterations": cost.iterations,
        "lanes": cost.lanes,
        "memory": cost.memory,
    }
    return _MAGIC + f"{EXPORT_FORMAT}\n{json.dumps(fields, separators=(',', ':'))}\n".encode("ascii")


def _read_header(file: IO[bytes], source: Path) -> tuple[bytes, bytes, Argon2]:
    first, second = file.readline(_LONGEST_LINE), file.readline(_LONGEST_LINE)
    version = first.removeprefix(_MAGIC).strip()
    if not first.startswith(_MAGIC) or not version.isdigit():
        raise InputError(f"export {source}: this is no memveil export")
    if int(version) > EXPORT_FORMAT:
        raise NewerVault(
            f"export {source}: it has format {int(version)}, this memveil reads up to {EXPORT_FORMAT}: upgrade memveil"
        )
    try:
        fields = json.loads(second)
        cost = Argon2(fields["iterations"], fields["lanes"], fields["memory"])
        return first + second, from_text(fields["salt"]), cost
    except (ValueError, KeyError, TypeError, ConfigError):
        raise Tampered(f"export {source}: its header cannot be read") from None
