"""One request and its answer, as the guard of a scope sees them. Synchronous: runs in a worker thread.

PL4 values are restored only for the request that carried them: what a text of
this request was replaced by is noted, and a secret that is not among these
stays a placeholder. Its number stays the same from one request to the next, so
a conversation keeps its bytes.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from memveil.detect import Recognizer
from memveil.errors import PolicyError
from memveil.guard import Guard
from memveil.placeholders import find
from memveil.policy import Policy, Style
from memveil.proxy.options import ToolPolicy
from memveil.recognizers.defaults import default_recognizers
from memveil.recognizers.remembering import RememberingRecognizer, TextKeys
from memveil.restore import Lookup
from memveil.spans import Action
from memveil.vault.base import Vault
from memveil.vault.ephemeral import EphemeralTable
from memveil.vault.scope import ScopeVault
from memveil.wire.walks import Inbound, Outbound

__all__ = ["NotAtHand", "ScopeRules", "Scopes", "Turn"]

_T = TypeVar("_T")
# Texts before the one that is looked at, as context.
_CONTEXT = 16
_KEPT = 256
# Calls of tools that keep placeholders, in each scope.
_CALLS = 4096


class NotAtHand(Exception):
    """Work that may not wait needs something that has to be waited for: the vault, or a person."""


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
    calls: _KeptCalls


class _KeptCalls:
    """Which tools that keep placeholders were called, by the id of the call. Thread-safe.

    A client that goes on from a stored response sends the answer of a tool without its call.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tools: OrderedDict[str, str] = OrderedDict()

    def put(self, call: str, tool: str) -> None:
        with self._lock:
            self._tools[call] = tool
            if len(self._tools) > _CALLS:
                self._tools.popitem(last=False)

    def get(self, call: str) -> str | None:
        with self._lock:
            return self._tools.get(call)


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
        keys = TextKeys()
        self._recognizers = tuple(RememberingRecognizer(recognizer, keys=keys) for recognizer in cascade)
        self._rules = ScopeRules() if rules is None else rules
        self._by_scope = {} if by_scope is None else dict(by_scope)
        self._lock = threading.Lock()
        self._bound: OrderedDict[str, _Bound] = OrderedDict()

    def begin(self, name: str, tools: ToolPolicy) -> Turn:
        """Begin a request in a scope."""
        bound = self._of(name)
        return Turn(bound, self._secrets, tools)

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
            _KeptCalls(),
        )


class Turn:
    """One request and its answer. The counts hold no value.

    Args:
        bound: the scope's values and its guards.
        secrets: where PL4 values live.
        tools: which tools get values.
    """

    def __init__(self, bound: _Bound, secrets: EphemeralTable, tools: ToolPolicy) -> None:
        self._scope = bound.scope
        self._guard = bound.guard
        self._signed = bound.signed
        self._calls = bound.calls
        self._secrets = secrets
        self._tools = tools
        self._previous: deque[str] = deque(maxlen=_CONTEXT)
        self._carried: set[str] = set()
        self._approved: set[tuple[str, str]] = set()
        # Values of the placeholders in this request: an answer speaks of little else.
        self._values: Mapping[str, str] = {}
        self._may_wait = True
        self.types: Counter[str] = Counter()
        self.levels: Counter[str] = Counter()
        self.actions: Counter[str] = Counter()
        self.restored = 0
        self.degraded = 0
        self.refused_tools = 0

    @property
    def scope(self) -> str:
        """Name of the scope."""
        return self._scope.scope

    def outbound(self, *, allows_media: bool) -> Outbound:
        """The way out for this request."""
        return Outbound(
            self._protect,
            self._is_clean,
            allows_media=allows_media,
            protect_call=self._protect_call,
            earlier_call=self._calls.get,
            protect_apart=self._protect_apart,
        )

    def inbound(self, *, is_json: bool, note: str = "") -> Inbound:
        """The way home for its answer."""
        return Inbound(self._exit, is_json=is_json, note=note, on_call=self._remember_call)

    def prepare(self) -> None:
        """Read what the answer will probably need, in one go. Waits for the vault."""
        self._values = self._scope.lookup(sorted(self._carried))

    def at_once(self, work: Callable[[], _T]) -> _T:
        """Do work on the answer without waiting for anything.

        Raises:
            NotAtHand: that is not possible. Nothing was counted, and the work can be done again by itself.
        """
        restored = self.restored
        self._may_wait = False
        try:
            return work()
        except NotAtHand:
            self.restored = restored
            raise
        finally:
            self._may_wait = True

    def _protect(self, text: str) -> str:
        protected = self._protect_part(text)
        self._previous.append(text)
        return protected

    def _protect_apart(self, text: str) -> str:
        return self._protect_part(text, alone=True)

    def _protect_part(self, text: str, *, alone: bool = False) -> str:
        if not text:
            return text
        protected = self._guard.protect(text, previous=() if alone else tuple(self._previous))
        self.degraded += bool(protected.degraded)
        for span in protected.spans:
            self.types[span.privacy_type] += 1
            self.levels[str(span.level)] += 1
            self.actions[span.action.value] += 1
        if protected.text != text:
            self._carried.update(placeholder.written for placeholder in find(protected.text))
        return protected.text

    def _protect_call(self, tool: str, text: str) -> str:
        """What went into a tool, or came out. One that gets placeholders gives them back, and they are ours.

        They stay as they stand, and what is between them is protected: nothing is
        restored on the way out, where it might not be found again.
        """
        placeholders = list(find(text)) if self._tools.keeps(tool) else []
        ours = self._known(placeholder.written for placeholder in placeholders) if placeholders else {}
        parts: list[str] = []
        position = 0
        for placeholder in placeholders:
            if placeholder.written in ours:
                before = self._protect_part(text[position : placeholder.start])
                parts += [before, text[placeholder.start : placeholder.end]]
                position = placeholder.end
        parts.append(self._protect_part(text[position:]))
        self._previous.append(text)
        return "".join(parts)

    def _remember_call(self, call: str, tool: str) -> None:
        if call and self._tools.keeps(tool):
            self._calls.put(call, tool)

    def _is_clean(self, text: str) -> bool:
        return all(span.action is Action.KEEP for span in self._signed.detect(text))

    def _exit(self, tool: str | None) -> Lookup:
        if tool is None:
            return self._lookup
        if self._tools.refuses(tool):
            return self._refuse
        if self._tools.asks(tool):
            return partial(self._ask, tool)
        return _nothing if self._tools.keeps(tool) else self._lookup

    def _lookup(self, placeholders: Iterable[str]) -> Mapping[str, str]:
        found = self._known(placeholders)
        self.restored += len(found)
        return found

    def _known(self, placeholders: Iterable[str]) -> dict[str, str]:
        """What this request may read: values of the scope, and of secrets those that it carried."""
        asked = list(placeholders)
        at_hand = {name: self._values[name] for name in asked if name in self._values}
        if len(at_hand) == len(asked):
            return at_hand
        self._wait()
        found = self._scope.lookup(asked)
        foreign = [name for name in found if name not in self._carried]
        if foreign:
            for name in self._secrets.lookup(self._scope.scope, foreign):
                del found[name]
        return found

    def _ask(self, tool: str, placeholders: Iterable[str]) -> Mapping[str, str]:
        found = self._known(placeholders)
        # Once for each value: a stream says the same arguments piece by piece, and then again as a whole.
        new = [name for name in found if (tool, name) not in self._approved]
        if new:
            self._wait()
        if new and not self._tools.approve(tool, new):
            self.refused_tools += 1
            raise PolicyError("nobody allowed the values that the model called a tool with")
        self._approved.update((tool, name) for name in new)
        self.restored += len(found)
        return found

    def _wait(self) -> None:
        if not self._may_wait:
            raise NotAtHand

    def _refuse(self, placeholders: Iterable[str]) -> Mapping[str, str]:
        if self._known(placeholders):
            self.refused_tools += 1
            raise PolicyError("the policy keeps values out of a tool that the model called with one")
        return {}


def _nothing(placeholders: Iterable[str]) -> Mapping[str, str]:
    del placeholders
    return {}
