"""What stands between the user and the memory system: nothing, a guard, or a guard with surrogate values.

Memories and questions go through the same vault, in the order in which they
are written, as in use: a value is known from the moment it was first seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from evaluation.detection_cache import Found
from evaluation.detectors import Replayed
from evaluation.material import Person
from evaluation.surrogates import Surrogates
from memveil.guard import Guard, Protected
from memveil.policy import Policy, Style
from memveil.spans import Action, PrivacyLevel
from memveil.vault.memory import MemoryVault
from memveil.vault.scope import ScopeVault

__all__ = ["STYLES", "Protection", "Sent", "Unprotected", "protection_for"]

STYLES = ("none", "typed", "generic", "redact", "surrogate")
"""Names of the styles: no protection, the three of memveil, and realistic stand-ins as an experiment."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What left, and which characters of the original were covered. The repr shows no text."""

    text: str = field(repr=False)
    covered: tuple[tuple[int, int], ...] = ()


class Protection(Protocol):
    """The way out and the way home, for one person."""

    def protect(self, text: str) -> Sent:
        """The text as it leaves."""
        ...

    def protect_query(self, text: str) -> Sent:
        """A question as it leaves: the way of a text, with what helps a search."""
        ...

    def restore(self, text: str) -> str:
        """A text that came home, with the values put back."""
        ...

    def known(self) -> tuple[str, ...]:
        """The values that the scope knows by now, secrets of this session among them."""
        ...


class Unprotected:
    """Everything leaves as it is."""

    def protect(self, text: str) -> Sent:
        """The text."""
        return Sent(text)

    def protect_query(self, text: str) -> Sent:
        """The text."""
        return Sent(text)

    def restore(self, text: str) -> str:
        """The text."""
        return text

    def known(self) -> tuple[str, ...]:
        """Nothing."""
        return ()


class Guarded:
    """A guard with a vault in memory."""

    def __init__(self, person: Person, found: Mapping[str, Found], policy: Policy) -> None:
        self._scope = ScopeVault(MemoryVault(), person.name)
        self._guard = Guard(self._scope, policy=policy, recognizers=[Replayed(found)], user_name=person.user_name)

    def protect(self, text: str) -> Sent:
        """The text with placeholders."""
        return _sent(self._guard.protect(text))

    def protect_query(self, text: str) -> Sent:
        """The question with placeholders, and behind it those that it may mean."""
        return _sent(self._guard.protect_query(text))

    def restore(self, text: str) -> str:
        """The text with the values of this scope."""
        return self._guard.restore(text)

    def known(self) -> tuple[str, ...]:
        """Stored values, then those that live in memory only."""
        entries = [*self._scope.known(), *self._scope.secrets()]
        return tuple(entry.value for entry in entries)

    def tag_and_type(self) -> dict[str, str]:
        """Placeholder -> privacy type."""
        return {e.placeholder: e.privacy_type for e in (*self._scope.known(), *self._scope.secrets())}


class Surrogated:
    """A guard whose placeholders are then dressed as realistic values: an experiment, not a style of memveil."""

    def __init__(self, inner: Guarded) -> None:
        self._inner = inner
        self._surrogates = Surrogates()

    def protect(self, text: str) -> Sent:
        """The text with surrogate values."""
        return self._dressed(self._inner.protect(text))

    def protect_query(self, text: str) -> Sent:
        """The question with surrogate values, and behind it those that it may mean."""
        return self._dressed(self._inner.protect_query(text))

    def restore(self, text: str) -> str:
        """Surrogates become placeholders, placeholders become values."""
        return self._inner.restore(self._surrogates.undress(text))

    def known(self) -> tuple[str, ...]:
        """As the guard knows them."""
        return self._inner.known()

    def _dressed(self, sent: Sent) -> Sent:
        return Sent(self._surrogates.dress(sent.text, self._inner.tag_and_type()), sent.covered)


def _sent(protected: Protected) -> Sent:
    return Sent(protected.text, tuple((s.start, s.end) for s in protected.spans if s.action is not Action.KEEP))


_STYLES = {"typed": Style.TYPED, "generic": Style.GENERIC, "redact": Style.REDACT, "surrogate": Style.TYPED}


def protection_for(person: Person, found: Mapping[str, Found], *, style: str, threshold: str) -> Protection:
    """A fresh protection: nothing is known yet.

    Args:
        person: whose scope it is.
        found: what the detector found in every text of the person.
        style: one of :data:`STYLES`.
        threshold: the lowest level that is protected, ``PL2`` to ``PL4``.
    """
    if style == "none":
        return Unprotected()
    guarded = Guarded(person, found, Policy(threshold=PrivacyLevel[threshold], style=_STYLES[style]))
    return Surrogated(guarded) if style == "surrogate" else guarded
