"""A training run that ends by the clock, with the learning rate that belongs to it.

The schedules of transformers count steps, and how many fit an hour is not known before. Here the rate follows the
share of the run that is over: of its steps or of its minutes, whichever is further.
"""

# ruff: noqa: ARG002 (callbacks are called with more than they need)

from __future__ import annotations

import math
import time

from transformers import TrainerCallback


class Clock(TrainerCallback):
    """Warm up, then fall to a tenth along a half cosine; stop when the minutes are over."""

    def __init__(self, minutes: float, rate: float, *, warm_up: float = 0.05) -> None:
        self.minutes, self.rate, self.warm_up = minutes, rate, warm_up
        self.began = 0.0

    def on_train_begin(self, args, state, control, **kwargs):
        self.began = time.monotonic()

    def on_step_begin(self, args, state, control, *, optimizer, **kwargs):
        for group in optimizer.param_groups:
            group["lr"] = self.rate * factor(self.progress(state), self.warm_up)

    def on_step_end(self, args, state, control, **kwargs):
        if self.progress(state) >= 1:
            control.should_training_stop = True

    def on_log(self, args, state, control, logs=None, **kwargs):
        # What the Trainer logs is the rate of its own, constant schedule.
        if logs is not None and "learning_rate" in logs:
            logs["learning_rate"] = self.rate * factor(self.progress(state), self.warm_up)

    def progress(self, state) -> float:
        minutes = (time.monotonic() - self.began) / 60
        return max(minutes / self.minutes, state.global_step / max(1, state.max_steps))


def factor(progress: float, warm_up: float) -> float:
    """The share of the full rate."""
    if progress < warm_up:
        return max(0.02, progress / warm_up)
    rest = min(1.0, (progress - warm_up) / (1 - warm_up))
    return 0.1 + 0.9 * (1 + math.cos(math.pi * rest)) / 2
