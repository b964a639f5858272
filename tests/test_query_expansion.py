from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.guard import Guard
from memveil.placeholders import find
from memveil.policy import Policy, Style
from memveil.privacy_types import PRIVACY_TYPES
from memveil.query_expansion import MAX_OF_TYPE, MAX_SPREAD, MAX_VALUES, QueryExpansion
from memveil.spans import PrivacyLevel
from memveil.testing import CANARIES, ScriptedRecognizer, assert_no_canary
from memveil.vault.base import NewValue
from memveil.vault.memory import MemoryVault
from memveil.vault.scope import ScopeVault


def scope_of(*values: tuple[str, str]) -> ScopeVault:
    """A scope with values, given as text and privacy type."""
    scope = ScopeVault(MemoryVault(), "s")
    add(scope, *values)
    return scope


def add(scope: ScopeVault, *values: tuple[str, str]) -> list[str]:
    rows = [NewValue(value, kind, PRIVACY_TYPES[kind].level, PRIVACY_TYPES[kind].tag) for value, kind in values]
    return scope.assign(rows)


KIN = ("my aunt in Wexmoor", "Relationship Info")
HARP = ("harpsichord tuner at Quoll Hall", "Job Title/Rank")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("where does my aunt work", ("<Relationship_1>",)),
        ("AUNT?", ("<Relationship_1>",)),
        ("who tunes the harpsichord", ("<Job_Title_1>",)),
        ("what is my job title", ("<Job_Title_1>",)),
        ("what is my role there", ("<Job_Title_1>",)),
        ("the weather in the north", ()),
        ("in at my", ()),
        ("aunts", ()),
        ("", ()),
    ],
)
def test_a_query_gets_the_placeholders_of_values_it_shares_words_with_and_of_types_it_names(
    query: str, expected: tuple[str, ...]
) -> None:
    assert QueryExpansion(scope_of(KIN, HARP)).related(query) == expected


def test_chinese_is_compared_by_pairs_and_types_have_chinese_names() -> None:
    expansion = QueryExpansion(scope_of(("在青石镇的姑妈", "Relationship Info"), ("a@b.example", "Email")))

    assert expansion.related("姑妈住在哪里") == ("<Relationship_1>",)
    assert expansion.related("我的妈") == ()
    assert expansion.related("我的邮箱是什么") == ("<Email_1>",)


def test_full_width_letters_are_the_same_words() -> None:
    assert QueryExpansion(scope_of(HARP)).related("ｈａｒｐｓｉｃｈｏｒｄ") == ("<Job_Title_1>",)


def test_a_word_of_many_values_says_nothing_about_one_of_them() -> None:
    many = [(f"bridge club {chr(97 + n) * 4}", "Company/Organization Info") for n in range(MAX_SPREAD + 1)]
    expansion = QueryExpansion(scope_of(*many))

    assert expansion.related("the bridge") == ()
    assert expansion.related("the bridge aaaa") == ("<Organization_1>",)


def test_a_type_of_which_the_scope_has_much_is_not_listed() -> None:
    few = [(f"{chr(97 + n) * 4}@mail.example", "Email") for n in range(MAX_OF_TYPE)]
    scope = scope_of(*few)
    expansion = QueryExpansion(scope)
    assert len(expansion.related("my email")) == MAX_OF_TYPE

    add(scope, ("zzzz@mail.example", "Email"))
    assert expansion.related("my email") == ()


def test_the_best_are_those_that_share_most_and_rarest_words() -> None:
    expansion = QueryExpansion(
        scope_of(("violet lantern shop", "Employer/Company Name"), ("lantern fair", "Company/Organization Info"))
    )

    assert expansion.related("the violet lantern") == ("<Employer_1>", "<Organization_1>")


@given(st.lists(st.text("abcd ", min_size=1, max_size=20), max_size=30), st.text("abcd ", max_size=60))
def test_there_are_never_more_than_the_limits(values: list[str], query: str) -> None:
    scope = scope_of(*((value, "Email") for value in values))

    assert len(QueryExpansion(scope).related(query)) <= MAX_VALUES


def test_what_is_new_is_found_and_what_is_forgotten_is_not() -> None:
    scope = scope_of(KIN)
    expansion = QueryExpansion(scope)
    assert expansion.related("harpsichord") == ()
    add(scope, HARP)
    assert expansion.related("harpsichord aunt") == ("<Relationship_1>", "<Job_Title_1>")
    scope.forget_value(HARP[0])
    assert expansion.related("harpsichord aunt") == ("<Relationship_1>",)
    scope.forget()
    assert expansion.related("harpsichord aunt") == ()


def test_secrets_and_literals_are_never_looked_for() -> None:
    scope = scope_of(("violet lantern", "Password"))
    scope.assign([NewValue("<Violet_1>", "Literal", PrivacyLevel.PL2, "Literal")])

    assert QueryExpansion(scope).related("violet lantern password") == ()


@pytest.mark.parametrize("style", [Style.TYPED, Style.GENERIC])
def test_a_guard_puts_them_behind_the_protected_query_and_restores_them(style: Style) -> None:
    relative = CANARIES["Relationship Info"]
    guard = Guard.open(vault=MemoryVault(), recognizers=[ScriptedRecognizer()], policy=Policy(style=style))
    [placeholder] = [each.written for each in find(guard.protect(f"I met {relative}.").text)]
    query = guard.protect_query("Where did I meet Ottoline?")

    assert query.text == f"Where did I meet Ottoline? {placeholder}"
    assert guard.restore(query.text) == f"Where did I meet Ottoline? {relative}"
    assert guard.protect_query(f"Where did I meet {relative}?").text == f"Where did I meet {placeholder}?"


def test_a_query_shows_no_value_and_changes_nothing_where_nothing_is_known() -> None:
    guard = Guard.open(vault=MemoryVault(), recognizers=[ScriptedRecognizer()])
    assert guard.protect_query("What is my email?").text == "What is my email?"

    guard.protect("; ".join(CANARIES.values()))
    for value in CANARIES.values():
        assert_no_canary(guard.protect_query(f"Who or what is {value}?").text)


def test_redaction_leaves_nothing_to_add() -> None:
    guard = Guard.open(vault=MemoryVault(), recognizers=[ScriptedRecognizer()], policy=Policy(style=Style.REDACT))
    guard.protect(f"I met {CANARIES['Relationship Info']}.")

    assert guard.protect_query("Where did I meet Ottoline?").text == "Where did I meet Ottoline?"
