"""One scope, whole: what is stored and what lives in memory only, behind one face.

PL4 values go to the :class:`EphemeralTable`, all others to the vault, in one
transaction. Where one text comes at both kinds of level:

* a PL4 assignment never writes, whatever is stored: it gets a placeholder of its
  own in memory;
* while a text lives in memory as PL4, no assignment of it at a lower level
  writes either: it gets its stored placeholder if it has one, else one in memory;
* what was stored before the text was seen as PL4 stays stored, because its
  placeholder has been given out and must keep its meaning. ``forget_value``
  erases it.

Numbers of both kinds come from the same counters in the vault, so a
placeholder never means two values, in any process.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, NewValue, Revision, ScopeStats, Vault
from memveil.vault.ephemeral import EphemeralTable

__all__ = ["ScopeVault"]


class ScopeVault:
    """A vault seen from one scope. Thread-safe.

    Args:
        vault: where values below PL4 are stored.
        scope: name of the scope.
        secrets: where PL4 values live; may serve several scopes. A table of its own by default.
    """

    def __init__(self, vault: Vault, scope: str, secrets: EphemeralTable | None = None) -> None:
        self._vault = vault
        self._scope = scope
        self._secrets = EphemeralTable() if secrets is None else secrets

    @property
    def scope(self) -> str:
        """Name of the scope."""
        return self._scope

    def assign(self, values: Sequence[NewValue]) -> list[str]:
        """Placeholders of ``values``, in order; a value keeps its placeholder while it lives."""
        secret = {value.value for value in values if value.level == PrivacyLevel.PL4}
        guarded = [value.value in secret or self._secrets.holds(self._scope, value.value) for value in values]
        answer: list[str | None] = [None] * len(values)
        stored = [at for at, is_guarded in enumerate(guarded) if not is_guarded]
        if stored:
            placeholders = self._vault.assign(self._scope, [values[at] for at in stored])
            for at, placeholder in zip(stored, placeholders, strict=True):
                answer[at] = placeholder
        lower = [at for at, is_guarded in enumerate(guarded) if is_guarded and values[at].level < PrivacyLevel.PL4]
        if lower:
            for at, known in zip(lower, self._vault.find(self._scope, [values[at] for at in lower]), strict=True):
                answer[at] = known
        live = [at for at, placeholder in enumerate(answer) if placeholder is None]
        if live:
            held = self._secrets.assign(self._scope, [values[at] for at in live], self._reserve)
            for at, placeholder in zip(live, held, strict=True):
                answer[at] = placeholder
        return [placeholder for placeholder in answer if placeholder is not None]

    def lookup(self, placeholders: Iterable[str]) -> dict[str, str]:
        """Values of the placeholders that this scope issued and that still live; others are absent."""
        asked = list(placeholders)
        found = self._secrets.lookup(self._scope, asked)
        rest = [placeholder for placeholder in asked if placeholder not in found]
        return found | self._vault.lookup(self._scope, rest) if rest else found

    def known(self, after: int = 0) -> Iterable[Entry]:
        """Stored entries with ``position > after``, in order of position."""
        return self._vault.known(self._scope, after)

    def secrets(self) -> list[Entry]:
        """Entries that live in memory only, in order of assignment (positions of their own)."""
        return self._secrets.entries(self._scope)

    def revision(self) -> Revision:
        """Whether the stored part changed, by whatever process."""
        return self._vault.revision(self._scope)

    def stats(self) -> ScopeStats:
        """Counts of the stored part and of what lives in memory, together."""
        stored = self._vault.stats(self._scope)
        by_type, by_level = Counter(stored.by_type), Counter(stored.by_level)
        for entry in self.secrets():
            by_type[entry.privacy_type] += 1
            by_level[entry.level] += 1
        return ScopeStats(self._scope, dict(sorted(by_type.items())), dict(sorted(by_level.items())))

    def forget(self) -> int:
        """Erase the scope, in memory and in storage. Returns how many entries went."""
        return self._secrets.forget(self._scope) + self._vault.forget(self._scope)

    def forget_value(self, value: str) -> list[str]:
        """Erase one value, whatever its types. Returns the placeholders that now mean nothing."""
        return self._secrets.forget_value(self._scope, value) + self._vault.forget_value(self._scope, value)

    def _reserve(self, tag: str, count: int) -> range:
        return self._vault.reserve(self._scope, tag, count)
