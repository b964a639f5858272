from __future__ import annotations

import pytest

from memveil.wire.events import as_list, as_object, decode, event_of
from memveil.wire.sse import Event, MalformedStream


def test_an_event_keeps_its_frame_around_new_data() -> None:
    event = event_of({"a": "é"}, like=Event("{}", "named", "7", 3))

    assert event == Event('{"a":"é"}', "named", "7", 3)
    assert decode(event) == {"a": "é"}
    assert event_of({}, name="x") == Event("{}", "x")


@pytest.mark.parametrize("data", ["", "[1]", "{", "secret", "[" * 100_000])
def test_data_that_is_no_object_is_an_error_without_the_data(data: str) -> None:
    with pytest.raises(MalformedStream, match="no JSON object") as caught:
        decode(Event(data))

    assert caught.value.__context__ is None


def test_what_is_missing_is_empty() -> None:
    assert (as_object(None), as_object({"a": 1}), as_list("x"), as_list([1])) == ({}, {"a": 1}, [], [1])
