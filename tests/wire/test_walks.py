from __future__ import annotations

import json

import pytest

from memveil.errors import PolicyError, UnsupportedFormat
from memveil.wire.walks import Inbound, Outbound, Walk
from tests.wire.veil import KEPT, REFUSED, VALUES, inbound, outbound, private_in


def test_outbound_protects_each_kind_of_text() -> None:
    walk = outbound()

    assert walk.text("I am Ines Larsen", "x") == "I am <Person_1>"
    assert walk.answer("I am Ines Larsen", "x") == "I am <Person_1>"
    assert walk.document('{"n": "Ines Larsen"}', "x") == '{"n": "<Person_1>"}'
    assert walk.values({"n": ["Ines Larsen", 4790041773]}, "x") == {"n": ["<Person_1>", "<Phone_1>"]}
    assert walk.values({"n": r'{"to": "\u0049nes Larsen"}'}, "x") == {"n": '{"to": "<Person_1>"}'}
    assert walk.values([r'{"at": "Flat \"B\"\nOld\\Mill 7"}'], "x") == ['{"at": "<Address_1>"}']


def test_arguments_that_stop_in_the_middle_are_read_as_text_unless_they_hide_something() -> None:
    walk = outbound()

    assert walk.document('{"n": "Ines Larsen', "x") == '{"n": "<Person_1>'
    assert walk.document(" ", "x") == " "
    with pytest.raises(UnsupportedFormat):
        walk.document('{"n": "\\u0049nes Larsen', "x")


def test_outbound_refuses_what_is_unknown_and_media() -> None:
    with pytest.raises(UnsupportedFormat, match=r"a key 'x' at y; nothing was sent"):
        outbound().unknown("Ines Larsen", "a key 'x' at y")
    with pytest.raises(UnsupportedFormat, match="an image, a sound or a file at x"):
        outbound().media({"url": "https://x"}, "x")


def test_media_that_may_leave_are_counted() -> None:
    walk = outbound(allows_media=True)

    assert walk.media({"url": "y"}, "x") == {"url": "y"}
    assert walk.media_count == 1


def test_signed_text_passes_clean_or_is_counted() -> None:
    walk = outbound()

    assert walk.seals("about <Person_1>")
    assert not walk.seals("about Ines Larsen")
    assert walk.dropped_count == 1
    assert walk.calling("t") is walk


def test_inbound_restores_each_kind_of_text() -> None:
    walk = inbound()
    address = VALUES["<Address_1>"]

    assert walk.text("at <Address_1>", "x") == f"at {address}"
    assert walk.answer("at <Address_1>", "x") == f"at {address}"
    assert json.loads(inbound(is_json=True).answer('{"at": "<Address_1>"}', "x")) == {"at": address}
    assert json.loads(walk.document('{"at": "<Address_1>"}', "x")) == {"at": address}
    assert walk.values({"<Person_1>": [1, None, "<Address_1>"]}, "x") == {"Ines Larsen": [1, None, address]}


def test_inbound_leaves_what_it_does_not_know_as_it_is() -> None:
    walk = inbound()

    assert walk.unknown({"x": "<Person_1>"}, "") == {"x": "<Person_1>"}
    assert walk.media({"x": "<Person_1>"}, "") == {"x": "<Person_1>"}
    assert walk.seals("<Person_1>")


def test_a_tool_gets_what_its_exit_gives() -> None:
    document = '{"to": "<Email_1>"}'

    assert private_in(inbound().calling("send").document(document, "x")) == ["<Email_1>"]
    assert inbound().calling(KEPT).document(document, "x") == document
    assert inbound().calling(REFUSED).document('{"to": "<Email_9>"}', "x") == '{"to": "<Email_9>"}'
    with pytest.raises(PolicyError):
        inbound().calling(REFUSED).document(document, "x")


def test_both_ways_are_walks() -> None:
    walks: list[Walk] = [outbound(), inbound()]

    assert len(walks) == 2


def test_what_went_into_a_tool_may_be_protected_in_its_own_way() -> None:
    walk = Outbound(str.upper, lambda _: True, protect_call=lambda tool, text: f"{tool}: {text}")

    assert walk.text("a", "x") == "A"
    assert walk.calling("send").text("a", "x") == "send: a"


def test_what_came_out_of_a_tool_is_known_by_its_call_or_its_name() -> None:
    walk = Outbound(str.upper, lambda _: True, earlier_call={"call_0": "recall"}.get)
    walk.called("call_1", "send")

    assert [walk.tool_of(*asked) for asked in (("call_1", "x"), ("call_0", "x"), ("call_2", "x"), ("", ""))] == [
        "send",
        "recall",
        "x",
        None,
    ]
    assert Outbound(str.upper, lambda _: True).tool_of("call_0", "") is None


def test_what_leaves_inside_a_tool_is_counted_with_the_rest() -> None:
    walk = Outbound(str, lambda _: False, allows_media=True, protect_call=lambda _, text: text)
    inside = walk.calling("camera")
    inside.media({}, "x")
    inside.seals("x")

    assert (walk.media_count, walk.dropped_count) == (1, 1)


def test_calls_of_an_answer_are_told() -> None:
    told: list[tuple[str, str]] = []
    walk = Inbound(lambda _: lambda _names: {}, on_call=lambda call, tool: told.append((call, tool)))
    walk.called("call_1", "send")
    inbound().called("call_1", "send")

    assert told == [("call_1", "send")]
    assert walk.tool_of("call_1", "send") is None, "what came out of a tool is for the user to read"


def test_what_is_no_part_of_the_conversation_may_be_protected_in_its_own_way() -> None:
    walk = Outbound(str.upper, lambda _: True, protect_apart=str.title)

    assert walk.apart().text("a word", "x") == "A Word"
    assert walk.text("a word", "x") == "A WORD"
    assert outbound().apart().text("Ines Larsen", "x") == "<Person_1>"
    assert inbound().apart().text("<Person_1>", "x") == "Ines Larsen"
