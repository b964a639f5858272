"""mem0's store on this machine, its models elsewhere: only placeholders cross the wire."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from memveil import Guard
from memveil.errors import UnsupportedFormat
from memveil.integrations.mem0_models import PrivateEmbedder, PrivateLLM, protect_models
from memveil.testing import CANARIES, RecordingServer, assert_no_canary
from tests.integrations.mem0_offline import close, configuration

MAIL, QUOTED = CANARIES["Email"], CANARIES["Real Name"]


def test_the_store_keeps_values_and_the_models_see_placeholders(
    mem0: ModuleType, cloud: RecordingServer, tmp_path: Path, guard: Guard
) -> None:
    memory = protect_models(mem0.Memory.from_config(configuration(cloud.url, tmp_path / "local")), guard)
    memory.add([{"role": "user", "content": f'Write to {MAIL} \\ "{QUOTED}"'}], user_id="lena")
    found = memory.search(f"write to {MAIL}", filters={"user_id": "lena"})
    close(memory)

    assert found["results"][0]["memory"] == f'User said: Write to {MAIL} \\ "{QUOTED}"'
    assert sum(b"/embeddings" in request for request in cloud.received) >= 3
    assert any(b"Memory Extractor" in request and b"<Email_1>" in request for request in cloud.received)


def test_mem0s_own_instructions_leave_as_they_are(mem0: ModuleType, guard: Guard) -> None:
    from mem0.configs.prompts import ADDITIVE_EXTRACTION_PROMPT, AGENT_CONTEXT_SUFFIX

    asked: list[Any] = []

    def generate(**request: Any) -> str:
        asked.append(request)
        return json.dumps({"memory": ["<Email_1>"]})

    llm = PrivateLLM(SimpleNamespace(config=None, generate_response=generate), guard)
    system = f"{ADDITIVE_EXTRACTION_PROMPT}{AGENT_CONTEXT_SUFFIX} and {MAIL}"
    answer = llm.generate_response(
        [{"role": "system", "content": system}, {"role": "user", "content": MAIL}],
        response_format={"type": "json_object"},
    )

    assert asked[0]["messages"][0]["content"].startswith(ADDITIVE_EXTRACTION_PROMPT)
    assert asked[0]["messages"][0]["content"].endswith("and <Email_1>")
    assert_no_canary(json.dumps(asked[0]))
    assert json.loads(answer) == {"memory": [MAIL]}
    assert llm.generate_response([{"role": "user", "content": MAIL}]) == json.dumps({"memory": [MAIL]})


def test_documents_and_queries_are_embedded_alike(guard: Guard) -> None:
    seen: list[Any] = []

    class Inner:
        config = None

        def embed(self, text: str, action: str | None) -> list[float]:
            seen.append(text)
            return [1.0]

        def embed_batch(self, texts: list[str], action: str) -> list[list[float]]:
            seen.extend(texts)
            return [[1.0] for _ in texts]

    embedder = PrivateEmbedder(Inner(), guard)
    embedder.embed(f"mail {MAIL}", "search")
    embedder.embed_batch([f"mail {MAIL}"])

    assert seen == ["mail <Email_1>", "mail <Email_1>"]


def test_tools_odd_settings_and_rerankers_are_refused(guard: Guard) -> None:
    llm = PrivateLLM(SimpleNamespace(config=None, generate_response=lambda **_: "x"), guard)
    message = [{"role": "user", "content": "x"}]
    refused: list[Callable[[], object]] = [
        lambda: llm.generate_response(message, tools=[{}]),
        lambda: llm.generate_response(message, response_format={"type": "json_schema"}),
        lambda: PrivateLLM(SimpleNamespace(config=None, generate_response=lambda **_: {}), guard).generate_response(
            message
        ),
        lambda: protect_models(SimpleNamespace(llm=llm, embedding_model=llm, reranker=object()), guard),
    ]
    for call in refused:
        with pytest.raises(UnsupportedFormat):
            call()
