"""A model that answers the prompts of Memobase's server in the form they ask for, and embeds as bags of words."""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

from tests.integrations.fake_openai import vector

__all__ = ["DIMENSIONS", "answer"]

# So many that two words hardly ever share one: a search has a threshold.
DIMENSIONS = 2048


def answer(path: str, body: object) -> object:
    """For :class:`memveil.testing.RecordingServer`: each message of the user becomes one note and one profile."""
    assert isinstance(body, dict)
    if path.endswith("/embeddings"):
        rows = [{"object": "embedding", "index": n, "embedding": each} for n, each in enumerate(_vectors(body))]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        return {"object": "list", "model": body["model"], "data": rows, "usage": usage}
    assert path.endswith("/chat/completions"), path
    system = _text(body, "system")
    asked = _text(body, "user")
    if "expert of logging personal info" in system:  # summarize the chat
        said = re.findall(r"\buser\)?: (.+)$", asked.split("### Input Chats")[-1], re.MULTILINE)
        text = "\n".join(f"- {line} // info" for line in said)
    elif "extract the important profiles of user" in system:
        notes = re.findall(r"^- (.+?)(?: // info)?$", asked.split("#### Memo\n")[-1], re.MULTILINE)
        rows = [f"- basic_info::note_{zlib.crc32(note.encode())}::{note}" for note in notes]
        text = "\n".join(["thinking", "---", *rows])
    elif "responsible for maintaining user memos" in system:  # merge with what is known
        count = asked.count("memo_id")
        text = "\n".join(["---", *(f"{number}. APPEND::APPEND" for number in range(1, count + 1))])
    elif "select all possible user's memos" in system:
        count = len(re.findall(r"^\d+\. ", asked, re.MULTILINE))
        text = json.dumps({"reason": "all of them", "ids": list(range(count))})
    else:
        text = "noted"
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "fake",
        "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "message": message}],
        "usage": {
            "prompt_tokens": 1,
            "completion_tokens": 1,
            "total_tokens": 2,
            "prompt_tokens_details": {"cached_tokens": 0},
        },
    }


def _vectors(body: dict[str, Any]) -> list[list[float]]:
    assert body["encoding_format"] == "float"
    return [vector(text, DIMENSIONS) for text in body["input"]]


def _text(body: dict[str, Any], role: str) -> str:
    return "\n".join(str(message["content"]) for message in body["messages"] if message["role"] == role)
