"""An adapter and its model as one ordinary model: for the next stage, for serving, for the GGUF converter.

python -m training.llm.merge --adapter runs/qwen3-4b-sft --out runs/qwen3-4b-sft-merged
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from peft import AutoPeftModelForCausalLM
from transformers import AutoTokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    # Added in float32, so that a small change is not lost between two bfloat16 numbers before it must be.
    model = AutoPeftModelForCausalLM.from_pretrained(args.adapter, dtype=torch.float32).merge_and_unload()
    model.to(torch.bfloat16).save_pretrained(args.out)
    AutoTokenizer.from_pretrained(args.adapter).save_pretrained(args.out)


if __name__ == "__main__":
    main()
