"""Runs every benchmark and prints one Markdown table: ``make bench``.

Machines are shared and noisy, so every figure that matters is a ratio of things
measured side by side in one run, each the median of several rounds.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import bench_detect
import bench_known
import bench_restore

VAULT = Path(__file__).parent / "bench_vault.py"


def main() -> None:
    print("| what | figure |\n|---|---|")
    for bench in (bench_detect, bench_known, bench_restore):
        for what, figure in bench.measure():
            print(f"| {what} | {figure} |", flush=True)
    print("\nThe vault, against a plain table (other sizes and databases: see the file):", flush=True)
    subprocess.run([sys.executable, str(VAULT), "--sizes", "1000", "10000"], check=True)


if __name__ == "__main__":
    main()
