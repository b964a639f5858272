"""Short runs of the attacks in fault_kill.py and fault_damage.py."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from memveil.vault.sqlite import open_sqlite
from tests.vault import fault_damage, fault_kill
from tests.vault.postgres_server import PostgresServer

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


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
