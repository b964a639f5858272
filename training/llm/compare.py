"""Scores of several models side by side, with bootstrap intervals, and what each stage changed.

    python -m training.llm.compare runs/scores/base.csv runs/scores/sft.csv runs/scores/grpo.csv

All files must score the same messages. Differences are taken message by message.
"""

from __future__ import annotations

import csv
import sys
from itertools import pairwise
from pathlib import Path

from training.llm.intervals import mean_interval

FIGURES = ("f1", "f1_optimal", "precision", "recall", "reward", "invalid", "tokens")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    tables = {Path(name).stem: read(Path(name)) for name in sys.argv[1:]}
    keys = [[(row["persona"], row["message"]) for row in table] for table in tables.values()]
    if any(key != keys[0] for key in keys):
        sys.exit("the files score different messages")
    personas = [persona for persona, _ in keys[0]]
    print(f"{len(personas)} messages of {len(set(personas))} personas\n")
    print("| | " + " | ".join(FIGURES) + " |\n|---|" + "---|" * len(FIGURES))
    columns = {name: {f: [float(row[f]) for row in table] for f in FIGURES} for name, table in tables.items()}
    for name, column in columns.items():
        print(f"| {name} | " + " | ".join(str(mean_interval(column[f], personas)) for f in FIGURES) + " |")
    for before, after in pairwise(columns):
        gains = {f: [b - a for a, b in zip(columns[before][f], columns[after][f], strict=True)] for f in FIGURES}
        print(f"| {after} - {before} | " + " | ".join(str(mean_interval(gains[f], personas)) for f in FIGURES) + " |")


if __name__ == "__main__":
    main()
