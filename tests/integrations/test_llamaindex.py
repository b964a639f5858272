"""LlamaIndex's own memories, behind a guard: stores, embedders and models inside see placeholders."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
from llama_index.core.base.llms.types import (
    CachePoint,
    ChatMessage,
    ImageBlock,
    TextBlock,
    ThinkingBlock,
    ToolCallBlock,
)
from llama_index.core.chat_engine import SimpleChatEngine
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.llms import ChatResponse, MockLLM
from llama_index.core.memory import (
    BaseMemory,
    BaseMemoryBlock,
    ChatMemoryBuffer,
    FactExtractionMemoryBlock,
    Memory,
    VectorMemoryBlock,
)
from llama_index.core.schema import TextNode
from llama_index.core.storage.chat_store import SimpleChatStore
from llama_index.core.vector_stores.types import BasePydanticVectorStore, VectorStoreQuery, VectorStoreQueryResult
from pydantic import Field, PrivateAttr
from sqlalchemy.ext.asyncio import create_async_engine

from memveil import Guard
from memveil.errors import ConfigError, UnsupportedFormat
from memveil.integrations.llamaindex import PrivateMemory, PrivateMemoryBlock
from memveil.testing import CANARIES, assert_no_canary

MAIL, PHONE, NAME, SECRET = (CANARIES[name] for name in ("Email", "Phone Number", "Real Name", "Password"))
SAID = [f"my mail is {MAIL}", f"call me at {PHONE}", f"I am {NAME} and like tea", "the weather is fine today"]
T = TypeVar("T")
loops: list[asyncio.Runner] = []


@pytest.fixture(autouse=True)
def _one_loop() -> Iterator[None]:
    """Connections of a database live in the loop of their first use."""
    with asyncio.Runner() as runner:
        loops.append(runner)
        yield
        loops.pop()


def wait(work: Coroutine[Any, Any, T]) -> T:
    return loops[-1].run(work)


def user(text: str) -> ChatMessage:
    return ChatMessage(role="user", content=text)


class WordEmbedding(BaseEmbedding):
    """Counts of hashed words; remembers what it was shown."""

    _seen: list[str] = PrivateAttr(default_factory=list)

    def _get_text_embedding(self, text: str) -> list[float]:
        self._seen.append(text)
        counts = np.zeros(256)
        for word in re.findall(r"[\w@.+-]+", text.lower()):
            counts[sum(map(ord, word)) * len(word) % 256] += 1.0
        return list(counts / (np.linalg.norm(counts) or 1.0))

    _get_query_embedding = _get_text_embedding

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)

    async def _aget_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embedding(text)


class FileVectorStore(BasePydanticVectorStore):
    """Nodes in a JSON file, with what they are filtered by."""

    stores_text: bool = True
    path: Path

    @property
    def client(self) -> Any:
        return self.path

    def add(self, nodes: Any, **_options: Any) -> list[str]:
        kept = self._rows()
        kept += [{"text": node.text, "metadata": node.metadata, "embedding": node.embedding} for node in nodes]
        self.path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        return [node.node_id for node in nodes]

    def delete(self, ref_doc_id: str, **_options: Any) -> None:
        raise NotImplementedError

    def query(self, query: VectorStoreQuery, **_options: Any) -> VectorStoreQueryResult:
        wanted = {each.key: each.value for each in query.filters.filters} if query.filters else {}  # type: ignore[union-attr]
        rows = [row for row in self._rows() if wanted.items() <= row["metadata"].items()]
        scores = [float(np.dot(row["embedding"], query.query_embedding)) for row in rows]  # type: ignore[arg-type]
        best = sorted(range(len(rows)), key=lambda at: -scores[at])[: query.similarity_top_k]
        return VectorStoreQueryResult(
            nodes=[TextNode(text=rows[at]["text"]) for at in best], similarities=[scores[at] for at in best], ids=[]
        )

    def _rows(self) -> list[dict[str, Any]]:
        return json.loads(self.path.read_text(encoding="utf-8")) if self.path.exists() else []


class RecordingLLM(MockLLM):
    """Says that each message of the user is a fact; remembers what it was shown."""

    _seen: list[str] = PrivateAttr(default_factory=list)

    async def achat(self, messages: Any, **_options: Any) -> ChatResponse:
        self._seen += [str(message.content) for message in messages]
        facts = [f"<fact>{message.content}</fact>" for message in messages[:-1] if message.role == "user"]
        return ChatResponse(message=ChatMessage(role="assistant", content=f"<facts>{''.join(facts)}</facts>"))


@pytest.fixture
def sql(_one_loop: None, store_folder: Path) -> Iterator[Callable[[], Memory]]:
    """Memories whose history is in a database file."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{store_folder / 'history.db'}")
    yield lambda **options: Memory.from_defaults(async_engine=engine, **{"tokenizer_fn": str.split, **options})  # type: ignore[misc]
    wait(engine.dispose())


# --- a whole memory ------------------------------------------------------------


def test_a_history_in_a_database_holds_placeholders_and_is_read_with_values(
    guard: Guard, sql: Callable[..., Memory]
) -> None:
    inner = sql(session_id=guard.protect_label(MAIL))
    memory = PrivateMemory(inner, guard)

    async def work() -> tuple[list[ChatMessage], list[ChatMessage]]:
        await memory.aput(user(SAID[0]))
        await memory.aput_messages([user(SECRET), ChatMessage(role="assistant", content="noted")])
        return await memory.aget(f"what of {MAIL}"), await inner.aget_all()

    read, kept = wait(work())

    assert [message.content for message in read] == [SAID[0], SECRET, "noted"]
    assert [message.content for message in kept] == ["my mail is <Email_1>", "<Password_1>", "noted"]


def test_messages_can_be_set_reset_and_read_all(guard: Guard) -> None:
    """The methods without coroutines, on the memory that chat engines used before."""
    store = SimpleChatStore()
    memory = PrivateMemory(ChatMemoryBuffer.from_defaults(chat_store=store, tokenizer_fn=str.split), guard)
    memory.put(user(SAID[0]))
    memory.put_messages([user(SAID[1])])
    assert [message.content for message in memory.get(input=MAIL, initial_token_count=0)] == SAID[:2]

    memory.set([user(SAID[2])])
    assert_no_canary(repr(store.store))
    assert [message.content for message in memory.get_all()] == [SAID[2]]
    assert [message.content for message in memory.get()] == [SAID[2]]

    memory.reset()
    assert memory.get_all() == []


def test_a_chat_engine_answers_with_values_and_remembers_placeholders(guard: Guard) -> None:
    buffer = ChatMemoryBuffer.from_defaults(tokenizer_fn=str.split)
    engine = SimpleChatEngine.from_defaults(llm=MockLLM(), memory=PrivateMemory(buffer, guard))
    engine.chat(SAID[0])
    answer = engine.chat("and again?").response

    assert MAIL in answer
    assert_no_canary(repr(buffer.chat_store))


def test_every_part_of_a_message_that_is_text_is_protected_and_comes_home(
    guard: Guard, sql: Callable[..., Memory]
) -> None:
    message = ChatMessage(
        role="assistant",
        blocks=[
            ThinkingBlock(content=f"this is {NAME}", additional_information={"signature": "c2ln", "of": MAIL}),
            TextBlock(text=f"I write to {MAIL}"),
            ToolCallBlock(tool_call_id="call_1", tool_name="send", tool_kwargs={"to": [MAIL], "n": 1}),
            ToolCallBlock(tool_call_id="call_2", tool_name="send", tool_kwargs=json.dumps({"to": f'"{MAIL}"'})),
            CachePoint(cache_control={"type": "ephemeral"}),
        ],
        additional_kwargs={"tool_call_id": "call_1", "note": PHONE},
    )
    memory = PrivateMemory(sql(), guard)

    async def work() -> list[ChatMessage]:
        await memory.aset([message])
        return await memory.aget_all()

    assert wait(work()) == [message]


def test_forgetting_removes_the_messages_and_the_mapping_and_says_what_may_remain(
    guard: Guard, sql: Callable[..., Memory]
) -> None:
    memory = PrivateMemory(sql(), guard)

    async def work() -> Any:
        await memory.aput_messages([user(text) for text in SAID])
        report = await memory.aforget()
        return report, await memory.aget_all()

    report, left = wait(work())

    assert (report.deleted, left) == (4, [])
    assert report.values >= 3
    assert guard.restore("<Email_1>") == "<Email_1>"
    assert "memory blocks" in report.remains[0]


def test_forgetting_without_coroutines_and_resetting_with_them(guard: Guard) -> None:
    memory = PrivateMemory(ChatMemoryBuffer.from_defaults(tokenizer_fn=str.split), guard)
    memory.put(user(MAIL))
    wait(memory.areset())
    assert memory.get_all() == []

    memory.put(user(MAIL))
    assert memory.forget().deleted == 1


def test_a_session_that_is_private_is_refused(guard: Guard, sql: Callable[..., Memory]) -> None:
    with pytest.raises(ConfigError, match="protect_label") as raised:
        PrivateMemory(sql(session_id=MAIL), guard)
    assert_no_canary(str(raised.value))

    with pytest.raises(ConfigError, match="chat_store_key"):
        PrivateMemory(ChatMemoryBuffer.from_defaults(chat_store_key=NAME, tokenizer_fn=str.split), guard)


def test_there_are_no_defaults_to_wrap() -> None:
    with pytest.raises(ConfigError, match="wrap a memory"):
        PrivateMemory.from_defaults()
    assert PrivateMemory.class_name() == "PrivateMemory"


@pytest.mark.parametrize(
    "message",
    [
        ChatMessage(role="user", blocks=[ImageBlock(url="https://example.org/x.png")]),
        ChatMessage(role="user", content="x", additional_kwargs={"call": object()}),
    ],
)
def test_what_memveil_does_not_know_is_refused_and_not_stored(guard: Guard, message: ChatMessage) -> None:
    memory = PrivateMemory(ChatMemoryBuffer.from_defaults(tokenizer_fn=str.split), guard)
    with pytest.raises(UnsupportedFormat):
        memory.put(message)
    with pytest.raises(UnsupportedFormat):
        memory.get(whose=NAME)

    assert memory.get_all() == []


def test_every_method_of_a_memory_goes_through_the_guard() -> None:
    """A method that a new version brings must not reach the memory inside by another way."""
    offered = {name for name in vars(BaseMemory) if not name.startswith("_") and callable(getattr(BaseMemory, name))}

    assert offered - set(vars(PrivateMemory)) == set()


# --- blocks --------------------------------------------------------------------


@pytest.mark.parametrize("query", [f"who has {MAIL}", f"call {PHONE}", f"does {NAME} like tea", "weather today"])
def test_search_through_placeholders_finds_what_raw_search_finds(
    guard: Guard, store_folder: Path, tmp_path: Path, query: str
) -> None:
    """The block inside stores, embeds and is asked; its file and its embedder see no value."""

    async def answer(block: BaseMemoryBlock[Any]) -> str:
        for text in SAID:
            await block.aput([user(text)], from_short_term_memory=True, session_id="lena")
        return str(await block.aget([user(query)], session_id="lena"))

    raw = VectorMemoryBlock(
        vector_store=FileVectorStore(path=tmp_path / "raw.json"), embed_model=WordEmbedding(), similarity_top_k=1
    )
    embedder = WordEmbedding()
    inner = VectorMemoryBlock(
        vector_store=FileVectorStore(path=store_folder / "nodes.json"), embed_model=embedder, similarity_top_k=1
    )
    expected, found = wait(answer(raw)), wait(answer(PrivateMemoryBlock(inner, guard)))

    assert found == expected
    assert found
    assert_no_canary("\n".join(embedder._seen))
    assert '"session_id": "lena"' not in (store_folder / "nodes.json").read_text(encoding="utf-8")
    (tmp_path / "raw.json").unlink()


def test_facts_are_extracted_by_a_model_that_sees_placeholders(guard: Guard, sql: Callable[..., Memory]) -> None:
    """The memory pushes all but its latest messages into the block; its own history is wrapped as well."""
    model = RecordingLLM()
    inner = FactExtractionMemoryBlock(llm=model, max_facts=50, priority=0)
    limits = {"token_limit": 20, "token_flush_size": 1, "chat_history_token_ratio": 0.1}
    memory = PrivateMemory(sql(session_id=guard.protect_label("lena"), memory_blocks=[inner], **limits), guard)

    async def work() -> list[ChatMessage]:
        for text in SAID:
            await memory.aput(user(text))
            await memory.aput(ChatMessage(role="assistant", content="I see"))
        return await memory.aget()

    read = "\n".join(str(message.content) for message in wait(work()))

    assert MAIL in read
    assert "<Email_1>" in "\n".join(inner.facts)
    assert_no_canary("\n".join([*inner.facts, *model._seen]))


class Notes(BaseMemoryBlock[Any]):
    """Returns what it was given, as messages or as blocks, and truncates to the last."""

    kept: list[Any] = Field(default_factory=list)
    as_blocks: bool = False

    async def _aget(self, messages: list[ChatMessage] | None = None, **_options: Any) -> Any:
        return [block for each in self.kept for block in each.blocks] if self.as_blocks else self.kept

    async def _aput(self, messages: list[ChatMessage]) -> None:
        self.kept = [*self.kept, *messages]

    async def atruncate(self, content: Any, tokens_to_truncate: int) -> Any:
        return content[-tokens_to_truncate:] if content else None


@pytest.mark.parametrize("as_blocks", [False, True])
def test_blocks_that_return_messages_or_parts_are_restored_and_truncated(guard: Guard, as_blocks: bool) -> None:
    inner = Notes(name="notes", priority=3, as_blocks=as_blocks)
    block = PrivateMemoryBlock(inner, guard)
    assert (block.name, block.priority) == ("notes", 3)

    async def work() -> tuple[Any, Any, Any]:
        await block.aput([user(SAID[0]), user(SAID[1])])
        read = await block.aget(None)
        return read, await block.atruncate(read, 1), await block.atruncate(MAIL, 200)

    read, left, text = wait(work())

    assert [getattr(each, "text", None) or each.content for each in read] == SAID[:2]
    assert left == read[-1:]
    assert text == MAIL
    assert_no_canary(repr(inner.kept))
    assert wait(block.atruncate("", 3)) is None
