# ruff: noqa: T201 - a script that prints what it finds
"""Flip, zero and cut bytes in every region of a vault file: `python -m tests.vault.fault_damage --cases 3000`.

A region is a page of the file by what SQLite keeps there (each table and index,
the schema, free pages), the file's own header, and the write-ahead log. After
each damage everything that a reader and a writer do is tried. Allowed are right
answers, typed errors, and "not known"; a wrong value, one placeholder for two
values, or any other exception is a failure.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from memveil.errors import MemveilError
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.keys import RawKey
from memveil.vault.sqlite import open_sqlite

KEY = RawKey(bytes(range(32)))
SCOPES = ("alice", "bob")
TAGS = ("Email", "Phone", "Person")


def new(text: str, tag: str) -> NewValue:
    return NewValue(text, tag, PrivacyLevel.PL2, tag)


def make(folder: Path, count: int) -> dict[tuple[str, str], str | None]:
    """A vault in use: its file and its log both hold entries. What every placeholder means."""
    meant: dict[tuple[str, str], str | None] = {}
    work = folder / "work.db"
    vault = open_sqlite(work, KEY)

    def fill(first: int) -> None:
        for scope in SCOPES:
            for tag in TAGS:
                values = [new(f"{scope}{number}", tag) for number in range(first, first + count)]
                for placeholder, value in zip(vault.assign(scope, values), values, strict=True):
                    meant[scope, placeholder] = value.value
                for number in vault.reserve(scope, tag, 2):
                    meant[scope, f"<{tag}_{number}>"] = None

    fill(0)
    vault.assign("forgotten", [new("x", "Email")])
    vault.forget("forgotten")  # moves the log into the file
    fill(count)
    # As a killed process leaves them.
    shutil.copy(work, folder / "vault.db")
    shutil.copy(work.with_name("work.db-wal"), folder / "vault.db-wal")
    vault.close()
    return meant


def regions(folder: Path) -> dict[str, list[tuple[int, int]]]:
    """Ranges of bytes in the file, by what stands there."""
    copy = folder / "map.db"
    shutil.copy(folder / "vault.db", copy)
    found: dict[str, list[tuple[int, int]]] = {"file header": [(0, 100)]}
    connection = sqlite3.connect(copy)
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    roots = dict(connection.execute("SELECT rootpage, name FROM sqlite_master"))
    connection.close()
    data = copy.read_bytes()
    owners: dict[int, str] = {1: "schema"}
    for root, name in roots.items():
        waiting = [root]
        while waiting:
            page = waiting.pop()
            if page in owners or not 1 <= page <= pages:
                continue
            owners[page] = name
            waiting += children(data, page, size)
    for page in range(1, pages + 1):
        start = (page - 1) * size + (100 if page == 1 else 0)
        found.setdefault(owners.get(page, "free pages"), []).append((start, page * size))
    for leftover in folder.glob("map.db*"):
        leftover.unlink()
    return found


def children(data: bytes, page: int, size: int) -> list[int]:
    """Pages below an interior page (the SQLite file format, section 1.6)."""
    start = (page - 1) * size + (100 if page == 1 else 0)
    if data[start] not in (2, 5):
        return []
    cells = int.from_bytes(data[start + 3 : start + 5], "big")
    below = [int.from_bytes(data[start + 8 : start + 12], "big")]
    for number in range(cells):
        at = (page - 1) * size + int.from_bytes(data[start + 12 + 2 * number : start + 14 + 2 * number], "big")
        below.append(int.from_bytes(data[at : at + 4], "big"))
    return below


def damage(content: bytearray, ranges: list[tuple[int, int]], turn: Random) -> str:
    """Change bytes inside one of the ranges; says how."""
    start, end = turn.choice(ranges)
    how = turn.choice(("one bit", "one byte", "several bits", "zeros", "copy", "noise"))
    # Pages are half empty: most damage should hit something.
    at = next((at for _ in range(30) if content[at := turn.randrange(start, end)]), start)
    length = min(end - at, turn.choice((8, 16, 64, 512)))
    match how:
        case "one bit":
            content[at] ^= 1 << turn.randrange(8)
        case "one byte":
            content[at] = turn.randrange(256)
        case "several bits":
            for _ in range(turn.randrange(2, 9)):
                content[turn.randrange(start, end)] ^= 1 << turn.randrange(8)
        case "zeros":
            content[at : at + length] = bytes(length)
        case "copy":
            other, _ = turn.choice(ranges)
            piece = content[other : other + length]
            content[at : at + len(piece)] = piece
        case _:
            content[at : at + length] = turn.randbytes(length)
    return how


def use(path: Path, meant: dict[tuple[str, str], str | None]) -> tuple[str, list[str]]:
    """Read and write everything; the worst typed outcome, and what must not be."""
    outcomes: set[str] = set()
    wrong: list[str] = []
    given: dict[tuple[str, str], str] = {}
    try:
        vault = open_sqlite(path, KEY)
    except MemveilError as error:
        return type(error).__name__, []

    def mean(scope: str, placeholder: str, value: str, where: str) -> None:
        known = meant.get((scope, placeholder), given.setdefault((scope, placeholder), value))
        if known != value:
            wrong.append(f"{where}: {scope} {placeholder} came to mean another value")

    def look(scope: str) -> None:
        asked = [placeholder for owner, placeholder in meant if owner == scope]
        found = vault.lookup(scope, asked)
        for placeholder, value in found.items():
            mean(scope, placeholder, value, "lookup")
        if len(found) < sum(1 for (owner, _), value in meant.items() if owner == scope and value is not None):
            outcomes.add("not known")

    def read(scope: str) -> None:
        for entry in vault.known(scope):
            mean(scope, entry.placeholder, entry.value, "known")

    def write(scope: str, tag: str) -> None:
        for text in (f"{scope}0", "new"):
            (placeholder,) = vault.assign(scope, [new(text, tag)])
            mean(scope, placeholder, text, "assign")
        (number,) = vault.reserve(scope, tag, 1)
        place = (scope, f"<{tag}_{number}>")
        if place in meant or place in given:
            wrong.append(f"reserve: {place} was given before")

    tasks = [lambda scope=scope: look(scope) for scope in SCOPES]
    tasks += [lambda scope=scope: read(scope) for scope in SCOPES]
    tasks += [lambda scope=scope, tag=tag: write(scope, tag) for scope in SCOPES for tag in (*TAGS, "Other")]
    tasks += [lambda: outcomes.discard(repr(vault.stats("alice"))), lambda: outcomes.discard(repr(vault.scopes()))]
    tasks += [lambda: outcomes.discard(repr(vault.assign("fresh scope", [new("x", "Email")])))]
    tasks += [lambda scope=scope: look(scope) for scope in SCOPES]
    for task in tasks:
        try:
            task()
        except MemveilError as error:
            outcomes.add(type(error).__name__)
    vault.close()
    ranking = ("Tampered", "WrongKey", "NewerVault", "VaultError", "not known")
    return next((name for name in ranking if name in outcomes), "right"), wrong


def run(cases: int, seed: int, count: int = 40) -> tuple[dict[str, Counter[str]], list[str]]:
    """Outcomes by region, and failures."""
    turn = Random(seed)
    outcomes: dict[str, Counter[str]] = {}
    failures: list[str] = []
    with tempfile.TemporaryDirectory(prefix="memveil-damage-") as name:
        folder = Path(name)
        meant = make(folder, count)
        file, log = (folder / "vault.db").read_bytes(), (folder / "vault.db-wal").read_bytes()
        places = regions(folder) | {"log": [(0, len(log))], "cut file": [], "cut log": [], "no log": []}
        order = sorted(places)
        for number in range(cases):
            region = order[number % len(order)]
            content, logged = bytearray(file), bytearray(log)
            match region:
                case "log":
                    how = damage(logged, places[region], turn)
                case "cut file":
                    how = "cut"
                    del content[turn.randrange(1, len(content)) :]
                case "cut log":
                    how = "cut"
                    del logged[turn.randrange(len(logged)) :]
                case _:
                    # Without a log, damage in the file is not hidden by newer pages in the log.
                    logged.clear()
                    how = damage(content, places[region], turn) if places[region] else "none"
            path = folder / "case" / "vault.db"
            shutil.rmtree(path.parent, ignore_errors=True)
            path.parent.mkdir()
            path.write_bytes(content)
            if logged:
                path.with_name("vault.db-wal").write_bytes(logged)
            # A log that is cut or lost takes newer entries with it: numbers begin where the file left off.
            rolled_back = region in ("cut log", "log") or not logged
            try:
                outcome, wrong = use(path, older(meant, count) if rolled_back else meant)
            except Exception as error:  # noqa: BLE001 - any exception that is not ours is what is looked for
                outcome, wrong = "other exception", [f"{type(error).__name__}: {error}"]
            outcomes.setdefault(region, Counter())[outcome] += 1
            failures += [f"{region}, {how}, case {number}: {line}" for line in wrong]
    return outcomes, failures


def older(meant: dict[tuple[str, str], str | None], count: int) -> dict[tuple[str, str], str | None]:
    """What had a meaning before the log began: for files whose log is gone (a restored old copy)."""
    return {
        (scope, placeholder): value
        for (scope, placeholder), value in meant.items()
        if int(placeholder.rpartition("_")[2][:-1]) <= count + 2
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = time.monotonic()
    outcomes, failures = run(arguments.cases, arguments.seed)
    for region, counts in sorted(outcomes.items()):
        print(f"{region:24} " + "  ".join(f"{name} {number}" for name, number in counts.most_common()))
    print(
        f"{sum(map(Counter.total, outcomes.values())):,} cases: {len(failures)} failures ({time.monotonic() - start:.0f} s)"
    )
    for line in failures[:20]:
        print("  " + line)
    sys.exit(bool(failures))


if __name__ == "__main__":
    main()
