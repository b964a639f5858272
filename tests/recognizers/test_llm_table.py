"""The table of a language model: wrong values are named before the first text, right ones build it."""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from memveil.config import decode_config
from memveil.errors import ConfigError
from memveil.recognizers.llm import LanguageModelRecognizer
from memveil.recognizers.llm_llama_cpp import LlamaCppModel
from memveil.recognizers.llm_table import LanguageModelTable
from memveil.recognizers.llm_transformers import TransformersModel

URL = {"url": "http://127.0.0.1:8000/v1", "model": "m"}


@pytest.mark.parametrize("place", [URL, {"gguf": "m.gguf"}, {"weights": "folder"}])
def test_the_defaults_are_right(place: dict[str, str]) -> None:
    table = LanguageModelTable(**place)
    table.check()
    recognizer = table.build()

    assert isinstance(recognizer, LanguageModelRecognizer)
    assert recognizer.model_name in {"127.0.0.1:8000", "m.gguf", "folder"}
    recognizer.close()


def test_each_place_has_its_kind_of_model() -> None:
    assert isinstance(LanguageModelTable(gguf="~/m.gguf").build()._model, LlamaCppModel)
    assert isinstance(LanguageModelTable(weights="w", device="cuda").build()._model, TransformersModel)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({}, "recognizers.llm: give one of"),
        ({**URL, "gguf": "m.gguf"}, "recognizers.llm: give one of"),
        ({"url": URL["url"]}, "recognizers.llm.model: "),
        ({"gguf": "m.gguf", "model": "m"}, "recognizers.llm.model: "),
        ({"gguf": "m.gguf", "api_key_env": "K"}, "recognizers.llm.api_key_env: "),
        ({**URL, "timeout": 0.0}, "recognizers.llm.timeout: "),
        ({**URL, "timeout": float("inf")}, "recognizers.llm.timeout: "),
        ({**URL, "doubt": 0.0}, "recognizers.llm.doubt: "),
        ({**URL, "doubt": 1.1}, "recognizers.llm.doubt: "),
        ({**URL, "context": -1}, "recognizers.llm.context: "),
        ({**URL, "window": 10}, "recognizers.llm.window: "),
        ({**URL, "overlap": 1500}, "recognizers.llm.overlap: "),
        ({**URL, "temperature": -0.1}, "recognizers.llm.temperature: "),
        ({**URL, "max_tokens": 0}, "recognizers.llm.max_tokens: "),
        ({**URL, "context_tokens": 4096}, "recognizers.llm.context_tokens: "),
    ],
)
def test_a_wrong_value_is_named(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        LanguageModelTable(**wrong).check()

    assert str(caught.value).startswith(message)


def test_the_guide_names_every_key_with_its_default() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "guides" / "language-model.md").read_text(encoding="utf-8")
    first, every = (
        decode_config(block.encode()) for block in re.findall(r"```toml\n(.*?)```", without_places(guide), re.DOTALL)
    )
    keys = re.findall(r"^(?:# )?([a-z_]+) = ", guide.split("All keys")[1].split("`memveil doctor`")[0], re.MULTILINE)

    assert set(keys) == set(LanguageModelTable.__struct_fields__)
    assert first.recognizers.llm == LanguageModelTable(url=URL["url"], model="IAAR-Shanghai/MemPrivacy-4B-RL")
    assert every.recognizers.llm == LanguageModelTable(gguf="model.gguf")


def without_places(guide: str) -> str:
    """The guide with one of the three places filled in, as a reader would."""
    return guide.replace("# gguf = ", "gguf = ")


def test_another_machine_is_refused_and_can_be_named() -> None:
    remote = {"url": "http://gpu.example:8000/v1", "model": "m"}
    with pytest.raises(ConfigError, match=r"gpu\.example is not this machine"):
        LanguageModelTable(**remote).build()

    LanguageModelTable(**remote, allowed_hosts=("gpu.example",)).build().close()


def test_a_missing_package_names_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any, **options: Any) -> Any:
        if name == "memveil.recognizers.llm_endpoint":
            raise ModuleNotFoundError(name="httpx2")
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ConfigError, match=r"pip install 'memveil\[llm\]'"):
        LanguageModelTable(**URL).build()
