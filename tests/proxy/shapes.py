"""Recorded shapes of requests and answers: ``tests/vectors/wire-v1``.

A line of a file is one shape. It is written once, and read in two ways: as the
client sees it and as the upstream sees it. ``«Email_1»`` stands for the value
of that name in ``values.json`` where the client reads, and for ``<Email_1>``
where the upstream reads. So what must leave, and what must come home, is known
without asking memveil.

    name      what is special about it
    request   what the SDK is given
    extra     further keys, which the SDK's signatures do not have
    answer    what the upstream answers; keys that are absent are filled in from a frame
    sends     by JSON pointer, what leaves where it is not the request with placeholders
    reads     by JSON pointer, what comes home where it is not the answer with values
    earlier   a text that is said in the scope before, so that its values are known
    plain     true where the answer is not also asked for as a stream

``{"$json": ...}`` stands for JSON as a text, such as arguments of a tool. A
pointer that stands for nothing any more has ``{"$gone": true}``.
"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from memveil.testing import ScriptedRecognizer

FOLDER = Path(__file__).parents[1] / "vectors" / "wire-v1"
_TABLE = json.loads((FOLDER / "values.json").read_text(encoding="utf-8"))
VALUES: dict[str, str] = {name: row["value"] for name, row in _TABLE.items()}
PRIVATE = [value for name, value in VALUES.items() if not name.startswith("Literal")]
RECOGNIZER = ScriptedRecognizer({row["value"]: row["type"] for row in _TABLE.values() if row["type"]})
_MARK = re.compile("«([A-Za-z]+(?:_[A-Za-z]+)*_[0-9]+)»")

USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}
FRAMES: dict[str, dict[str, Any]] = {
    "chat": {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m-1", "usage": USAGE},
    "responses": {
        "id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "m-1", "error": None,
        "incomplete_details": None, "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "metadata": {},
        "usage": {
            "input_tokens": 9, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 4,
            "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 13,
        },
    },
    "messages": {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m-1", "stop_reason": "end_turn",
        "stop_sequence": None, "usage": {"input_tokens": 9, "output_tokens": 4},
    },
    "embeddings": {
        "object": "list", "model": "m-1", "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 1.0]}],
        "usage": {"prompt_tokens": 9, "total_tokens": 9},
    },
    "count_tokens": {"input_tokens": 7},
}  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """One line; see above."""

    api: str
    name: str
    request: dict[str, Any]
    answer: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    sends: dict[str, Any] = field(default_factory=dict)
    reads: dict[str, Any] = field(default_factory=dict)
    earlier: str = ""
    plain: bool = False

    @property
    def id(self) -> str:
        return f"{self.api}: {self.name}"

    def given(self) -> dict[str, Any]:
        """The request of the client."""
        return _object(seen_by_client(self.request | self.extra))

    def sent(self) -> dict[str, Any]:
        """What must leave."""
        return _patched(_object(seen_by_upstream(self.request | self.extra)), seen_by_upstream(self.sends))

    def answered(self) -> dict[str, Any]:
        """What the upstream answers."""
        return _framed(self.api, _object(seen_by_upstream(self.answer)))

    def read(self) -> dict[str, Any]:
        """What must come home."""
        return _patched(_framed(self.api, _object(seen_by_client(self.answer))), seen_by_client(self.reads))


def shapes(api: str) -> list[Shape]:
    """The shapes of one format."""
    lines = (FOLDER / f"{api}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Shape(api, **json.loads(line)) for line in lines if line.strip()]


def seen_by_client(template: Any) -> Any:
    return _rendered(template, VALUES)


def seen_by_upstream(template: Any) -> Any:
    return _rendered(template, {name: f"<{name}>" for name in VALUES})


def _rendered(template: Any, values: dict[str, str]) -> Any:
    match template:
        case str():
            return _MARK.sub(lambda mark: values[mark[1]], template)
        case list():
            return [_rendered(item, values) for item in template]
        case {"$json": inner, **style}:
            return json.dumps(_rendered(inner, values), ensure_ascii=False, **style)
        case dict():
            return {_rendered(key, values): _rendered(item, values) for key, item in template.items()}
        case _:
            return template


def _object(value: Any) -> dict[str, Any]:
    assert isinstance(value, dict)
    return value


def _framed(api: str, answer: dict[str, Any]) -> dict[str, Any]:
    """The answer in its frame; ``message``, ``output`` and ``content`` get the keys that all of theirs have."""
    answer = copy.deepcopy(answer)
    if "message" in answer:
        answer["choices"] = [{"message": answer.pop("message")}]
    for index, choice in enumerate(answer.get("choices", ())):
        called = choice["message"].get("tool_calls")
        ended = "tool_calls" if called else "stop"
        choice.update({"index": index, "finish_reason": choice.get("finish_reason", ended)})
        choice["message"] = {"role": "assistant", "content": None, **choice["message"]}
        for number, call in enumerate(called or []):
            call.setdefault("id", f"call_{number}")
            call.setdefault("type", "custom" if "custom" in call else "function")
    for index, item in enumerate(answer.get("output", ())):
        item.update({"id": f"item_{index}", "status": item.get("status", "completed")})
        if item["type"] == "message":
            item.setdefault("role", "assistant")
        if item["type"].endswith("_call") and item["type"] in {"function_call", "custom_tool_call"}:
            item.setdefault("call_id", f"call_{index}")
        for part in item.get("content") or []:
            if part["type"] == "output_text":
                part.setdefault("annotations", [])
    for number, block in enumerate(answer.get("content", ())):
        if block["type"] in {"tool_use", "server_tool_use"}:
            block.setdefault("id", f"toolu_{number}")
    return {**FRAMES[api], **answer}


def _patched(value: dict[str, Any], patches: dict[str, Any]) -> dict[str, Any]:
    for pointer, new in patches.items():
        *way, last = pointer.strip("/").split("/")
        place: Any = value
        for step in way:
            place = place[int(step) if isinstance(place, list) else step]
        key = int(last) if isinstance(place, list) else last
        if new == {"$gone": True}:
            del place[key]
        else:
            place[key] = new
    return value
