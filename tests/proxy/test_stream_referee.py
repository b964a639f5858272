"""An outside referee (the package chunk-invariance) on the gateway's streams: every cut gives the whole answer.

Cut are the texts, by the model, and the bytes, by the network.
"""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Any

import pytest
from chunk_invariance import assert_chunk_invariant

from memveil.proxy.stream import Relay
from memveil.wire import anthropic_messages, openai_chat, openai_responses
from memveil.wire.format import Format
from memveil.wire.sse import Event, SseDecoder
from tests.proxy.scripted import sse
from tests.proxy.streams import STREAMS
from tests.wire.veil import VALUES, inbound

FORMATS: dict[str, Format] = {"chat": openai_chat, "responses": openai_responses, "messages": anthropic_messages}
TEXT = "Dear [person 1], <Email_1> or <Em<Email_1, not <Email_7>, 金丝雀&lt;Phone_1&gt; <Pers"
ARGUMENTS = {"to": "<Email_1>", "at": ["<Address_1>", "<Addr", "<Person_9>"], "n": 1.5}
RESPONSE = {"id": "r", "object": "response", "created_at": 1, "status": "completed", "model": "m"}
USAGE = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}


def answer(api: str, *, text: str | None = None, arguments: str | None = None) -> dict[str, Any]:
    """A whole answer of the model with one text in it."""
    match api:
        case "chat":
            message: dict[str, Any] = {"role": "assistant", "content": text}
            if arguments is not None:
                call = {"id": "c", "type": "function", "function": {"name": "send", "arguments": arguments}}
                message["tool_calls"] = [call]
            choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
            return {"id": "c", "object": "chat.completion", "created": 1, "model": "m", "choices": choices, "usage": {}}
        case "responses":
            part = {"type": "output_text", "text": text, "annotations": []}
            said = {"type": "message", "id": "i", "role": "assistant", "status": "completed", "content": [part]}
            call = {"type": "function_call", "id": "i", "call_id": "c", "name": "send", "arguments": arguments}
            return {**RESPONSE, "output": [said if arguments is None else {**call, "status": "completed"}], "usage": {}}
        case _:
            used = {"type": "tool_use", "id": "t", "name": "send", "input": json.loads(arguments or "{}")}
            block = {"type": "text", "text": text} if arguments is None else used
            stopped = {"stop_reason": "end_turn", "stop_sequence": None, "usage": USAGE}
            return {"id": "m", "type": "message", "role": "assistant", "model": "m", "content": [block], **stopped}


def streamed(api: str, whole: dict[str, Any], chunks: Iterable[str]) -> bytes:
    """The bytes of the stream in which the model says the text in these pieces."""
    pieces = list(chunks)
    events, _, _ = STREAMS[api]
    return sse(*events(copy.deepcopy(whole), lambda _text: pieces), named=api != "chat")


def through(api: str, pieces: Iterable[bytes]) -> bytes:
    """What the client gets of these bytes."""

    async def upstream() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    def at_once(function: Callable[[], list[bytes]]) -> list[bytes]:
        return function()

    def run(_function: Callable[[], list[bytes]]) -> Awaitable[list[bytes]]:
        raise AssertionError

    async def go() -> bytes:
        relay = Relay(upstream(), FORMATS[api].begin_stream(inbound()), at_once=at_once, run=run)
        return b"".join([data async for data in relay.events()])

    return asyncio.run(go())


def read(api: str, raw: bytes) -> str:
    """The text that the client puts together."""
    events = [event for event in SseDecoder().feed(raw) if isinstance(event, Event)]
    texts = STREAMS[api][2]([event.data if event.data == "[DONE]" else json.loads(event.data) for event in events])
    assert len(texts) == 1
    return next(iter(texts.values()))


@pytest.mark.parametrize("api", STREAMS)
def test_every_cut_of_a_text_gives_the_text_of_the_whole_answer(api: str) -> None:
    def stream_filter(chunks: Iterable[str]) -> Iterator[str]:
        yield read(api, through(api, [streamed(api, answer(api, text=TEXT), chunks)]))

    def whole_filter(text: str) -> str:
        restored = FORMATS[api].map_response(answer(api, text=text), inbound())
        return str(next(iter(STREAMS[api][1](restored).values())))

    checked = assert_chunk_invariant(stream_filter, whole_filter, TEXT)

    assert checked == len(TEXT)
    assert VALUES["<Person_1>"] in whole_filter(TEXT)


@pytest.mark.parametrize("api", STREAMS)
def test_every_cut_of_arguments_gives_the_arguments_of_the_whole_answer(api: str) -> None:
    given = json.dumps(ARGUMENTS)

    def stream_filter(chunks: Iterable[str]) -> Iterator[str]:
        yield json.dumps(json.loads(read(api, through(api, [streamed(api, answer(api, arguments=given), chunks)]))))

    def whole_filter(text: str) -> str:
        restored = FORMATS[api].map_response(answer(api, arguments=text), inbound())
        return json.dumps(json.loads(next(iter(STREAMS[api][1](restored).values()))))

    checked = assert_chunk_invariant(stream_filter, whole_filter, given)

    assert checked == len(given)
    assert json.loads(whole_filter(given))["at"] == [VALUES["<Address_1>"], "<Addr", "<Person_9>"]


@pytest.mark.parametrize("api", STREAMS)
def test_every_cut_of_the_bytes_gives_the_same_bytes(api: str) -> None:
    short = "金 <Email_1> <Em"
    raw = streamed(api, answer(api, text=short), ["金 <Em", "ail_", "1> <Em"])
    whole = through(api, [raw])

    # The referee cuts texts; these are bytes as such.
    def stream_filter(chunks: Iterable[str]) -> Iterator[str]:
        yield through(api, [chunk.encode("latin-1") for chunk in chunks]).decode("latin-1")

    checked = assert_chunk_invariant(stream_filter, lambda _: whole.decode("latin-1"), raw.decode("latin-1"))

    assert checked == len(raw)
    assert VALUES["<Email_1>"] in read(api, whole)
