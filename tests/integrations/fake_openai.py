"""A model that does as it is told, behind OpenAI's wire format: what the memory systems' own clients talk to.

* mem0's extractor: every line of the user becomes a memory;
* LangMem's extractor (a tool ``Memory``): what the last person said becomes a memory;
* ``CALL {...}`` in the last message: calls the first tool with these arguments;
* anything else: ``You said: ...``, in pieces of three characters when streamed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from collections.abc import Iterator
from typing import Any

DIMENSIONS = 64
STEP = 3


def answer(path: str, body: object) -> object:
    """For :class:`memveil.testing.RecordingServer`."""
    assert isinstance(body, dict)
    if path.endswith("/embeddings"):
        return _embeddings(body)
    assert path.endswith("/chat/completions"), path
    text, calls = _reply(body)
    head = {"id": "chatcmpl-1", "created": 1, "model": body["model"]}
    finish = "tool_calls" if calls else "stop"
    if body.get("stream"):
        return _stream(head, text, calls, finish)
    message = {"role": "assistant", "content": text, **({"tool_calls": calls} if calls else {})}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    choice = {"index": 0, "finish_reason": finish, "logprobs": None, "message": message}
    return {**head, "object": "chat.completion", "usage": usage, "choices": [choice]}


def vector(text: str, dimensions: int = DIMENSIONS) -> list[float]:
    """A hashed bag of words: similar texts get similar vectors, without a model."""
    values = [0.0] * dimensions
    for word in re.findall(r"\w+", text.lower()):
        digest = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
        values[digest % dimensions] += 1.0 if (digest >> 60) & 1 else -1.0
    length = sum(value * value for value in values) ** 0.5 or 1.0
    return [value / length for value in values]


def _embeddings(body: dict[str, Any]) -> object:
    texts = body["input"] if isinstance(body["input"], list) else [body["input"]]
    assert all(isinstance(text, str) for text in texts), "arrays of tokens"
    vectors: list[Any] = [vector(text) for text in texts]
    if body.get("encoding_format") == "base64":
        vectors = [base64.b64encode(struct.pack(f"<{DIMENSIONS}f", *each)).decode() for each in vectors]
    data = [{"object": "embedding", "index": index, "embedding": each} for index, each in enumerate(vectors)]
    return {"object": "list", "model": body["model"], "data": data, "usage": {"prompt_tokens": 1, "total_tokens": 1}}


def _reply(body: dict[str, Any]) -> tuple[str | None, list[dict[str, Any]]]:
    system = "\n".join(_text(m["content"]) for m in body["messages"] if m["role"] in ("system", "developer"))
    last = [m for m in body["messages"] if m["role"] in ("user", "tool")][-1]
    said = _text(last["content"])
    tools = [tool["function"]["name"] for tool in body.get("tools", [])]
    if "Memory Extractor" in system:
        new = said.split("## New Messages\n", 1)[1].split("\n\n## ", 1)[0]
        lines = re.findall(r"^user: (.+)$", json.loads(new) if new.startswith('"') else new, re.MULTILINE)
        memories = [
            {"id": str(n), "text": f"User said: {line}", "attributed_to": "user"} for n, line in enumerate(lines)
        ]
        return json.dumps({"memory": memories}), []
    if "Memory" in tools:
        humans = re.findall(r"(?:=+ ?Human Message ?=+\n+|user: |human: )(.+)", said, re.IGNORECASE) or [said]
        return None, [_call("Memory", json.dumps({"content": f"User said: {humans[-1]}"}))]
    wanted = re.search(r"CALL (\{.*\})", said, re.DOTALL)
    if tools and wanted and last["role"] == "user":
        return None, [_call(tools[0], wanted[1])]
    return f"You said: {said}", []


def _call(name: str, arguments: str) -> dict[str, Any]:
    return {"id": "call_1", "type": "function", "function": {"name": name, "arguments": arguments}}


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(part.get("text", "") for part in content)
    return content or ""


def _stream(head: dict[str, Any], text: str | None, calls: list[dict[str, Any]], finish: str) -> Iterator[str]:
    def event(delta: dict[str, Any], reason: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": reason, "logprobs": None}
        return f"data: {json.dumps({**head, 'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"

    yield event({"role": "assistant", "content": ""})
    for start in range(0, len(text or ""), STEP):
        yield event({"content": (text or "")[start : start + STEP]})
    for index, call in enumerate(calls):
        name, arguments = call["function"]["name"], call["function"]["arguments"]
        opened = {"index": index, "id": call["id"], "type": "function", "function": {"name": name, "arguments": ""}}
        yield event({"tool_calls": [opened]})
        for start in range(0, len(arguments), STEP):
            piece = {"index": index, "function": {"arguments": arguments[start : start + STEP]}}
            yield event({"tool_calls": [piece]})
    yield event({}, finish)
    yield "data: [DONE]\n\n"
