"""What a model scores on the validation part, by the referee of the whole project (``memveil.metrics``).

    python -m training.llm.evaluate --model runs/smollm2-sft --name sft --out runs/scores

Writes ``NAME.csv``, one row a message without its text, for ``compare.py``; and ``NAME.json``, the figures over all
messages. Answers are read by the recognizer's own reader (``memveil.recognizers.llm_answer``), likeliest token first.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from memveil.metrics import Annotation, Form, Matching, MessageScore, score_message, summarize
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.llm_answer import locate, read_answer
from training.llm import rewards
from training.llm.chat import render, sample_length
from training.llm.samples import INSTRUCTIONS, Sample, split, that_fit


@dataclass(frozen=True, slots=True)
class Row:
    """Figures of one message. Shares lie in ``[0, 1]``; ``reward`` is the sum that GRPO raises.

    ``annotated`` is 1 where something was to be found. Elsewhere whoever finds nothing scores 1, even by an answer
    that nobody can read: that is how the published metric counts.
    """

    persona: str
    message: int
    annotated: int
    f1: float
    precision: float
    recall: float
    f1_optimal: float
    reward: float
    invalid: float
    tokens: int


def draw(model, tokenizer, samples: list[Sample], batch: int, limit: int) -> Iterator[tuple[Sample, str, int]]:
    """Greedy answers with their lengths, questions of like length together."""
    order = sorted(samples, key=lambda sample: sample_length(tokenizer, sample))
    for at in range(0, len(order), batch):
        part = order[at : at + batch]
        asked = tokenizer(
            [render(tokenizer, s.prompt) for s in part], return_tensors="pt", padding=True, add_special_tokens=False
        )
        asked = asked.to(model.device)
        with torch.inference_mode():
            written = model.generate(**asked, max_new_tokens=limit, do_sample=False)
        for sample, ids in zip(part, written[:, asked["input_ids"].shape[1] :], strict=True):
            said = tokenizer.decode(ids, skip_special_tokens=True)
            ended = (ids == tokenizer.eos_token_id).nonzero()
            yield sample, said, int(ended[0]) + 1 if len(ended) else len(ids)


def found_by(answer: str, message: str) -> list[Annotation]:
    """What the recognizer would mark: items that stand in the message, as they stand there."""
    spans = locate(message, read_answer(answer).items, recognizer="answer").spans
    items = dict.fromkeys((message[s.start : s.end], s.privacy_type, s.level) for s in spans)
    return [Annotation(value, kind, level) for value, kind, level in items]


def gold_of(sample: Sample) -> list[Annotation]:
    items = dict.fromkeys((sample.message[start:end], kind) for start, end, kind in sample.spans)
    return [Annotation(value, kind, PRIVACY_TYPES[kind].level) for value, kind in items]


def row_of(number: int, sample: Sample, answer: str, tokens: int, score: MessageScore) -> Row:
    greedy = score.scores[Form.PRODUCT, Matching.GREEDY]
    return Row(
        persona=sample.persona,
        message=number,
        annotated=int(score.annotated),
        f1=greedy.f1,
        precision=greedy.precision,
        recall=greedy.recall,
        f1_optimal=score.scores[Form.PRODUCT, Matching.OPTIMAL].f1,
        reward=rewards.total(answer, message=sample.message, spans=sample.spans, truth=sample.answer),
        invalid=float(rewards.parse(answer) is None),
        tokens=tokens,
    )


def figures(rows: list[Row], scores: list[MessageScore]) -> dict[str, float]:
    report = summarize(scores)
    return {
        "messages": len(rows),
        **{name: sum(getattr(row, name) for row in rows) / len(rows) for name in ("f1", "f1_optimal", "reward", "invalid", "tokens")},
        "f1_annotated": report.annotated_scores[Form.PRODUCT, Matching.GREEDY].f1 / 100,
        "f1_text": report.scores[Form.TEXT, Matching.GREEDY].f1 / 100,
        **{f"leak_{level}": share.percent / 100 for level, share in report.leaks.items()},
        "over_masked": report.overmasked.percent / 100,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--name", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--languages", nargs="+", default=["en"], choices=["en", "zh"])
    parser.add_argument("--prompt", choices=list(INSTRUCTIONS), default="compact")
    parser.add_argument("--tokens", type=int, default=384, help="longer samples are left out")
    parser.add_argument("--answer-tokens", type=int, default=256, help="an answer is cut off here")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--every", type=int, default=1, help="only every n-th message")
    args = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(args.model, padding_side="left")
    dtype = torch.bfloat16
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=dtype).eval()
    if torch.cuda.is_available():
        model.cuda()

    _, validation = split(args.corpus, languages=args.languages, instructions=INSTRUCTIONS[args.prompt])
    fit = that_fit(validation, lambda s: sample_length(tokenizer, s), args.tokens)
    # The published metric scores what users write.
    asked = [sample for sample in fit if sample.role == "user"][:: args.every]
    numbers = {sample: number for number, sample in enumerate(asked)}
    began = time.monotonic()
    rows, scores = [], []
    for sample, answer, tokens in draw(model, tokenizer, asked, args.batch, args.answer_tokens):
        scores.append(score_message(sample.message, found_by(answer, sample.message), gold_of(sample)))
        rows.append(row_of(numbers[sample], sample, answer, tokens, scores[-1]))
    rows.sort(key=lambda row: row.message)

    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / f"{args.name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(row) for row in rows)
    found = {"minutes": (time.monotonic() - began) / 60} | figures(rows, scores)
    (args.out / f"{args.name}.json").write_text(json.dumps(found, indent=1) + "\n")
    print(args.name, json.dumps({key: round(value, 4) for key, value in found.items()}), flush=True)


if __name__ == "__main__":
    main()
