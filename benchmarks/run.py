"""Runs every benchmark and prints one Markdown table: ``make bench``.

Machines are shared and noisy, so every figure that matters is a ratio of things
measured side by side in one run, each the median of several rounds.
"""

from __future__ import annotations

import bench_detect
import bench_known
import bench_restore
import bench_vault


def main() -> None:
    print("| what | figure |\n|---|---|")
    for bench in (bench_detect, bench_known, bench_restore, bench_vault):
        for what, figure in bench.measure():
            print(f"| {what} | {figure} |", flush=True)


if __name__ == "__main__":
    main()
