"""Folders of weights in this process: a tiny Qwen3 of random numbers, where PyTorch is installed."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from memveil.detect import Context, detect
from memveil.errors import ConfigError
from memveil.recognizers.defaults import rule_recognizers
from memveil.recognizers.llm import DegradedWarning, LanguageModelRecognizer, OnFailure
from memveil.recognizers.llm_model import Decoding
from memveil.recognizers.llm_prompt import ANSWER_SCHEMA
from memveil.recognizers.llm_transformers import TransformersModel

HAS_LIBRARY = all(importlib.util.find_spec(name) is not None for name in ("torch", "transformers"))
needs_library = pytest.mark.skipif(not HAS_LIBRARY, reason="PyTorch and transformers are not installed here")


@pytest.mark.skipif(HAS_LIBRARY, reason="PyTorch and transformers are installed here")
def test_a_missing_library_names_its_extra(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"pip install 'memveil\[transformers\]'"):
        TransformersModel(tmp_path).complete("Hi", ANSWER_SCHEMA)


def test_nothing_is_loaded_before_the_first_text(tmp_path: Path) -> None:
    model = TransformersModel(tmp_path / "weights")

    assert model.name == "weights"
    model.close()


@needs_library
def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^recognizers\.llm\.weights: no model that can be read in "):
        TransformersModel(tmp_path).complete("Hi", ANSWER_SCHEMA)


@needs_library
def test_weights_that_break_off_are_named(tmp_path: Path) -> None:
    write_tiny_model(tmp_path)
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ConfigError, match=r"^recognizers\.llm\.weights: no model that can be read in "):
        TransformersModel(tmp_path).complete("Hi", ANSWER_SCHEMA)


@needs_library
@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_a_model_of_random_numbers_takes_nothing_away(tmp_path: Path, temperature: float) -> None:
    write_tiny_model(tmp_path)
    model = TransformersModel(tmp_path, decoding=Decoding(temperature=temperature, max_tokens=8))
    recognizer = LanguageModelRecognizer(model, on_failure=OnFailure.DEGRADE, instructions="Find it all.")
    text = "Write to lena@hartwig.example"
    alone = detect(text, rule_recognizers())
    with pytest.warns(DegradedWarning):
        together = detect(text, (*rule_recognizers(), recognizer), Context())
    recognizer.close()

    assert set(alone) <= set(together)
    assert recognizer.counts.failed == 1
    assert model.complete("Hi", ANSWER_SCHEMA).is_cut


def write_tiny_model(folder: Path) -> None:
    import torch
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM

    torch.manual_seed(0)
    letters = {char: index for index, char in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    words = Tokenizer(models.BPE(vocab=letters, merges=[]))
    words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words)
    tokenizer.chat_template = "{% for m in messages %}{{ m.content }}{% endfor %}"
    tokenizer.save_pretrained(folder)
    config = Qwen3Config(
        vocab_size=len(letters),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        eos_token_id=None,
        bos_token_id=None,
        pad_token_id=0,
    )
    Qwen3ForCausalLM(config).save_pretrained(folder)
