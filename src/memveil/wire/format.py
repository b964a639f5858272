"""What every wire format offers: the same verbs, as functions of its module."""

from __future__ import annotations

from typing import Protocol

from memveil.wire.sse import Event
from memveil.wire.walks import Inbound, Outbound

__all__ = ["Format", "StreamMapper"]


class StreamMapper(Protocol):
    """The events of one answer, restored as they come. Not thread-safe."""

    @property
    def is_complete(self) -> bool:
        """Whether the answer has ended as its format demands."""
        ...

    def feed(self, event: Event) -> list[Event]:
        """The events to send for the next event of the upstream.

        Raises:
            MalformedStream: its data is not what the format promises.
            PolicyError: a value would go into a tool that it must not go into.
        """
        ...

    def fork(self) -> StreamMapper:
        """An independent mapper in the same state: where feeding one fails, the other can try again."""
        ...

    def flush(self) -> list[Event]:
        """What was held back of texts that did not end."""
        ...

    def fail(self, message: str) -> list[Event]:
        """The events that tell the client of an error in the middle of a stream."""
        ...


class Format(Protocol):
    """One API of one provider. Bodies are decoded JSON; arguments are never changed."""

    def map_request(self, body: object, walk: Outbound) -> dict[str, object]:
        """The request that may leave.

        Raises:
            UnsupportedFormat, InputError: something in it is not known.
        """
        ...

    def add_note(self, body: dict[str, object], note: str) -> dict[str, object]:
        """The request with an instruction to the model, at a place that does not change."""
        ...

    def wants_stream(self, body: dict[str, object]) -> bool:
        """Whether a stream of events was ordered."""
        ...

    def wants_json(self, body: dict[str, object]) -> bool:
        """Whether the answer's text was ordered as JSON."""
        ...

    def user_of(self, body: dict[str, object]) -> str | None:
        """Whom the client names as its user."""
        ...

    def map_response(self, body: object, walk: Inbound) -> object:
        """The answer as the user reads it."""
        ...

    def begin_stream(self, walk: Inbound) -> StreamMapper:
        """Begin to restore a streamed answer."""
        ...

    def error_body(self, status: int, message: str) -> dict[str, object]:
        """An error in the provider's own shape."""
        ...
