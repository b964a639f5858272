"""A model of Qwen3's shape and no knowledge, small enough to pass all stages on a processor in minutes.

    python -m training.llm.tiny_qwen3 --out runs/tiny-qwen3

Two layers with random weights, a byte-level tokenizer learned from the corpus, and the turns and the empty thinking
block of Qwen3's template. ``runs/dry-run.sh`` takes it through fine-tuning, GRPO, merging, scoring and the recognizer:
what runs with it runs with ``Qwen/Qwen3-4B``, which differs in size alone.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

from training.corpus import read_all

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
# A thinking block that is already over: how Qwen3 is told not to think.
TEMPLATE = (
    "{% for turn in messages %}<|im_start|>{{ turn.role }}\n{{ turn.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n"
    "{% if enable_thinking is defined and not enable_thinking %}<think>\n\n</think>\n\n{% endif %}{% endif %}"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    args = parser.parse_args()

    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=2000,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    pieces.train_from_iterator((m.text for d in read_all(args.corpus)[:200] for m in d.messages), trainer)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=pieces, eos_token=SPECIAL[2], pad_token=SPECIAL[0], chat_template=TEMPLATE
    )

    torch.manual_seed(1)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=192,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        head_dim=32,
        max_position_embeddings=2048,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    model = Qwen3ForCausalLM(config)
    model.save_pretrained(args.out)
    tokenizer.save_pretrained(args.out)
    print(f"{sum(p.numel() for p in model.parameters()) / 1e6:.2f} M parameters")


if __name__ == "__main__":
    main()
