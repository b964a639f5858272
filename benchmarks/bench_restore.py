"""Throughput of restoration, whole and streamed, beside a plain ``str.replace`` of each placeholder."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from memveil.restore import StreamRestorer, restore

ROUNDS = 7
VALUES = {f"<Person_{n}>": f"Nomvula Dlamini {n}" for n in range(1, 201)}
PARAGRAPH = "On Monday <Person_{}> wrote a long and rather dry report about the harbour, and <Person_{}> read it. "
TEXT = "".join(PARAGRAPH.format(n % 200 + 1, n * 7 % 200 + 1) for n in range(10_000))


def lookup(placeholders: object) -> dict[str, str]:
    return VALUES


def replace_each() -> str:
    text = TEXT
    for placeholder, value in VALUES.items():
        text = text.replace(placeholder, value)
    return text


def streamed() -> str:
    stream = StreamRestorer(lookup)
    return "".join(stream.feed(TEXT[at : at + 20]) for at in range(0, len(TEXT), 20)) + stream.flush()


def measure() -> Iterator[tuple[str, str]]:
    ways: dict[str, Callable[[], str]] = {
        "restore: whole": lambda: restore(TEXT, lookup),
        "restore: streamed, 20 characters a piece": streamed,
        "str.replace of 200 placeholders (not safe: several passes)": replace_each,
    }
    times: dict[str, list[float]] = {name: [] for name in ways}
    expected = replace_each()
    for _ in range(ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            result = way()
            times[name].append(time.perf_counter() - began)
            assert result == expected
    for name in ways:
        yield name, f"{len(TEXT) / 1e6 / statistics.median(times[name]):.1f} MB/s"


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=": ")
