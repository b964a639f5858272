"""The real stores of LangGraph, and LangMem on them: values in hand, placeholders at rest."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.store.base import BaseStore, Op
from langgraph.store.memory import InMemoryStore
from langgraph.store.sqlite import SqliteStore

from memveil import Guard
from memveil.errors import DetectionError, UnsupportedFormat
from memveil.integrations.langgraph import PrivateStore
from memveil.testing import CANARIES, RecordingServer, ScriptedRecognizer, assert_no_canary, canaries_in
from memveil.vault.memory import MemoryVault
from tests.integrations.fake_openai import DIMENSIONS, vector

MAIL, NAME, ILLNESS = CANARIES["Email"], CANARIES["Real Name"], CANARIES["Medical Health"]
SPACE = ("memories", NAME)


def everything(store: BaseStore) -> str:
    """What lies in a store, as text."""
    items = store.search((), limit=1000)
    return repr([(item.namespace, item.key, item.value) for item in items]) + repr(store.list_namespaces())


@pytest.fixture(params=["memory", "sqlite"])
def inner(request: pytest.FixtureRequest, store_folder: Path) -> Iterator[BaseStore]:
    if request.param == "memory":
        yield InMemoryStore(index={"dims": DIMENSIONS, "embed": lambda texts: [vector(text) for text in texts]})
        return
    with SqliteStore.from_conn_string(str(store_folder / "store.db")) as store:
        store.setup()
        yield store


@pytest.fixture
def store(inner: BaseStore, guard: Guard) -> Iterator[PrivateStore]:
    yield PrivateStore(inner, guard)
    assert canaries_in(everything(inner)) == []


def test_an_item_rests_as_placeholders_and_comes_home_as_it_was(store: PrivateStore, inner: BaseStore) -> None:
    value = {"content": f"{NAME} writes from {MAIL}", "tags": ["friend", ILLNESS], "count": 3, "nothing": None}
    store.put(SPACE, NAME, value)
    item = store.get(SPACE, NAME)

    assert item is not None
    assert (item.value, item.key, item.namespace) == (value, NAME, SPACE)
    assert "<Email_1>" in everything(inner)


def test_an_item_is_found_again_whatever_is_found_in_its_key_later(store: PrivateStore, guard: Guard) -> None:
    """A name that no recognizer knew when it was stored is known now."""
    store.put(("users", "Ottoline"), "Ottoline", {"a": "b"})
    later = Guard.open("alice", vault=guard._scope._vault, recognizers=(ScriptedRecognizer({"Ottoline": "Real Name"}),))
    later.protect("Ottoline")
    item = PrivateStore(store._inner, later).get(("users", "Ottoline"), "Ottoline")

    assert item is not None
    assert item.value == {"a": "b"}


def test_search_finds_by_filter_and_below_a_prefix_what_raw_search_finds(store: PrivateStore) -> None:
    raw = InMemoryStore()
    for place in (store, raw):
        place.put((*SPACE, "work"), "1", {"who": MAIL, "age": 3})
        place.put((*SPACE, "work"), "2", {"who": "nobody", "age": 5})
        place.put(("memories", f"{NAME} 2"), "3", {"who": MAIL, "age": 1})

    for filter_ in ({"who": MAIL}, {"who": {"$ne": MAIL}}, {"age": {"$gt": 3}}, {"who": {"$eq": "nobody"}}, None):
        for prefix in (SPACE, ("memories",), (*SPACE, "work"), ()):
            found = {item.key for item in store.search(prefix, filter=filter_)}
            assert found == {item.key for item in raw.search(prefix, filter=filter_)}, (filter_, prefix)


def test_semantic_search_through_placeholders_ranks_as_raw_search(guard: Guard) -> None:
    index: Any = {"dims": DIMENSIONS, "embed": lambda texts: [vector(text) for text in texts]}
    raw, inner = InMemoryStore(index=index), InMemoryStore(index=index)
    store = PrivateStore(inner, guard)
    for place in (raw, store):
        for key, text in enumerate([f"my address is {MAIL}", "I like walking", f"I suffer from {ILLNESS}", "rain"]):
            place.put(SPACE, str(key), {"text": text})

    for query in (f"whose address is {MAIL}?", f"who has {ILLNESS}?", "walking"):
        first, same = store.search(SPACE, query=query, limit=1), raw.search(SPACE, query=query, limit=1)
        assert [item.key for item in first] == [item.key for item in same]
        assert first[0].value == same[0].value
        assert first[0].score
    assert canaries_in(everything(inner)) == []


def test_namespaces_come_home_and_only_those_of_the_scope(
    store: PrivateStore, inner: BaseStore, guard_of: Callable[[str], Guard]
) -> None:
    other = PrivateStore(inner, guard_of("bob"))
    store.put((*SPACE, "v1"), "k", {"a": MAIL})
    other.put((*SPACE, "v1"), "k", {"a": "mine"})

    assert store.list_namespaces() == [(*SPACE, "v1")]
    assert store.list_namespaces(prefix=("memories", "*"), suffix=("v1",)) == [(*SPACE, "v1")]
    assert store.list_namespaces(prefix=("elsewhere",)) == []
    assert store.list_namespaces(max_depth=1) == [("memories",)]
    assert [item.value for item in other.search(())] == [{"a": "mine"}]


def test_deleting_and_forgetting_reach_the_store_and_no_other_scope(
    store: PrivateStore, inner: BaseStore, guard: Guard, guard_of: Callable[[str], Guard]
) -> None:
    other = PrivateStore(inner, guard_of("bob"))
    other.put(SPACE, "k", {"a": MAIL})
    for number in range(130):
        store.put(("many", NAME), str(number), {"a": MAIL})
    store.delete(("many", NAME), "0")
    placeholder = guard.protect(MAIL).text
    done = store.forget()

    assert (done.deleted, done.remains) != (0, ())
    assert done.deleted == 129
    assert done.values > 0
    assert [item.value for item in inner.search((), limit=1000)] == [{"a": placeholder}]  # of the other scope
    assert store.search(()) == []
    assert guard.restore(placeholder) == placeholder
    assert [item.value for item in other.search(SPACE)] == [{"a": MAIL}]


def test_every_method_works_in_coroutines(guard: Guard) -> None:
    async def use() -> None:
        inner = InMemoryStore()
        store = PrivateStore(inner, guard)
        await store.aput(SPACE, MAIL, {"a": MAIL})
        item = await store.aget(SPACE, MAIL)
        assert item is not None
        assert item.value == {"a": MAIL}
        assert [each.key for each in await store.asearch(SPACE, query=MAIL)] == [MAIL]
        assert await store.alist_namespaces() == [SPACE]
        assert canaries_in(everything(inner)) == []
        assert (await store.aforget()).deleted == 1
        assert inner.search(()) == []

    asyncio.run(use())


def test_what_cannot_be_protected_is_refused_and_nothing_is_stored(inner: BaseStore, guard: Guard) -> None:
    store = PrivateStore(inner, guard)
    broken = PrivateStore(
        inner, Guard.open("x", vault=MemoryVault(), recognizers=(ScriptedRecognizer(error=RuntimeError()),))
    )
    with pytest.raises(UnsupportedFormat):
        store.put(SPACE, "k", {"a": b"bytes"})
    with pytest.raises(UnsupportedFormat):
        store.put(SPACE, "k", {"a": "x"}, index=["my dear aunt"])
    with pytest.raises(UnsupportedFormat, match="no order"):
        store.search(SPACE, filter={"who": {"$gt": MAIL}})
    with pytest.raises(UnsupportedFormat):
        store.batch([("something else",)])  # type: ignore[list-item]
    with pytest.raises(DetectionError):
        broken.put(SPACE, "k", {"a": "x"})

    assert everything(inner) == "[][]"


def test_a_filter_that_some_operator_compares_keeps_its_operators(guard: Guard) -> None:
    seen: list[Op] = []

    class Recording(InMemoryStore):
        def batch(self, ops: Any) -> Any:
            seen.extend(ops)
            return super().batch(ops)

    PrivateStore(Recording(), guard).search((), filter={"who": {"$eq": MAIL, "$ne": NAME}, "n": {"$gte": 1}})

    mail, name = guard.protect(MAIL).text, guard.protect(NAME).text
    assert seen[0].filter == {"who": {"$eq": mail, "$ne": name}, "n": {"$gte": 1}}  # type: ignore[union-attr]


# Its dependency trustcall imports a name from its old place.
@pytest.mark.filterwarnings("ignore:Importing Send from langgraph.constants")
def test_langmem_extracts_from_placeholders_and_keeps_placeholders(
    store: PrivateStore, inner: BaseStore, guard: Guard, cloud: RecordingServer
) -> None:
    from langchain_openai import ChatOpenAI
    from langmem import create_memory_store_manager

    from memveil.integrations.langchain import PrivateChatModel

    model = ChatOpenAI(model="fake", base_url=f"{cloud.url}/v1", api_key="x", max_retries=0)  # type: ignore[arg-type]
    manager = create_memory_store_manager(
        PrivateChatModel(inner=model, guard=guard), namespace=("memories", "{user}"), store=store
    )
    said = {"messages": [{"role": "user", "content": f"Write to me at {MAIL}, about {ILLNESS}"}]}
    manager.invoke(said, {"configurable": {"user": NAME}})

    found = store.search(SPACE, query="how to write")
    assert len(found) == 1
    assert f"Write to me at {MAIL}, about {ILLNESS}" in json.dumps(found[0].value, ensure_ascii=False)
    assert "<Email_1>" in everything(inner)
    assert_no_canary(everything(inner))
    assert cloud.received


@pytest.mark.filterwarnings("ignore:Importing Send from langgraph.constants")
def test_langmems_tools_write_and_search_through_the_guard(store: PrivateStore, inner: BaseStore) -> None:
    from langmem import create_manage_memory_tool, create_search_memory_tool

    manage, search = (make(SPACE, store=store) for make in (create_manage_memory_tool, create_search_memory_tool))
    manage.invoke({"content": f"{NAME} is at {MAIL}", "action": "create"})
    [kept] = store.search(SPACE)
    manage.invoke({"content": f"{NAME} was at {MAIL}", "action": "update", "id": kept.key})

    assert f"{NAME} was at {MAIL}" in json.dumps(json.loads(search.invoke({"query": MAIL})), ensure_ascii=False)
    assert "<Email_1>" in everything(inner)
    manage.invoke({"action": "delete", "id": kept.key})
    assert store.search(SPACE) == []
