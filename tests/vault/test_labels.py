"""Names are found again for ever, never shared by two scopes, and gone once the scope is forgotten."""

from __future__ import annotations

import uuid
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from memveil import Guard
from memveil.testing import CANARIES, ScriptedRecognizer, assert_no_canary
from memveil.vault.labels import Labels
from memveil.vault.location import open_vault
from memveil.vault.memory import MemoryVault
from memveil.vault.scope import ScopeVault

NAME = CANARIES["Email"]


def labels(vault: object, scope: str = "alice") -> Labels:
    return Labels(ScopeVault(vault, scope))  # type: ignore[arg-type]


@given(st.text(max_size=80))
def test_a_name_comes_home_as_it_was(name: str) -> None:
    names = labels(MemoryVault())

    assert names.restore(names.protect(name)) == name


def test_a_name_has_one_token_in_every_object_and_process_that_opens_the_vault(tmp_path: Path) -> None:
    path = tmp_path / "vault.db"
    first = open_vault(path, None)
    token = labels(first).protect(NAME)
    first.close()
    second = open_vault(path, None)

    assert labels(second).protect(NAME) == token
    assert labels(second).restore(token) == NAME
    assert_no_canary(token)
    second.close()


def test_two_scopes_of_one_vault_never_share_a_token() -> None:
    vault = MemoryVault()
    alice, bob = labels(vault, "alice"), labels(vault, "bob")

    assert alice.protect(NAME) != bob.protect(NAME)
    assert bob.restore(alice.protect(NAME)) == alice.protect(NAME)


def test_no_token_begins_with_another_one() -> None:
    """SQLite's and PostgreSQL's stores of LangGraph find namespaces by their beginning."""
    names = labels(MemoryVault())
    tokens = [names.protect(f"user {number}") for number in range(30)]

    assert [(a, b) for a in tokens for b in tokens if a != b and b.startswith(a)] == []


def test_a_uuid_stays() -> None:
    name = str(uuid.UUID(int=7))

    assert labels(MemoryVault()).protect(name) == name


def test_a_name_that_looks_like_a_token_is_protected_and_comes_home() -> None:
    names = labels(MemoryVault())
    token = names.protect("lena")

    assert names.protect(token) != token
    assert names.restore(names.protect(token)) == token


def test_after_forgetting_the_token_means_nothing_and_the_name_gets_another() -> None:
    scope = ScopeVault(MemoryVault(), "alice")
    names = Labels(scope)
    token = names.protect(NAME)
    scope.forget()

    assert names.restore(token) == token
    assert names.protect(NAME) != token


def test_a_name_is_no_known_value_of_texts() -> None:
    vault = MemoryVault()
    alice = Guard.open("alice", vault=vault, recognizers=(ScriptedRecognizer(),))
    alice.protect_label("oslo")

    assert alice.protect("off to oslo").text == "off to oslo"
    assert alice.restore_label(alice.protect_label("oslo")) == "oslo"
