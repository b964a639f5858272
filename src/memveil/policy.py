"""The third stage: which spans are protected, and how.

A policy is one table from level to action, with exceptions by privacy type and
by value. It is total: every type has a level and every level an action.
Raising the strictness never shrinks what is protected.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from memveil.errors import ConfigError
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import Action, PrivacyLevel, Span

__all__ = ["PRESETS", "Policy", "Style", "ValueRule"]


class Style(enum.Enum):
    """What stands in for a protected value.

    ``TYPED`` placeholders tell the type, ``GENERIC`` ones only that something
    stood there, ``REDACT`` removes for good. (MemPrivacy's three modes.)
    """

    TYPED = "typed"
    GENERIC = "generic"
    REDACT = "redact"


@dataclass(frozen=True, slots=True)
class ValueRule:
    """Values that are always, or never, protected. The repr shows no value.

    Build one with :meth:`literal` or :meth:`pattern`.

    Args:
        expression: matched without regard to case.
        privacy_type: type that an always-protected value gets.
    """

    expression: re.Pattern[str] = field(repr=False)
    privacy_type: str = "Business Secret"

    def __post_init__(self) -> None:
        if self.privacy_type not in PRIVACY_TYPES:
            raise ConfigError(f"unknown privacy type {self.privacy_type!r}")

    @classmethod
    def literal(cls, value: str, *, privacy_type: str = "Business Secret") -> ValueRule:
        """A rule for exactly this value, in any case, not inside a longer word."""
        edge = "[0-9A-Za-z_]"
        before = f"(?<!{edge})" if re.match(edge, value[:1]) else ""
        after = f"(?!{edge})" if re.match(edge, value[-1:]) else ""
        return cls.pattern(before + re.escape(value) + after, privacy_type=privacy_type)

    @classmethod
    def pattern(cls, regex: str, *, privacy_type: str = "Business Secret") -> ValueRule:
        """A rule for everything a regular expression matches.

        Raises:
            ConfigError: the expression does not compile, or matches the empty text.
        """
        try:
            expression = re.compile(regex, re.IGNORECASE)
        except re.error as error:
            raise ConfigError(f"not a regular expression: {error.msg}") from None
        if expression.match("") is not None:
            raise ConfigError("a regular expression that matches the empty text protects nothing")
        return cls(expression, privacy_type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """From spans to decisions.

    Args:
        threshold: spans of this level and above are protected; ``None`` protects none.
        by_level: other actions than ``PSEUDONYMIZE`` for levels at or above the threshold.
        by_type: actions by privacy type, whatever the level.
        always: values protected even where no recognizer finds them.
        never: values kept even where a recognizer finds them.
        style: what pseudonymized values are replaced by.
    """

    threshold: PrivacyLevel = PrivacyLevel.PL2
    by_level: Mapping[PrivacyLevel, Action] = field(default_factory=dict[PrivacyLevel, Action])
    by_type: Mapping[str, Action] = field(default_factory=dict[str, Action])
    always: tuple[ValueRule, ...] = ()
    never: tuple[ValueRule, ...] = ()
    style: Style = Style.TYPED

    def __post_init__(self) -> None:
        for name in self.by_type:
            if name not in PRIVACY_TYPES:
                raise ConfigError(f"by_type: unknown privacy type {name!r}")
        if self.threshold is PrivacyLevel.PL1:
            raise ConfigError("threshold: PL1 is never protected; use PL2, PL3 or PL4")

    @classmethod
    def preset(cls, name: str) -> Policy:
        """The named preset: ``pl4``, ``pl3``, ``pl2`` (the default) or ``strict``.

        Raises:
            ConfigError: there is no such preset.
        """
        try:
            return PRESETS[name]
        except KeyError:
            raise ConfigError(f"unknown preset {name!r}; use one of {', '.join(PRESETS)}") from None

    def action(self, privacy_type: str, level: PrivacyLevel) -> Action:
        """What happens to a span of this type and level."""
        action = self.by_type.get(privacy_type)
        if action is None:
            if level < self.threshold:
                return Action.KEEP
            action = self.by_level.get(level, Action.PSEUDONYMIZE)
        return self._protective() if action is Action.PSEUDONYMIZE else action

    def claims(self, text: str) -> tuple[Span, ...]:
        """Spans of the values that are always protected."""
        return tuple(
            Span(match.start(), match.end(), rule.privacy_type, PRIVACY_TYPES[rule.privacy_type].level, 1.0, "policy")
            for rule in self.always
            for match in rule.expression.finditer(text)
            if match.end() > match.start()
        )

    def decide(self, text: str, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Give each span its action. The text is read for the lists of values only."""
        claimed = self.claims(text)
        return tuple(replace(span, action=self._decide(text, span, claimed)) for span in spans)

    def _decide(self, text: str, span: Span, claimed: Sequence[Span]) -> Action:
        if any(span.overlaps(claim) for claim in claimed):
            action = self.action(span.privacy_type, max(span.level, self.threshold))
            return self._protective() if action is Action.KEEP else action
        if any(rule.expression.fullmatch(text, span.start, span.end) for rule in self.never):
            return Action.KEEP
        return self.action(span.privacy_type, span.level)

    def _protective(self) -> Action:
        return Action.REDACT if self.style is Style.REDACT else Action.PSEUDONYMIZE

    def with_style(self, style: Style) -> Policy:
        """The same policy with another style."""
        return replace(self, style=style)


PRESETS: Mapping[str, Policy] = MappingProxyType(
    {
        "pl4": Policy(threshold=PrivacyLevel.PL4),
        "pl3": Policy(threshold=PrivacyLevel.PL3),
        "pl2": Policy(threshold=PrivacyLevel.PL2),
        "strict": Policy(threshold=PrivacyLevel.PL2, by_level={PrivacyLevel.PL4: Action.REDACT}),
    }
)
"""Policies by name, from the most open to the strictest."""
