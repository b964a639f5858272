"""A stream on its way home: bytes in, events restored, bytes out.

Each piece of the network is worked on as it comes and what is certain of it
goes out at once. Most pieces need nothing but what the request has shown; the
others, and very large ones, are worked on in a thread, because the vault may
make them wait. The next piece is asked for when the client has taken the
last one, so a slow client slows the upstream down and nothing piles up.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Protocol

from memveil.errors import MemveilError, PolicyError
from memveil.proxy.turns import NotAtHand
from memveil.wire.format import StreamMapper
from memveil.wire.sse import Comment, Event, MalformedStream, SseDecoder, encode

__all__ = ["AtOnce", "Relay", "Run"]

# Bytes of a piece that are worked on between those of other streams.
_SMALL = 16 * 1024


class Run(Protocol):
    """Calls a function in a worker thread."""

    def __call__(self, function: Callable[[], list[bytes]], /) -> Awaitable[list[bytes]]:
        """Its answer."""
        ...


class AtOnce(Protocol):
    """Calls a function that may not wait for anything; see :meth:`memveil.proxy.turns.Turn.at_once`."""

    def __call__(self, function: Callable[[], list[bytes]], /) -> list[bytes]:
        """Its answer."""
        ...


class Relay:
    """One stream. Whatever happens, the client is told in events of its own provider.

    Args:
        pieces: the upstream's bytes.
        mapper: restores events of the format.
        at_once: for work that is done here and now.
        run: for work that may have to wait.
    """

    def __init__(self, pieces: AsyncIterator[bytes], mapper: StreamMapper, *, at_once: AtOnce, run: Run) -> None:
        self._pieces = pieces
        self._mapper = mapper
        self._at_once = at_once
        self._run = run
        self._decoder = SseDecoder()
        self.outcome = "ClientGone"
        self.bytes_out = 0

    async def events(self) -> AsyncIterator[bytes]:
        """The bytes for the client."""
        async for data in self._guarded():
            self.bytes_out += len(data)
            yield data

    async def _guarded(self) -> AsyncIterator[bytes]:
        try:
            async for data in self._restored():
                yield data
            self.outcome = "ok"
        except MemveilError as error:
            self.outcome = type(error).__name__
            message = str(error)
            # Held-back text is a beginning of a placeholder, and so no value.
            flushes = not isinstance(error, PolicyError)
        # Whatever else goes wrong must not end as half an answer that looks whole.
        except Exception as error:  # noqa: BLE001
            self.outcome = type(error).__name__
            message, flushes = f"an error inside memveil ({self.outcome})", False
        else:
            return
        yield b"".join([*(await self._rest() if flushes else []), *map(encode, self._mapper.fail(message))])

    async def _restored(self) -> AsyncIterator[bytes]:
        async for piece in self._pieces:
            done: list[bytes] = []
            try:
                await self._do(partial(self._feed, self._decoder.feed(piece), done), is_small=len(piece) <= _SMALL)
            except Exception:
                # What came before it in the same piece still counts.
                if done:
                    yield b"".join(done)
                raise
            if done:
                yield b"".join(done)
        self._decoder.end()
        if not self._mapper.is_complete:
            raise MalformedStream("the upstream stopped before its answer was complete")
        rest = await self._do(self._flush)
        if rest:
            yield b"".join(rest)

    async def _do(self, work: Callable[[], list[bytes]], *, is_small: bool = True) -> list[bytes]:
        """Work on the mapper: here and now, or else in a thread, from the same state."""
        if is_small:
            before = self._mapper.fork()
            try:
                return self._at_once(work)
            except NotAtHand:
                self._mapper = before
        return await self._run(work)

    def _feed(self, events: list[Event | Comment], done: list[bytes]) -> list[bytes]:
        done.clear()
        for event in events:
            if isinstance(event, Comment):
                done.append(encode(event))
            else:
                done.extend(map(encode, self._mapper.feed(event)))
        return done

    def _flush(self) -> list[bytes]:
        return [encode(event) for event in self._mapper.flush()]

    async def _rest(self) -> list[bytes]:
        try:
            return await self._do(self._flush)
        # The vault may be what failed.
        except MemveilError:
            return []
