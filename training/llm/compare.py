"""Scores of several models side by side, with bootstrap intervals, and what each stage changed.

    python -m training.llm.compare runs/scores/base.csv runs/scores/sft.csv runs/scores/grpo.csv

All files must score the same messages. Differences are taken message by message. ``f1`` is the published metric, over
all messages; ``f1_annotated`` the same over those in which something was to be found.
"""

from __future__ import annotations

import csv
import sys
from itertools import pairwise
from pathlib import Path

from training.llm.intervals import mean_interval

FIGURES = ("f1", "f1_annotated", "precision", "recall", "reward", "invalid", "tokens")

Table = list[dict[str, str]]


def read(path: Path) -> Table:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def rows_for(figure: str, table: Table) -> Table:
    """The messages over which a figure is the mean."""
    return [row for row in table if row["annotated"] == "1"] if figure.endswith("_annotated") else table


def column(figure: str, table: Table) -> list[float]:
    return [float(row[figure.removesuffix("_annotated")]) for row in rows_for(figure, table)]


def line(name: str, columns: dict[str, list[float]], like: Table) -> str:
    personas = {figure: [row["persona"] for row in rows_for(figure, like)] for figure in FIGURES}
    return f"| {name} | " + " | ".join(str(mean_interval(columns[f], personas[f])) for f in FIGURES) + " |"


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tables = {Path(name).stem: read(Path(name)) for name in sys.argv[1:]}
    keys = [[(row["persona"], row["message"]) for row in table] for table in tables.values()]
    if any(key != keys[0] for key in keys):
        sys.exit("the files score different messages")
    like = next(iter(tables.values()))
    print(f"{len(like)} messages of {len({row['persona'] for row in like})} personas\n")
    print("| | " + " | ".join(FIGURES) + " |\n|---|" + "---|" * len(FIGURES))
    figures = {name: {figure: column(figure, table) for figure in FIGURES} for name, table in tables.items()}
    for name, columns in figures.items():
        print(line(name, columns, like))
    for before, after in pairwise(figures):
        gains = {f: [b - a for a, b in zip(figures[before][f], figures[after][f], strict=True)] for f in FIGURES}
        print(line(f"{after} - {before}", gains, like))


if __name__ == "__main__":
    main()
