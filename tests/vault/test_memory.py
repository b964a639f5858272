"""What is special about the vault in memory; its contract is tested in test_base.py."""

from __future__ import annotations

from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue, Vault
from memveil.vault.memory import MemoryVault


def test_it_is_a_vault_and_shows_nothing() -> None:
    vault: Vault = MemoryVault()
    vault.assign("a", [NewValue("canary", "Email", PrivacyLevel.PL2, "Email")])

    assert "canary" not in repr(vault)


def test_two_vaults_share_nothing() -> None:
    one, two = MemoryVault(), MemoryVault()
    one.assign("a", [NewValue("x", "Email", PrivacyLevel.PL2, "Email")])

    assert two.scopes() == []
