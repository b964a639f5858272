from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.wire.sse import Comment, Event, MalformedStream, SseDecoder, encode

STREAM = (
    "\ufeff: keep-alive\r\n\r\nevent: delta\r\ndata: 金丝雀\r\ndata: two\u2028lines\r\n\r\n"
    'id: 7\rretry: 250\rdata:tight\r\rdata\n\nunknown: x\ndata: {"a": "é😀"}\n\nevent: nothing\n\n'
).encode()
EVENTS = [
    Comment(" keep-alive"),
    Event("金丝雀\ntwo\u2028lines", "delta"),
    Event("tight", id="7", retry=250),
    Event(""),
    Event('{"a": "é😀"}'),
]


def decode(*pieces: bytes, **options: int) -> list[Event | Comment]:
    decoder = SseDecoder(**options)
    return [event for piece in pieces for event in decoder.feed(piece)] + decoder.end()


def test_a_stream_with_every_kind_of_line_end_is_read() -> None:
    assert decode(STREAM) == EVENTS


def test_every_cut_gives_the_same_events() -> None:
    """Inside characters, inside CRLF, everywhere."""
    for place in range(len(STREAM) + 1):
        assert decode(STREAM[:place], STREAM[place:]) == EVENTS, place
    assert decode(*(STREAM[i : i + 1] for i in range(len(STREAM)))) == EVENTS


@given(st.lists(st.integers(0, len(STREAM)), max_size=6))
def test_every_set_of_cuts_gives_the_same_events(places: list[int]) -> None:
    edges = [0, *sorted(places), len(STREAM)]

    assert decode(*(STREAM[a:b] for a, b in itertools.pairwise(edges))) == EVENTS


LINES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"))
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"))


@given(st.lists(st.builds(Event, LINES, NAMES, st.none() | NAMES, st.none() | st.integers(0, 99_999)), max_size=4))
def test_what_is_written_is_read_back(events: list[Event]) -> None:
    # A blank after the colon is part of the format, so a leading one is written twice.
    written = b"".join(encode(event) for event in events)

    assert decode(written) == events


def test_a_comment_is_written_as_one() -> None:
    assert encode(Comment(" ping")) == b": ping\n\n"
    assert decode(encode(Comment("a\nb"))) == [Comment("a"), Comment("b")]


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ([b"data: half"], "in the middle of an event"),
        ([b"data: whole\n\n", b"data: half\n"], "in the middle of an event"),
        ([b"event: named\n"], "in the middle of an event"),
        ([b"data: \xff\n\n"], "not UTF-8"),
        ([b"data: \xe9\x87"], "not UTF-8"),
        ([b"data: " + b"x" * 50], "more than 40 characters"),
        ([b"data: xxxxxxxxxx\n"] * 6, "more than 40 characters"),
    ],
)
def test_a_stream_that_cannot_be_read_is_an_error_without_its_content(pieces: list[bytes], message: str) -> None:
    with pytest.raises(MalformedStream, match=message) as caught:
        decode(*pieces, max_event=40)

    assert caught.value.__context__ is None


def test_many_small_events_and_comments_are_never_too_long() -> None:
    assert len(decode(b"data: 1234567890\n\n: 1234567890\n" * 50, max_event=40)) == 100


def test_the_repr_shows_no_data() -> None:
    assert "secret" not in repr([Event("secret"), Comment("secret")])
