"""The second door: this machine or hosts that were named, and every way in which a server can fail."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import pytest

from memveil.errors import ConfigError, DetectionError
from memveil.recognizers.llm_endpoint import LONGEST_REPLY, LanguageModelEndpoint
from memveil.recognizers.llm_model import Completion, Decoding, ModelFailed
from memveil.recognizers.llm_prompt import ANSWER_SCHEMA
from memveil.testing import CANARIES, assert_no_canary, canaries_in
from tests.recognizers.model_server import Reply, no_server, says, serving

PROMPT = f"Examine: {CANARIES['Email']}"


def ask(url: str, *, timeout: float = 20.0, **options: Any) -> Completion:
    endpoint = LanguageModelEndpoint(url, model="m", timeout=timeout, **options)
    try:
        return endpoint.complete(PROMPT, ANSWER_SCHEMA)
    finally:
        endpoint.close()


def test_the_request_is_a_chat_of_one_message_with_a_schema() -> None:
    with serving(says("[]")) as server:
        completion = ask(server.url, decoding=Decoding(max_tokens=99), api_key="k-1")

    (request,) = server.seen
    assert completion == Completion("[]")
    assert server.paths == ["/v1/chat/completions"]
    assert request["messages"] == [{"role": "user", "content": PROMPT}]
    assert (request["model"], request["temperature"], request["top_p"], request["max_tokens"]) == ("m", 0.1, 0.1, 99)
    assert request["response_format"]["json_schema"]["schema"] == dict(ANSWER_SCHEMA)
    assert request["chat_template_kwargs"] == {"enable_thinking": False}
    assert server.headers[0]["authorization"] == "Bearer k-1"


def test_an_answer_that_reached_its_greatest_length_is_cut() -> None:
    with serving(says("[", finish="length")) as server:
        assert ask(server.url) == Completion("[", is_cut=True)


def takes(understood: Callable[[dict[str, Any]], bool]) -> Callable[[dict[str, Any]], Reply]:
    return lambda request: says("[]") if understood(request) else Reply(status=422, body=PROMPT.encode())


@pytest.mark.parametrize(
    ("understood", "attempts"),
    [
        (lambda request: request.get("response_format", {}).get("type") == "json_object", 2),
        (
            lambda request: (
                request.get("response_format", {}).get("type") == "json_object"
                and "chat_template_kwargs" not in request
            ),
            3,
        ),
        (lambda request: "response_format" not in request, 4),
        (lambda request: not {"response_format", "chat_template_kwargs"} & set(request), 5),
    ],
)
def test_a_server_that_refuses_the_schema_is_asked_in_a_plainer_form_which_is_kept(
    understood: Callable[[dict[str, Any]], bool], attempts: int
) -> None:
    with serving(takes(understood)) as server:
        endpoint = LanguageModelEndpoint(server.url, model="m")
        first = endpoint.complete(PROMPT, ANSWER_SCHEMA)
        tried = len(server.seen)
        second = endpoint.complete(PROMPT, ANSWER_SCHEMA)
        endpoint.close()

    assert first == second == Completion("[]")
    assert (tried, len(server.seen)) == (attempts, attempts + 1)


BAD_REPLIES = {
    "refuses every form": (Reply(status=400, body=PROMPT.encode()), "status 400"),
    "broke": (Reply(status=503), "status 503"),
    "wants another key": (Reply(status=401), "api_key_env"),
    "has no such model": (Reply(status=404), "recognizers.llm.model"),
    "redirects": (Reply(status=307, headers={"location": "http://127.0.0.1:9/v1/chat/completions"}), "redirect"),
    "is no JSON": (Reply(body=b"<html>" + PROMPT.encode()), "no chat completion"),
    "is other JSON": (Reply(body=b'{"choices": "none"}'), "no chat completion"),
    "has no choice": (Reply(body=b'{"choices": []}'), "no chat completion"),
    "has no content": (says(None), "no chat completion"),
    "is not UTF-8": (Reply(body=b'{"choices": [{"message": {"content": "\xff"}}]}'), "no chat completion"),
    "is nested": (Reply(body=b'{"x":' * 100_000), "no chat completion"),
    "is empty": (Reply(), "no chat completion"),
    "is huge": (Reply(body=b" " * (LONGEST_REPLY + 1)), "too long"),
    "stops early": (Reply(body=b'{"choices"', stops_early=True), "broke off"),
}


@pytest.mark.parametrize("name", BAD_REPLIES)
def test_a_bad_reply_is_a_typed_error_that_quotes_nothing(name: str) -> None:
    reply, expected = BAD_REPLIES[name]
    with serving(reply) as server, pytest.raises(ModelFailed) as caught:
        ask(server.url)

    assert expected in str(caught.value)
    assert isinstance(caught.value, DetectionError)
    assert_no_canary("".join(traceback.format_exception(caught.value)))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert canaries_in(str(server.seen)) == ["Email (utf-8)"]


@pytest.mark.parametrize("reply", [Reply(hang=True), Reply(body=b'{"choices"', drip=True)])
def test_a_server_that_is_silent_or_drips_is_left(reply: Reply) -> None:
    with serving(reply) as server, pytest.raises(ModelFailed, match="did not answer in time"):
        ask(server.url, timeout=0.3)


def test_a_server_that_is_not_there_is_named() -> None:
    url = no_server()
    with pytest.raises(ModelFailed, match=r"127\.0\.0\.1:\d+ cannot be reached"):
        ask(url)


def test_a_redirect_is_not_followed() -> None:
    with serving(says("[]")) as elsewhere:
        location = {"location": f"{elsewhere.url}/chat/completions"}
        with serving(Reply(status=308, headers=location)) as server, pytest.raises(ModelFailed):
            ask(server.url)

    assert elsewhere.seen == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(says("[]")) as proxy, serving(says("[]")) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        ask(server.url)

    assert (len(proxy.seen), len(server.seen)) == (0, 1)


@pytest.mark.parametrize(
    "host",
    [
        "models.example", "192.168.1.5", "0.0.0.0", "[2001:db8::1]", "127.0.0.1.models.example", "localhost.models.example",
        "127.1", "2130706433", "[::ffff:10.0.0.1]", "localhost@models.example", "10.0.0.1#127.0.0.1",
    ],
)  # fmt: skip
def test_another_machine_is_refused_unless_it_was_named(host: str) -> None:
    with pytest.raises(ConfigError, match=r"recognizers\.llm\.url: "):
        LanguageModelEndpoint(f"http://{host}:8000/v1", model="m", allowed_hosts=["other.example"])


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "[::1]", "localhost", "LOCALHOST"])
def test_this_machine_is_allowed_in_all_its_names(host: str) -> None:
    LanguageModelEndpoint(f"http://{host}:8000/v1", model="m").close()


@pytest.mark.parametrize(("host", "named"), [("gpu.example", "GPU.example"), ("[2001:db8::1]", "2001:db8::1")])
def test_a_host_that_was_named_is_allowed(host: str, named: str) -> None:
    endpoint = LanguageModelEndpoint(f"http://{host}:8000/v1", model="m", allowed_hosts=[named])

    assert endpoint.name == f"{host}:8000"
    endpoint.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:8000",
        "ftp://127.0.0.1/v1",
        "http://",
        "http://127.0.0.1/v1?key=k",
        "http://me:secret@127.0.0.1/v1",
        "http://127.0.0.1:999999/v1",
        "http://[::1/v1",
    ],
)
def test_what_is_no_plain_address_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        LanguageModelEndpoint(url, model="m")

    assert str(caught.value) == "recognizers.llm.url: not an address such as http://127.0.0.1:8000/v1"


def test_a_key_that_no_header_can_carry_is_refused() -> None:
    with pytest.raises(ConfigError, match="api_key_env"):
        LanguageModelEndpoint("http://127.0.0.1/v1", model="m", api_key="k\r\nx: y")
