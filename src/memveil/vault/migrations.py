"""The tables of the vault, as numbered steps, each applied once.

The format version is the number of the last step. It is separate from the
program's version: a program reads every older format by applying what is
missing, and refuses a newer one (``NewerVault``). A step is never edited after
a release; a change is a new step.
"""

from __future__ import annotations

from collections.abc import Callable

from memveil.errors import NewerVault

__all__ = ["FORMAT", "STEPS", "migrate"]

# {blob}, {id} and {big} are the spelling of a database for bytes, for a row number
# that is never used twice, and for a 64-bit integer.
_V1 = (
    """
    CREATE TABLE memveil_header (
        one {big} PRIMARY KEY CHECK (one = 1),
        data {blob} NOT NULL,
        checksum {blob} NOT NULL,
        proof {blob} NOT NULL
    )""",
    """
    CREATE TABLE memveil_name (
        name_index {blob} PRIMARY KEY,
        floor {big} NOT NULL,
        alive {big} NOT NULL,
        proof {blob} NOT NULL
    )""",
    """
    CREATE TABLE memveil_scope (
        id {id},
        uid {blob} NOT NULL,
        name_index {blob} NOT NULL UNIQUE,
        sealed_name {blob} NOT NULL,
        epoch {big} NOT NULL
    )""",
    """
    CREATE TABLE memveil_key (
        id {id},
        scope {big} NOT NULL REFERENCES memveil_scope (id),
        wrapped {blob} NOT NULL
    )""",
    "CREATE INDEX memveil_key_scope ON memveil_key (scope)",
    """
    CREATE TABLE memveil_counter (
        id {id},
        scope {big} NOT NULL REFERENCES memveil_scope (id),
        label_index {blob} NOT NULL,
        sealed_label {blob} NOT NULL,
        value {big} NOT NULL,
        proof {blob} NOT NULL,
        UNIQUE (scope, label_index)
    )""",
    """
    CREATE TABLE memveil_kind (
        id {id},
        scope {big} NOT NULL REFERENCES memveil_scope (id),
        label_index {blob} NOT NULL,
        sealed_label {blob} NOT NULL,
        UNIQUE (scope, label_index)
    )""",
    # Clustered by placeholder: a look-up is one descent.
    """
    CREATE TABLE memveil_entry (
        scope {big} NOT NULL REFERENCES memveil_scope (id),
        position {big} NOT NULL,
        counter {big} NOT NULL REFERENCES memveil_counter (id),
        number {big} NOT NULL,
        kind {big} NOT NULL,
        key {big} NOT NULL,
        day {big} NOT NULL,
        value_index {blob} NOT NULL,
        sealed {blob} NOT NULL,
        PRIMARY KEY (counter, number)
    ) {clustered}""",
    "CREATE UNIQUE INDEX memveil_entry_position ON memveil_entry (scope, position)",
    "CREATE UNIQUE INDEX memveil_entry_value ON memveil_entry (value_index)",
)

STEPS: tuple[tuple[str, ...], ...] = (_V1,)
"""Statements of each step; step 1 makes the tables."""

FORMAT = len(STEPS)
"""The format this program writes."""


def migrate(version: int, execute: Callable[[str], object], *, place: str, spelling: dict[str, str]) -> None:
    """Apply the steps after ``version`` inside the caller's transaction.

    Args:
        version: format of the database; 0 for an empty one.
        execute: runs one statement.
        place: where the vault is, for the error.
        spelling: the database's words for ``blob``, ``id``, ``big`` and ``clustered``.

    Raises:
        NewerVault: the database has a newer format than this program knows.
    """
    check_format(version, place=place)
    for step in STEPS[version:]:
        for statement in step:
            execute(statement.format(**spelling))


def check_format(version: int, *, place: str) -> None:
    """Refuse a newer format."""
    if version > FORMAT:
        raise NewerVault(f"the vault {place} has format {version}, this memveil reads up to {FORMAT}: upgrade memveil")
