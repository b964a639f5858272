"""Bootstrap intervals: they hold the mean, and know that messages of one persona are no independent witnesses."""

import pytest

from training.llm.intervals import mean_interval


def test_equal_values_have_an_interval_without_width() -> None:
    found = mean_interval([0.5] * 6, list("aabbcc"), draws=200)
    assert (found.mean, found.low, found.high) == (0.5, 0.5, 0.5)


def test_the_mean_is_the_mean_over_messages_not_over_personas() -> None:
    assert mean_interval([1, 1, 1, 0], list("aaab"), draws=200).mean == 0.75


def test_the_interval_holds_the_mean_and_the_same_seed_gives_the_same() -> None:
    values, personas = [0.1, 0.9, 0.4, 0.3, 0.8, 0.6], list("aabbcc")
    found = mean_interval(values, personas, draws=2000)
    assert found.low < found.mean < found.high
    assert found == mean_interval(values, personas, draws=2000)


def test_copies_of_a_persona_s_message_add_no_certainty() -> None:
    once = mean_interval([0.0, 1.0, 0.0, 1.0, 1.0], list("abcde"), draws=4000)
    often = mean_interval([0.0, 1.0, 0.0, 1.0, 1.0] * 20, list("abcde") * 20, draws=4000)
    assert often.high - often.low == pytest.approx(once.high - once.low, abs=0.05)


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="at least one"):
        mean_interval([], [])
