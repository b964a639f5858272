"""Stage 5: where the shipped model stands between finding too little and covering too much.

    python training/operating_point.py --model runs/edge/onnx [--context 64] [FILE.jsonl...] [--plain FILE.json...]

Runs the cascade (rules first, then the tagger) once over the validation part of the corpus, keeps the tagger's
scores, and prints the figures for a grid of outside biases and thresholds by level. The point is chosen on the
validation part; benchmark files and plain instructions (alpaca) are shown beside it, never chosen on.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

from data import load
from memveil.annotated import read_annotated
from memveil.detect import Context, detect
from memveil.folding import fold
from memveil.metrics import Annotation, Form, Matching, score_message, summarize
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.defaults import rule_recognizers
from memveil.recognizers.deferring import is_news
from memveil.recognizers.onnx import OnnxRecognizer, OperatingPoint
from memveil.resolve import resolve
from memveil.spans import PrivacyLevel, Span

LEVELS = (PrivacyLevel.PL2, PrivacyLevel.PL3, PrivacyLevel.PL4)


@dataclass(frozen=True, slots=True)
class Case:
    """A message, what is private in it, what the rules found, what the tagger said."""

    text: str
    reference: Sequence[Annotation]
    rules: Sequence[Span]
    scored: list


class Reader:
    """Reads messages with rules and tagger."""

    def __init__(self, folder: Path, context: int) -> None:
        loaded = OnnxRecognizer(folder).load()
        self.loaded = replace(loaded, manifest=replace(loaded.manifest, context=context))

    def case(self, text: str, reference: Sequence[Annotation], user_name: str, previous: str) -> Case:
        rules = detect(text, rule_recognizers(), Context(user_name or None))
        folded = fold(text)
        scored = list(self.loaded.score(folded.text, fold(previous[-600:]).text)) if text.strip() else []
        return Case(text, reference, rules, [folded, scored])

    def spans(self, case: Case, point: OperatingPoint) -> list[Span]:
        folded, scored = case.scored
        spans = []
        for tagged in self.loaded.decode(folded.text, scored, point.outside_bias):
            kind = self.loaded.manifest.types[tagged.type_index]
            level = PRIVACY_TYPES[kind].level
            if point.keeps(level, tagged.score, 0.0):
                start, end = folded.original(tagged.start, tagged.end)
                spans.append(Span(start, end, kind, level, max(tagged.score, 1e-6), "onnx"))
        return [*case.rules, *(span for span in spans if is_news(span, case.rules))]


def validation_messages(corpus: Path) -> Iterator[tuple[str, str, str, list[Annotation]]]:
    """User messages of the held-out personas: persona, text, the turn before, what is private."""
    for dialogue in load(corpus)[1]:
        previous = ""
        for message in dialogue.messages:
            if message.role == "user":
                values = dict.fromkeys((message.text[s:e], kind) for s, e, kind in message.spans)
                gold = [Annotation(value, kind, PRIVACY_TYPES[kind].level) for value, kind in values]
                yield dialogue.user, message.text, previous, gold
            previous = message.text


def validation(reader: Reader, corpus: Path) -> list[Case]:
    return [reader.case(text, gold, persona, previous) for persona, text, previous, gold in validation_messages(corpus)]


def benchmark(reader: Reader, file: Path) -> list[Case]:
    found = []
    with file.open("rb") as lines:
        for dialogue in read_annotated(lines):
            previous = ""
            for message in dialogue.messages:
                if message.role == "user":
                    found.append(reader.case(message.text, message.reference, dialogue.user_name, previous))
                previous = message.text
    return found


def plain(reader: Reader, file: Path, step: int) -> list[Case]:
    rows = json.loads(file.read_text(encoding="utf-8"))[::step]
    texts = [row.get(key, "") for row in rows for key in ("instruction", "input", "output")]
    return [reader.case(text, [], "", "") for text in texts if text]


def figures(reader: Reader, cases: Iterable[Case], point: OperatingPoint) -> str:
    scores, size, hidden = [], 0, 0
    for case in cases:
        spans = resolve(reader.spans(case, point))
        found = [Annotation(case.text[s.start : s.end], s.privacy_type, s.level) for s in spans]
        scores.append(score_message(case.text, found, case.reference))
        size += len(case.text)
        hidden += sum(map(len, spans))
    report = summarize(scores)
    quality = report.scores[Form.PRODUCT, Matching.GREEDY]
    leaks = " ".join(f"{share.percent:5.1f}" for share in report.leaks.values())
    over = report.overmasked.percent
    return (
        f"F1 {quality.f1:5.1f} P {quality.precision:5.1f} R {quality.recall:5.1f}"
        f" leaks {leaks} over {over:4.2f} hidden {100 * hidden / size:5.2f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="benchmark files")
    parser.add_argument("--plain", nargs="*", type=Path, default=(), help="files of instructions")
    parser.add_argument("--step", type=int, default=5, help="every n-th row of plain files")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--context", type=int, default=0)
    parser.add_argument("--bias", type=float, nargs="+", default=(0.0, 0.5, 1.0, 1.5, 2.0))
    parser.add_argument("--low", type=float, nargs="+", default=(-20.0, 0.5, 1.0), help="thresholds of PL2 and PL3")
    parser.add_argument("--high", type=float, nargs="+", default=(-20.0,), help="thresholds of PL4")
    args = parser.parse_args()
    reader = Reader(args.model, args.context)
    sets = {"validation": validation(reader, args.corpus)}
    sets |= {file.parent.name: benchmark(reader, file) for file in args.files}
    sets |= {file.stem: plain(reader, file, args.step) for file in args.plain}
    for bias, low, high in product(args.bias, args.low, args.high):
        point = OperatingPoint(bias, dict(zip(LEVELS, (low, low, high), strict=True)))
        print(f"bias {bias} PL2, PL3 {low} PL4 {high}", flush=True)
        for name, cases in sets.items():
            print(f"   {name:24} {figures(reader, cases, point)}", flush=True)


if __name__ == "__main__":
    main()
