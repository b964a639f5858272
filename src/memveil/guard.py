"""The face of memveil: the six stages bound to recognizers, a policy and a vault scope.

::

    text ──> detect ──> resolve ──> decide ──> pseudonymize ──> cloud
                                                    │
                                                  vault (scope)
                                                    │
    text <──────────────── restore <────────────────┴────────── cloud

A guard belongs to one scope: within it equal values share a placeholder, for
ever; between scopes nothing is shared. A guard may be used by several threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from memveil.detect import Context, Recognizer, detect
from memveil.messages import map_messages
from memveil.placeholders import GENERIC_TAG, LITERAL_TAG
from memveil.policy import Policy, Style
from memveil.privacy_types import PRIVACY_TYPES
from memveil.pseudonymize import Replacement, pseudonymize
from memveil.query_expansion import QueryExpansion
from memveil.recognizers.defaults import default_recognizers
from memveil.recognizers.known import KnownValues
from memveil.resolve import resolve
from memveil.restore import StreamRestorer, as_json_string, as_text, restore
from memveil.spans import Action, PrivacyLevel, Span
from memveil.vault.base import NewValue, Vault
from memveil.vault.labels import Labels
from memveil.vault.location import open_vault
from memveil.vault.scope import ScopeVault

if TYPE_CHECKING:
    from pathlib import Path

    from memveil.vault.keys import KeySource

__all__ = ["Guard", "Protected"]


@dataclass(frozen=True, slots=True)
class Protected:
    """A protected text. Safe to print: it holds placeholders and offsets only.

    Args:
        text: the text that may leave.
        spans: what was found in the *original* text, in order, each with its action.
        degraded: recognizers that did not read all of the text, and why; empty unless one
            failed that the user allowed to fail.
    """

    text: str
    spans: tuple[Span, ...] = field(default=())
    degraded: tuple[str, ...] = field(default=())


class Guard:
    """Protects what goes out and restores what comes home, for one scope.

    Open one with :meth:`open`, or build one from parts.

    Args:
        scope: the scope's values and placeholders.
        policy: what is protected, and how.
        recognizers: the cascade, besides the scope's known values.
        user_name: the user's own full name.
    """

    def __init__(
        self,
        scope: ScopeVault,
        *,
        policy: Policy | None = None,
        recognizers: Sequence[Recognizer] | None = None,
        user_name: str | None = None,
    ) -> None:
        self._scope = scope
        self._labels = Labels(scope)
        self._policy = Policy() if policy is None else policy
        cascade = default_recognizers() if recognizers is None else recognizers
        self._recognizers: tuple[Recognizer, ...] = (KnownValues(scope), *cascade)
        self._user_name = user_name
        self._expansion = QueryExpansion(scope)
        self._owned: Vault | None = None

    @classmethod
    def open(
        cls,
        scope: str = "default",
        *,
        user_name: str | None = None,
        policy: Policy | None = None,
        vault: Vault | None = None,
        vault_path: Path | None = None,
        key: KeySource | None = None,
        recognizers: Sequence[Recognizer] | None = None,
    ) -> Self:
        """Open a guard with embedded defaults: local vault, bundled recognizers, default policy.

        Args:
            scope: whose memory this is: a user, an agent, a conversation.
            user_name: the user's own full name; it is found as `Real Name`.
            policy: default :class:`Policy`, which protects PL2 and above.
            vault: a vault that stays the caller's to close; default the local SQLite file.
            vault_path: where that file is; default the platform's data folder.
            key: where its key comes from; default see :func:`memveil.vault.location.open_vault`.
            recognizers: the cascade; default :func:`default_recognizers`.

        Raises:
            VaultError: the vault cannot be opened; see its leaves.
        """
        store = open_vault(vault_path, key) if vault is None else vault
        guard = cls(ScopeVault(store, scope), policy=policy, recognizers=recognizers, user_name=user_name)
        guard._owned = store if vault is None else None
        return guard

    # -- outbound ---------------------------------------------------------------

    def detect(self, text: str, *, previous: Sequence[str] = ()) -> tuple[Span, ...]:
        """Find what is private in ``text``. Nothing is stored.

        Args:
            text: any text; offsets of the result refer to it.
            previous: texts of the previous turns, oldest first.

        Returns:
            Disjoint spans in order, each with the action the policy would take.

        Raises:
            DetectionError: a recognizer failed.
        """
        return self._decide(text, self._find(text, previous))

    def protect(self, text: str, *, previous: Sequence[str] = ()) -> Protected:
        """Replace what the policy protects, and remember it in the vault.

        Raises:
            DetectionError: a recognizer failed; PolicyError: the policy blocks
                this text; VaultError: the vault failed. In each case nothing may be sent.
        """
        degraded: list[str] = []
        found = self._find(text, previous, degraded)
        spans = self._decide(text, found)
        sent = pseudonymize(text, spans, lambda wanted: self._assign(text, wanted))
        self._remember(text, found, spans)
        return Protected(sent, spans, tuple(degraded))

    def protect_query(self, text: str, *, previous: Sequence[str] = ()) -> Protected:
        """Protect a search, and put behind it the placeholders of known values that it may mean.

        A memory that was protected no longer shows the words of its values; see
        ``memveil.query_expansion``. For searches only: nobody is meant to read the result.

        Raises:
            As :meth:`protect`.
        """
        protected = self.protect(text, previous=previous)
        added = [each for each in self._expansion.related(text) if each not in protected.text]
        return Protected(" ".join((protected.text, *added)), protected.spans)

    def protect_messages(self, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Protect an OpenAI-style message list, tool calls included.

        Each message is read with those before it as context.

        Raises:
            UnsupportedFormat: a message has a part memveil does not know; and as :meth:`protect`.
        """
        previous: list[str] = []

        def transform(_role: str, text: str) -> str:
            protected = self.protect(text, previous=previous)
            previous.append(text)
            return protected.text

        return map_messages(messages, transform)

    def protect_label(self, name: str) -> str:
        """A token for the whole of a user id, a namespace or a key, the same for ever.

        Names are what a memory system finds things by, so no recognizer is asked:
        what it says could change. See :class:`memveil.vault.labels.Labels`.
        """
        return self._labels.protect(name)

    # -- inbound ----------------------------------------------------------------

    def restore(self, text: str) -> str:
        """Put values back for the placeholders issued in this scope; others stay."""
        return restore(text, self._scope.lookup)

    def restore_json(self, document: str) -> str:
        """Restore inside the strings of a JSON document, such as tool arguments."""
        return restore(document, self._scope.lookup, write=as_json_string)

    def restore_messages(self, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Restore a message list; the counterpart of :meth:`protect_messages`."""
        return map_messages(messages, lambda _role, text: self.restore(text))

    def restore_label(self, token: str) -> str:
        """The name of a token of :meth:`protect_label`; any other text stays."""
        return self._labels.restore(token)

    def lookup(self, placeholders: Iterable[str]) -> dict[str, str]:
        """Values of canonical placeholders that this scope issued; others are absent."""
        return self._scope.lookup(placeholders)

    def restorer(self, *, json: bool = False) -> StreamRestorer:
        """A restorer for one stream of text, or of JSON text."""
        return StreamRestorer(self._scope.lookup, write=as_json_string if json else as_text)

    # -- the scope --------------------------------------------------------------

    def forget(self) -> int:
        """Erase this scope's values for good. Returns how many there were."""
        return self._scope.forget()

    def forget_value(self, value: str) -> list[str]:
        """Erase one value. Returns the placeholders that now mean nothing."""
        return self._scope.forget_value(value)

    def close(self) -> None:
        """Close the vault, if this guard opened it."""
        if self._owned is not None:
            self._owned.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # -- inner ------------------------------------------------------------------

    def _find(self, text: str, previous: Sequence[str], degraded: list[str] | None = None) -> tuple[Span, ...]:
        context = Context(self._user_name, tuple(previous), degraded)
        return (*detect(text, self._recognizers, context), *self._policy.claims(text))

    def _decide(self, text: str, found: Sequence[Span]) -> tuple[Span, ...]:
        return self._policy.decide(text, resolve(found))

    def _remember(self, text: str, found: Sequence[Span], sent: Sequence[Span]) -> None:
        """Give placeholders to values that went out inside a longer span, so that they are known alone too."""
        whole = {(span.start, span.end) for span in sent}
        hidden = [
            Replacement(span.start, span.end, span)
            for span in self._policy.decide(text, found)
            if span.action is Action.PSEUDONYMIZE
            and span.recognizer != KnownValues.name
            and (span.start, span.end) not in whole
        ]
        if hidden:
            self._assign(text, hidden)

    def _assign(self, text: str, wanted: Sequence[Replacement]) -> Sequence[str]:
        return self._scope.assign([self._new_value(text, replacement) for replacement in wanted])

    def _new_value(self, text: str, replacement: Replacement) -> NewValue:
        value = text[replacement.start : replacement.end]
        span = replacement.span
        if span is None:
            return NewValue(value, LITERAL_TAG, PrivacyLevel.PL2, LITERAL_TAG)
        generic = self._policy.style is Style.GENERIC
        tag = GENERIC_TAG if generic else PRIVACY_TYPES[span.privacy_type].tag
        return NewValue(value, span.privacy_type, span.level, tag)
