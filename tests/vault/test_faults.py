"""Short runs of the attacks in fault_kill.py and fault_damage.py."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from memveil.errors import MemveilError
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.sqlite import open_sqlite
from tests.vault import fault_damage, fault_kill
from tests.vault.fault_kill import KEY
from tests.vault.postgres_server import PostgresServer

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def test_killed_writers_lose_nothing_on_sqlite(tmp_path: Path) -> None:
    tally = fault_kill.run(lambda: open_sqlite(tmp_path / "vault.db", fault_kill.KEY), runs=8, seed=3)

    assert (tally.lost, tally.wrong) == ([], [])
    assert tally.acknowledged > 0


def test_killed_writers_and_servers_lose_nothing_on_postgres(conninfo: str) -> None:
    from memveil.vault.postgres import open_postgres

    tally = fault_kill.run(lambda: open_postgres(conninfo, fault_kill.KEY), runs=6, seed=3)

    assert (tally.lost, tally.wrong) == ([], [])
    assert tally.acknowledged > 0


def test_damage_in_every_region_is_an_error_or_nothing() -> None:
    outcomes, failures = fault_damage.run(cases=66, seed=3, count=30)

    assert failures == []
    assert len(outcomes) >= 20
    assert sum(counts["Tampered"] for counts in outcomes.values()) > 10


def test_the_server_of_the_tests_survives_its_crash() -> None:
    """What fault_kill --postgres relies on."""
    from memveil.vault.postgres import open_postgres
    from tests.vault.postgres_server import missing

    reason = missing()
    if reason is not None:
        pytest.skip(reason)
    server = PostgresServer(fsync="off")
    try:

        def crash() -> None:
            server.crash()
            server.start()

        tally = fault_kill.run(lambda: open_postgres(server.conninfo, fault_kill.KEY), 2, 3, crash, every=2)
    finally:
        server.stop()

    assert (tally.lost, tally.wrong, tally.server_kills) == ([], [], 1)


@pytest.mark.parametrize("seed", range(12))
def test_flipped_bytes_anywhere_never_give_a_wrong_value(tmp_path: Path, seed: int) -> None:
    """Blindly, as a bad disk does it."""
    turn = Random(seed)
    path = tmp_path / "vault.db"
    vault = open_sqlite(path, KEY)
    meant = dict(
        zip(vault.assign("a", [mail(f"user{n}") for n in range(120)]), (f"user{n}" for n in range(120)), strict=True)
    )
    vault.close()
    content = path.read_bytes()
    for _ in range(15):
        damaged = bytearray(content)
        for _ in range(turn.randrange(1, 4)):
            damaged[turn.randrange(len(damaged))] ^= 1 << turn.randrange(8)
        path.write_bytes(damaged)
        check_damaged(path, meant)


@pytest.mark.parametrize("seed", range(6))
def test_a_torn_file_never_gives_a_wrong_value(tmp_path: Path, seed: int) -> None:
    turn = Random(seed)
    path = tmp_path / "vault.db"
    vault = open_sqlite(path, KEY)
    meant = dict(
        zip(vault.assign("a", [mail(f"user{n}") for n in range(120)]), (f"user{n}" for n in range(120)), strict=True)
    )
    vault.close()
    content = path.read_bytes()
    for _ in range(8):
        cut = turn.randrange(1, len(content))
        hole = turn.randrange(len(content) // 512) * 512
        for damaged in (content[:cut], content[:hole] + bytes(512) + content[hole + 512 :]):
            path.write_bytes(damaged)
            check_damaged(path, meant)


def check_damaged(path: Path, meant: dict[str, str]) -> None:
    for leftover in ("-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    try:
        vault = open_sqlite(path, KEY)
    except MemveilError:
        return
    try:
        found = vault.lookup("a", meant)
        assert all(meant[placeholder] == value for placeholder, value in found.items())
        (placeholder,) = vault.assign("a", [mail("new")])
        assert placeholder not in meant
    except MemveilError:
        return
    finally:
        vault.close()
