"""What a Trainer logs, as rows of a CSV file, written while the run goes on."""

# ruff: noqa: ARG002 (callbacks are called with more than they need)

from __future__ import annotations

import csv
import time
from pathlib import Path

from transformers import TrainerCallback


class Curve(TrainerCallback):
    """One row a log, with step and minutes; only the columns asked for, so that the file keeps one form."""

    def __init__(self, path: Path, columns: dict[str, str]) -> None:
        """``columns`` maps names of the Trainer's logs to names of columns."""
        self.path, self.columns = path, columns
        self.began = time.monotonic()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", newline="") as file:
            csv.writer(file).writerow(["step", "minutes", *columns.values()])

    def on_train_begin(self, args, state, control, **kwargs):
        self.began = time.monotonic()

    def on_log(self, args, state, control, logs=None, **kwargs):
        if not logs or not any(name in logs for name in self.columns):
            return
        minutes = (time.monotonic() - self.began) / 60
        figures = [f"{logs[name]:.5g}" if name in logs else "" for name in self.columns]
        with self.path.open("a", newline="") as file:
            csv.writer(file).writerow([state.global_step, f"{minutes:.2f}", *figures])
