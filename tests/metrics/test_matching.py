from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from memveil.metrics.matching import greedy_matching, optimal_matching

SIZES = st.tuples(st.integers(1, 5), st.integers(1, 5))
MATRICES = SIZES.flatmap(
    lambda size: st.lists(
        st.lists(st.sampled_from([0.0, 0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=size[1], max_size=size[1]),
        min_size=size[0],
        max_size=size[0],
    )
)


def total(scores: list[list[float]], pairs: list[tuple[int, int]]) -> float:
    return sum(scores[i][j] for i, j in pairs)


def best_by_trying_all(scores: list[list[float]]) -> float:
    rows, columns = len(scores), len(scores[0])
    if rows > columns:
        scores, rows, columns = [list(c) for c in zip(*scores, strict=True)], columns, rows
    return max(sum(scores[i][j] for i, j in enumerate(p)) for p in permutations(range(columns), rows))


@given(MATRICES)
def test_the_optimal_matching_is_as_good_as_trying_all(scores: list[list[float]]) -> None:
    assert abs(total(scores, optimal_matching(scores)) - best_by_trying_all(scores)) < 1e-12


@given(MATRICES)
def test_both_matchings_are_one_to_one_and_take_no_worthless_pair(scores: list[list[float]]) -> None:
    for pairs in (greedy_matching(scores), optimal_matching(scores)):
        assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
        assert all(scores[i][j] > 0 for i, j in pairs)


@given(MATRICES)
def test_optimal_is_never_below_greedy(scores: list[list[float]]) -> None:
    assert total(scores, optimal_matching(scores)) >= total(scores, greedy_matching(scores)) - 1e-12


def test_greedy_takes_the_best_pair_first_even_where_that_costs() -> None:
    scores = [[1.0, 0.9], [0.9, 0.0]]

    assert greedy_matching(scores) == [(0, 0)]
    assert optimal_matching(scores) == [(0, 1), (1, 0)]


def test_nothing_matches_nothing() -> None:
    assert greedy_matching([]) == optimal_matching([]) == []
    assert greedy_matching([[], []]) == optimal_matching([[], []]) == []
    assert greedy_matching([[0.0]]) == optimal_matching([[0.0]]) == []
