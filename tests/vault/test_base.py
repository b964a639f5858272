"""The contract of a vault, held by every backend."""

from __future__ import annotations

import threading

import pytest

from memveil.errors import VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, NewValue, Revision, Vault


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


def phone(value: str) -> NewValue:
    return NewValue(value, "Phone Number", PrivacyLevel.PL2, "Phone")


def health(value: str) -> NewValue:
    return NewValue(value, "Medical Health", PrivacyLevel.PL3, "Health")


def test_numbers_start_at_one_for_each_tag_and_scope(vault: Vault) -> None:
    given = vault.assign("a", [mail("x@y.example"), phone("1234567"), mail("z@y.example")])

    assert given == ["<Email_1>", "<Phone_1>", "<Email_2>"]
    assert vault.assign("b", [mail("z@y.example")]) == ["<Email_1>"]


def test_an_equal_value_gets_an_equal_placeholder(vault: Vault) -> None:
    first = vault.assign("a", [mail("x@y.example"), mail("x@y.example")])

    assert first == ["<Email_1>", "<Email_1>"]
    assert vault.assign("a", [phone("9"), mail("x@y.example")]) == ["<Phone_1>", "<Email_1>"]


def test_one_text_may_be_two_types(vault: Vault) -> None:
    given = vault.assign("a", [mail("x"), phone("x"), NewValue("x", "School", PrivacyLevel.PL2, "Email")])

    assert given == ["<Email_1>", "<Phone_1>", "<Email_2>"]


def test_a_value_keeps_its_placeholder_when_it_comes_at_another_level(vault: Vault) -> None:
    vault.assign("a", [mail("x@y.example")])

    assert vault.assign("a", [NewValue("x@y.example", "Email", PrivacyLevel.PL3, "Email")]) == ["<Email_1>"]


@pytest.mark.parametrize(
    "value", ["", "\0", "a" * 100_000, "苏婉", "\ud800", "\U0001f600", "\x80", "a\x80", "\x80\0\0", "\r\n"]
)
def test_any_text_comes_back_exactly(vault: Vault, value: str) -> None:
    (placeholder,) = vault.assign("a", [mail(value)])

    assert vault.lookup("a", [placeholder]) == {placeholder: value}
    assert [entry.value for entry in vault.known("a")] == [value]


def test_lookup_knows_only_what_this_scope_issued(vault: Vault) -> None:
    vault.assign("a", [mail("x@y.example")])
    vault.assign("b", [phone("12345")])

    asked = ["<Email_1>", "<Email_2>", "<Phone_1>", "<email_1>", "Email_1", "<Email_01>", "<Email_0>", ""]
    assert vault.lookup("a", asked) == {"<Email_1>": "x@y.example"}
    assert vault.lookup("nobody", ["<Email_1>"]) == {}
    assert vault.lookup("a", [f"<Email_{10**40}>", "<Email_٣>", "<Email_1>\n"]) == {}


def test_known_comes_in_order_and_after_a_position(vault: Vault) -> None:
    vault.assign("a", [mail("one"), health("two")])
    first = list(vault.known("a"))
    vault.assign("a", [mail("three"), mail("one")])

    assert [entry.value for entry in first] == ["one", "two"]
    assert [entry.value for entry in vault.known("a", first[-1].position)] == ["three"]
    assert first[1] == Entry("<Health_1>", "two", "Medical Health", PrivacyLevel.PL3, first[1].position)
    assert list(vault.known("nobody")) == []


def test_known_reads_beyond_one_page(vault: Vault) -> None:
    vault.assign("a", [mail(str(number)) for number in range(2_500)])

    assert [entry.value for entry in vault.known("a")] == [str(number) for number in range(2_500)]


def test_reserved_numbers_are_never_assigned(vault: Vault) -> None:
    reserved = vault.reserve("a", "Email", 3)

    assert list(reserved) == [1, 2, 3]
    assert vault.assign("a", [mail("x")]) == ["<Email_4>"]
    assert list(vault.reserve("a", "Email", 1)) == [5]
    assert list(vault.reserve("a", "Email", 0)) == []
    assert vault.lookup("a", ["<Email_1>"]) == {}


def test_find_writes_nothing(vault: Vault) -> None:
    assert vault.find("a", [mail("x")]) == [None]
    assert vault.scopes() == []

    vault.assign("a", [mail("x")])

    assert vault.find("a", [mail("y"), mail("x"), phone("x")]) == [None, "<Email_1>", None]


def test_assigning_nothing_makes_no_scope(vault: Vault) -> None:
    assert vault.assign("a", []) == []
    assert vault.scopes() == []


def test_pl4_is_refused(vault: Vault) -> None:
    with pytest.raises(VaultError, match="PL4"):
        vault.assign("a", [mail("x"), NewValue("hunter2", "Password", PrivacyLevel.PL4, "Password")])

    assert vault.scopes() == []


@pytest.mark.parametrize("tag", ["", "1a", "a b", "a<", "Täg", "a" * 53])
def test_a_tag_outside_the_grammar_is_refused(vault: Vault, tag: str) -> None:
    with pytest.raises(VaultError, match="tag"):
        vault.assign("a", [NewValue("x", "Email", PrivacyLevel.PL2, tag)])
    with pytest.raises(VaultError, match="tag"):
        vault.reserve("a", tag, 1)


def test_a_negative_reservation_is_refused(vault: Vault) -> None:
    with pytest.raises(VaultError, match="reserve"):
        vault.reserve("a", "Email", -1)


def test_scopes_are_listed_by_name(vault: Vault) -> None:
    for name in ("zoë", "alice", "爱丽丝", ""):
        vault.assign(name, [mail("x")])

    assert vault.scopes() == sorted(["zoë", "alice", "爱丽丝", ""])


def test_stats_count_by_type_and_level(vault: Vault) -> None:
    vault.assign("a", [mail("x"), mail("y"), health("z")])
    stats = vault.stats("a")

    assert (stats.scope, stats.by_type) == ("a", {"Email": 2, "Medical Health": 1})
    assert stats.by_level == {PrivacyLevel.PL2: 2, PrivacyLevel.PL3: 1}
    assert vault.stats("nobody").by_type == {}


def test_forget_erases_one_scope(vault: Vault) -> None:
    vault.assign("a", [mail("x"), health("z")])
    vault.assign("b", [mail("x")])

    assert vault.forget("a") == 2
    assert vault.forget("a") == 0
    assert vault.scopes() == ["b"]
    assert vault.lookup("a", ["<Email_1>"]) == {}
    assert vault.lookup("b", ["<Email_1>"]) == {"<Email_1>": "x"}


def test_a_scope_that_begins_anew_goes_on_above_the_old_numbers(vault: Vault) -> None:
    """A memory in the cloud may still hold `<Email_2>`: it must not come to mean something else."""
    vault.assign("a", [mail("x"), mail("y")])
    vault.reserve("a", "Password", 7)
    vault.forget("a")
    (again,) = vault.assign("a", [mail("x")])
    (secret,) = vault.reserve("a", "Password", 1)

    assert again not in ("<Email_1>", "<Email_2>")
    assert secret > 7
    assert [entry.placeholder for entry in vault.known("a", 2)] == [again]


def test_forget_value_erases_it_under_every_type(vault: Vault) -> None:
    vault.assign("a", [mail("x"), phone("x"), mail("y")])

    assert sorted(vault.forget_value("a", "x")) == ["<Email_1>", "<Phone_1>"]
    assert vault.forget_value("a", "x") == []
    assert vault.forget_value("nobody", "x") == []
    assert vault.lookup("a", ["<Email_1>", "<Phone_1>", "<Email_2>"]) == {"<Email_2>": "y"}
    assert vault.assign("a", [mail("x")]) == ["<Email_3>"]


def test_revision_tells_news_and_erasures(vault: Vault) -> None:
    assert vault.revision("a") == Revision(b"", 0, 0)

    vault.assign("a", [mail("x")])
    first = vault.revision("a")
    vault.assign("a", [mail("x")])
    same = vault.revision("a")
    vault.assign("a", [mail("y")])
    grown = vault.revision("a")
    vault.forget_value("a", "y")
    erased = vault.revision("a")
    vault.forget("a")
    vault.assign("a", [mail("x")])
    begun = vault.revision("a")

    assert first == same
    assert grown.position > first.position
    assert grown.erasures == first.erasures
    assert erased.erasures > grown.erasures
    assert begun.incarnation not in (b"", first.incarnation)


def test_a_closed_vault_raises(vault: Vault) -> None:
    vault.close()
    vault.close()

    with pytest.raises(VaultError, match="closed"):
        vault.assign("a", [mail("x")])
    with pytest.raises(VaultError, match="closed"):
        vault.lookup("a", ["<Email_1>"])
    with pytest.raises(VaultError, match="closed"):
        vault.scopes()


def test_no_repr_shows_a_value(vault: Vault) -> None:
    vault.assign("a", [mail("canary@y.example")])
    shown = repr([vault, list(vault.known("a")), vault.stats("a"), mail("canary@y.example")])

    assert "canary" not in shown


def test_threads_agree_on_one_placeholder_for_a_value(vault: Vault) -> None:
    values = [mail(f"user{number % 40}@y.example") for number in range(200)]
    answers: list[dict[str, str]] = []

    def write(shift: int) -> None:
        turned = values[shift:] + values[:shift]
        given: list[str] = []
        for start in range(0, len(turned), 10):
            given += vault.assign("a", turned[start : start + 10])
        answers.append(dict(zip((value.value for value in turned), given, strict=True)))

    threads = [threading.Thread(target=write, args=(25 * number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(answers) == 8
    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0].values())) == 40
    assert vault.lookup("a", answers[0].values()) == {given: value for value, given in answers[0].items()}
