"""A report that may be printed: counts and words."""

from __future__ import annotations

import dataclasses

import pytest

from memveil.integrations.forgotten import Forgotten


def test_a_report_shows_counts_and_cannot_be_changed() -> None:
    report = Forgotten(3, 2, ("backups",))

    assert repr(report) == "Forgotten(values=3, deleted=2, remains=('backups',))"
    assert Forgotten(0, 0).remains == ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.values = 4  # type: ignore[misc]
