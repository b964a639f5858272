"""Whether a curve rose: the sign is right, noise has an interval that holds zero, a line has its slope."""

import numpy as np
import pytest

from training.llm.rise import rise


def test_a_straight_line_has_its_slope_and_no_doubt() -> None:
    found = rise(range(1, 31), [0.01 * step for step in range(1, 31)], draws=500)
    assert found.steps == 30
    assert (found.slope.mean, found.slope.low, found.slope.high) == pytest.approx((1.0, 1.0, 1.0))
    assert (found.first, found.last) == pytest.approx((0.055, 0.255))
    assert found.difference.mean == pytest.approx(0.2)
    assert found.difference.low > 0


def test_a_falling_curve_falls() -> None:
    found = rise(range(30), [1 - 0.02 * step for step in range(30)], draws=500)
    assert found.difference.high < 0
    assert found.slope.high < 0


def test_noise_alone_seldom_seems_to_rise() -> None:
    random = np.random.default_rng(3)
    found = [rise(range(60), random.normal(size=60), draws=400) for _ in range(100)]
    assert sum(not each.difference.low <= 0 <= each.difference.high for each in found) <= 15
    assert sum(not each.slope.low <= 0 <= each.slope.high for each in found) <= 15


def test_the_interval_holds_the_difference_and_the_same_seed_gives_the_same() -> None:
    values = [0.1, 0.9, 0.4, 0.3, 0.8, 0.6, 0.7, 1.0, 0.2]
    found = rise(range(9), values)
    assert found.difference.low < found.difference.mean < found.difference.high
    assert found == rise(range(9), values)


def test_too_few_steps_have_no_thirds() -> None:
    with pytest.raises(ValueError, match="at least six"):
        rise(range(5), [1.0] * 5)
