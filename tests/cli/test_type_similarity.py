from __future__ import annotations

import math

import pytest

from memveil.cli import type_similarity
from memveil.cli.type_similarity import SentenceSimilarity, is_installed
from memveil.errors import ConfigError

needs_model = pytest.mark.skipif(not is_installed(), reason="the extra `eval` is not installed")


@pytest.fixture(scope="module", name="similarity")
def _similarity() -> SentenceSimilarity:
    return SentenceSimilarity()


@needs_model
def test_embeddings_have_length_one_and_are_made_once(similarity: SentenceSimilarity) -> None:
    vector = similarity.embed("Phone Number")

    assert float(vector @ vector) == pytest.approx(1, abs=1e-6)
    assert similarity.embed("Phone Number") is vector


@needs_model
@pytest.mark.parametrize(
    ("first", "second", "expected"),
    # Cosines of sentence-transformers 3 with the same weights, four digits.
    [("Medical Health", "Medical Record", 0.5631), ("Email", "Password", 0.3782)],
)
def test_likeness_is_that_of_the_original_model(
    similarity: SentenceSimilarity, first: str, second: str, expected: float
) -> None:
    assert similarity(first, second) == pytest.approx(expected, abs=1e-3)
    assert similarity(first, second) == similarity(second, first)


@needs_model
def test_likeness_is_between_zero_and_one(similarity: SentenceSimilarity) -> None:
    names = ["Email", "Phone Number", "Zip Code", "x" * 2000, "密码"]

    assert all(0 <= similarity(a, b) <= 1.000001 for a in names for b in names)
    assert not math.isnan(similarity("", "Email"))


def test_without_the_extra_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type_similarity, "is_installed", lambda: False)

    with pytest.raises(ConfigError, match=r"pip install 'memveil\[eval\]'"):
        SentenceSimilarity()
