"""Batches on several threads: same answers, same order, first failure first."""

import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.cli.in_order import mapped


@given(st.lists(st.integers(), max_size=40), st.integers(1, 5))
def test_answers_come_in_the_order_of_the_items(items: list[int], workers: int) -> None:
    assert list(mapped(lambda item: item * 2, items, workers=workers)) == [item * 2 for item in items]


def test_items_are_worked_on_side_by_side() -> None:
    both = threading.Barrier(2, timeout=30)

    assert list(mapped(lambda _: both.wait() >= 0, range(4), workers=2)) == [True] * 4


@pytest.mark.parametrize("place", [0, 3, 9])
def test_what_stands_before_a_failure_is_given_out_and_nothing_behind_it(place: int) -> None:
    def work(item: int) -> int:
        if item == place:
            raise ValueError(item)
        return item

    answers = mapped(work, range(20), workers=4)

    assert [next(answers) for _ in range(place)] == list(range(place))
    with pytest.raises(ValueError, match=str(place)):
        next(answers)
    assert list(answers) == []


def test_a_failing_input_is_told_at_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("gone")

    answers = mapped(abs, items(), workers=3)

    assert next(answers) == 1
    with pytest.raises(OSError, match="gone"):
        next(answers)


def test_an_answer_does_not_wait_for_the_next_item() -> None:
    more = threading.Event()

    def items() -> Iterator[int]:
        yield 1
        more.wait(30)
        yield 2

    answers = mapped(abs, items(), workers=3)

    assert next(answers) == 1
    assert not more.is_set()
    more.set()
    assert list(answers) == [2]
