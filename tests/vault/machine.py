"""The vault as a state machine, run beside a dictionary."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue, Vault
from memveil.vault.memory import MemoryVault

SCOPES = st.sampled_from(["alice", "bob", "苏婉"])
KINDS = st.sampled_from(
    [
        ("Email", "Email", PrivacyLevel.PL2),
        ("Phone Number", "Phone", PrivacyLevel.PL2),
        ("Medical Health", "Private", PrivacyLevel.PL3),
        ("Specific Age", "Private", PrivacyLevel.PL2),
    ]
)
TEXTS = st.one_of(st.sampled_from(["x", "y", "z", "<Email_1>"]), st.text(max_size=3))
VALUES = st.builds(lambda text, kind: NewValue(text, kind[0], kind[2], kind[1]), TEXTS, KINDS)


class VaultMachine(RuleBasedStateMachine):
    """Compares a backend with `MemoryVault`, and both with what placeholders ever meant."""

    open_vault: Callable[[], Vault]
    reopen: Callable[[Vault], Vault]

    def __init__(self) -> None:
        super().__init__()
        self.vault = self.open_vault()
        self.model = MemoryVault()
        self.meant: dict[tuple[str, str], str | None] = {}

    @rule(scope=SCOPES, values=st.lists(VALUES, max_size=8))
    def assign(self, scope: str, values: list[NewValue]) -> None:
        given = self.vault.assign(scope, values)

        assert given == self.model.assign(scope, values)
        for value, placeholder in zip(values, given, strict=True):
            assert self.meant.setdefault((scope, placeholder), value.value) == value.value

    @rule(scope=SCOPES, count=st.integers(0, 3))
    def reserve(self, scope: str, count: int) -> None:
        numbers = self.vault.reserve(scope, "Email", count)

        assert numbers == self.model.reserve(scope, "Email", count)
        for number in numbers:
            assert (scope, f"<Email_{number}>") not in self.meant
            self.meant[scope, f"<Email_{number}>"] = None

    @rule(scope=SCOPES, values=st.lists(VALUES, max_size=4))
    def find(self, scope: str, values: list[NewValue]) -> None:
        assert self.vault.find(scope, values) == self.model.find(scope, values)

    @rule(scope=SCOPES)
    def lookup_all(self, scope: str) -> None:
        asked = {placeholder for _, placeholder in self.meant} | {"<Email_999>", "x"}
        found = self.vault.lookup(scope, asked)

        assert found == self.model.lookup(scope, asked)
        assert all(self.meant[scope, placeholder] == value for placeholder, value in found.items())

    @rule(scope=SCOPES, after=st.integers(0, 6))
    def known(self, scope: str, after: int) -> None:
        assert list(self.vault.known(scope, after)) == list(self.model.known(scope, after))

    @rule(scope=SCOPES, text=TEXTS)
    def forget_value(self, scope: str, text: str) -> None:
        assert sorted(self.vault.forget_value(scope, text)) == sorted(self.model.forget_value(scope, text))

    @rule(scope=SCOPES)
    def forget(self, scope: str) -> None:
        assert self.vault.forget(scope) == self.model.forget(scope)

    @rule()
    def open_again(self) -> None:
        self.vault = self.reopen(self.vault)

    @invariant()
    def overview_agrees(self) -> None:
        assert self.vault.scopes() == self.model.scopes()
        for scope in self.model.scopes():
            assert self.vault.stats(scope) == self.model.stats(scope)
            here, there = self.vault.revision(scope), self.model.revision(scope)
            assert (here.erasures, here.position) == (there.erasures, there.position)

    def teardown(self) -> None:
        self.vault.close()
