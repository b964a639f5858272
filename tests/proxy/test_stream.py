from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Callable, Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import PolicyError
from memveil.proxy.stream import Relay
from memveil.proxy.turns import NotAtHand
from memveil.restore import Lookup, restore
from memveil.wire import openai_chat
from memveil.wire.walks import Inbound
from tests.proxy.scripted import sse
from tests.wire.veil import REFUSED, cut, exits, lookup

TEXT = "Dear <Person_1>, 金丝雀 <Email_1> <Em"


def chunk(delta: object, finish: str | None = None) -> dict[str, object]:
    return {"id": "1", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


STREAM = sse(*(chunk({"content": piece}) for piece in cut(TEXT, 3, 7, 20)), chunk({}, "stop"), "[DONE]")


class Reluctant:
    """Does at once what needs no value, and leaves the rest to the thread."""

    def __init__(self) -> None:
        self.may_wait = True
        self.waited = 0

    def at_once(self, function: Callable[[], list[bytes]]) -> list[bytes]:
        self.may_wait = False
        try:
            return function()
        finally:
            self.may_wait = True

    async def run(self, function: Callable[[], list[bytes]]) -> list[bytes]:
        self.waited += 1
        return function()

    def exits(self, tool: str | None) -> Lookup:
        def look_up(placeholders: Iterable[str]) -> Mapping[str, str]:
            asked = list(placeholders)
            if asked and not self.may_wait:
                raise NotAtHand
            return exits(tool)(asked)

        return look_up


def relay(*pieces: bytes | Exception) -> tuple[Relay, str, str]:
    """What a client reads: the text, and the error."""
    vault = Reluctant()

    async def upstream() -> AsyncIterator[bytes]:
        for piece in pieces:
            if isinstance(piece, Exception):
                raise piece
            yield piece

    async def go() -> bytes:
        return b"".join([data async for data in one.events()])

    one = Relay(upstream(), openai_chat.begin_stream(Inbound(vault.exits)), at_once=vault.at_once, run=vault.run)
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


def test_only_what_needs_the_vault_goes_to_a_thread() -> None:
    """And a piece of which the beginning was read in vain is read again from its beginning, with the same result."""
    vault = Reluctant()

    async def upstream() -> AsyncIterator[bytes]:
        yield sse(chunk({"content": "plain "}), chunk({"content": "text <Em"}))
        yield sse(chunk({"content": "ail_1> and "}), chunk({"content": "<Person_1>"}))
        yield sse(chunk({"content": "."}), chunk({}, "stop"), "[DONE]")

    async def go() -> bytes:
        one = Relay(upstream(), openai_chat.begin_stream(Inbound(vault.exits)), at_once=vault.at_once, run=vault.run)
        return b"".join([data async for data in one.events()])

    lines = [line[6:] for line in asyncio.run(go()).decode().splitlines() if line.startswith("data: {")]
    said = "".join(json.loads(line)["choices"][0]["delta"].get("content", "") for line in lines)
    assert (said, vault.waited) == (restore("plain text <Email_1> and <Person_1>.", lookup), 1)


def test_a_very_large_piece_is_worked_on_in_a_thread() -> None:
    vault = Reluctant()

    async def upstream() -> AsyncIterator[bytes]:
        yield sse(chunk({"content": "x" * 20_000}), chunk({}, "stop"), "[DONE]")

    async def go() -> bytes:
        one = Relay(upstream(), openai_chat.begin_stream(Inbound(vault.exits)), at_once=vault.at_once, run=vault.run)
        return b"".join([data async for data in one.events()])

    assert b"x" * 20_000 in asyncio.run(go())
    assert vault.waited == 1
