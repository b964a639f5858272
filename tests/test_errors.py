"""Every error is one of ours, and says what the caller can do by its class."""

from __future__ import annotations

from memveil import errors


def test_all_errors_have_one_base() -> None:
    kinds = [getattr(errors, name) for name in errors.__all__]

    assert all(issubclass(kind, errors.MemveilError) for kind in kinds)


def test_errors_about_the_vault_can_be_caught_together() -> None:
    assert {kind.__name__ for kind in errors.VaultError.__subclasses__()} == {"WrongKey", "Tampered", "NewerVault"}


def test_every_error_is_described() -> None:
    assert all((getattr(errors, name).__doc__ or "").strip() for name in errors.__all__)
