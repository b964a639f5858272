"""Stage 2: supervised training.

    python training/train.py --base runs/base --out runs/edge --epochs 6

Reads ``corpus/dialogues``, keeps whole personas apart for validation, writes
``model.pt``, ``train.json`` (arguments, data hash, scores by epoch).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from augment import Example, Pool, pool_of, with_fresh_values, with_noise
from data import PAD, Encoder, Window, examples, load
from evaluate import score_dialogues, torch_scorer
from memveil.recognizers.tagging import LEFT_CONTEXT
from model import Tagger, type_votes


def corpus_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.txt")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def batches(windows: list[Window], tokens: int, rng: random.Random) -> list[list[Window]]:
    """Windows of similar length together, at most ``tokens`` padded pieces a batch."""
    order = sorted(windows, key=lambda window: len(window.ids) + rng.random() * 12)
    found, batch = [], []
    for window in order:
        if batch and (len(batch) + 1) * max(len(window.ids), len(batch[-1].ids)) > tokens:
            found.append(batch)
            batch = []
        batch.append(window)
    found.append(batch)
    rng.shuffle(found)
    return found


def collate(batch: list[Window]) -> tuple[Tensor, Tensor, Tensor]:
    size = max(len(window.ids) for window in batch)
    ids = np.full((len(batch), size), PAD, np.int64)
    tags = np.full((len(batch), size), -100, np.int64)
    for row, window in enumerate(batch):
        ids[row, : len(window.ids)] = window.ids
        tags[row, : len(window.tags)] = window.tags
    return torch.from_numpy(ids), torch.from_numpy((ids != PAD).astype(np.int64)), torch.from_numpy(tags)


def loss_of(model: Tagger, batch: list[Window], type_weight: float, smoothing: float) -> Tensor:
    ids, mask, tags = collate(batch)
    outputs = tuple(part.float() for part in model(ids, mask))
    return cross_entropy(outputs, tags, batch, type_weight, smoothing)


def cross_entropy(
    outputs: tuple[Tensor, ...], tags: Tensor, batch: list[Window], type_weight: float, smoothing: float
) -> Tensor:
    """Of the tags, and of the types of the true spans."""
    scores, inside, first, before = outputs
    loss = nn.functional.cross_entropy(scores.transpose(1, 2), tags, ignore_index=-100)
    votes, kinds = [], []
    for row, window in enumerate(batch):
        if window.spans:
            spans = list(window.spans)
            votes.append(type_votes(inside[row], first[row], before[row], spans, LEFT_CONTEXT))
            kinds += [kind for _, _, kind in spans]
    if votes:
        target = torch.tensor(kinds)
        type_loss = nn.functional.cross_entropy(torch.cat(votes), target, label_smoothing=smoothing)
        loss = loss + type_weight * type_loss
    return loss


def epoch_windows(items: list[Example], encoder: Encoder, epoch: int, args: argparse.Namespace) -> list[Window]:
    rng = random.Random(args.seed * 1000 + epoch)
    pool: Pool = pool_of(items) if args.randomize else {}
    windows = []
    for item in items:
        fresh = with_fresh_values(item, pool, args.seed * 1000 + epoch) if rng.random() < args.randomize else item
        noisy = with_noise(fresh, rng) if rng.random() < args.noise else fresh
        windows += encoder.windows(noisy, with_context=rng.random() < args.context)
    return windows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, default=Path("runs/base"))
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--tokens", type=int, default=2048, help="padded pieces a batch")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--type-weight", type=float, default=0.5)
    parser.add_argument("--smoothing", type=float, default=0.05)
    parser.add_argument("--randomize", type=float, default=0.5, help="share of messages with fresh values")
    parser.add_argument("--noise", type=float, default=0.1, help="share of messages with the noise of typing")
    parser.add_argument("--context", type=float, default=0.0, help="share of messages learned with the turn before")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop the schedule at this wall time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=Path, help="weights to start from instead of the base")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    training, validation = load(args.corpus)
    encoder = Encoder(args.base / "tokenizer.json")
    model = Tagger.from_base(args.base)
    if args.start:
        model.load_state_dict(torch.load(args.start))
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    heads = [p for name, p in model.named_parameters() if not name.startswith("encoder") and p.requires_grad]
    body = [p for name, p in model.named_parameters() if name.startswith("encoder") and p.requires_grad]
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": args.rate}, {"params": heads, "lr": args.head_rate}], weight_decay=0.01
    )
    items = examples(training)
    steps = args.epochs * len(batches(epoch_windows(items, encoder, 0, args), args.tokens, random.Random(0)))
    began, step, log = time.time(), 0, []
    print(f"{len(items)} messages, {steps} steps", flush=True)
    for epoch in range(args.epochs):
        model.train()
        total = 0.0
        plan = batches(epoch_windows(items, encoder, epoch, args), args.tokens, random.Random(args.seed + epoch))
        for number, batch in enumerate(plan, 1):
            progress = max(step / steps, (time.time() - began) / 60 / args.minutes)
            if progress >= 1:
                break
            factor = min(1.0, progress / 0.06) * (1 - progress) if progress < 0.06 else 1 - progress
            for group, rate in zip(optimizer.param_groups, (args.rate, args.head_rate), strict=True):
                group["lr"] = rate * max(factor, 1e-3)
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(model, batch, args.type_weight, args.smoothing)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(body + heads, 1.0)
            optimizer.step()
            total += loss.item()
            step += 1
            if step % 25 == 0:
                print(f"step {step} loss {total / number:.4f} {(time.time() - began) / 60:.1f} min", flush=True)
        model.eval()
        scores = score_dialogues(validation, torch_scorer(model, encoder))
        log.append({"epoch": epoch, "loss": total / max(1, len(plan)), "minutes": (time.time() - began) / 60, **scores})
        print(json.dumps(log[-1]), flush=True)
        torch.save(model.state_dict(), args.out / "model.pt")
        report = {
            "arguments": {k: str(v) for k, v in vars(args).items()},
            "corpus": corpus_hash(args.corpus),
            "log": log,
        }
        (args.out / "train.json").write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
