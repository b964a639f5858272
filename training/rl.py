"""Stage 3: reinforcement learning on the metric that counts.

    python training/rl.py --base runs/base --start runs/edge/model.pt --out runs/edge-rl --minutes 20

Cross-entropy counts pieces; users count messages whose values are covered with the right border, type and level.
For every window several tag sequences and span types are drawn from the model; each is rewarded with the reference
metric of the message (text x level x type, F1), plus the covered share of private text weighted by level, minus the
share of other text covered. The advantage of a draw is its reward minus the mean of the other draws of the same
window (REINFORCE with leave-one-out baseline, Kool et al. 2019; GRPO without division by the spread, Liu et al. 2025).
Some cross-entropy stays in the loss as an anchor.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from data import Encoder, Window, examples, load
from evaluate import score_dialogues, torch_scorer
from memveil.recognizers.tagging import LEFT_CONTEXT, tag_runs
from model import Tagger, type_votes
from reward import reward
from train import batches, collate, corpus_hash, cross_entropy, epoch_windows


def draw(scores: np.ndarray, valid: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Tag sequences ``(draws, n)`` from scores ``(n, 3)``; `inside` never follows `outside`."""
    noisy = scores[None] + rng.gumbel(size=(draws, *scores.shape))
    found = np.zeros((draws, len(scores)), np.int64)
    before = np.zeros(draws, np.int64)
    for at in range(len(scores)):
        if valid[at]:
            row = noisy[:, at].copy()
            row[before == 0, 2] = -1e9
            before = row.argmax(-1)
        else:
            before = np.zeros(draws, np.int64)
        found[:, at] = before
    return found


def sequence_log(scores: Tensor, sequences: Tensor, valid: Tensor) -> Tensor:
    """Log-probabilities ``(draws,)`` of tag sequences ``(draws, n)`` under scores ``(n, 3)``."""
    before = torch.cat([torch.zeros_like(sequences[:, :1]), sequences[:, :-1]], dim=1)
    rows = scores.unsqueeze(0).repeat(len(sequences), 1, 1)
    forbidden = torch.zeros_like(rows)
    forbidden[..., 2] = (before == 0) * -1e9
    logs = torch.log_softmax(rows + forbidden, dim=-1).gather(-1, sequences.unsqueeze(-1)).squeeze(-1)
    return (logs * valid).sum(-1)


def policy_loss(model: Tagger, batch: list[Window], args: argparse.Namespace, rng: np.random.Generator) -> tuple:
    """Loss of one batch, and the mean reward of its draws."""
    ids, mask, tags = collate(batch)
    outputs = tuple(part.float() for part in model(ids, mask))
    scores, inside, first, before = outputs
    losses, rewards = [], []
    for row, window in enumerate(batch):
        size = len(window.ids)
        valid = (tags[row, :size] != -100).numpy()
        # A window cut through a span has no true answer at its border: it teaches by cross-entropy only.
        if not valid.any():
            continue
        sequences = draw(scores[row, :size].detach().numpy(), valid, args.draws, rng)
        runs = [tag_runs(sequence.tolist()) for sequence in sequences]
        spans = sorted({run for one in runs for run in one})
        kinds, kind_logs = {}, {}
        if spans:
            votes = type_votes(
                inside[row], first[row], before[row], [(start, end, 0) for start, end in spans], LEFT_CONTEXT
            )
            kind_logs = dict(zip(spans, torch.log_softmax(votes, -1), strict=True))
            kinds = {span: logs.detach().exp().numpy() for span, logs in kind_logs.items()}
        gold = list(window.spans)
        worth, type_terms = [], []
        for one in runs:
            found, term = [], scores.new_zeros(())
            for span in one:
                odds = kinds[span].astype(np.float64)
                kind = int(rng.choice(len(odds), p=odds / odds.sum()))
                found.append((*span, kind))
                term = term + kind_logs[span][kind]
            worth.append(reward(found, gold, int(valid.sum()), recall=args.recall, cover=args.cover))
            type_terms.append(term)
        values = np.array(worth)
        advantage = (values - values.mean()) * args.draws / (args.draws - 1)
        rewards.append(values.mean())
        if np.abs(advantage).max() < 1e-6:
            continue
        logs = sequence_log(scores[row, :size], torch.from_numpy(sequences), torch.from_numpy(valid.astype(np.float32)))
        weight = torch.from_numpy(advantage.astype(np.float32))
        losses.append(-(weight * (logs + torch.stack(type_terms))).mean())
    loss = args.anchor * cross_entropy(outputs, tags, batch, 0.5, 0.05)
    if losses:
        loss = loss + torch.stack(losses).sum() / len(batch)
    return loss, float(np.mean(rewards)) if rewards else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", type=Path, default=Path("runs/base"))
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--start", type=Path, required=True, help="the supervised model")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--tokens", type=int, default=1024, help="padded pieces a batch")
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-5)
    parser.add_argument("--anchor", type=float, default=0.3, help="weight of cross-entropy")
    parser.add_argument("--recall", type=float, default=0.3, help="worth of covered private text")
    parser.add_argument("--cover", type=float, default=1.0, help="cost of covering other text")
    parser.add_argument("--randomize", type=float, default=0.5)
    parser.add_argument("--noise", type=float, default=0.05)
    parser.add_argument("--context", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--score-before", action="store_true", help="also score the supervised model")
    args = parser.parse_args()

    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    training, validation = load(args.corpus)
    encoder = Encoder(args.base / "tokenizer.json")
    model = Tagger.from_base(args.base)
    model.load_state_dict(torch.load(args.start))
    model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)
    # Draws and gradient must see the same model: no dropout.
    model.eval()
    report = {"arguments": {k: str(v) for k, v in vars(args).items()}, "corpus": corpus_hash(args.corpus)}
    if args.score_before:
        report["before"] = score_dialogues(validation, torch_scorer(model, encoder))
        print("before", json.dumps(report["before"]), flush=True)
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=args.rate, weight_decay=0.0)
    items = examples(training)
    began, step, curve, recent = time.time(), 0, [], []
    progress = 0.0
    for epoch in range(1000, 2000):
        for batch in batches(epoch_windows(items, encoder, epoch, args), args.tokens, random.Random(epoch)):
            progress = (time.time() - began) / 60 / args.minutes
            if progress >= 1:
                break
            optimizer.param_groups[0]["lr"] = args.rate * min(1.0, 20 * progress, 2 * (1 - progress))
            with torch.autocast("cpu", torch.bfloat16):
                loss, mean = policy_loss(model, batch, args, rng)
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            step += 1
            recent.append(mean)
            if step % 25 == 0:
                curve.append((step, float(np.mean(recent))))
                print(f"step {step} reward {curve[-1][1]:.4f} {(time.time() - began) / 60:.1f} min", flush=True)
                recent = []
        if progress >= 1:
            break
    torch.save(model.state_dict(), args.out / "model.pt")
    report |= {"steps": step, "reward": curve, "after": score_dialogues(validation, torch_scorer(model, encoder))}
    print("after", json.dumps(report["after"]), flush=True)
    (args.out / "rl.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
