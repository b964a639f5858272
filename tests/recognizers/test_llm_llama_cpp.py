"""GGUF files in this process: what can be seen without the library. With it: test_llm_real.py."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from memveil.errors import ConfigError
from memveil.recognizers.llm_llama_cpp import LlamaCppModel
from memveil.recognizers.llm_prompt import ANSWER_SCHEMA

HAS_LIBRARY = importlib.util.find_spec("llama_cpp") is not None


@pytest.mark.skipif(HAS_LIBRARY, reason="llama-cpp-python is installed here")
def test_a_missing_library_names_its_extra(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"pip install 'memveil\[llama-cpp\]'"):
        LlamaCppModel(tmp_path / "m.gguf").complete("Hi", ANSWER_SCHEMA)


@pytest.mark.skipif(not HAS_LIBRARY, reason="llama-cpp-python is not installed here")
def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"recognizers\.llm\.gguf: no file .*m\.gguf"):
        LlamaCppModel(tmp_path / "m.gguf").complete("Hi", ANSWER_SCHEMA)


def test_nothing_is_loaded_before_the_first_text(tmp_path: Path) -> None:
    model = LlamaCppModel(tmp_path / "m.gguf")

    assert model.name == "m.gguf"
    model.close()
