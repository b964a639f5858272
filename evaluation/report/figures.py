"""The figures of the report, from stored results: one row a cell, compared with its unprotected row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from evaluation.cells import Cell
from evaluation.results import Result
from evaluation.scores import Interval, paired_difference

__all__ = ["Row", "mean_percent", "rows_of"]


@dataclass(frozen=True, slots=True)
class Row:
    """A cell with its figures, in percent; ``None`` where the data set has no such figure.

    Args:
        result: the stored result.
        recall: mean recall@10 of the evidence.
        contained: share of the questions with a known answer whose answer came home.
        contained_change: against no protection, on the same questions.
        private: the same share where the answer holds a private value.
        private_change: against no protection.
        covered: mean share of the accepted answer's words that came home.
        covered_change: against no protection.
        judged: credit for generated answers, where an endpoint was given.
        judged_change: against no protection.
        chosen: credit for the multiple choice.
        chosen_change: against no protection.
        agreed: share of the unprotected row's memories that were retrieved.
    """

    result: Result
    recall: float | None
    contained: float | None
    contained_change: Interval | None
    private: float | None
    private_change: Interval | None
    covered: float | None
    covered_change: Interval | None
    judged: float | None
    judged_change: Interval | None
    chosen: float | None
    chosen_change: Interval | None
    agreed: float | None

    @property
    def cell(self) -> Cell:
        """Which cell it is."""
        return self.result.cell


def rows_of(results: Iterable[Result]) -> list[Row]:
    """Rows of all results whose unprotected row is there with the same questions."""
    by_cell = {result.cell: result for result in results}
    rows: list[Row] = []
    for result in by_cell.values():
        base = by_cell.get(result.cell.unprotected)
        if base is not None and _same_questions(result, base):
            rows.append(_row(result, base))
    return rows


def mean_percent(values: Sequence[float]) -> float | None:
    """The mean of shares, in percent; ``None`` of nothing."""
    return 100 * sum(values) / len(values) if values else None


def _same_questions(result: Result, base: Result) -> bool:
    ours, theirs = result.document["questions"], base.document["questions"]
    # Generated answers are optional: one of the two rows may have none.
    names = (ours.keys() | theirs.keys()) - {"judged"}
    same = all(len(ours.get(name, ())) == len(theirs.get(name, ())) for name in names)
    return same and ours["private"] == theirs["private"]


def _row(result: Result, base: Result) -> Row:
    def change(name: str, kept: Sequence[float] | None = None) -> Interval | None:
        ours, theirs = result.outcomes(name), base.outcomes(name)
        if len(ours) != len(theirs):
            return None
        if kept is not None:
            ours, theirs = _kept(ours, kept), _kept(theirs, kept)
        return paired_difference(ours, theirs)

    private = result.outcomes("private")
    return Row(
        result=result,
        recall=mean_percent(result.outcomes("recall@10")),
        contained=mean_percent(result.outcomes("contained")),
        contained_change=change("contained"),
        private=mean_percent(_kept(result.outcomes("contained"), private)),
        private_change=change("contained", private),
        covered=mean_percent(result.outcomes("covered")),
        covered_change=change("covered"),
        judged=mean_percent(result.outcomes("judged")),
        judged_change=change("judged"),
        chosen=mean_percent(result.outcomes("chosen")),
        chosen_change=change("chosen"),
        agreed=mean_percent(result.outcomes("agreed")),
    )


def _kept(values: Sequence[float], flags: Sequence[float]) -> list[float]:
    return [value for value, flag in zip(values, flags, strict=True) if flag]
