"""One-to-one matching of predictions with references, by a matrix of pair scores.

Greedy is what the reference does; optimal is what it should do: it never scores
less, and its result does not hang on the order of the lists.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

__all__ = ["greedy_matching", "optimal_matching"]

Pairs = list[tuple[int, int]]


def greedy_matching(scores: Sequence[Sequence[float]]) -> Pairs:
    """Take the best remaining pair again and again, as long as it scores above 0.

    Of equal scores the later row, then the later column, goes first: the
    reference sorts its pairs downwards, and ties change the sum.

    Args:
        scores: one row a prediction, one column a reference.

    Returns:
        Pairs of row and column, in the order taken.
    """
    pairs = sorted(
        ((score, i, j) for i, row in enumerate(scores) for j, score in enumerate(row) if score > 0),
        reverse=True,
    )
    rows: set[int] = set()
    columns: set[int] = set()
    taken: Pairs = []
    for _, i, j in pairs:
        if i not in rows and j not in columns:
            rows.add(i)
            columns.add(j)
            taken.append((i, j))
    return taken


def optimal_matching(scores: Sequence[Sequence[float]]) -> Pairs:
    """The one-to-one pairs with the greatest sum of scores; none that scores 0.

    Args:
        scores: one row a prediction, one column a reference; no score below 0.

    Returns:
        Pairs of row and column, sorted.
    """
    # Rows and columns that fit nothing only cost time: the method is cubic.
    rows = [i for i, row in enumerate(scores) if any(score > 0 for score in row)]
    columns = [j for j in range(len(scores[0]) if scores else 0) if any(row[j] > 0 for row in scores)]
    if len(rows) <= len(columns):
        cost = [[-scores[i][j] for j in columns] for i in rows]
        pairs = [(rows[a], columns[b]) for a, b in _assign(cost)]
    else:
        cost = [[-scores[i][j] for i in rows] for j in columns]
        pairs = [(rows[b], columns[a]) for a, b in _assign(cost)]
    return sorted((i, j) for i, j in pairs if scores[i][j] > 0)


def _assign(cost: Sequence[Sequence[float]]) -> Pairs:
    """The cheapest assignment of every row to a column of its own; rows <= columns.

    The Hungarian method with potentials: rows enter one by one, each by a
    shortest augmenting path over reduced costs. Column 0 is a dummy in which
    the entering row stands.
    """
    n, m = len(cost), len(cost[0]) if cost else 0
    row_potential = [0.0] * (n + 1)
    column_potential = [0.0] * (m + 1)
    row_of = [0] * (m + 1)
    for entering in range(1, n + 1):
        row_of[0] = entering
        slack = [math.inf] * (m + 1)
        came_from = [0] * (m + 1)
        done = [False] * (m + 1)
        column = 0
        while row_of[column] != 0:
            done[column] = True
            row = row_of[column]
            step, nearest = math.inf, 0
            for j in range(1, m + 1):
                if done[j]:
                    continue
                reduced = cost[row - 1][j - 1] - row_potential[row] - column_potential[j]
                if reduced < slack[j]:
                    slack[j], came_from[j] = reduced, column
                if slack[j] < step:
                    step, nearest = slack[j], j
            for j in range(m + 1):
                if done[j]:
                    row_potential[row_of[j]] += step
                    column_potential[j] -= step
                else:
                    slack[j] -= step
            column = nearest
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    return [(row_of[j] - 1, j - 1) for j in range(1, m + 1) if row_of[j]]
