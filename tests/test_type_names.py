"""Names of others map to our types and never lose level."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel
from memveil.type_names import ALIASES, known_type, nearest_type

levels = st.sampled_from(list(PrivacyLevel))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Project Code", "Project/Task ID"),
        ("session_token", "Token"),
        ("PIN", "Password"),
        ("EMAIL", "Email"),
        ("Person", "Third-Party Identifiable Info"),
        ("Medical Condition", "Medical Health"),
        ("Chronic Disease Info", "Medical Health"),
        ("Company Name", "Employer/Company Name"),
        ("Crypto Wallet Secret Key", "Key"),
        ("Wife's Phone", "Phone Number"),
    ],
)
def test_free_names_find_their_family(name: str, expected: str) -> None:
    assert nearest_type(name, PrivacyLevel.PL2)[0] == expected


@given(st.text(), levels)
def test_any_name_has_a_type_and_keeps_at_least_its_level(name: str, level: PrivacyLevel) -> None:
    found, raised = nearest_type(name, level)

    assert found in PRIVACY_TYPES
    assert raised == max(level, PRIVACY_TYPES[found].level)


@pytest.mark.parametrize("name", PRIVACY_TYPES)
def test_our_own_names_stay(name: str) -> None:
    assert nearest_type(name, PrivacyLevel.PL1) == (name, PRIVACY_TYPES[name].level)


def test_an_alias_belongs_to_one_type() -> None:
    aliases = [alias.lower() for row in ALIASES.values() for alias in row]

    assert len(aliases) == len(set(aliases))


def test_a_name_is_known_without_guessing_or_not_at_all() -> None:
    assert known_type("email address") == known_type("EMAIL") == "Email"
    assert known_type("Favourite Colour") is None
    assert known_type("some e-mail of hers") is None
