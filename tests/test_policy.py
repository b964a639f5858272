"""The policy: total, monotone, with exceptions that do what they say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import ConfigError
from memveil.policy import PRESETS, Policy, Style, ValueRule
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import Action, PrivacyLevel, Span

STRICTNESS = {Action.KEEP: 0, Action.PSEUDONYMIZE: 1, Action.REDACT: 2, Action.BLOCK: 3}
types = st.sampled_from(sorted(PRIVACY_TYPES))
levels = st.sampled_from([PrivacyLevel.PL2, PrivacyLevel.PL3, PrivacyLevel.PL4])


def span(text: str, value: str, kind: str = "Third-Party Identifiable Info") -> Span:
    start = text.index(value)
    return Span(start, start + len(value), kind, PRIVACY_TYPES[kind].level)


@given(types, levels, st.sampled_from(list(Style)))
def test_every_type_and_level_has_an_action_in_every_preset(kind: str, level: PrivacyLevel, style: Style) -> None:
    for preset in PRESETS.values():
        assert preset.with_style(style).action(kind, level) in STRICTNESS


@given(types, levels)
def test_a_stricter_preset_never_protects_less(kind: str, level: PrivacyLevel) -> None:
    actions = [STRICTNESS[preset.action(kind, level)] for preset in PRESETS.values()]

    assert actions == sorted(actions)


@given(types, st.sampled_from(list(PRESETS.values())))
def test_a_higher_level_is_never_protected_less(kind: str, preset: Policy) -> None:
    actions = [STRICTNESS[preset.action(kind, level)] for level in PrivacyLevel]

    assert actions == sorted(actions)


@pytest.mark.parametrize(("preset", "kept"), [("pl2", 1), ("pl3", 2), ("pl4", 3), ("strict", 1)])
def test_presets_keep_what_lies_below_their_threshold(preset: str, kept: int) -> None:
    policy = Policy.preset(preset)

    assert policy.action("Email", PrivacyLevel(kept)) is Action.KEEP
    assert policy.action("Email", PrivacyLevel(kept + 1)) is not Action.KEEP


def test_an_override_by_type_beats_the_level() -> None:
    policy = Policy(by_type={"Password": Action.BLOCK, "Email": Action.KEEP})

    assert policy.action("Password", PrivacyLevel.PL4) is Action.BLOCK
    assert policy.action("Email", PrivacyLevel.PL4) is Action.KEEP


def test_a_value_that_is_never_protected_is_kept_in_any_case() -> None:
    text = "Ask MARA, not Marabel."
    policy = Policy(never=(ValueRule.literal("Mara"),))
    decisions = policy.decide(text, [span(text, "MARA"), span(text, "Marabel")])

    assert [decision.action for decision in decisions] == [Action.KEEP, Action.PSEUDONYMIZE]


def test_a_value_that_is_always_protected_is_claimed_even_below_the_threshold() -> None:
    text = "The Larkspur deal, LARKSPUR-2, and larkspurs."
    rule = ValueRule.literal("larkspur", privacy_type="Third-Party Identifiable Info")
    policy = Policy(threshold=PrivacyLevel.PL4, always=(rule,))
    decisions = policy.decide(text, policy.claims(text))

    assert [(text[d.start : d.end], d.action) for d in decisions] == [
        ("Larkspur", Action.PSEUDONYMIZE),
        ("LARKSPUR", Action.PSEUDONYMIZE),
    ]


def test_always_beats_never_and_overrides() -> None:
    text = "Larkspur"
    rule = ValueRule.literal("Larkspur")
    policy = Policy(always=(rule,), never=(rule,), by_type={"Business Secret": Action.KEEP})

    assert policy.decide(text, policy.claims(text))[0].action is Action.PSEUDONYMIZE


def test_the_redacting_style_turns_pseudonymize_into_redact_and_leaves_block() -> None:
    policy = Policy(by_level={PrivacyLevel.PL4: Action.BLOCK}, style=Style.REDACT)

    assert policy.action("Email", PrivacyLevel.PL2) is Action.REDACT
    assert policy.action("Key", PrivacyLevel.PL4) is Action.BLOCK
    assert policy.action("Email", PrivacyLevel.PL1) is Action.KEEP


@pytest.mark.parametrize(
    "build",
    [
        lambda: Policy(by_type={"Shoe Size": Action.KEEP}),
        lambda: Policy(threshold=PrivacyLevel.PL1),
        lambda: Policy.preset("paranoid"),
        lambda: ValueRule.pattern("("),
        lambda: ValueRule.pattern("x*"),
        lambda: ValueRule.literal(""),
        lambda: ValueRule.literal("x", privacy_type="Shoe Size"),
    ],
)
def test_what_cannot_work_is_refused_when_it_is_built(build: Callable[[], object]) -> None:
    with pytest.raises(ConfigError):
        build()


def test_the_repr_of_a_rule_hides_its_value() -> None:
    assert "Larkspur" not in repr(Policy(always=(ValueRule.literal("Larkspur"),)))
