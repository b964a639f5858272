# ruff: noqa: T201 - a script that prints what it finds
"""Kill writers at random points and look at what is left: `python -m tests.vault.fault_kill --runs 500`.

Each run starts several writer processes on one vault that grows from run to run,
lets them work for a random time, kills some or all with SIGKILL, and then checks
every mapping that any writer was ever told: it must be there, with that value,
and no placeholder may mean two values. With PostgreSQL the server is killed, too.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from memveil.errors import MemveilError
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.doctor import verify
from memveil.vault.keys import RawKey
from memveil.vault.sqlite import open_sqlite
from memveil.vault.table import TableVault

KEY = RawKey(bytes(range(32)))
SCOPES = ("alice", "bob")
TAGS = ("Email", "Phone", "Person")

Opener = Callable[[], TableVault]


@dataclass
class Tally:
    """What happened in all runs."""

    runs: int = 0
    kills: int = 0
    server_kills: int = 0
    acknowledged: int = 0
    erased: int = 0
    stored: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def write(opener: Opener, seed: int, answers: int) -> None:
    """One writer: does things, and tells each one only after the vault has answered."""
    turn = Random(seed)
    vault = opener()
    while True:
        scope = turn.choice(SCOPES)
        tag = turn.choice(TAGS)
        if turn.random() < 0.03:
            # Values that are erased are this writer's own, so that nobody brings them back.
            value = f"mine-{seed}-{turn.randrange(3)}"
            gone = vault.forget_value(scope, value)
            lines = [f"gone\t{scope}\t{placeholder}\t{value}\n" for placeholder in gone]
        elif turn.random() < 0.05:
            numbers = vault.reserve(scope, tag, turn.randrange(1, 4))
            lines = [f"reserved\t{scope}\t<{tag}_{number}>\t\n" for number in numbers]
        else:
            texts = [f"user{turn.randrange(3_000)}" for _ in range(turn.choice((1, 1, 3, 30)))]
            texts += [f"mine-{seed}-{turn.randrange(3)}"] if turn.random() < 0.1 else []
            values = [NewValue(text, tag, PrivacyLevel.PL2, tag) for text in texts]
            given = vault.assign(scope, values)
            lines = [f"given\t{scope}\t{each}\t{text}\n" for each, text in zip(given, texts, strict=True)]
        os.write(answers, "".join(lines).encode())


def run_writers(opener: Opener, turn: Random, tally: Tally, crash: Callable[[], None] | None) -> list[list[str]]:
    """Let writers work, kill them, and return what they were told."""
    reading, answers = os.pipe()
    os.set_blocking(reading, False)
    writers = [fork_writer(opener, turn.randrange(2**32), reading, answers) for _ in range(turn.randrange(2, 5))]
    os.close(answers)
    told = bytearray()
    first_end = time.monotonic() + turn.uniform(0.01, 0.25)
    survivors = list(writers)
    told += collect(reading, first_end)
    turn.shuffle(survivors)
    if crash is not None:
        crash()
        tally.server_kills += 1
    for pid in survivors[: turn.randrange(1, len(survivors) + 1)]:
        os.kill(pid, signal.SIGKILL)
        survivors.remove(pid)
    # The others go on for a while, over whatever the dead left behind.
    told += collect(reading, time.monotonic() + turn.uniform(0.0, 0.1 if crash is None else 1.0))
    for pid in survivors:
        os.kill(pid, signal.SIGKILL)
    for pid in writers:
        os.waitpid(pid, 0)
    told += collect(reading, time.monotonic())
    os.close(reading)
    tally.kills += len(writers)
    complete, _, _ = bytes(told).rpartition(b"\n")
    return [line.split("\t") for line in complete.decode().split("\n") if line]


def fork_writer(opener: Opener, seed: int, reading: int, answers: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    os.close(reading)
    try:
        write(opener, seed, answers)
    except MemveilError as error:
        os.write(2, f"writer: {type(error).__name__}: {error}\n".encode())
    finally:
        os._exit(1)


def collect(reading: int, until: float) -> bytes:
    told = bytearray()
    while True:
        try:
            part = os.read(reading, 1 << 16)
        except BlockingIOError:
            part = b""
        told += part
        if not part:
            if time.monotonic() >= until:
                return bytes(told)
            time.sleep(0.002)


def check(opener: Opener, meant: dict[tuple[str, str], str | None], told: list[list[str]], tally: Tally) -> None:
    """Compare the vault with everything that was ever acknowledged."""
    erased: set[tuple[str, str]] = set()
    for what, scope, placeholder, value in told:
        place, meaning = (scope, placeholder), None if what == "reserved" else value
        if meant.setdefault(place, meaning) != meaning:
            tally.wrong.append(f"{place} was given twice")
        if what == "gone":
            erased.add(place)
            tally.erased += 1
        tally.acknowledged += 1
    vault = opener()
    for scope in SCOPES:
        asked = {placeholder: value for (owner, placeholder), value in meant.items() if owner == scope}
        found = vault.lookup(scope, asked)
        for placeholder, value in found.items():
            if asked[placeholder] != value:
                tally.wrong.append(f"{scope} {placeholder}: another value")
        for placeholder, value in asked.items():
            # An erasure may be committed before its answer was heard: only shared values must be there.
            if placeholder not in found and value is not None and value.startswith("user"):
                tally.lost.append(f"{scope} {placeholder}")
        entries = list(vault.known(scope))
        for entry in entries:
            if meant.setdefault((scope, entry.placeholder), entry.value) != entry.value:
                tally.wrong.append(f"{scope} {entry.placeholder}: another value than told")
        values = [(entry.placeholder.rpartition("_")[0], entry.value) for entry in entries]
        if len(set(values)) != len(values):
            tally.wrong.append(f"{scope}: a value has two placeholders")
    tally.stored = sum(sum(vault.stats(scope).by_type.values()) for scope in SCOPES)
    vault.close()


def run(opener: Opener, runs: int, seed: int, crash: Callable[[], None] | None = None, every: int = 10) -> Tally:
    """All runs on one vault; the server is killed in one of ``every`` runs."""
    turn = Random(seed)
    tally = Tally()
    meant: dict[tuple[str, str], str | None] = {}
    opener().close()
    for number in range(runs):
        told = run_writers(opener, turn, tally, crash if number % every == every - 1 else None)
        check(opener, meant, told, tally)
        tally.runs += 1
        if tally.lost or tally.wrong:
            break
    vault = opener()
    for finding in verify(vault):
        if not finding.sound:
            tally.wrong.append(finding.detail)
    vault.close()
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--postgres", action="store_true")
    arguments = parser.parse_args()
    start = time.monotonic()
    if arguments.postgres:
        from memveil.vault.postgres import open_postgres
        from tests.vault.postgres_server import PostgresServer

        server = PostgresServer()

        def crash() -> None:
            server.crash()
            server.start()

        try:
            tally = run(lambda: open_postgres(server.conninfo, KEY), arguments.runs, arguments.seed, crash)
        finally:
            server.stop()
    else:
        with tempfile.TemporaryDirectory(prefix="memveil-faults-") as folder:
            tally = run(lambda: open_sqlite(Path(folder) / "vault.db", KEY), arguments.runs, arguments.seed)
    print(
        f"{tally.runs} runs, {tally.kills} writers killed, {tally.server_kills} server kills,"
        f" {tally.acknowledged:,} answers, {tally.erased} erasures, {tally.stored:,} entries stored:"
        f" {len(tally.lost)} lost, {len(tally.wrong)} wrong ({time.monotonic() - start:.0f} s)"
    )
    for line in (tally.lost + tally.wrong)[:20]:
        print("  " + line)
    sys.exit(bool(tally.lost or tally.wrong))


if __name__ == "__main__":
    main()
