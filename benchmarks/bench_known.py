"""Look-up of known values in a text, from 1,000 to 100,000 values."""

from __future__ import annotations

import random
import statistics
import time
import tracemalloc
from collections.abc import Iterator

from memveil.detect import Context
from memveil.recognizers.known import KnownValues
from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, Revision

ROUNDS = 200
SIZES = (1_000, 10_000, 100_000)
TEXT = "Yesterday Person 512 wrote from user317@host.example about ticket AB-000733 and 会员号 900100. " * 4


class Scope:
    """A scope that holds ``size`` values."""

    def __init__(self, size: int) -> None:
        rng = random.Random(7)
        makers = (
            lambda n: f"user{n}@host.example",
            lambda n: f"AB-{n:06d}",
            lambda n: f"+47 {rng.randrange(10**7, 10**8)}",
            lambda n: "".join(rng.choices("赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦", k=3)),
        )
        self.entries = [Entry(f"<X_{n}>", makers[n % 4](n), "Email", PrivacyLevel.PL2, n) for n in range(1, size + 1)]

    def revision(self) -> Revision:
        return Revision(b"1", 0, len(self.entries))

    def known(self, after: int = 0) -> list[Entry]:
        return self.entries[after:]

    def secrets(self) -> list[Entry]:
        return []


def measure() -> Iterator[tuple[str, str]]:
    ready = {}
    for size in SIZES:
        tracemalloc.start()
        recognizer = KnownValues(Scope(size))
        list(recognizer.recognize(TEXT, Context()))
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        recognizer = KnownValues(Scope(size))
        began = time.perf_counter()
        list(recognizer.recognize(TEXT, Context()))
        ready[size] = (recognizer, time.perf_counter() - began, held / size)
    times: dict[int, list[float]] = {size: [] for size in SIZES}
    for _ in range(ROUNDS):
        for size in SIZES:
            began = time.perf_counter()
            list(ready[size][0].recognize(TEXT, Context()))
            times[size].append(time.perf_counter() - began)
    base = statistics.median(times[SIZES[0]])
    for size in SIZES:
        median = statistics.median(times[size])
        figure = (
            f"{median * 1e6:.0f} µs a text ({median / base:.2f} times that of 1,000); "
            f"built in {ready[size][1]:.2f} s, {ready[size][2] / 1e3:.2f} kB a value"
        )
        yield f"known values: {size:,}", figure


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=": ")
