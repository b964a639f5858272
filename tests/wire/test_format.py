from __future__ import annotations

import pytest

from memveil.wire import anthropic_messages, openai_chat, openai_embeddings, openai_responses
from memveil.wire.format import Format, StreamMapper
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
