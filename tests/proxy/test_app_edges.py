"""What the gateway does not serve, fetches again, and tells of itself."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import httpx2
import openai
import pytest

from memveil.testing import CANARIES, canaries_in
from tests.proxy.conftest import Gateway
from tests.proxy.scripted import ScriptedUpstream

MAIL = CANARIES["Email"]
HELLO = f"Mail {MAIL}, I am {CANARIES['Real Name']}, <b>not</b> <Email_7>."


def ask(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def test_unknown_paths_shapes_and_media_are_refused_in_the_providers_words(
    oai: openai.OpenAI, ant: anthropic.Anthropic, gateway: Gateway, upstream: ScriptedUpstream
) -> None:
    image: Any = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    with pytest.raises(openai.BadRequestError, match="an image, a sound or a file at messages"):
        oai.chat.completions.create(model="m", messages=[{"role": "user", "content": [image]}])
    with pytest.raises(openai.BadRequestError, match="a key 'shadow' that memveil does not know"):
        oai.chat.completions.create(model="m", messages=ask("x"), extra_body={"shadow": MAIL})
    with pytest.raises(openai.NotFoundError, match="a path or method"):
        oai.completions.create(model="m", prompt=MAIL)
    with pytest.raises(anthropic.BadRequestError) as caught:
        ant.messages.create(model="m", max_tokens=9, messages=ask("x"), extra_body={"mcp_servers": []})
    assert caught.value.body["error"]["type"] == "invalid_request_error"  # type: ignore[index]
    with pytest.raises(anthropic.NotFoundError):
        ant.post("/v1/files", cast_to=object, body={})
    assert upstream.seen == []
    assert canaries_in(gateway.log.getvalue()) == []


def test_responses_can_be_fetched_again(oai: openai.OpenAI, upstream: ScriptedUpstream) -> None:
    first = oai.responses.create(model="m", input=HELLO)

    def reply(path: str, body: Any) -> Any:
        from starlette.responses import JSONResponse

        assert path == "/v1/responses/resp_1"
        return JSONResponse(
            first.model_dump(mode="json")
            | {
                "output": [
                    {
                        "type": "message",
                        "id": "m",
                        "role": "assistant",
                        "status": "completed",
                        "content": [{"type": "output_text", "text": "<Email_1>", "annotations": []}],
                    }
                ]
            }
        )

    upstream.reply = reply
    assert oai.responses.retrieve("resp_1").output_text == MAIL


def test_health_and_counts(oai: openai.OpenAI, gateway: Gateway) -> None:
    oai.chat.completions.create(model="m", messages=ask(HELLO))
    with httpx2.Client(base_url=gateway.url, trust_env=False) as client:
        health, metrics = client.get("/healthz"), client.get("/metrics")
        refused = client.get("/metrics", headers={"host": "evil.example"})
        odd = client.get("/v1/models/a b")

    assert health.json()["status"] == "ok"
    assert 'memveil_requests_total{api="chat",outcome="ok"} 1' in metrics.text
    assert 'memveil_spans_total{level="PL2"}' in metrics.text
    assert canaries_in(metrics.text) == []
    assert refused.status_code == 403
    assert odd.status_code == 400
    record = json.loads(gateway.log.getvalue().splitlines()[0])
    assert (record["api"], record["outcome"], record["status"]) == ("chat", "ok", 200)
    assert record["types"] == {"Email": 1, "Real Name": 1}
    assert record["restored"] == 3
