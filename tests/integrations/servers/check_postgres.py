"""Memory systems on a real PostgreSQL with pgvector: its files, its log of statements and the model see placeholders.

Run by `make integration`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from langgraph.store.postgres import PostgresStore
from llama_index.core.llms import ChatMessage
from llama_index.core.memory import Memory
from sqlalchemy.ext.asyncio import create_async_engine

from memveil import Guard
from memveil.integrations.langgraph import PrivateStore
from memveil.integrations.llamaindex import PrivateMemory as PrivateChatMemory
from memveil.integrations.mem0 import PrivateMemory
from memveil.testing import CANARIES, RecordingServer, assert_nothing_left
from tests.integrations.fake_openai import DIMENSIONS, vector
from tests.integrations.mem0_offline import close, configuration
from tests.integrations.servers.processes import own_folder, postgres

MAIL, PHONE, NAME = CANARIES["Email"], CANARIES["Phone Number"], CANARIES["Real Name"]
SAID = [f"my mail is {MAIL}", f"call me at {PHONE} after six", f"I am {NAME} and like tea", "the weather is fine today"]
QUERIES = [f"who has {MAIL}", f"call {PHONE}", f"does {NAME} like tea", "weather today"]


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with own_folder() as made:
        yield made


@pytest.fixture
def database(folder: Path) -> Iterator[str]:
    """The server's address; in the end its files and its log hold no canary, but they do hold what was stored."""
    with postgres(folder) as address:
        yield address
    assert_nothing_left(folders=[folder])
    assert any(b"<Email_1>" in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_a_langgraph_store_finds_through_placeholders_what_it_finds_raw(database: str, guard: Guard) -> None:
    """The raw figures come from the same code in memory: nothing raw may ever reach the server."""
    from langgraph.store.memory import InMemoryStore

    index: Any = {"dims": DIMENSIONS, "embed": lambda texts: [vector(text) for text in texts]}
    raw = InMemoryStore(index=index)
    with PostgresStore.from_conn_string(database, index=index) as inner:
        inner.setup()
        store = PrivateStore(inner, guard)
        for number, text in enumerate(SAID):
            store.put(("memories", NAME), str(number), {"text": text})
            raw.put(("memories", NAME), str(number), {"text": text})
        for query in QUERIES:
            found = store.search(("memories", NAME), query=query, limit=1)
            expected = raw.search(("memories", NAME), query=query, limit=1)
            assert [item.value for item in found] == [item.value for item in expected]
        report = store.forget()

    assert (report.deleted, store._leaves.guard.restore("<Email_1>")) == (4, "<Email_1>")


def test_mem0_on_pgvector(
    database: str, guard: Guard, cloud: RecordingServer, mem0: ModuleType, tmp_path: Path
) -> None:
    config = configuration(cloud.url, tmp_path)
    config["vector_store"] = {
        "provider": "pgvector",
        "config": {
            "connection_string": database,
            "collection_name": "memories",
            "embedding_model_dims": DIMENSIONS,
            "hnsw": False,
            "diskann": False,
        },
    }
    inner = mem0.Memory.from_config(config)
    memory = PrivateMemory(inner, guard)
    for text in SAID:
        memory.add(text, user_id=MAIL, infer=False)
    best = [
        memory.search(query, filters={"user_id": MAIL}, top_k=1, threshold=0.0)["results"][0]["memory"]
        for query in QUERIES
    ]
    report = memory.forget(user_id=MAIL)
    close(inner)
    inner.vector_store.connection_pool.close()

    assert best == SAID
    assert report.deleted == len(SAID)
    assert guard.restore("<Email_1>") == "<Email_1>"


def test_a_llamaindex_memory_in_a_database(database: str, guard: Guard) -> None:
    place = database.partition("host=")[2]
    engine = create_async_engine(f"postgresql+asyncpg://postgres@/postgres?host={place}")
    inner = Memory.from_defaults(
        session_id=guard.protect_label(MAIL), async_engine=engine, token_limit=1000, tokenizer_fn=str.split
    )
    memory = PrivateChatMemory(inner, guard)

    async def work() -> tuple[list[str | None], Any]:
        await memory.aput_messages([ChatMessage(role="user", content=text) for text in SAID])
        read = [message.content for message in await memory.aget()]
        report = await memory.aforget()
        await engine.dispose()
        return read, report

    read, report = asyncio.run(work())

    assert read == SAID
    assert report.deleted == len(SAID)


def test_the_search_for_canaries_can_fail(folder: Path) -> None:
    """A value that is stored raw is found in the server's files."""
    value = "a value that is raw on purpose, Ysolde Brackwater"
    with postgres(folder) as address, psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE raw AS SELECT %s::text AS value", (value,))

    with pytest.raises(AssertionError, match="private values left: file"):
        assert_nothing_left([value], folders=[folder])
