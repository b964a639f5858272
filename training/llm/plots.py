"""Curves of a run as small pictures.

python -m training.llm.plots runs/smollm2-sft/sft.csv --columns loss validation_loss --out sft-loss.png
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("curve", type=Path)
    parser.add_argument("--columns", nargs="+", required=True)
    parser.add_argument("--smooth", type=int, default=1, help="rows in a moving mean, drawn over the raw points")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    with args.curve.open(newline="") as file:
        rows = list(csv.DictReader(file))
    figure, axes = plt.subplots(figsize=(4.8, 3), dpi=80, layout="constrained")
    for column in args.columns:
        points = [(int(row["step"]), float(row[column])) for row in rows if row[column]]
        if not points:
            continue
        steps, values = zip(*points, strict=True)
        if args.smooth > 1:
            means = [
                sum(values[max(0, i - args.smooth + 1) : i + 1]) / min(i + 1, args.smooth) for i in range(len(values))
            ]
            (line,) = axes.plot(steps, means, label=f"{column}, mean of {args.smooth}")
            axes.plot(steps, values, ".", color=line.get_color(), alpha=0.3, markersize=3)
        else:
            axes.plot(steps, values, label=column)
    axes.set_xlabel("step")
    axes.legend(fontsize="small")
    axes.grid(alpha=0.3)
    figure.savefig(args.out)


if __name__ == "__main__":
    main()
