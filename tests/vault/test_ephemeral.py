"""PL4 values in memory: bounded in time and number, never confused."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

import pytest

from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.ephemeral import EphemeralTable


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(name="clock")
def _clock() -> Clock:
    return Clock()


@pytest.fixture(name="reserve")
def _reserve() -> Callable[[str, int], range]:
    numbers = itertools.count(1)

    def reserve(tag: str, count: int) -> range:
        del tag
        first = next(numbers)
        for _ in range(count - 1):
            next(numbers)
        return range(first, first + count)

    return reserve


def password(value: str) -> NewValue:
    return NewValue(value, "Password", PrivacyLevel.PL4, "Password")


def test_a_value_keeps_its_placeholder_while_it_lives(clock: Clock, reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable(lifetime=10, clock=clock)
    first = table.assign("a", [password("x"), password("y"), password("x")], reserve)
    clock.now = 9

    assert first == ["<Password_1>", "<Password_2>", "<Password_1>"]
    assert table.assign("a", [password("x")], reserve) == ["<Password_1>"]

    clock.now = 18

    assert table.lookup("a", ["<Password_1>", "<Password_2>"]) == {"<Password_1>": "x"}


def test_a_dead_value_comes_back_under_a_new_placeholder(clock: Clock, reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable(lifetime=10, clock=clock)
    table.assign("a", [password("x")], reserve)
    clock.now = 10

    assert len(table) == 0
    assert table.assign("a", [password("x")], reserve) == ["<Password_2>"]
    assert table.lookup("a", ["<Password_1>"]) == {}


def test_a_lookup_is_a_use_and_a_listing_is_none(clock: Clock, reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable(lifetime=10, clock=clock)
    table.assign("a", [password("x"), password("y")], reserve)
    clock.now = 6
    table.lookup("a", ["<Password_1>"])
    table.entries("a")
    clock.now = 12

    assert [entry.value for entry in table.entries("a")] == ["x"]


def test_the_one_unused_for_longest_goes_first(clock: Clock, reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable(capacity=3, clock=clock)
    for value in "xyz":
        table.assign("a", [password(value)], reserve)
    table.lookup("a", ["<Password_1>"])
    table.assign("b", [password("w")], reserve)

    assert len(table) == 3
    assert [entry.value for entry in table.entries("a")] == ["x", "z"]
    assert not table.holds("a", "y")


def test_more_values_than_fit_still_get_placeholders(reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable(capacity=2)
    given = table.assign("a", [password(str(number)) for number in range(5)], reserve)

    assert given == [f"<Password_{number}>" for number in range(1, 6)]
    assert table.lookup("a", given) == {"<Password_4>": "3", "<Password_5>": "4"}


def test_scopes_are_apart(reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable()
    table.assign("a", [password("x")], reserve)

    assert table.lookup("b", ["<Password_1>"]) == {}
    assert table.entries("b") == []
    assert table.holds("a", "x")
    assert not table.holds("b", "x")


def test_forgetting(reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable()
    key = NewValue("x", "Key", PrivacyLevel.PL4, "Key")
    table.assign("a", [password("x"), key, password("y")], reserve)
    table.assign("b", [password("x")], reserve)

    assert sorted(table.forget_value("a", "x")) == ["<Key_3>", "<Password_1>"]
    assert table.forget_value("a", "x") == []
    assert [entry.value for entry in table.entries("a")] == ["y"]
    assert table.forget("a") == 1
    assert len(table) == 1
    table.clear()
    assert len(table) == 0
    assert not table.holds("b", "x")


def test_threads_agree(reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable()
    answers: list[list[str]] = []
    values = [password(str(number)) for number in range(50)]

    def work() -> None:
        answers.append([placeholder for value in values for placeholder in table.assign("a", [value], reserve)])

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(answer == answers[0] for answer in answers)
    assert len(set(answers[0])) == 50


def test_the_repr_shows_nothing(reserve: Callable[[str, int], range]) -> None:
    table = EphemeralTable()
    table.assign("a", [password("canary")], reserve)

    assert "canary" not in repr(table) + repr(table.entries("a"))
