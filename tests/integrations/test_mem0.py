"""The real mem0 behind a guard: nothing private on the wire, in its files, in its log."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from memveil import Guard
from memveil.errors import ConfigError, UnsupportedFormat
from memveil.integrations.mem0 import PrivateMemory, demand_silence
from memveil.testing import CANARIES, RecordingServer, assert_nothing_left
from tests.integrations.mem0_offline import close, configuration

MAIL, PHONE, ILLNESS = CANARIES["Email"], CANARIES["Phone Number"], CANARIES["Medical Health"]
MESSAGES = [
    {"role": "user", "content": f"Write to {MAIL} or call {PHONE}"},
    {"role": "assistant", "content": f"Noted: {MAIL}."},
]
ACCOUNT = {"org_id": "o", "project_id": "p", "user_email": None}


@pytest.fixture
def inner(mem0: ModuleType, cloud: RecordingServer, store_folder: Path) -> Iterator[Any]:
    memory = mem0.Memory.from_config(configuration(cloud.url, store_folder))
    yield memory
    close(memory)


@pytest.fixture
def memory(inner: Any, guard: Guard) -> PrivateMemory:
    return PrivateMemory(inner, guard)


def texts(found: dict[str, Any]) -> list[str]:
    return [item["memory"] for item in found["results"]]


def test_what_was_said_is_extracted_from_placeholders_and_comes_home(memory: PrivateMemory, inner: Any) -> None:
    said = f"User said: Write to {MAIL} or call {PHONE}"
    added = memory.add(MESSAGES, user_id=MAIL, metadata={"from": f"a letter of {MAIL}"})
    [found] = memory.search(f"Who writes to {MAIL}?", filters={"user_id": MAIL})["results"]

    assert texts(added) == [said]
    assert (found["memory"], found["user_id"], found["metadata"]) == (said, MAIL, {"from": f"a letter of {MAIL}"})
    assert "<Email_1>" in inner.get(found["id"])["memory"]
    assert memory.get(found["id"])["memory"] == said


def test_memories_are_kept_as_they_are_changed_deleted_and_listed(memory: PrivateMemory) -> None:
    user = {"user_id": "Ottoline Quorumbe"}
    [kept] = memory.add(f"I am ill: {ILLNESS}", **user, infer=False)["results"]
    memory.update(kept["id"], f"I was ill: {ILLNESS}")
    changes = memory.history(kept["id"])

    assert texts(memory.get_all(filters=user)) == [f"I was ill: {ILLNESS}"]
    assert [change["new_memory"] for change in changes] == [f"I am ill: {ILLNESS}", f"I was ill: {ILLNESS}"]
    memory.delete(kept["id"])
    assert texts(memory.get_all(filters=user)) == []


def test_the_same_user_finds_his_memories_and_no_other_scope_does(
    memory: PrivateMemory, inner: Any, guard_of: Callable[[str], Guard]
) -> None:
    memory.add(f"mine: {MAIL}", user_id="lena", infer=False)
    bob = PrivateMemory(inner, guard_of("bob"))
    bob.add(f"his: {MAIL}", user_id="lena", infer=False)
    again = PrivateMemory(inner, guard_of("alice"))

    assert texts(again.get_all(filters={"user_id": " lena "})) == [f"mine: {MAIL}"]
    assert texts(bob.get_all(filters={"user_id": "lena"})) == [f"his: {MAIL}"]


def test_search_through_placeholders_finds_what_raw_search_finds(
    mem0: ModuleType, memory: PrivateMemory, tmp_path: Path
) -> None:
    from tests.integrations.fake_openai import answer

    said = [f"my address is {MAIL}", "I like walking in the rain", f"I suffer from {ILLNESS}", f"call {PHONE} at noon"]
    with RecordingServer(answer) as other:
        raw = mem0.Memory.from_config(configuration(other.url, tmp_path / "raw"))
        for place in (memory, raw):
            for text in said:
                place.add(text, user_id="lena", infer=False)

        for query in (f"whose address is {MAIL}?", f"suffer from {ILLNESS}", "walking", f"noon {PHONE}"):
            options: dict[str, Any] = {"filters": {"user_id": "lena"}, "top_k": 1}
            assert texts(memory.search(query, **options)) == texts(raw.search(query, **options)), query
        close(raw)


def test_filters_find_what_they_found_raw(memory: PrivateMemory) -> None:
    memory.add("one", user_id="lena", infer=False, metadata={"contact": MAIL, "city": "Oslo"})
    memory.add("two", user_id="lena", infer=False, metadata={"contact": PHONE, "city": "Oslo"})
    of_lena = {"user_id": "lena"}

    assert texts(memory.get_all(filters={**of_lena, "contact": MAIL})) == ["one"]
    assert sorted(texts(memory.get_all(filters={**of_lena, "city": "Oslo"}))) == ["one", "two"]
    assert texts(memory.search("two", filters={**of_lena, "contact": PHONE})) == ["two"]


def test_forgetting_deletes_the_memories_and_erases_the_mapping(
    memory: PrivateMemory, inner: Any, guard: Guard, store_folder: Path
) -> None:
    memory.add(MESSAGES, user_id=MAIL)
    token = guard.protect_label(MAIL)
    done = memory.forget(user_id=MAIL)
    rows = sqlite3.connect(store_folder / "history.db")
    remaining = json.dumps(rows.execute("SELECT * FROM history").fetchall())
    rows.close()

    assert done.deleted == 1
    assert done.values > 0
    assert any("history" in where for where in done.remains)
    assert inner.get_all(filters={"user_id": token})["results"] == []
    assert texts(memory.get_all(filters={"user_id": MAIL})) == []
    assert "<Email_1>" in remaining
    assert guard.restore(remaining) == remaining


def test_coroutines_of_the_memory_are_coroutines_here(
    mem0: ModuleType, cloud: RecordingServer, store_folder: Path, guard: Guard
) -> None:
    async def use() -> None:
        inner = mem0.AsyncMemory.from_config(configuration(cloud.url, store_folder))
        memory = PrivateMemory(inner, guard)
        await memory.add(MESSAGES, user_id=MAIL)
        found = await memory.search(f"write {MAIL}", filters={"user_id": MAIL})
        assert texts(found) == [f"User said: Write to {MAIL} or call {PHONE}"]
        with pytest.raises(UnsupportedFormat, match="aforget"):
            memory.forget(user_id=MAIL)
        assert (await memory.aforget(user_id=MAIL)).deleted == 1
        assert texts(await memory.get_all(filters={"user_id": MAIL})) == []
        close(inner)

    asyncio.run(use())


def test_the_platforms_client_sends_placeholders_only(mem0: ModuleType, guard: Guard) -> None:
    kept: list[dict[str, Any]] = []

    def platform(path: str, body: Any) -> object:
        if path.startswith("/v3/memories/add/"):
            kept.append({"id": f"m{len(kept)}", "memory": body["messages"][0]["content"], "user_id": body["user_id"]})
            return {"results": kept}
        return {"count": len(kept), "results": kept} if path.startswith("/v3/") else ACCOUNT

    with RecordingServer(platform) as server:
        inner = mem0.MemoryClient(api_key="x", host=server.url)
        client = PrivateMemory(inner, guard)
        client.add(f"mail {MAIL}", user_id=MAIL, metadata={"of": PHONE})
        found = client.search(f"the mail {MAIL}", filters={"AND": [{"user_id": MAIL}, {"of": {"in": [PHONE]}}]})
        client.get("m0")
        client.feedback("m0", "POSITIVE", f"right, it is {MAIL}")
        client.batch_update([{"memory_id": "m0", "text": f"new {MAIL}", "metadata": {"of": PHONE}}])
        client.batch_delete([{"memory_id": "m0"}])
        client.delete_all(user_id=MAIL)
        inner.client.close()

        assert found["results"] == [{"id": "m0", "memory": f"mail {MAIL}", "user_id": MAIL}]
        assert len(server.received) >= 8
        assert_nothing_left(requests=server.received)


def test_typed_options_of_the_client_are_protected(mem0: ModuleType, guard: Guard) -> None:
    from mem0.client.types import SearchMemoryOptions

    with RecordingServer(lambda path, _body: {"results": []} if "search" in path else ACCOUNT) as server:
        inner = mem0.MemoryClient(api_key="x", host=server.url)
        client = PrivateMemory(inner, guard)
        client.search("x", options=SearchMemoryOptions(filters={"user_id": MAIL}, top_k=3))
        inner.client.close()

        assert b'"top_k":3' in server.received[-1].replace(b" ", b"")
        assert_nothing_left(requests=server.received)


def test_what_is_not_known_is_refused_and_nothing_is_sent(memory: PrivateMemory, cloud: RecordingServer) -> None:
    refused: list[Callable[[], object]] = [
        lambda: memory.chat("hello"),
        lambda: memory.create_memory_export("schema"),
        lambda: memory.add("x", user_id="u", colour="red"),
        lambda: memory.add("x", user_id="u", memory_type="my dear aunt"),
        lambda: memory.add(7, user_id="u"),
        lambda: memory.add([{"role": "user", "content": [{"type": "image_url", "image_url": "x"}]}], user_id="u"),
        lambda: memory.search("x", {"user_id": "u"}),
        lambda: memory.search("x", filters={"user_id": "*"}),
        lambda: memory.search("x", filters={"user_id": "u", "a": {"like": "b"}}),
        lambda: memory.search("x", filters={"user_id": "u", "a": {"gt": MAIL}}),
    ]
    for call in refused:
        with pytest.raises(UnsupportedFormat):
            call()

    assert cloud.received == []
    assert not hasattr(memory, "_private")


def test_a_mem0_that_reports_to_its_makers_is_refused(monkeypatch: pytest.MonkeyPatch, guard: Guard) -> None:
    monkeypatch.setitem(sys.modules, "mem0.memory.telemetry", SimpleNamespace(MEM0_TELEMETRY=True))  # type: ignore[arg-type]

    with pytest.raises(ConfigError, match="MEM0_TELEMETRY"):
        PrivateMemory(object(), guard)
    monkeypatch.delitem(sys.modules, "mem0.memory.telemetry")
    demand_silence()
