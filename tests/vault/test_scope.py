"""A scope over both stores: PL4 is never written, and no placeholder means two values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue, Vault
from memveil.vault.ephemeral import EphemeralTable
from memveil.vault.memory import MemoryVault
from memveil.vault.scope import ScopeVault
from memveil.vault.table import TableVault


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def password(value: str) -> NewValue:
    return NewValue(value, "Password", PrivacyLevel.PL4, "Password")


def username(value: str) -> NewValue:
    return NewValue(value, "Account ID/Username", PrivacyLevel.PL2, "Username")


def test_levels_are_routed_and_restored_together(vault: Vault) -> None:
    scope = ScopeVault(vault, "alice")
    given = scope.assign([mail("x@y.example"), password("hunter2"), mail("x@y.example"), password("hunter2")])

    assert given == ["<Email_1>", "<Password_1>", "<Email_1>", "<Password_1>"]
    assert scope.lookup(given) == {"<Email_1>": "x@y.example", "<Password_1>": "hunter2"}
    assert [entry.value for entry in scope.known()] == ["x@y.example"]
    assert [entry.value for entry in scope.secrets()] == ["hunter2"]
    assert vault.lookup("alice", ["<Password_1>"]) == {}
    assert scope.scope == "alice"


def test_two_processes_never_give_one_secret_placeholder_to_two_values(vault: Vault) -> None:
    one, two = ScopeVault(vault, "alice"), ScopeVault(vault, "alice")

    assert one.assign([password("hunter2")]) == ["<Password_1>"]
    assert two.assign([password("swordfish")]) == ["<Password_2>"]
    assert two.lookup(["<Password_1>"]) == {}
    assert one.lookup(["<Password_1>", "<Password_2>"]) == {"<Password_1>": "hunter2"}


def test_a_secret_is_not_written_under_a_lower_level_while_it_lives(vault: Vault) -> None:
    scope = ScopeVault(vault, "alice")
    scope.assign([password("hunter2")])
    (later,) = scope.assign([username("hunter2")])

    assert list(scope.known()) == []
    assert scope.assign([username("hunter2")]) == [later]
    assert scope.lookup([later]) == {later: "hunter2"}


def test_a_secret_is_not_written_when_both_levels_come_at_once(vault: Vault) -> None:
    scope = ScopeVault(vault, "alice")
    given = scope.assign([username("hunter2"), password("hunter2"), mail("x")])

    assert [entry.value for entry in scope.known()] == ["x"]
    assert scope.lookup(given) == {given[0]: "hunter2", given[1]: "hunter2", given[2]: "x"}


def test_a_stored_value_keeps_its_placeholder_when_it_is_seen_as_a_secret(vault: Vault) -> None:
    scope = ScopeVault(vault, "alice")
    (stored,) = scope.assign([username("hunter2")])
    (secret,) = scope.assign([password("hunter2")])

    assert scope.assign([username("hunter2"), password("hunter2")]) == [stored, secret]
    assert [entry.placeholder for entry in scope.known()] == [stored]
    assert sorted(scope.forget_value("hunter2")) == sorted([stored, secret])
    assert scope.lookup([stored, secret]) == {}


def test_stats_and_forget_cover_both(vault: Vault) -> None:
    scope = ScopeVault(vault, "alice")
    scope.assign([mail("x"), mail("y"), password("hunter2")])

    assert scope.stats().by_level == {PrivacyLevel.PL2: 2, PrivacyLevel.PL4: 1}
    assert scope.stats().by_type == {"Email": 2, "Password": 1}
    assert scope.forget() == 3
    assert scope.secrets() == []
    assert scope.revision().incarnation == b""


def test_a_forgotten_scope_never_gives_a_secret_number_again(vault: Vault) -> None:
    one, two = ScopeVault(vault, "alice"), ScopeVault(vault, "alice")
    (old,) = one.assign([password("hunter2")])
    two.forget()
    (new,) = two.assign([password("swordfish")])

    assert new != old
    assert one.lookup([old, new]) == {old: "hunter2"}


def test_one_table_may_serve_several_scopes(vault: Vault) -> None:
    secrets = EphemeralTable()
    alice, bob = ScopeVault(vault, "alice", secrets), ScopeVault(vault, "bob", secrets)
    alice.assign([password("hunter2")])
    bob.assign([password("swordfish")])

    assert alice.lookup(["<Password_1>"]) == {"<Password_1>": "hunter2"}
    assert bob.lookup(["<Password_1>"]) == {"<Password_1>": "swordfish"}
    assert alice.lookup([]) == {}
    assert alice.assign([]) == []


LEVELS = st.sampled_from([PrivacyLevel.PL1, PrivacyLevel.PL2, PrivacyLevel.PL3, PrivacyLevel.PL4])
VALUES = st.builds(NewValue, st.sampled_from("abcd"), st.sampled_from(["Email", "Key"]), LEVELS, st.just("Private"))


@settings(deadline=None)
@given(st.lists(st.lists(VALUES, max_size=5), max_size=8))
def test_law_a_text_ever_seen_as_pl4_is_not_written_afterwards(calls: list[list[NewValue]]) -> None:
    vault = MemoryVault()
    scope = ScopeVault(vault, "alice")
    secret: set[str] = set()
    for values in calls:
        before = {entry.value for entry in vault.known("alice")}
        given = scope.assign(values)
        secret |= {value.value for value in values if value.level == PrivacyLevel.PL4}

        after = {entry.value for entry in vault.known("alice")}
        assert not (after - before) & secret
        assert scope.lookup(given) == {
            placeholder: value.value for placeholder, value in zip(given, values, strict=True)
        }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_no_value_stands_in_any_file(open_file: Callable[..., TableVault], tmp_path: Path, encoding: str) -> None:
    import base64

    canaries = {level: f"canary-{level}-苏婉-7f3a9c" for level in PrivacyLevel}
    vault = open_file()
    scope = ScopeVault(vault, "canary-scope-4411")
    types = {PrivacyLevel.PL1: "Gender", PrivacyLevel.PL2: "Email", PrivacyLevel.PL3: "Religious Beliefs"}
    for level, value in canaries.items():
        scope.assign([NewValue(value, types.get(level, "Password"), level, "Private")])
    scope.lookup([f"<Private_{number}>" for number in range(9)])
    scope.forget_value(canaries[PrivacyLevel.PL3])
    content = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

    for text in (*canaries.values(), "canary-scope-4411", "Religious Beliefs", "Private"):
        data = text.encode(encoding)
        for shape in (data, base64.b64encode(data)[:-4], data.hex().encode(), data.hex().upper().encode()):
            assert shape not in content
    assert len(list(scope.known())) == 2
