"""However a stream is cut, it comes home as the whole would."""

from __future__ import annotations

import itertools
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessageChunk

from memveil import Guard
from memveil.integrations.langchain_stream import RestoredChunks
from memveil.testing import CANARIES, ScriptedRecognizer
from memveil.vault.memory import MemoryVault

MAIL = CANARIES["Email"]
QUOTED = 'Ottoline "Otto" Quorumbe'


def a_guard() -> Guard:
    found = ScriptedRecognizer({MAIL: "Email", QUOTED: "Real Name"})
    guard = Guard.open("alice", vault=MemoryVault(), recognizers=(found,))
    guard.protect(f"{MAIL} {QUOTED}")
    return guard


def joined(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    return whole


def run(guard: Guard, chunks: list[AIMessageChunk]) -> AIMessageChunk:
    stream = RestoredChunks(guard)
    return joined([piece for chunk in chunks for piece in stream.feed(chunk)] + stream.flush())


@given(st.lists(st.integers(0, 60), max_size=8), st.booleans())
def test_text_and_arguments_come_home_for_every_cutting(places: list[int], has_end: bool) -> None:
    guard = a_guard()
    text = "to <Email_1> and <Real_Name_1>, <Em"
    arguments = json.dumps({"to": "<Real_Name_1>"})
    edges = [0, *sorted(places), 60]
    chunks: list[AIMessageChunk] = [AIMessageChunk(content="", id="run-1")]
    for start, end in itertools.pairwise(edges):
        call: Any = {"name": None, "args": arguments[start:end], "id": None, "index": 0}
        chunks.append(AIMessageChunk(content=text[start:end], tool_call_chunks=[call]))
    chunks[1].tool_call_chunks[0].update(name="mail", id="c1")
    if has_end:
        chunks.append(AIMessageChunk(content="", chunk_position="last"))
    whole = run(guard, chunks)

    assert whole.content == f"to {MAIL} and {QUOTED}, <Em"
    assert whole.tool_calls == [{"name": "mail", "args": {"to": QUOTED}, "id": "c1", "type": "tool_call"}]
    assert whole.chunk_position == ("last" if has_end else None)


def test_blocks_are_restored_by_their_index_and_reasoning_stays() -> None:
    def block(**fields: Any) -> AIMessageChunk:
        return AIMessageChunk(content=[fields])

    whole = run(
        a_guard(),
        [
            block(type="thinking", thinking="<Email_1>", index=0),
            block(type="text", text="to <Ema", index=1),
            block(type="text", text="il_1>", index=1),
            block(type="text", text="<Email_", index=2),
        ],
    )

    assert [part.get("text") or part.get("thinking") for part in whole.content] == [  # type: ignore[union-attr]
        "<Email_1>",
        f"to {MAIL}",
        "<Email_",
    ]


def test_arguments_that_break_off_in_a_placeholder_are_not_lost() -> None:
    call: Any = {"name": "mail", "args": '{"to": "<Em', "id": "c1", "index": 0}
    whole = run(a_guard(), [AIMessageChunk(content="", tool_call_chunks=[call])])

    assert whole.tool_call_chunks[0]["args"] == '{"to": "<Em'
