"""Questions as the strings that a chat model reads.

Training, drawing and scoring all render a question here, once, to text. So the three stages see the same tokens, and
a template that thinks by default (Qwen3) is told everywhere not to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.llm.samples import Sample

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def render(tokenizer: PreTrainedTokenizerBase, prompt: str) -> str:
    """The question in the model's own template, up to where the answer begins."""
    return tokenizer.apply_chat_template(
        [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True, enable_thinking=False
    )


def rendered(tokenizer: PreTrainedTokenizerBase, sample: Sample) -> dict[str, str]:
    """A sample as TRL wants it; the answer ends with the token that ends a turn."""
    return {"prompt": render(tokenizer, sample.prompt), "completion": sample.answer + tokenizer.eos_token}


def sample_length(tokenizer: PreTrainedTokenizerBase, sample: Sample) -> int:
    """Tokens of question and answer."""
    parts = rendered(tokenizer, sample)
    return len(tokenizer(parts["prompt"] + parts["completion"], add_special_tokens=False)["input_ids"])
