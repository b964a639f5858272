"""The recipes for memory systems run as they stand in the guide, with `memveil serve` before their models."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import Any

import openai
import pytest
from starlette.responses import JSONResponse, Response

from memveil.testing import canaries_under
from tests.integrations.fake_openai import DIMENSIONS, answer
from tests.integrations.mem0_offline import close, configuration
from tests.proxy.recipes import MAIL, OPENAI, blocks, run, served


def reply(path: str, body: dict[str, Any]) -> Response:
    return JSONResponse(answer(path, body))


def store(folder: Path) -> dict[str, Any]:
    """Where mem0 keeps what it stores."""
    folder.mkdir()
    kept = configuration("http://unused", folder)
    return {name: kept[name] for name in ("vector_store", "history_db_path")}


def test_mem0_behind_the_gateway(mem0: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    local, elsewhere = tmp_path / "local", tmp_path / "elsewhere"
    names: dict[str, Any] = {"local": store(local), "elsewhere": store(elsewhere)}
    first, second = blocks("mem0", "python")
    with served(tmp_path / "memveil", reply) as (base, upstream):
        assert run(first, names, base=base) == 1
        assert canaries_under(local, [MAIL]) != [], "what the guide says of the store is not so any more"
        seen = len(upstream.seen)
        assert run(second, names, base=base) == 1
        close(names["memory"])
        close(names["private"]._inner)
    names["guard"].close()

    assert mem0
    assert canaries_under(elsewhere, [MAIL]) == []
    assert {line.split(b"?")[0].split(b"/")[-1] for line in upstream.seen} == {b"completions", b"embeddings"}
    assert len(upstream.seen) > seen


def test_requests_as_memobases_server_makes_them(tmp_path: Path) -> None:
    """Its client is the one of OpenAI's SDK, with these arguments; where it has Jina's, the guide says OpenAI's."""
    (block,) = blocks("Memobase", "yaml")
    settings = dict(line.split(": ", 1) for line in block.splitlines())
    said = f"Summarize: user: my mail is {MAIL}"
    messages: list[Any] = [{"role": "system", "content": "You are a psychologist."}, {"role": "user", "content": said}]
    with served(tmp_path / "memveil", reply) as (base, upstream):
        models, embedders = (
            openai.OpenAI(base_url=settings[name].replace(OPENAI, base), api_key="sk-x", default_headers={"a": "b"})
            for name in ("llm_base_url", "embedding_base_url")
        )
        with models, embedders:
            texts = [
                models.chat.completions.create(
                    model="gpt-4o-mini", messages=messages, timeout=120, temperature=0.2, max_tokens=1024, **more
                )
                .choices[0]
                .message.content
                for more in ({}, {"response_format": {"type": "json_object"}})
            ]
            vectors = embedders.embeddings.create(
                model="text-embedding-3-small", input=[said, MAIL], encoding_format="float", dimensions=DIMENSIONS
            )

    assert (settings["llm_style"], settings["embedding_provider"]) == ("openai", "openai")
    assert texts == [f"You said: {said}"] * 2
    assert [len(each.embedding) for each in vectors.data] == [DIMENSIONS] * 2
    assert upstream.bodies()[2]["input"] == ["Summarize: user: my mail is <Email_1>", "<Email_1>"]
