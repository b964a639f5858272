"""The real client of Memobase, in front of a server that speaks its interface: nothing private arrives there."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from memobase import AsyncMemoBaseClient, AsyncUser, MemoBaseClient, User
from memobase.core.blob import (
    ChatBlob,
    CodeBlob,
    DocBlob,
    ImageBlob,
    OpenAICompatibleMessage,
    SummaryBlob,
    TranscriptBlob,
    TranscriptStamp,
)

from memveil import Guard
from memveil.errors import DetectionError, UnsupportedFormat
from memveil.integrations.memobase import PrivateMemobase, PrivateUser
from memveil.testing import CANARIES, ScriptedRecognizer, assert_no_canary, assert_nothing_left
from memveil.vault.memory import MemoryVault
from tests.integrations.memobase_contract import MemobaseContract
from tests.proxy.scripted import running

MAIL, PHONE, NAME, SECRET = (CANARIES[name] for name in ("Email", "Phone Number", "Real Name", "Password"))
SAID = [
    f"my mail is {MAIL}",
    f"call me at {PHONE} after six",
    f"I am {NAME} and I like tea",
    "the weather is fine",
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, MemobaseContract]]:
    folder = tmp_path / "memobase"
    folder.mkdir()
    contract = MemobaseContract(folder)
    with running(contract.app()) as (address, _):
        yield address, contract
    assert contract.unknown == []


def guard(vault: MemoryVault | None = None, scope: str = "alice", **options: Any) -> Guard:
    options.setdefault("recognizers", (ScriptedRecognizer(),))
    return Guard.open(scope, vault=vault or MemoryVault(), **options)


def raw_client(address: str) -> MemoBaseClient:
    return MemoBaseClient(project_url=address, api_key="secret")


def filled(user: Any) -> Any:
    user.insert(ChatBlob(messages=[{"role": "user", "content": text} for text in SAID]))
    user.flush(sync=True)
    return user


def nothing_left(contract: MemobaseContract) -> None:
    assert_nothing_left(folders=[contract.folder], logs=[contract.log()])


def test_profiles_events_and_context_come_home_and_the_server_holds_placeholders(
    server: tuple[str, MemobaseContract],
) -> None:
    address, contract = server
    with PrivateMemobase(raw_client(address), guard()) as client:
        user = filled(client.get_or_create_user(MAIL))
        profiles, events, context = user.profile(), user.event(), user.context(customize_context_prompt=f"Of {NAME}:")

    assert [each.content for each in profiles] == SAID
    assert [each.event_data.profile_delta[0].content for each in events] == SAID
    assert context == "\n".join([f"Of {NAME}:", *(f"- {text}" for text in SAID)])
    kept = (contract.folder / "data.json").read_text(encoding="utf-8")
    assert "<Email_1>" in kept
    assert "<Real_Name_1>" in contract.log()
    nothing_left(contract)


@pytest.mark.parametrize("query", [f"who has {MAIL}", f"{PHONE}", f"what does {NAME} like", "weather", "nothing of it"])
def test_search_through_placeholders_finds_what_raw_search_finds(
    server: tuple[str, MemobaseContract], query: str
) -> None:
    address, contract = server
    client = raw_client(address)
    raw = filled(client.get_user(client.add_user()))
    expected = [(each.event_data.event_tip, each.similarity is not None) for each in raw.search_event(query)]
    best = raw.search_event(query)[:1]
    contract.users.clear()
    (contract.folder / "server.log").unlink()

    user = filled(PrivateMemobase(client, guard()).get_or_create_user(NAME))
    found = [(each.event_data.event_tip, each.similarity is not None) for each in user.search_event(query)]
    gists = [each.gist_data.content for each in user.search_event_gist(query=query)]
    client.client.close()

    assert set(found) >= set(expected)
    assert found[:1] == [(each.event_data.event_tip, True) for each in best]
    assert gists == [tip for tip, _ in found]
    nothing_left(contract)


def test_a_user_has_one_uuid_for_ever_and_another_in_another_scope(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server
    vault = MemoryVault()
    client = raw_client(address)
    first = PrivateMemobase(client, guard(vault)).get_or_create_user(MAIL).user_id
    again = PrivateMemobase(client, guard(vault)).get_user(MAIL).user_id
    other = PrivateMemobase(client, guard(vault, "bob")).get_or_create_user(MAIL).user_id
    client.client.close()

    assert UUID(first)
    assert first == again != other
    assert list(contract.users) == [first, other]


def test_a_uuid_stays_as_the_id_of_a_user(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server
    with PrivateMemobase(raw_client(address), guard()) as client:
        given = str(uuid4())
        made = client.add_user({"owner": NAME}, id=given)
        free = client.add_user({"owner": NAME})

        assert made == given
        assert client.get_user(free).fields == {"owner": NAME}
        assert client.update_user(made, {"owner": MAIL}) == made
        assert client.get_all_users(search=made) == [{"id": made, "additional_fields": {"data": {"owner": MAIL}}}]
        assert client.delete_user(made) is True
    nothing_left(contract)


def test_a_user_is_searched_for_by_his_name(server: tuple[str, MemobaseContract]) -> None:
    """The server compares UUIDs only."""
    address, contract = server
    with PrivateMemobase(raw_client(address), guard()) as client:
        mine = client.get_or_create_user(MAIL).user_id
        client.get_or_create_user(NAME)

        assert [each["id"] for each in client.get_all_users(search=MAIL)] == [mine]
        assert client.get_all_users(search=PHONE) == []
        assert len(client.get_all_users()) == len(client.get_all_users(search="")) == 2
    nothing_left(contract)


@pytest.mark.parametrize("name", ["13912345678", "Ada", "4929-3813"])
def test_a_name_that_could_be_a_part_of_a_uuid_is_still_a_name(server: tuple[str, MemobaseContract], name: str) -> None:
    address, contract = server
    with PrivateMemobase(raw_client(address), guard()) as client:
        mine = client.get_or_create_user(name).user_id

        assert [each["id"] for each in client.get_all_users(search=name)] == [mine]
    assert name not in contract.log()


def test_every_kind_of_text_blob_comes_back_as_it_was(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server
    chat = ChatBlob(
        messages=[
            OpenAICompatibleMessage(role="user", content=SECRET, alias=NAME, created_at="2026-01-02T03:04:05+00:00"),
            OpenAICompatibleMessage(role="assistant", content="noted"),
        ],
        fields={"from": MAIL},
    )
    blobs = [chat, DocBlob(content=f"of {NAME}"), SummaryBlob(summary=MAIL)]
    with PrivateMemobase(raw_client(address), guard()) as client:
        user = client.get_or_create_user(NAME)
        ids = [user.insert(blob) for blob in blobs]
        for name, blob in zip(ids, blobs, strict=True):
            back = user.get(name)
            assert back.model_dump(exclude={"created_at"}) == blob.model_dump(exclude={"created_at"})
        user.insert(CodeBlob(content=f'mail("{MAIL}")', language="python"))
        stamp = TranscriptStamp(content=f"hello {NAME}", start_timestamp_in_seconds=1.5, speaker=NAME)
        user.insert(TranscriptBlob(transcripts=[stamp]))

        assert user.get_all("chat") == [ids[0]]
        assert ids[0] in user.buffer("chat", status="idle")
        assert user.delete(ids[0]) is True
        assert user.get_all("chat") == []
    assert '"start_timestamp_in_seconds": 1.5' in (contract.folder / "data.json").read_text(encoding="utf-8")
    nothing_left(contract)


def test_profiles_and_events_can_be_changed(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server
    with PrivateMemobase(raw_client(address), guard()) as client:
        user = filled(client.get_or_create_user(NAME))
        added = user.add_profile(f"writes to {MAIL}", "contact", f"of {NAME}")
        only = user.profile(only_topics=["contact"], topic_limits={"contact": 1})

        assert [(each.content, each.topic, each.sub_topic) for each in only] == [
            (f"writes to {MAIL}", "contact", f"of {NAME}")
        ]
        assert user.profile(only_topics=["contact"], need_json=True)["contact"][f"of {NAME}"]["content"] == (
            f"writes to {MAIL}"
        )
        assert user.update_profile(added, SECRET, "contact", "other") is True
        assert user.delete_profile(added) is True
        assert user.profile(only_topics=["contact"]) == []

        first = user.event(topk=1)[0]
        assert user.update_event(first.id, {"event_tip": f"met {NAME}"}) is True
        assert user.event()[0].event_data.event_tip == f"met {NAME}"
        tagged = user.search_event_by_tags(tag_values={"said": PHONE})
        assert [each.event_data.profile_delta[0].content for each in tagged] == [SAID[1]]
        assert user.delete_event(str(first.id)) is True

        chats = [{"role": "user", "content": f"who may call {PHONE}"}]
        assert user.profile(chats=chats)[0].content == SAID[1]
        assert user.context(chats=chats).splitlines()[1] == f"- {SAID[1]}"
    nothing_left(contract)


def test_the_project_is_configured_through_the_guard(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server
    with PrivateMemobase(raw_client(address), guard()) as client:
        assert client.ping() is True
        client.update_config(f"overwrite_user_profiles:\n  - topic: projects of {NAME}\n")
        assert NAME in client.get_config()
        assert client.get_usage() == {"token_left": 7}
        assert client.get_daily_usage(days=3) == {"days": 7}
    nothing_left(contract)


def test_forgetting_a_user_deletes_him_and_erases_the_mapping(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server
    alice = guard()
    with PrivateMemobase(raw_client(address), alice) as client:
        filled(client.get_or_create_user(MAIL))
        report = client.forget(MAIL)

    assert contract.users == {}
    assert report.deleted == 1
    assert report.values >= 3
    assert "placeholders and UUIDs only" in report.remains[0]
    assert alice.restore("<Email_1>") == "<Email_1>"


def test_the_client_with_coroutines_does_the_same(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server

    async def work() -> tuple[Any, Any, Any]:
        inner = AsyncMemoBaseClient(project_url=address, api_key="secret")
        async with PrivateMemobase(inner, guard()) as client:
            user = await client.get_or_create_user(MAIL)
            await user.insert(ChatBlob(messages=[{"role": "user", "content": text} for text in SAID]))
            await user.flush(sync=True)
            found = await user.search_event(f"who has {MAIL}", topk=1)
            return await user.profile(), found, await client.aforget(MAIL)

    profiles, found, report = asyncio.run(work())

    assert [each.content for each in profiles] == SAID
    assert found[0].event_data.event_tip == f"user: {SAID[0]}"
    assert report.deleted == 1
    nothing_left(contract)


@pytest.mark.parametrize("kind", [MemoBaseClient, AsyncMemoBaseClient])
def test_every_method_of_the_client_is_known_to_the_adapter(kind: type) -> None:
    """A method that a new version brings is refused until somebody has said what leaves with it."""
    private = PrivateMemobase(object.__new__(kind), guard())
    methods = [name for name, _ in inspect.getmembers(kind, inspect.isfunction) if not name.startswith("_")]

    assert [name for name in methods if not callable(getattr(private, name))] == []


@pytest.mark.parametrize("kind", [User, AsyncUser])
def test_every_argument_of_a_user_is_known_to_the_adapter(kind: type) -> None:
    from memveil.integrations.memobase import _OF_USER

    for name, method in inspect.getmembers(kind, inspect.isfunction):
        if not name.startswith("_"):
            assert set(inspect.signature(method).parameters) - {"self"} <= set(_OF_USER[name]), name


@pytest.mark.parametrize(
    ("method", "args", "options"),
    [
        ("teleport", (), {}),
        ("profile", (), {"whose": NAME}),
        ("profile", (1,), {"max_token_size": 1}),
        ("insert", (ImageBlob(url="https://example.org/x.png"),), {}),
        ("insert", ("plain text",), {}),
        ("insert", (ChatBlob(messages=[{"role": "user", "content": "x", "created_at": f"by {NAME}"}]),), {}),
        ("insert", (CodeBlob(content="x", language=f"of {NAME}"),), {}),
        ("delete_profile", (NAME,), {}),
        ("search_event", (7,), {}),
        ("event", (), {"topk": f"1&x={NAME}"}),
        ("context", (), {"chats": [{"role": "user", "content": "x", "mood": NAME}]}),
    ],
)
def test_what_memveil_does_not_know_is_refused_and_not_sent(
    server: tuple[str, MemobaseContract], method: str, args: tuple[Any, ...], options: dict[str, Any]
) -> None:
    address, contract = server
    with PrivateMemobase(raw_client(address), guard()) as client:
        user = client.get_or_create_user(NAME)
        before = contract.log()
        with pytest.raises(UnsupportedFormat) as raised:
            getattr(user, method)(*args, **options)

    assert contract.log() == before
    assert_no_canary(str(raised.value))


def test_where_detection_fails_nothing_is_sent(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server
    broken = guard(recognizers=(ScriptedRecognizer(error=RuntimeError("broken")),))
    client = raw_client(address)
    inner = client.get_user(client.add_user())
    from memveil.integrations.leaves import Leaves

    with pytest.raises(DetectionError):
        PrivateUser(inner, Leaves(broken)).add_profile(NAME, "a", "b")
    client.client.close()

    nothing_left(contract)


def test_a_search_by_words_of_a_value_finds_what_holds_its_placeholder(server: tuple[str, MemobaseContract]) -> None:
    address, contract = server
    with PrivateMemobase(raw_client(address), guard()) as client:
        found = filled(client.get_or_create_user(NAME)).search_event("who is quilla", topk=1)

    assert found[0].event_data.event_tip == f"user: {SAID[0]}"
    nothing_left(contract)
