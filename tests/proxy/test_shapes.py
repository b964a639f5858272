"""The official SDKs, unmodified, with every recorded shape: nothing private leaves, everything comes home."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import anthropic
import openai
import pytest
from starlette.responses import JSONResponse, Response

from memveil.proxy.access import SCOPE_HEADER, Access, ScopeSource
from memveil.proxy.app import create_app
from memveil.proxy.options import GatewayOptions
from memveil.proxy.turns import Scopes
from memveil.proxy.upstream import Upstream
from memveil.testing import canaries_in
from memveil.vault.memory import MemoryVault
from memveil.wire import anthropic_messages, openai_chat, openai_responses
from memveil.wire.format import Format, StreamMapper
from memveil.wire.sse import Event, SseDecoder
from tests.proxy.scripted import ScriptedUpstream, running, sse
from tests.proxy.shapes import PRIVATE, RECOGNIZER, VALUES, Shape, seen_by_client, shapes
from tests.proxy.streams import STREAMS, at, every_character

CHAT, RESPONSES, MESSAGES = shapes("chat"), shapes("responses"), shapes("messages")
OTHERS = [*shapes("embeddings"), *shapes("count_tokens")]
STREAMED = [shape for shape in (*CHAT, *RESPONSES, *MESSAGES) if not shape.plain]
FORMATS: dict[str, Format] = {"chat": openai_chat, "responses": openai_responses, "messages": anthropic_messages}


@dataclass
class Served:
    """The gateway of all shapes, each in a scope of its own, and its clients."""

    upstream: ScriptedUpstream
    scopes: Scopes
    openai: openai.OpenAI
    anthropic: anthropic.Anthropic
    count: int = field(default=0)

    def ask(self, shape: Shape, **more: Any) -> Any:
        """Let the SDK send the request of a shape. The answer is raw: ``parse()`` gives the SDK's object."""
        self.count += 1
        scope = f"shape-{self.count}"
        options = {"extra_body": seen_by_client(shape.extra) or None, "extra_headers": {SCOPE_HEADER: scope}}
        if shape.earlier:
            turn = self.scopes.begin(scope, GatewayOptions().tools)
            turn.outbound(allows_media=False).text(seen_by_client(shape.earlier), "earlier")
        self.upstream.seen.clear()
        self.upstream.headers.clear()
        return self._method(shape.api)(**seen_by_client(shape.request), **options, **more)

    def _method(self, api: str) -> Any:
        return {
            "chat": self.openai.chat.completions.with_raw_response.create,
            "responses": self.openai.responses.with_raw_response.create,
            "embeddings": self.openai.embeddings.with_raw_response.create,
            "messages": self.anthropic.messages.with_raw_response.create,
            "count_tokens": self.anthropic.messages.with_raw_response.count_tokens,
        }[api]

    def helper(self, shape: Shape) -> Any:
        """The SDK's own reader of streams, for the same request."""
        self.count += 1
        options = {"extra_body": seen_by_client(shape.extra) or None}
        options["extra_headers"] = {SCOPE_HEADER: f"shape-{self.count}"}
        make: Any = {
            "chat": self.openai.chat.completions.stream,
            "responses": self.openai.responses.stream,
            "messages": self.anthropic.messages.stream,
        }[shape.api]
        return make(**seen_by_client(shape.request), **options)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    upstream = ScriptedUpstream()
    with running(upstream.app()) as (url, _):
        scopes = Scopes(MemoryVault(), recognizers=(RECOGNIZER,))
        app = create_app(
            scopes, Upstream(url), access=Access(source=ScopeSource.HEADER), options=GatewayOptions(note="")
        )
        with (
            running(app) as (own, _),
            openai.OpenAI(base_url=f"{own}/v1", api_key="sk-x", max_retries=0) as first,
            anthropic.Anthropic(base_url=own, api_key="sk-x", max_retries=0) as second,
        ):
            yield Served(upstream, scopes, first, second)


def named(all_: list[Shape]) -> Any:
    return pytest.mark.parametrize("shape", all_, ids=[shape.id for shape in all_])


def check_sent(served: Served, shape: Shape, **more: Any) -> None:
    assert canaries_in(served.upstream.everything()) == []
    assert canaries_in(served.upstream.everything(), PRIVATE) == [], "a private value has left"
    assert served.upstream.bodies() == [shape.sent() | more]


def text_of(raw: Any) -> str:
    """The body of an answer; one SDK has it as an attribute, the other as a method."""
    return str(raw.text() if callable(raw.text) else raw.text)


def within(expected: Any, actual: Any, where: str = "") -> None:
    """Everything expected is there; SDKs add keys of their own."""
    match expected:
        case dict():
            for key, value in expected.items():
                within(value, actual.get(key), f"{where}/{key}")
        case list():
            assert len(expected) == len(actual or []), where
            for number, (value, other) in enumerate(zip(expected, actual or [], strict=True)):
                within(value, other, f"{where}/{number}")
        case _:
            assert expected == actual, where


def test_there_are_more_than_a_hundred_shapes_and_none_twice() -> None:
    ids = [shape.id for shape in (*CHAT, *RESPONSES, *MESSAGES, *OTHERS)]

    assert len(ids) == len(set(ids))
    assert len(ids) > 100
    assert all("«" in json.dumps([shape.request, shape.extra], ensure_ascii=False) for shape in STREAMED)


@named([*CHAT, *RESPONSES, *MESSAGES, *OTHERS])
def test_a_shape_leaves_protected_and_comes_home_restored(served: Served, shape: Shape) -> None:
    served.upstream.reply = lambda _path, _body: JSONResponse(shape.answered())

    raw = served.ask(shape)

    check_sent(served, shape)
    assert json.loads(text_of(raw)) == shape.read()
    within(shape.read(), raw.parse().to_dict(mode="json"))


def answers_with_a_stream(shape: Shape, cut: Any) -> Any:
    events, _, _ = STREAMS[shape.api]

    def reply(_path: str, _body: Any) -> Response:
        return Response(sse(*events(shape.answered(), cut), named=shape.api != "chat"), media_type="text/event-stream")

    return reply


@named(STREAMED)
def test_a_stream_of_single_characters_is_restored(served: Served, shape: Shape) -> None:
    _, texts, joined = STREAMS[shape.api]
    served.upstream.reply = answers_with_a_stream(shape, every_character)

    events = [event.to_dict(mode="json") for event in served.ask(shape, stream=True).parse()]

    check_sent(served, shape, stream=True)
    assert joined(events) == texts(shape.read())


# What only plain answers have, or what a reader of streams leaves out.
_NOT_IN_STREAMS = {"chat": {"usage", "object", "metadata"}, "responses": set[str](), "messages": set[str]()}
# The reader refuses these, whoever the upstream is.
_NOT_READ = (
    "custom tool",
    "answer cut off",
    "arguments cut off",
    "functions of the first days",
    "two answers that call tools",
    # It makes objects of its own, without what it does not know.
    "fields of an answer that nobody knows",
    "log-probabilities of a text without",
)


@named([shape for shape in STREAMED if not shape.earlier and not any(name in shape.name for name in _NOT_READ)])
def test_the_readers_of_the_sdks_make_the_same_of_a_stream(served: Served, shape: Shape) -> None:
    served.upstream.reply = answers_with_a_stream(shape, at(7))
    final = {"chat": "get_final_completion", "responses": "get_final_response", "messages": "get_final_message"}

    with served.helper(shape) as stream:
        whole = getattr(stream, final[shape.api])().to_dict(mode="json")

    within({key: value for key, value in shape.read().items() if key not in _NOT_IN_STREAMS[shape.api]}, whole)


def begun(shape: Shape) -> Callable[[], StreamMapper]:
    """The readers of answers to one request, without a network between."""
    scopes = Scopes(MemoryVault(), recognizers=(RECOGNIZER,))
    if shape.earlier:
        earlier = scopes.begin("x", GatewayOptions().tools)
        earlier.outbound(allows_media=False).text(seen_by_client(shape.earlier), "earlier")
    turn, form, body = scopes.begin("x", GatewayOptions().tools), FORMATS[shape.api], shape.given()
    form.map_request(body, turn.outbound(allows_media=False))
    return lambda: form.begin_stream(turn.inbound(is_json=form.wants_json(body)))


def restored(mapper: StreamMapper, pieces: Iterable[bytes]) -> list[Any]:
    """The events that a client gets for the bytes of an upstream."""
    decoder, out = SseDecoder(), list[Event]()
    for event in [*(event for piece in pieces for event in decoder.feed(piece)), *decoder.end()]:
        if isinstance(event, Event):
            fork = mapper.fork()
            mapper.feed(event)  # in vain, as where a value is not at hand
            mapper = fork
            out += mapper.feed(event)
    assert mapper.is_complete
    assert mapper.flush() == []
    return [event.data if event.data == "[DONE]" else json.loads(event.data) for event in out]


@named(STREAMED)
def test_a_stream_cut_anywhere_is_restored(shape: Shape) -> None:
    """Each text in two pieces, cut at every character in and around a placeholder; and then byte by byte."""
    make, texts, joined = STREAMS[shape.api]
    begin, expected, answered = begun(shape), texts(shape.read()), shape.answered()
    found = [match for text in texts(answered).values() for match in re.finditer(r"[<\[]\w*[ _]\d+[>\]]", text)]
    places = {place for match in found for place in range(match.start() - 1, match.end() + 2)}

    for place in sorted(place for place in places if place >= 0):
        stream = sse(*make(answered, at(place)), named=shape.api != "chat")
        assert joined(restored(begin(), [stream])) == expected, place
    stream = sse(*make(answered, at(9)), named=shape.api != "chat")
    assert joined(restored(begin(), (stream[i : i + 1] for i in range(len(stream))))) == expected


def test_vectors_in_base64_are_read_by_the_sdk(served: Served) -> None:
    frame = {"object": "list", "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}
    served.upstream.reply = lambda _path, body: JSONResponse(
        frame | {"data": [{"object": "embedding", "index": 0, "embedding": "AAAAPw=="}]}
    )
    served.upstream.seen.clear()

    answer = served.openai.embeddings.create(model="m", input=VALUES["Health_1"], extra_headers={SCOPE_HEADER: "b64"})

    assert answer.data[0].embedding == [0.5]
    assert served.upstream.bodies() == [{"model": "m", "input": "<Health_1>", "encoding_format": "base64"}]


@pytest.mark.parametrize("shape", [CHAT[0], RESPONSES[0], MESSAGES[0]], ids=lambda shape: shape.api)
@pytest.mark.parametrize("is_stream", [False, True])
def test_an_upstream_cannot_read_the_values_of_another_scope(served: Served, shape: Shape, is_stream: bool) -> None:
    """The first scope has issued these placeholders, the second asks about nothing."""
    _, texts, joined = STREAMS[shape.api]
    served.upstream.reply = lambda _path, _body: JSONResponse(shape.answered())
    assert json.loads(text_of(served.ask(shape))) == shape.read()
    other = replace(shape, request={**shape.request, "input" if shape.api == "responses" else "messages": "Hi"})
    if shape.api != "responses":
        other.request["messages"] = [{"role": "user", "content": "Hi"}]

    if is_stream:
        served.upstream.reply = answers_with_a_stream(shape, every_character)
        events = [event.to_dict(mode="json") for event in served.ask(other, stream=True).parse()]
        assert joined(events) == texts(shape.answered())
    else:
        assert json.loads(text_of(served.ask(other))) == shape.answered()
