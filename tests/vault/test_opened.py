"""An open scope: what it believes of its rows, and what it refuses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from memveil.errors import Tampered, VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.numbering import HIGHEST
from memveil.vault.opened import Kind, ScopeWork
from memveil.vault.rows import Rows
from memveil.vault.table import TableVault

MAIL = NewValue("x", "Email", PrivacyLevel.PL2, "Email")


@pytest.mark.parametrize("kind", [Kind("Email", "Email", PrivacyLevel.PL2), Kind("A", '苏 \\"', PrivacyLevel.PL3)])
def test_a_kind_comes_back_from_its_label(kind: Kind) -> None:
    assert Kind.of_label(kind.label()) == kind


@pytest.mark.parametrize("label", ["", "[]", "{}", '["a", "b", 9]', '["a", "b"]', "null"])
def test_a_label_that_is_no_kind_is_refused(label: str) -> None:
    with pytest.raises(Tampered):
        Kind.of_label(label)


def test_a_counter_stops_at_its_end(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    vault.reserve("a", "Email", HIGHEST)

    with pytest.raises(VaultError, match="reached its end") as caught:
        vault.assign("a", [MAIL])
    assert type(caught.value) is VaultError


def test_a_counter_rises_and_never_falls(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    vault.reserve("a", "Email", 5)
    for value, following in ((3, 6), (10, 11)):
        vault.writing("a", lambda _, work, value=value: work.raise_to("tag:Email", value))
        assert list(vault.reserve("a", "Email", 1)) == [following]


def test_a_reader_begins_no_counter(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    vault.assign("a", [MAIL])

    with pytest.raises(Tampered, match="counter is missing"):
        vault.reading("a", lambda work: work.take("tag:Phone", 1))


@pytest.mark.parametrize("label", ["tag:Email", "position", "erasures"])
def test_a_counter_that_vanished_is_not_begun_again(open_again: Callable[..., TableVault], label: str) -> None:
    vault = open_again()
    vault.assign("a", [MAIL])

    def hide(_: Rows, work: ScopeWork) -> None:
        row = work.counter(label)
        assert row is not None
        work.rows.put_counter(row._replace(label_index=b"elsewhere"))

    vault.writing("a", hide)
    if label != "erasures":  # which only erasing needs
        with pytest.raises(Tampered):
            vault.assign("a", [NewValue("y", "Email", PrivacyLevel.PL2, "Email")])
    with pytest.raises(Tampered):
        vault.assign("a", [NewValue("y", "Phone Number", PrivacyLevel.PL2, "Phone")])
    with pytest.raises(Tampered):
        vault.revision("a") if label != "tag:Email" else vault.reserve("a", "Email", 1)


def test_rows_that_point_elsewhere_are_refused(open_again: Callable[..., TableVault]) -> None:
    vault = open_again()
    vault.assign("a", [MAIL, NewValue("y", "Phone Number", PrivacyLevel.PL2, "Phone")])
    one, two = vault.reading("a", lambda work: work.rows.entries_after(work.scope.id, 0, 10)) or ()
    for bad in (
        one._replace(kind=999),
        one._replace(kind=two.kind),
        one._replace(key=999),
        one._replace(counter=two.counter),
        one._replace(number=0),
        one._replace(number=2),
        one._replace(position=0),
        one._replace(position=-1),
        one._replace(position=HIGHEST + 1),
        one._replace(sealed=two.sealed),
        one._replace(sealed=b""),
    ):
        with pytest.raises(Tampered):
            vault.reading("a", lambda work, bad=bad: work.entry(bad))
