"""Detection by rules beside argus-redact (a Rust-based peer), message by message, in turns.

Each tool runs in a process of its own, in its own environment
(``.venv`` and ``.venv-peers``, see the Makefile); the rounds alternate.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DEV = ROOT.parent / "shared" / "data" / "test" / "memprivacy_bench_dev" / "dev.jsonl"
PEERS = ROOT / ".venv-peers" / "bin" / "python"
ROUNDS = 7

LOOP = """
import json, sys, time
texts = json.loads(sys.stdin.readline())
for text in texts[:50]:
    run(text)
for _ in sys.stdin:
    times = []
    for text in texts:
        began = time.perf_counter()
        run(text)
        times.append(time.perf_counter() - began)
    print(json.dumps(times), flush=True)
"""
MEMVEIL = """
from memveil.detect import Context, detect
from memveil.recognizers.defaults import rule_recognizers
from memveil.resolve import resolve
cascade = rule_recognizers()
run = lambda text: resolve(detect(text, cascade, Context()))
"""
ARGUS = """
from argus_redact import redact
run = lambda text: redact(text, lang=["zh", "en"], mode="fast")
"""


def texts() -> list[str]:
    """User messages of the development set, or of our own corpus where that is absent."""
    if DEV.exists():
        rows = [json.loads(line) for line in DEV.read_text(encoding="utf-8").splitlines()]
        return [turn["content"] for row in rows for turn in row["dialogues"] if turn["role"] == "user"]
    sys.path.insert(0, str(ROOT / "training"))
    from corpus import read_all

    return [m.text for d in read_all(ROOT / "corpus" / "dialogues") if d.held_out for m in d.messages]


class Worker:
    """A tool in its own process that times each text when asked."""

    def __init__(self, python: Path, tool: str, messages: list[str]) -> None:
        self.process = subprocess.Popen(
            [str(python), "-c", tool + LOOP], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._say(json.dumps(messages))

    def _say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def round(self) -> list[float]:
        self._say("go")
        assert self.process.stdout
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate()


def measure() -> Iterator[tuple[str, str]]:
    messages = texts()
    ours = Worker(Path(sys.executable), MEMVEIL, messages)
    peer = Worker(PEERS, ARGUS, messages) if PEERS.exists() else None
    own, other = [], []
    for _ in range(ROUNDS):
        own.append(ours.round())
        if peer:
            other.append(peer.round())
    ours.close()
    median = statistics.median(statistics.median(times) for times in own) * 1e3
    total = statistics.median(map(sum, own))
    yield f"rules: median ms a message ({len(messages)} messages)", f"{median:.2f}"
    if peer:
        peer.close()
        theirs = statistics.median(statistics.median(times) for times in other) * 1e3
        ratio = statistics.median(statistics.median(t) / statistics.median(o) for o, t in zip(own, other, strict=True))
        whole = statistics.median(map(sum, other)) / total
        yield "argus-redact 0.8.22, fast mode, zh + en: median ms a message", f"{theirs:.2f}"
        yield "ratio argus-redact / memveil: median message, all messages", f"{ratio:.2f}, {whole:.2f}"
    else:
        yield "argus-redact", "not measured: no .venv-peers; run `make bench`"


if __name__ == "__main__":
    for row in measure():
        print(*row, sep=": ")
