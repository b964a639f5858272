"""The adapter before Memobase's own server, where there is a checkout of it. By `make integration`.

The server is not on a package registry. Without a checkout of
memodb-io/memobase this is skipped, and what is left are the tests before the
interface that the client speaks (`tests/integrations/test_memobase.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from memobase import AsyncMemoBaseClient, ChatBlob, MemoBaseClient
from memobase.core.blob import DocBlob, SummaryBlob
from memobase.error import ServerError

from memveil import Guard
from memveil.integrations.memobase import PrivateMemobase
from memveil.testing import CANARIES, RecordingServer, assert_nothing_left, canaries_in
from tests.integrations.servers.memobase_model import answer
from tests.integrations.servers.memobase_server import memobase, missing
from tests.integrations.servers.processes import own_folder

MAIL, PHONE, NAME, SECRET = (CANARIES[name] for name in ("Email", "Phone Number", "Real Name", "Password"))
SAID = [
    f"my mail is {MAIL}",
    f"call me at {PHONE} after six",
    f"I am {NAME} and like tea",
    "the weather is fine today",
    f"the door opens with {SECRET}",
]
# Each with the number of the sentence that it asks for.
QUESTIONS = [
    (f"who has the mail {MAIL}", 0),
    (MAIL, 0),
    (PHONE, 1),
    (f"may I call {PHONE}", 1),
    (f"what does {NAME} like", 2),
    ("how is the weather today", 3),
    ("what opens the door", 4),
    ("who is quilla", 0),
]
pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server that ends with a search: nothing private in its files, its logs, or what its model was asked."""
    with RecordingServer(answer) as model, own_folder() as folder:
        with memobase(model.url, folder) as address:
            yield address
        # Addresses are escaped in a log.
        log = unquote_to_bytes((folder / "server.log").read_bytes())
        assert_nothing_left(requests=model.received, folders=[folder], logs=[log])
        for place in (b"".join(model.received), log, _files(folder / "pg" / "base"), _files(folder / "appendonlydir")):
            assert b"<Email_1>" in place


def _files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def client_of(address: str) -> MemoBaseClient:
    return MemoBaseClient(project_url=address, api_key="secret")


def filled(user: Any) -> Any:
    """Every sentence became an event and a profile of its own."""
    for text in SAID:
        user.insert(ChatBlob(messages=[{"role": "user", "content": text}]))
        user.flush(sync=True)
    return user


def test_profiles_events_context_and_searches_come_home(server: str, guard: Guard) -> None:
    with PrivateMemobase(client_of(server), guard) as client:
        user = filled(client.get_or_create_user(MAIL))
        profiles, events = user.profile(), user.event()
        asked = [{"role": "user", "content": f"may I call {PHONE}"}]
        chosen = user.profile(chats=asked)
        prompt = f"Of {NAME}\n{{profile_section}}\n{{event_section}}"
        context = user.context(max_token_size=4000, chats=asked, customize_context_prompt=prompt)
        plain = user.context(max_token_size=4000)

    assert sorted(each.content for each in profiles) == sorted(SAID)
    assert sorted(each.content for each in chosen) == sorted(SAID)
    assert [each.event_data.event_tip for each in reversed(events)] == [f"- {text} // info" for text in SAID]
    assert [each.event_data.profile_delta[0].content for each in reversed(events)] == SAID
    assert context.startswith(f"Of {NAME}\n- basic_info::note_")
    assert f"\n- {SAID[1]} // info" in context
    for text in SAID:
        assert f": {text}\n" in plain
        assert f"- {text} // info" in plain


def test_what_the_client_can_change_is_changed(server: str, guard: Guard) -> None:
    with PrivateMemobase(client_of(server), guard) as client:
        assert client.ping() is True
        client.update_config(f"event_theme_requirement: what concerns {NAME}\n")
        assert NAME in client.get_config()
        assert client.get_usage()["project_token_cost_month"] >= 0
        assert len(client.get_daily_usage(days=3)) == 3

        user = client.get_or_create_user(NAME)
        assert client.update_user(NAME, {"mail": MAIL}) == user.user_id
        assert MAIL in str(client.get_user(NAME).fields)
        assert [each["id"] for each in client.get_all_users(search=NAME)] == [user.user_id]
        assert user.user_id in [each["id"] for each in client.get_all_users()]

        blobs = [DocBlob(content=f"of {NAME}", fields={"from": MAIL}), SummaryBlob(summary=f"writes to {MAIL}")]
        ids = [user.insert(blob) for blob in blobs]
        for name, blob in zip(ids, blobs, strict=True):
            assert user.get(name).model_dump(exclude={"created_at"}) == blob.model_dump(exclude={"created_at"})
        assert user.get_all("doc") == [ids[0]]
        assert len(user.buffer("doc", status="idle")) == 1
        assert user.delete(ids[0]) is True
        assert user.get_all("doc") == []
        user.flush("summary", sync=True)
        assert MAIL in user.event()[0].event_data.event_tip

        added = user.add_profile(f"reads letters to {MAIL}", "contact", f"of {NAME}")
        only = user.profile(only_topics=["contact"], topic_limits={"contact": 1})
        assert [(each.content, each.sub_topic) for each in only] == [(f"reads letters to {MAIL}", f"of {NAME}")]
        assert user.update_profile(added, SECRET, "contact", "other") is True
        assert [each.content for each in user.profile(only_topics=["contact"])] == [SECRET]
        assert user.delete_profile(added) is True
        assert user.profile(only_topics=["contact"]) == []

        event = user.event(topk=1)[0].id
        assert user.update_event(event, {"event_tip": f"met {NAME}"}) is True
        assert user.event(topk=1)[0].event_data.event_tip == f"met {NAME}"
        assert user.delete_event(str(event)) is True
        assert user.event() == []


def test_the_client_with_coroutines_does_the_same(server: str, guard: Guard) -> None:
    async def work() -> tuple[Any, Any]:
        inner = AsyncMemoBaseClient(project_url=server, api_key="secret")
        async with PrivateMemobase(inner, guard) as client:
            user = await client.get_or_create_user(PHONE)
            await user.insert(ChatBlob(messages=[{"role": "user", "content": SAID[0], "alias": NAME}]))
            await user.flush(sync=True)
            return await user.profile(), await user.search_event(f"my mail is {MAIL}", topk=1)

    profiles, found = asyncio.run(work())

    assert SAID[0] in profiles[0].content
    assert SAID[0] in found[0].event_data.event_tip


def test_forgetting_deletes_the_user_and_what_was_kept_of_him(server: str, guard: Guard) -> None:
    raw = client_of(server)
    with PrivateMemobase(raw, guard) as client:
        name = filled(client.get_or_create_user(MAIL)).user_id
        kept = raw.get_user(name)
        assert len(kept.profile()) == len(kept.event()) == len(SAID)
        report = client.forget(MAIL)

        with pytest.raises(ServerError):
            raw.get_user(name)
        kept = raw.get_user(name, no_get=True)
        assert kept.profile() == kept.event() == kept.search_event_gist(query="<Email_1>") == []

    assert report.deleted == 1
    assert report.values >= 3
    assert guard.restore("<Email_1>") == "<Email_1>"


def test_search_through_placeholders_finds_what_raw_search_finds(guard: Guard) -> None:
    with RecordingServer(answer) as model, own_folder() as folder:
        with memobase(model.url, folder) as address:
            client = client_of(address)
            raw = filled(client.get_user(client.add_user()))
            private = filled(PrivateMemobase(client, guard).get_or_create_user(NAME))
            for question, number in QUESTIONS:
                found = [_search(user, question) for user in (raw, private)]
                assert found[0][:1] == found[1][:1] == [f"- {SAID[number]} // info"], question
                by_event = [user.search_event(question, similarity_threshold=0.0)[0] for user in (raw, private)]
                assert [each.event_data.profile_delta[0].content for each in by_event] == [SAID[number]] * 2, question
            client.client.close()
        # Where nothing protects a user, the values are found in each of the places that `server` searches.
        log = unquote_to_bytes((folder / "server.log").read_bytes())
        for place in (b"".join(model.received), log, _files(folder / "pg" / "base"), _files(folder / "appendonlydir")):
            assert {f"{name} (utf-8)" for name in ("Email", "Phone Number", "Real Name")} <= set(canaries_in(place))


def _search(user: Any, question: str) -> list[str]:
    return [each.gist_data.content for each in user.search_event_gist(query=question)]
