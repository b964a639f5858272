"""One request and its answer, as the guard of a scope sees them. Synchronous: runs in a worker thread.

PL4 values are restored only for the request that carried them: what a text of
this request was replaced by is noted, and a secret that is not among these
stays a placeholder. Its number stays the same from one request to the next, so
a conversation keeps its bytes.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from memveil.detect import Recognizer
from memveil.errors import PolicyError
from memveil.guard import Guard
from memveil.placeholders import find
from memveil.policy import Policy, Style
from memveil.proxy.options import ToolPolicy
from memveil.proxy.remembering import RememberingRecognizer
from memveil.recognizers.defaults import default_recognizers
from memveil.restore import Lookup, restore
from memveil.spans import Action
from memveil.vault.base import Vault
from memveil.vault.ephemeral import EphemeralTable
from memveil.vault.scope import ScopeVault
from memveil.wire.walks import Inbound, Outbound

__all__ = ["ScopeRules", "Scopes", "Turn"]

# Texts before the one that is looked at, as context.
_CONTEXT = 16
_KEPT = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRules:
    """What is special about a scope. The repr shows no value.

    Args:
        policy: what is protected in it, and how.
        user_name: full name of its user.
    """

    policy: Policy = field(default_factory=Policy)
    user_name: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Bound:
    scope: ScopeVault
    guard: Guard
    signed: Guard


class Scopes:
    """The guards of all scopes, made when they are needed. Thread-safe.

    Args:
        vault: where values are stored; it stays the caller's to close.
        secrets: where PL4 values live.
        recognizers: the cascade of every scope.
        rules: what holds for a scope without rules of its own.
        by_scope: rules of single scopes.
    """

    def __init__(
        self,
        vault: Vault,
        *,
        secrets: EphemeralTable | None = None,
        recognizers: Sequence[Recognizer] | None = None,
        rules: ScopeRules | None = None,
        by_scope: Mapping[str, ScopeRules] | None = None,
    ) -> None:
        self._vault = vault
        self._secrets = EphemeralTable() if secrets is None else secrets
        cascade = default_recognizers() if recognizers is None else recognizers
        self._recognizers = tuple(RememberingRecognizer(recognizer) for recognizer in cascade)
        self._rules = ScopeRules() if rules is None else rules
        self._by_scope = {} if by_scope is None else dict(by_scope)
        self._lock = threading.Lock()
        self._bound: OrderedDict[str, _Bound] = OrderedDict()

    def begin(self, name: str, tools: ToolPolicy) -> Turn:
        """Begin a request in a scope."""
        bound = self._of(name)
        return Turn(bound.scope, bound.guard, bound.signed, self._secrets, tools)

    def probe(self) -> None:
        """Ask the vault for something that costs nothing.

        Raises:
            VaultError: it cannot be used.
        """
        self._vault.scopes()

    def _of(self, name: str) -> _Bound:
        with self._lock:
            bound = self._bound.get(name)
            if bound is None:
                bound = self._bound[name] = self._open(name)
                if len(self._bound) > _KEPT:
                    self._bound.popitem(last=False)
            self._bound.move_to_end(name)
            return bound

    def _open(self, name: str) -> _Bound:
        rules = self._by_scope.get(name, self._rules)
        scope = ScopeVault(self._vault, name, self._secrets)
        # Signed text was written by the model, from placeholders; what could stand in it
        # are values that this request or an earlier one has shown. Nothing is known of
        # values that were removed for good, so there the whole cascade has to look.
        alone = rules.policy.style is Style.REDACT
        return _Bound(
            scope,
            Guard(scope, policy=rules.policy, recognizers=self._recognizers, user_name=rules.user_name),
            Guard(scope, policy=rules.policy, recognizers=self._recognizers if alone else ()),
        )


class Turn:
    """One request and its answer. The counts hold no value.

    Args:
        scope: the scope's values.
        guard: protects its texts.
        signed: judges text that nobody may change.
        secrets: where PL4 values live.
        tools: which tools get values.
    """

    def __init__(
        self, scope: ScopeVault, guard: Guard, signed: Guard, secrets: EphemeralTable, tools: ToolPolicy
    ) -> None:
        self._scope = scope
        self._guard = guard
        self._signed = signed
        self._secrets = secrets
        self._tools = tools
        self._previous: deque[str] = deque(maxlen=_CONTEXT)
        self._carried: set[str] = set()
        self.types: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        self.actions: Counter[str] = Counter()
        self.restored = 0
        self.refused_tools = 0

    @property
    def scope(self) -> str:
        """Name of the scope."""
        return self._scope.scope

    def outbound(self, *, allows_media: bool) -> Outbound:
        """The way out for this request."""
        return Outbound(self._protect, self._is_clean, allows_media=allows_media, protect_call=self._protect_call)

    def inbound(self, *, is_json: bool) -> Inbound:
        """The way home for its answer."""
        return Inbound(self._exit, is_json=is_json)

    def _protect(self, text: str) -> str:
        protected = self._guard.protect(text, previous=tuple(self._previous))
        self._previous.append(text)
        for span in protected.spans:
            self.types[span.privacy_type] += 1
            self.levels[str(span.level)] += 1
            self.actions[span.action.value] += 1
        if protected.text != text:
            self._carried.update(placeholder.written for placeholder in find(protected.text))
        return protected.text

    def _protect_call(self, tool: str, text: str) -> str:
        """What went into a tool. One that got placeholders has them in its history, and they are ours."""
        return self._protect(restore(text, self._lookup) if self._tools.keeps(tool) else text)

    def _is_clean(self, text: str) -> bool:
        return all(span.action is Action.KEEP for span in self._signed.detect(text))

    def _exit(self, tool: str | None) -> Lookup:
        if tool is None:
            return self._lookup
        if self._tools.refuses(tool):
            return self._refuse
        return _nothing if self._tools.keeps(tool) else self._lookup

    def _lookup(self, placeholders: Iterable[str]) -> Mapping[str, str]:
        asked = list(placeholders)
        found = self._scope.lookup(asked)
        foreign = [name for name in found if name not in self._carried]
        if foreign:
            for name in self._secrets.lookup(self._scope.scope, foreign):
                del found[name]
        self.restored += len(found)
        return found

    def _refuse(self, placeholders: Iterable[str]) -> Mapping[str, str]:
        if self._lookup(placeholders):
            self.refused_tools += 1
            raise PolicyError("the policy keeps values out of a tool that the model called with one")
        return {}


def _nothing(placeholders: Iterable[str]) -> Mapping[str, str]:
    del placeholders
    return {}
