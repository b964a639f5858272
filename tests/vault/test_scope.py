"""A scope over both stores: PL4 is never written, and no placeholder means two values."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memveil.errors import VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue, Vault
from memveil.vault.crypto import new_key
from memveil.vault.doctor import examine
from memveil.vault.ephemeral import EphemeralTable
from memveil.vault.keys import Argon2, Passphrase, RawKey
from memveil.vault.memory import MemoryVault
from memveil.vault.rekey import rekey
from memveil.vault.scope import ScopeVault
from memveil.vault.table import TableVault
from memveil.vault.transfer import export_scopes
from tests.vault.canary_scan import shapes, traces
from tests.vault.postgres_server import PostgresServer

CHEAP = Argon2(iterations=1, lanes=1, memory=8)


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


def use_everything(opener: Callable[..., TableVault], folder: Path) -> list[str]:
    """A full life of a vault with canaries of every level; returns what may stand in no file."""
    types = {PrivacyLevel.PL1: "Gender", PrivacyLevel.PL2: "Email", PrivacyLevel.PL3: "Religious Beliefs"}
    canaries = [f"canary-{level}-苏婉-7f3a9c-{number}" for level in PrivacyLevel for number in range(40)]
    values = [
        NewValue(text, types.get(level, "Password"), level, "CanaryTag")
        for level, text in zip([level for level in PrivacyLevel for _ in range(40)], canaries, strict=True)
    ]
    vault = opener()
    scope = ScopeVault(vault, "canary-scope-4411-爱丽丝")
    given = scope.assign(values)
    assert len(scope.lookup(given)) == 160
    assert len(list(scope.known())) == 120
    scope.forget_value(canaries[90])
    with pytest.raises(VaultError):
        vault.assign("canary-scope-4411-爱丽丝", values)
    list(vault.known("canary-scope-4411-爱丽丝"))
    export_scopes(vault, folder / "export", Passphrase("canary-passphrase-7f3a9c", CHEAP))
    rekey(vault, RawKey(new_key()))
    examine(vault)
    ScopeVault(vault, "canary-scope-5522").assign(values)
    vault.forget("canary-scope-5522")
    # What all canaries have in common is enough to look for.
    return ["-苏婉-7f3a9c-", "canary-scope-", "canary-passphrase-", "Religious Beliefs", "CanaryTag"]


def test_no_value_stands_in_any_file(open_file: Callable[..., TableVault], tmp_path: Path) -> None:
    forbidden = use_everything(open_file, tmp_path)

    assert (tmp_path / "data" / "vault.db-wal").exists()
    assert traces([tmp_path], forbidden) == []


def test_no_value_stands_in_any_file_of_the_server(
    open_server: Callable[..., TableVault], postgres: PostgresServer, tmp_path: Path
) -> None:
    forbidden = use_everything(open_server, tmp_path)

    assert traces([tmp_path, postgres.folder], forbidden) == []


def test_the_scan_finds_what_is_there(tmp_path: Path) -> None:
    for name, data in shapes("canary-苏婉-7f3a9c").items():
        (tmp_path / "file").write_bytes(b"xx" + data + b"yy")
        assert traces([tmp_path], ["canary-苏婉-7f3a9c"]) != [], name


def test_no_ciphertext_is_written_for_a_secret(open_file: Callable[..., TableVault]) -> None:
    vault = open_file()
    scope = ScopeVault(vault, "alice")
    scope.assign([password("hunter2"), password("swordfish")])

    entries, kinds, counters = vault.database.read(
        lambda rows: (rows.entries_after(1, 0, 10), rows.kinds(1), rows.counters(1))
    )
    assert (entries, kinds) == ([], [])
    assert sorted(counter.value for counter in counters) == [0, 0, 2]
