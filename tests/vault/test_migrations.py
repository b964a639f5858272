"""Numbered steps, each applied once."""

from __future__ import annotations

import pytest

from memveil.errors import NewerVault
from memveil.vault import migrations
from memveil.vault.migrations import FORMAT, STEPS, migrate

SPELLING = {"blob": "BLOB", "id": "INTEGER PRIMARY KEY", "big": "INTEGER", "clustered": ""}


def test_an_empty_database_gets_every_step() -> None:
    done: list[str] = []
    migrate(0, done.append, place="here", spelling=SPELLING)

    assert len(done) == sum(len(step) for step in STEPS)
    assert not any("{" in statement for statement in done)


def test_an_older_format_gets_only_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", (*STEPS, ("ALTER TABLE x ADD y {blob}",)))
    monkeypatch.setattr(migrations, "FORMAT", 2)
    done: list[str] = []
    migrate(1, done.append, place="here", spelling=SPELLING)

    assert done == ["ALTER TABLE x ADD y BLOB"]


def test_the_present_format_gets_nothing_and_a_newer_one_is_refused() -> None:
    done: list[str] = []
    migrate(FORMAT, done.append, place="here", spelling=SPELLING)

    assert done == []
    with pytest.raises(NewerVault, match="vault here has format 2"):
        migrate(FORMAT + 1, done.append, place="here", spelling=SPELLING)
