"""What a vault is: the encrypted store of placeholder <-> value, by scope.

The protocol lives beside its consumers' needs, not its backends': one call
assigns a whole text's values in one transaction, look-ups are by placeholder,
and known values come in the order they were assigned, so that a reader can ask
only for what is new since its last visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from memveil.spans import PrivacyLevel

__all__ = ["Entry", "NewValue", "Revision", "ScopeStats", "Vault"]


@dataclass(frozen=True, slots=True)
class NewValue:
    """A value that needs a placeholder. The repr hides the value.

    Args:
        value: the text to stand in for, exactly as typed.
        privacy_type: name of its privacy type.
        level: level of the span; PL4 is never written.
        tag: tag of the placeholder (`typed` style: the type's own tag).
    """

    value: str = field(repr=False)
    privacy_type: str
    level: PrivacyLevel
    tag: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One assigned value. The repr hides the value.

    ``position`` grows with every assignment in the scope; see :meth:`Vault.known`.
    """

    placeholder: str
    value: str = field(repr=False)
    privacy_type: str
    level: PrivacyLevel
    position: int


@dataclass(frozen=True, slots=True)
class ScopeStats:
    """Counts of one scope, by privacy type and by level."""

    scope: str
    by_type: dict[str, int]
    by_level: dict[PrivacyLevel, int]


@dataclass(frozen=True, slots=True)
class Revision:
    """State of a scope, cheap to read: whoever keeps a copy compares two of them.

    Args:
        incarnation: changes when the scope is forgotten and begins anew; empty while it does not exist.
        erasures: grows whenever entries are erased; a copy must then be read again from the start.
        position: position of the newest entry; greater means :meth:`Vault.known` has something new.
    """

    incarnation: bytes
    erasures: int
    position: int


class Vault(Protocol):
    """Storage of several scopes. Thread-safe; every method is one transaction.

    All methods raise :class:`memveil.errors.VaultError` or a leaf of it.
    """

    def assign(self, scope: str, values: Sequence[NewValue]) -> list[str]:
        """Placeholders of ``values``, in order; equal (scope, tag, type, value) gives equal placeholder.

        Numbers start at 1 for each scope and tag and are never given twice, not even
        after :meth:`forget_value`. ``values`` hold no PL4.
        """
        ...

    def reserve(self, scope: str, tag: str, count: int) -> range:
        """Take the next ``count`` numbers of a tag without storing anything: for PL4."""
        ...

    def lookup(self, scope: str, placeholders: Iterable[str]) -> dict[str, str]:
        """Values of the placeholders that were issued in this scope; others are absent."""
        ...

    def known(self, scope: str, after: int = 0) -> Iterable[Entry]:
        """Entries with ``position > after``, in order of position."""
        ...

    def find(self, scope: str, values: Sequence[NewValue]) -> list[str | None]:
        """Placeholders of ``values`` that are stored already, ``None`` for the others. Writes nothing."""
        ...

    def revision(self, scope: str) -> Revision:
        """Whether anything changed: see :class:`Revision`."""
        ...

    def scopes(self) -> list[str]:
        """Names of all scopes."""
        ...

    def stats(self, scope: str) -> ScopeStats:
        """Counts of a scope."""
        ...

    def forget(self, scope: str) -> int:
        """Erase a scope: its data key and its rows. Returns how many entries went.

        A scope that begins anew under the same name goes on above the numbers given
        before, because a memory in the cloud may still hold the old placeholders.
        """
        ...

    def forget_value(self, scope: str, value: str) -> list[str]:
        """Erase one value, whatever its types. Returns the placeholders that now mean nothing."""
        ...

    def close(self) -> None:
        """Release files and connections. A closed vault raises on use."""
        ...
