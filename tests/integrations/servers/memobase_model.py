"""A model that answers the prompts of Memobase's server in the form they ask for; other requests as `fake_openai`."""

from __future__ import annotations

import re
from typing import Any

from tests.integrations.fake_openai import answer as other

__all__ = ["answer"]


def answer(path: str, body: object) -> object:
    """For :class:`memveil.testing.RecordingServer`: each message of the user becomes one note and one profile."""
    assert isinstance(body, dict)
    if not path.endswith("/chat/completions"):
        return other(path, body)
    system = _text(body, "system")
    asked = _text(body, "user")
    if "expert of logging personal info" in system:  # summarize the chat
        said = re.findall(r"user: (.+)$", asked.split("### Input Chats")[-1], re.MULTILINE)
        text = "\n".join(f"- {line} // info" for line in said)
    elif "extract the important profiles of user" in system:
        notes = re.findall(r"^- (.+?)(?: // info)?$", asked.split("#### Memo\n")[-1], re.MULTILINE)
        rows = [f"- basic_info::note_{number}::{note}" for number, note in enumerate(notes)]
        text = "\n".join(["thinking", "---", *rows])
    elif "responsible for maintaining user memos" in system:  # merge with what is known
        count = asked.count("memo_id")
        text = "\n".join(["---", *(f"{number}. APPEND::APPEND" for number in range(1, count + 1))])
    else:
        return other(path, body)
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


def _text(body: dict[str, Any], role: str) -> str:
    return "\n".join(str(message["content"]) for message in body["messages"] if message["role"] == role)
