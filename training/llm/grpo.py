"""Stage 3: reinforcement learning, GRPO (Shao et al. 2024, arXiv 2402.03300), on the rewards of ``rewards.py``.

    python -m training.llm.grpo --model runs/smollm2-sft --out runs/smollm2-grpo --minutes 15

Several answers are drawn for each question; each is paid by its rewards, and answers above the mean of their group
become likelier. Defaults are those published for MemPrivacy-4B-RL where they were published (1,000 samples, two
epochs, rate 1e-6, cosine, Adam 0.9/0.95, weight decay 0.1); group size, temperature and KL weight were not.
``grpo.csv`` in the folder is the curve, ``grpo.json`` the settings.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from pathlib import Path

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import GRPOConfig, GRPOTrainer

from training.llm import rewards
from training.llm.chat import render, sample_length
from training.llm.clock import Clock
from training.llm.curve import Curve
from training.llm.master_weights import MasterAdamW
from training.llm.samples import INSTRUCTIONS, Sample, split, that_fit
from training.llm.sft import lora

COLUMNS = {
    "reward": "reward",
    "reward_std": "reward_spread",
    **{f"rewards/{name}/mean": name for name in rewards.WEIGHTS},
    "rewards/invalid/mean": "invalid",
    "completions/mean_length": "answer_tokens",
    "completions/clipped_ratio": "cut_off",
    "frac_reward_zero_std": "groups_without_spread",
    "entropy": "entropy",
    "learning_rate": "rate",
}


def dataset(tokenizer, samples: list[Sample]) -> Dataset:
    return Dataset.from_list(
        [
            {
                "prompt": render(tokenizer, sample.prompt),
                "message": sample.message,
                # A list of mixed types is no column of a table.
                "spans": json.dumps(sample.spans),
                "truth": sample.answer,
            }
            for sample in samples
        ]
    )


def paid(name: str) -> Callable[..., list[float]]:
    """One reward as TRL calls it: for a batch of answers, with the columns of the data set."""

    def reward(completions: list[str], message: list[str], spans: list[str], truth: list[str], **_) -> list[float]:
        cases = zip(completions, message, spans, truth, strict=True)
        return [rewards.each(a, message=m, spans=json.loads(s), truth=t)[name] for a, m, s, t in cases]

    reward.__name__ = name
    return reward


def invalid(completions: list[str], **_) -> list[float]:
    """Paid nothing; here for the curve alone."""
    return [float(rewards.parse(answer) is None) for answer in completions]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="the supervised model, merged")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--languages", nargs="+", default=["en"], choices=["en", "zh"])
    parser.add_argument("--prompt", choices=list(INSTRUCTIONS), default="compact")
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--tokens", type=int, default=384, help="longer samples are left out")
    parser.add_argument("--answer-tokens", type=int, default=256, help="an answer is cut off here")
    parser.add_argument("--epochs", type=float, default=2)
    parser.add_argument("--steps", type=int, default=-1, help="instead of epochs")
    parser.add_argument("--minutes", type=float, help="stop by the clock; for a single process")
    parser.add_argument("--group", type=int, default=8, help="answers drawn for a question")
    parser.add_argument("--batch", type=int, default=8, help="answers a device and backward pass")
    parser.add_argument("--accumulate", type=int, default=8)
    parser.add_argument("--temperature", type=float, default=1.0)
    parser.add_argument("--kl", type=float, default=0.0, help="cost of leaving the supervised model")
    parser.add_argument("--rate", type=float, default=1e-6)
    parser.add_argument("--lora", type=int, default=0, help="rank of the adapters; 0 trains all weights")
    parser.add_argument(
        "--weights",
        choices=["float32", "bfloat16"],
        default="float32",
        help="how weights are held; bfloat16 without adapters: masters in the optimizer",
    )
    parser.add_argument(
        "--checkpointing", action="store_true", help="compute activations twice instead of keeping them"
    )
    parser.add_argument("--vllm", action="store_true", help="draw with vLLM on the same devices")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=getattr(torch, args.weights))

    training, _ = split(args.corpus, languages=args.languages, instructions=INSTRUCTIONS[args.prompt])
    fit = that_fit(training, lambda s: sample_length(tokenizer, s), args.tokens)
    # A true answer that would be cut off can earn nothing.
    fit = that_fit(fit, lambda s: len(tokenizer(s.answer)["input_ids"]) + 1, args.answer_tokens)
    # What users write is what is scored; what assistants answer was learned before.
    asked = [sample for sample in fit if sample.role == "user"]
    random.Random(args.seed).shuffle(asked)
    asked = asked[: args.samples]
    print(f"{len(asked)} questions", flush=True)

    config = GRPOConfig(
        output_dir=str(args.out),
        max_completion_length=args.answer_tokens,
        num_generations=args.group,
        num_train_epochs=args.epochs,
        max_steps=args.steps,
        per_device_train_batch_size=args.batch,
        gradient_accumulation_steps=args.accumulate,
        temperature=args.temperature,
        beta=args.kl,
        reward_weights=[*rewards.WEIGHTS.values(), 0.0],
        learning_rate=args.rate,
        lr_scheduler_type="constant" if args.minutes else "cosine",
        warmup_steps=0 if args.minutes else 0.01,
        weight_decay=0.1,
        adam_beta2=0.95,
        max_grad_norm=1.0,
        # Matrix products in bfloat16 where the weights are not.
        bf16=args.weights == "float32" or bool(args.lora),
        use_cpu=not torch.cuda.is_available(),
        gradient_checkpointing=args.checkpointing,
        use_vllm=args.vllm,
        logging_steps=1,
        save_steps=20,
        save_total_limit=1,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=torch.cuda.is_available(),
        seed=args.seed,
    )
    optimizer = None
    if args.weights == "bfloat16" and not args.lora:
        optimizer = MasterAdamW(model, rate=args.rate, betas=(0.9, 0.95), weight_decay=0.1)
    callbacks = [Curve(args.out / "grpo.csv", COLUMNS)]
    if args.minutes:
        # Before the curve: it corrects the rate that is logged.
        callbacks.insert(0, Clock(args.minutes, args.rate))
    trainer = GRPOTrainer(
        model=model,
        reward_funcs=[*map(paid, rewards.WEIGHTS), invalid],
        args=config,
        train_dataset=dataset(tokenizer, asked),
        processing_class=tokenizer,
        peft_config=lora(args.lora),
        callbacks=callbacks,
        optimizers=(optimizer, None),
    )
    trainer.train()
    trainer.save_model(str(args.out))
    tokenizer.save_pretrained(args.out)
    if trainer.is_world_process_zero():
        settings = {name: str(value) for name, value in vars(args).items()}
        report = {"arguments": settings, "questions": len(asked), "steps": trainer.state.global_step}
        (args.out / "grpo.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
