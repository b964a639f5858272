"""Stage 2: supervised fine-tuning.

    python -m training.llm.sft --model runs/smollm2 --out runs/smollm2-sft --minutes 45
    accelerate launch --num_processes 4 -m training.llm.sft --model Qwen/Qwen3-4B --prompt full --out runs/qwen3-4b-sft

Only the answer is learned, not the question. With ``--lora`` the folder holds an adapter: ``merge.py`` makes a model
of it. ``sft.csv`` in the folder is the curve, ``sft.json`` the settings.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import torch
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoModelForCausalLM, AutoTokenizer
from trl import SFTConfig, SFTTrainer

from training.llm.chat import rendered, sample_length
from training.llm.clock import Clock
from training.llm.curve import Curve
from training.llm.master_weights import MasterAdamW
from training.llm.samples import INSTRUCTIONS, Sample, split, that_fit

COLUMNS = {
    "loss": "loss",
    "eval_loss": "validation_loss",
    "mean_token_accuracy": "token_accuracy",
    "eval_mean_token_accuracy": "validation_token_accuracy",
    "learning_rate": "rate",
}


def dataset(tokenizer, samples: tuple[Sample, ...]) -> Dataset:
    return Dataset.from_list([rendered(tokenizer, sample) for sample in samples])


def lora(rank: int) -> LoraConfig | None:
    """Adapters at every linear layer (Hu et al. 2021, arXiv 2106.09685); rank 0: all weights are learned."""
    if not rank:
        return None
    return LoraConfig(
        r=rank, lora_alpha=2 * rank, lora_dropout=0.05, target_modules="all-linear", task_type="CAUSAL_LM"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True, help="a folder, or a name on the hub")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--languages", nargs="+", default=["en"], choices=["en", "zh"])
    parser.add_argument("--prompt", choices=list(INSTRUCTIONS), default="compact")
    parser.add_argument("--roles", nargs="+", default=["user", "assistant"], choices=["user", "assistant"])
    parser.add_argument("--tokens", type=int, default=384, help="longer samples are left out")
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--steps", type=int, default=-1, help="instead of epochs")
    parser.add_argument("--minutes", type=float, help="stop by the clock; for a single process")
    parser.add_argument("--batch", type=int, default=8, help="samples a step and device")
    parser.add_argument("--accumulate", type=int, default=1)
    parser.add_argument("--rate", type=float, default=2e-4)
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
    parser.add_argument("--validate", type=int, default=96, help="validation samples for the loss curve")
    parser.add_argument("--every", type=int, default=50, help="steps between validations and between checkpoints")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint in the folder")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForCausalLM.from_pretrained(args.model, dtype=getattr(torch, args.weights))

    parts = split(args.corpus, languages=args.languages, instructions=INSTRUCTIONS[args.prompt])
    training, validation = (that_fit(part, lambda s: sample_length(tokenizer, s), args.tokens) for part in parts)
    training, validation = (tuple(s for s in part if s.role in args.roles) for part in (training, validation))
    print(f"{len(training)} of {len(parts[0])} training samples", flush=True)

    config = SFTConfig(
        output_dir=str(args.out),
        max_length=args.tokens,
        completion_only_loss=True,
        num_train_epochs=args.epochs,
        max_steps=args.steps,
        per_device_train_batch_size=args.batch,
        gradient_accumulation_steps=args.accumulate,
        learning_rate=args.rate,
        lr_scheduler_type="constant" if args.minutes else "cosine",
        warmup_steps=0 if args.minutes else 0.05,
        weight_decay=0.01,
        max_grad_norm=1.0,
        # Matrix products in bfloat16 where the weights are not.
        bf16=args.weights == "float32" or bool(args.lora),
        use_cpu=not torch.cuda.is_available(),
        gradient_checkpointing=args.checkpointing,
        logging_steps=5,
        eval_strategy="steps" if args.validate else "no",
        eval_steps=args.every,
        per_device_eval_batch_size=args.batch,
        save_steps=args.every,
        save_total_limit=1,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=torch.cuda.is_available(),
        seed=args.seed,
    )
    optimizer = None
    if args.weights == "bfloat16" and not args.lora:
        optimizer = MasterAdamW(model, rate=args.rate, betas=(0.9, 0.999), weight_decay=0.01)
    callbacks = [Curve(args.out / "sft.csv", COLUMNS)]
    if args.minutes:
        # Before the curve: it corrects the rate that is logged.
        callbacks.insert(0, Clock(args.minutes, args.rate))
    trainer = SFTTrainer(
        model=model,
        args=config,
        train_dataset=dataset(tokenizer, training),
        eval_dataset=dataset(tokenizer, validation[: args.validate]) if args.validate else None,
        processing_class=tokenizer,
        peft_config=lora(args.lora),
        callbacks=callbacks,
        optimizers=(optimizer, None),
    )
    trainer.train(resume_from_checkpoint=args.resume or None)
    trainer.save_model(str(args.out))
    tokenizer.save_pretrained(args.out)
    if trainer.is_world_process_zero():
        settings = {name: str(value) for name, value in vars(args).items()}
        report = {"arguments": settings, "samples": len(training), "steps": trainer.state.global_step}
        (args.out / "sft.json").write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
