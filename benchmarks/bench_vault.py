"""Latency of the vault as it grows, against a plain table of the same database in the same run.

    python benchmarks/bench_vault.py                        # SQLite at 1k, 100k, 1M entries
    python benchmarks/bench_vault.py --sizes 1000 10000     # other sizes
    python benchmarks/bench_vault.py --folder /dev/shm      # without the disk
    python benchmarks/bench_vault.py --postgres             # a PostgreSQL server of its own
    python benchmarks/bench_vault.py --contention 8 10000   # processes, assigns each

The plain table stores values in clear with a unique index, numbers them by a
counter row and is as durable (WAL, full synchronisation): what encryption and
blind indexes cost is the difference.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Protocol

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.crypto import new_key
from memveil.vault.keys import RawKey
from memveil.vault.sqlite import open_sqlite
from memveil.vault.table import TableVault

KEY = RawKey(new_key())
SCOPE = "bench"
ROUNDS = 400
TURN = 40


class Store(Protocol):
    def assign(self, values: list[str]) -> list[str]: ...
    def lookup(self, placeholders: list[str]) -> dict[str, str]: ...
    def close(self) -> None: ...


class Encrypted:
    def __init__(self, vault: TableVault) -> None:
        self.vault = vault

    def assign(self, values: list[str]) -> list[str]:
        return self.vault.assign(SCOPE, [NewValue(value, "Email", PrivacyLevel.PL2, "Email") for value in values])

    def lookup(self, placeholders: list[str]) -> dict[str, str]:
        return self.vault.lookup(SCOPE, placeholders)

    def close(self) -> None:
        self.vault.close()


class PlainSqlite:
    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for setting in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -32768"):
            self.connection.execute(f"PRAGMA {setting}")
        self.connection.execute("CREATE TABLE IF NOT EXISTS counter (last INTEGER)")
        self.connection.execute("INSERT INTO counter SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM counter)")
        self.connection.execute("CREATE TABLE IF NOT EXISTS entry (number INTEGER PRIMARY KEY, value TEXT UNIQUE)")

    def assign(self, values: list[str]) -> list[str]:
        run = self.connection.execute
        select = "SELECT number FROM entry WHERE value = ?"
        found = {value: row[0] for value in values if (row := run(select, (value,)).fetchone())}
        missing = [value for value in dict.fromkeys(values) if value not in found]
        if missing:
            run("BEGIN IMMEDIATE")
            (last,) = run("SELECT last FROM counter").fetchone()
            rows = list(enumerate(missing, last + 1))
            self.connection.executemany("INSERT INTO entry VALUES (?, ?)", rows)
            run("UPDATE counter SET last = ?", (last + len(missing),))
            run("COMMIT")
            found |= {value: number for number, value in rows}
        return [f"<Email_{found[value]}>" for value in values]

    def lookup(self, placeholders: list[str]) -> dict[str, str]:
        select = "SELECT value FROM entry WHERE number = ?"
        numbers = {each: int(each[7:-1]) for each in placeholders}
        return {each: self.connection.execute(select, (numbers[each],)).fetchone()[0] for each in numbers}

    def close(self) -> None:
        self.connection.close()


class PlainPostgres:
    def __init__(self, conninfo: str) -> None:
        import psycopg

        self.connection = psycopg.connect(conninfo, autocommit=True)
        self.connection.execute("CREATE TABLE plain_counter (last bigint)")
        self.connection.execute("INSERT INTO plain_counter VALUES (0)")
        self.connection.execute("CREATE TABLE plain_entry (number bigint PRIMARY KEY, value text UNIQUE)")

    def assign(self, values: list[str]) -> list[str]:
        run = self.connection.execute
        with self.connection.transaction():
            select = "SELECT value, number FROM plain_entry WHERE value = ANY(%s)"
            found = dict(run(select, (values,)).fetchall())
        missing = [value for value in dict.fromkeys(values) if value not in found]
        if missing:
            with self.connection.transaction():
                (last,) = run("SELECT last FROM plain_counter FOR UPDATE").fetchone()
                rows = list(enumerate(missing, last + 1))
                numbers, texts = map(list, zip(*rows, strict=True))
                run("INSERT INTO plain_entry SELECT * FROM unnest(%s::bigint[], %s::text[])", (numbers, texts))
                run("UPDATE plain_counter SET last = %s", (last + len(missing),))
            found |= {value: number for number, value in rows}
        return [f"<Email_{found[value]}>" for value in values]

    def lookup(self, placeholders: list[str]) -> dict[str, str]:
        with self.connection.transaction():
            select = "SELECT number, value FROM plain_entry WHERE number = ANY(%s)"
            rows = self.connection.execute(select, ([int(each[7:-1]) for each in placeholders],)).fetchall()
        return {f"<Email_{number}>": value for number, value in rows}

    def close(self) -> None:
        self.connection.close()


def times(work: Callable[[int], object], rounds: int, start: int) -> list[float]:
    found: list[float] = []
    gc.disable()
    for number in range(start, start + rounds):
        began = time.perf_counter()
        work(number)
        found.append(1e3 * (time.perf_counter() - began))
    gc.enable()
    return found


class Probe:
    """The operations on one store, each call on other values."""

    def __init__(self, store: Store, size: int, name: str) -> None:
        self.store = store
        turn = Random(size)
        self.known = [turn.randrange(size) for _ in range(20 * ROUNDS)]
        self.fresh = (f"fresh{number}@{name}.example" for number in range(10**9))

    def operations(self) -> dict[str, Callable[[int], object]]:
        store, some, fresh = self.store, self.some, self.fresh
        return {
            "look up 1": lambda at: store.lookup([f"<Email_{n + 1}>" for n in some(at, 1)]),
            "look up 20": lambda at: store.lookup([f"<Email_{n + 1}>" for n in some(at, 20)]),
            "assign 1 known": lambda at: store.assign([value_of(n) for n in some(at, 1)]),
            "assign 20 known": lambda at: store.assign([value_of(n) for n in some(at, 20)]),
            "assign 1 new": lambda _: store.assign([next(fresh)]),
            "assign 20 new": lambda _: store.assign([next(fresh) for _ in range(20)]),
        }

    def some(self, at: int, count: int) -> list[int]:
        return self.known[at * count : (at + 1) * count]


def value_of(number: int) -> str:
    return f"user{number * 7919}@host{number % 97}.example"


def grow(store: Store, start: int, stop: int) -> float:
    began = time.perf_counter()
    for first in range(start, stop, 10_000):
        store.assign([value_of(number) for number in range(first, min(first + 10_000, stop))])
    return (stop - start) / (time.perf_counter() - began)


@contextmanager
def stores(postgres: bool, place: str | None) -> Iterator[Callable[[int], dict[str, Store]]]:
    with tempfile.TemporaryDirectory(prefix="memveil-bench-", dir=place) as folder:
        if not postgres:
            yield lambda size: {
                "vault": Encrypted(open_sqlite(Path(folder) / f"vault{size}.db", KEY)),
                "plain": PlainSqlite(Path(folder) / f"plain{size}.db"),
            }
            return
        from memveil.vault.postgres import open_postgres
        from tests.vault.postgres_server import PostgresServer

        server = PostgresServer(shared_buffers="512MB")
        try:
            yield lambda size: {
                "vault": Encrypted(open_postgres(schema(server.conninfo, f"vault{size}"), KEY)),
                "plain": PlainPostgres(schema(server.conninfo, f"plain{size}")),
            }
        finally:
            server.stop()


def schema(conninfo: str, name: str) -> str:
    import psycopg

    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{conninfo} options='-c search_path={name}'"


def run_sizes(sizes: list[int], postgres: bool, folder: str | None) -> dict[str, object]:
    probes: dict[tuple[str, int], Probe] = {}
    with stores(postgres, folder) as make:
        for size in sizes:
            for name, store in make(size).items():
                print(f"{name:6} {size:>9,}  filled with {grow(store, 0, size):,.0f} entries a second", flush=True)
                probes[name, size] = Probe(store, size, name)
        samples: dict[str, dict[tuple[str, int], list[float]]] = {}
        # In turns, so that whatever else the machine does falls on all sizes alike.
        for start in range(0, ROUNDS, TURN):
            for key, probe in probes.items():
                for operation, work in probe.operations().items():
                    found = times(work, TURN, start)
                    samples.setdefault(operation, {}).setdefault(key, []).extend(found)
        for probe in probes.values():
            probe.store.close()
    return report(samples, sizes)


def report(samples: dict[str, dict[tuple[str, int], list[float]]], sizes: list[int]) -> dict[str, object]:
    result: dict[str, object] = {}
    for name in ("vault", "plain"):
        for operation, found in samples.items():
            medians = {size: statistics.median(found[name, size]) for size in sizes}
            ratio = medians[sizes[-1]] / medians[sizes[0]]
            row = "  ".join(f"{size:>9,}: {value:7.3f} ms" for size, value in medians.items())
            print(f"{name:6} {operation:16} {row}   ratio {ratio:.2f}")
            result[f"{name}, {operation}"] = {"ms": medians, "ratio": ratio}
    return result


def contend(target: str, seed: int, count: int) -> None:
    """One process: assigns over values that the others assign too; checks what it was given before."""
    vault = open_at(target)
    turn = Random(seed)
    meant: dict[str, str] = {}
    for _ in range(count):
        value = f"user{turn.randrange(count)}@y.example"
        (placeholder,) = vault.assign(SCOPE, [NewValue(value, "Email", PrivacyLevel.PL2, "Email")])
        assert meant.setdefault(value, placeholder) == placeholder
    vault.close()


def open_at(target: str) -> TableVault:
    fixed = RawKey(bytes(range(32)))
    if target.startswith("/"):
        return open_sqlite(Path(target), fixed)
    from memveil.vault.postgres import open_postgres

    return open_postgres(target, fixed)


def run_contention(processes: int, count: int, postgres: bool, place: str | None) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="memveil-bench-", dir=place) as folder:
        target, server = f"{folder}/vault.db", None
        if postgres:
            from tests.vault.postgres_server import PostgresServer

            server = PostgresServer()
            target = server.conninfo
        try:
            context = multiprocessing.get_context("spawn")
            workers = [context.Process(target=contend, args=(target, seed, count)) for seed in range(processes)]
            start = time.perf_counter()
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            elapsed = time.perf_counter() - start
            assert all(worker.exitcode == 0 for worker in workers), [worker.exitcode for worker in workers]
            vault = open_at(target)
            entries = list(vault.known(SCOPE))
            vault.close()
        finally:
            if server is not None:
                server.stop()
    values = {entry.value for entry in entries}
    numbers = {entry.placeholder for entry in entries}
    assert len(values) == len(numbers) == len(entries), "a value has two placeholders, or a placeholder two values"
    assert numbers == {f"<Email_{number}>" for number in range(1, len(entries) + 1)}, "a gap"
    rate = processes * count / elapsed
    print(
        f"{processes} processes x {count:,} assigns over {len(values):,} values: {elapsed:.1f} s, {rate:,.0f} a second"
    )
    return {"seconds": elapsed, "assigns per second": rate, "values": len(values), "duplicates": 0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 100_000, 1_000_000])
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--contention", type=int, nargs=2, metavar=("PROCESSES", "ASSIGNS"))
    parser.add_argument("--folder", help="where the files lie; /dev/shm takes the disk's fsync out of the figures")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    arguments = parser.parse_args()
    if arguments.contention:
        result = run_contention(*arguments.contention, arguments.postgres, arguments.folder)
    else:
        result = run_sizes(arguments.sizes, arguments.postgres, arguments.folder)
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
