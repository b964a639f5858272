from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import PolicyError
from memveil.proxy.stream import Relay
from memveil.restore import restore
from memveil.wire import openai_chat
from tests.proxy.scripted import sse
from tests.wire.veil import REFUSED, cut, inbound, lookup

TEXT = "Dear <Person_1>, 金丝雀 <Email_1> <Em"


def chunk(delta: object, finish: str | None = None) -> dict[str, object]:
    return {"id": "1", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


STREAM = sse(*(chunk({"content": piece}) for piece in cut(TEXT, 3, 7, 20)), chunk({}, "stop"), "[DONE]")


def relay(*pieces: bytes | Exception) -> tuple[Relay, str, str]:
    """What a client reads: the text, and the error."""

    async def upstream() -> AsyncIterator[bytes]:
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def run(function: Callable[[], list[bytes]]) -> list[bytes]:
        return function()

    async def go() -> bytes:
        return b"".join([data async for data in one.events()])

    one = Relay(upstream(), openai_chat.begin_stream(inbound()), run)
    assert one.outcome == "ClientGone"
    raw = asyncio.run(go())
    assert one.bytes_out == len(raw)
    values = [json.loads(line[6:]) for line in raw.decode().splitlines() if line.startswith("data: {")]
    text = "".join(choice["delta"].get("content") or "" for value in values for choice in value.get("choices", []))
    return one, text, "".join(value.get("error", {}).get("message", "") for value in values)


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_bytes_cut_anywhere_come_home_whole(places: list[int]) -> None:
    edges = [0, *sorted(places), len(STREAM)]

    one, text, error = relay(*(STREAM[a:b] for a, b in itertools.pairwise(edges)))

    assert (one.outcome, text, error) == ("ok", restore(TEXT, lookup), "")


def test_an_unknown_error_is_told_by_its_name_only() -> None:
    one, text, error = relay(STREAM[:200], ValueError("secret"))

    assert one.outcome == "ValueError"
    assert error == "an error inside memveil (ValueError)"
    assert "secret" not in text


def test_a_refused_tool_ends_the_stream_without_its_rest() -> None:
    call = {"tool_calls": [{"index": 0, "function": {"name": REFUSED, "arguments": '"<Person_1>"'}}]}

    one, text, error = relay(sse(chunk({"content": "so <Em"}), chunk(call)))

    assert one.outcome == PolicyError.__name__
    assert (text, error) == ("so ", "a value would go into a tool that must not get it")


@pytest.mark.parametrize("rest", ["<Em", ""])
def test_servers_that_do_not_say_done_are_understood(rest: str) -> None:
    one, text, _ = relay(sse(chunk({"content": f"x {rest}"}), chunk({}, "stop")))

    assert (one.outcome, text) == ("ok", f"x {rest}")
