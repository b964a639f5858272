from __future__ import annotations

import pytest

from memveil.wire import anthropic_messages, openai_chat, openai_embeddings, openai_responses
from memveil.wire.format import Format, StreamMapper
from memveil.wire.walks import Outbound
from tests.wire.veil import events, inbound

FORMATS: dict[str, Format] = {
    "chat": openai_chat,
    "responses": openai_responses,
    "embeddings": openai_embeddings,
    "messages": anthropic_messages,
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_offers_the_same_verbs(name: str) -> None:
    form = FORMATS[name]
    mapper: StreamMapper = form.begin_stream(inbound())

    assert not form.wants_stream({})
    assert not form.wants_json({})
    assert form.user_of({}) is None
    assert form.user_of({"user": 7, "metadata": []}) is None
    assert "no way" in str(form.error_body(400, "no way"))
    assert mapper.is_complete is (name == "embeddings")
    assert "no way" in mapper.fail("no way")[-1].data
    assert mapper.flush() == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 429, 502, 504])
def test_every_status_has_an_error_of_its_provider(name: str, status: int) -> None:
    error = FORMATS[name].error_body(status, "m")["error"]

    assert isinstance(error, dict)
    assert error["message"] == "m"
    assert isinstance(error["type"], str)


@pytest.mark.parametrize("name", ["chat", "responses", "messages"])
def test_a_stream_can_be_told_apart_by_its_request(name: str) -> None:
    assert FORMATS[name].wants_stream({"stream": True})


def test_embeddings_have_no_stream_so_events_are_handed_on() -> None:
    given = events({"a": 1})

    assert openai_embeddings.begin_stream(inbound()).feed(given[0]) == given


@pytest.mark.parametrize(
    ("name", "said", "around"),
    [
        ("chat", "messages", {"tools": [{"type": "function", "function": {"name": "f", "description": "a b"}}]}),
        ("responses", "input", {"instructions": "a b", "metadata": {"k": "a b"}}),
        ("messages", "messages", {"system": "a b", "tools": [{"name": "f", "description": "a b"}]}),
    ],
)
def test_only_the_conversation_is_read_as_one(name: str, said: str, around: dict[str, object]) -> None:
    """What stands around it must not hang on it: it is the same in the next request."""
    walk = Outbound(lambda text: f"{text}, said", lambda _: True, protect_apart=lambda text: f"{text}, apart")

    sent = FORMATS[name].map_request({said: [{"role": "user", "content": "hello"}], **around}, walk)

    assert str(sent).count("said") == str(sent).count("hello, said") == 1
    assert str(sent).count("apart") == str(around).count("a b")
