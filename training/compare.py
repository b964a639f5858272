"""Beside the stages: groups of models side by side, with intervals.

    python training/compare.py supervised=runs/s1/model.pt,runs/s2/model.pt reinforced=runs/r1/model.pt,runs/r2/model.pt

A group is one way of training; its files differ in the seed only. Every model reads the user messages of the
validation part and of the files given, the rules before it as in the product (``--alone`` leaves them out). A group's
F1 is the mean over its seeds and messages; its 95 % interval comes from drawing whole personas, so it holds what
another set of users would change; the seeds' own means stand beside it. The last lines are differences to the first
group, message by message.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from llm.intervals import mean_interval
from memveil.annotated import read_annotated
from memveil.detect import Context, detect
from memveil.folding import fold
from memveil.metrics import Annotation, Form, Matching, MessageScore, score_message, summarize
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.defaults import rule_recognizers
from memveil.recognizers.deferring import is_news
from memveil.recognizers.onnx import LoadedModel, OnnxRecognizer
from memveil.resolve import resolve
from memveil.spans import Span
from model import Tagger
from operating_point import validation_messages


@dataclass(frozen=True, slots=True)
class Case:
    """A user message, whose it is, what stands before it, what is private in it, what the rules found."""

    persona: str
    text: str
    previous: str
    reference: Sequence[Annotation]
    rules: Sequence[Span]


class TorchSession:
    """A torch model that answers like the exported one."""

    def __init__(self, model: Tagger) -> None:
        self.model = model.eval()

    @torch.no_grad()
    def run(self, _: None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        with torch.autocast("cpu", torch.bfloat16):
            tags, *votes = self.model(torch.from_numpy(feed["ids"]), torch.from_numpy(feed["mask"]))
        return [tags.float().numpy(), torch.cat(votes, dim=-1).float().numpy()]


def found_by(model: LoadedModel, case: Case, bias: float, *, rules: bool) -> list[Annotation]:
    folded = fold(case.text)
    spans = list(case.rules) if rules else []
    if case.text.strip():
        windows = list(model.score(folded.text, fold(case.previous[-600:]).text))
        for tagged in model.decode(folded.text, windows, bias):
            kind = model.manifest.types[tagged.type_index]
            span = Span(*folded.original(tagged.start, tagged.end), kind, PRIVACY_TYPES[kind].level, 1.0, "onnx")
            if not rules or is_news(span, case.rules):
                spans.append(span)
    return [Annotation(case.text[s.start : s.end], s.privacy_type, s.level) for s in resolve(spans)]


def cases(corpus: Path, files: Sequence[Path]) -> dict[str, list[Case]]:
    """Sets of user messages by name."""

    def case(persona: str, text: str, previous: str, reference: Sequence[Annotation]) -> Case:
        return Case(persona, text, previous, reference, detect(text, rule_recognizers(), Context(persona or None)))

    sets = {"validation": [case(*message) for message in validation_messages(corpus)]}
    for file in files:
        found = sets.setdefault(file.stem, [])
        with file.open("rb") as lines:
            for dialogue in read_annotated(lines):
                previous = ""
                for message in dialogue.messages:
                    if message.role == "user":
                        found.append(case(dialogue.user_name, message.text, previous, message.reference))
                    previous = message.text
    return sets


def line(name: str, seeds: Sequence[Sequence[MessageScore]], personas: Sequence[str]) -> str:
    by_seed = f1(seeds)
    report = summarize(score for scores in seeds for score in scores)
    leaks = " / ".join(f"{share.percent:.1f}" for share in report.leaks.values())
    each = ", ".join(f"{mean:.1f}" for mean in by_seed.mean(1))
    interval = mean_interval(by_seed.mean(0).tolist(), personas)
    means = f"{interval.mean:.1f} [{interval.low:.1f}, {interval.high:.1f}]"
    return f"| {name} | {means} | {each} | {leaks} | {report.overmasked.percent:.2f} |"


def f1(seeds: Sequence[Sequence[MessageScore]]) -> np.ndarray:
    """F1 in percent, ``(seeds, messages)``."""
    return np.array([[100 * score.scores[Form.PRODUCT, Matching.GREEDY].f1 for score in scores] for scores in seeds])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="+", help="NAME=FILE[,FILE...]")
    parser.add_argument("--base", type=Path, default=Path("runs/base"))
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--files", type=Path, nargs="*", default=(), help="annotated conversations, JSON lines")
    parser.add_argument("--context", type=int, default=0, help="pieces of the turn before")
    parser.add_argument("--bias", type=float, default=0.5)
    parser.add_argument("--alone", action="store_true", help="also the first group without rules")
    args = parser.parse_args()

    shipped = OnnxRecognizer().load()
    manifest = replace(shipped.manifest, context=args.context)
    scored: dict[str, dict[str, list[list[MessageScore]]]] = {}
    sets = cases(args.corpus, args.files)
    groups = dict(group.split("=", 1) for group in args.groups)
    for name, files in groups.items():
        for file in files.split(","):
            tagger = Tagger.from_base(args.base)
            tagger.load_state_dict(torch.load(file))
            model = LoadedModel(manifest, shipped.tokenizer, TorchSession(tagger))
            ways = {name: True} | ({f"{name}, no rules": False} if args.alone and name == next(iter(groups)) else {})
            for way, rules in ways.items():
                for title, messages in sets.items():
                    scores = [
                        score_message(each.text, found_by(model, each, args.bias, rules=rules), each.reference)
                        for each in messages
                    ]
                    scored.setdefault(title, {}).setdefault(way, []).append(scores)
    for title, ways in scored.items():
        personas = [each.persona for each in sets[title]]
        print(f"\n{title}: {len(personas)} user messages of {len(set(personas))} personas\n")
        print("| | F1 | by seed | leak PL2 / PL3 / PL4 | over-masking |\n|---|---|---|---|---|")
        rules = [score_message(e.text, rules_only(e), e.reference) for e in sets[title]]
        print(line("rules only", [rules], personas))
        for way, seeds in ways.items():
            print(line(way, seeds, personas), flush=True)
        first = f1(next(iter(ways.values()))).mean(0)
        for way, seeds in list(ways.items())[1:]:
            gain = mean_interval((f1(seeds).mean(0) - first).tolist(), personas)
            print(f"| {way} - {next(iter(ways))} | {gain.mean:+.1f} [{gain.low:+.1f}, {gain.high:+.1f}] | | | |")


def rules_only(case: Case) -> list[Annotation]:
    return [Annotation(case.text[s.start : s.end], s.privacy_type, s.level) for s in resolve(case.rules)]


if __name__ == "__main__":
    main()
