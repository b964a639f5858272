from __future__ import annotations

from typing import Any

import pytest

from memveil.errors import InputError, UnsupportedFormat
from memveil.wire import fields
from memveil.wire.fields import Either, Field, ListOf, Obj, Tagged, apart, check_object, either, tool_call, tool_result
from memveil.wire.walks import Outbound
from tests.wire.veil import KEPT, inbound, outbound

NAME = "Ines Larsen"


@pytest.mark.parametrize(
    ("field", "good", "sent"),
    [
        (fields.text, NAME, "<Person_1>"),
        (fields.answer, NAME, "<Person_1>"),
        (fields.document, f'["{NAME}"]', '["<Person_1>"]'),
        (fields.values, [NAME], ["<Person_1>"]),
        (fields.number, 1.5, 1.5),
        (fields.flag, False, False),
        (fields.word, "gpt-5.2/x:y", "gpt-5.2/x:y"),
        (fields.identifier, "call_7|fc_9=+", "call_7|fc_9=+"),
        (fields.opaque, "aGk=", "aGk="),
        (fields.sealed, "about <Person_1>", "about <Person_1>"),
        (
            fields.settings,
            {"type": "auto", "n": [1, None, NAME], NAME: True},
            {"type": "auto", "n": [1, None, "<Person_1>"], "<Person_1>": True},
        ),
    ],
)
def test_a_leaf_takes_what_it_is_made_for(field: Field, good: object, sent: object) -> None:
    assert field(outbound(), good, "x") == sent


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        (fields.text, 7),
        (fields.answer, [NAME]),
        (fields.document, {"a": NAME}),
        (fields.number, True),
        (fields.number, NAME),
        (fields.flag, 1),
        (fields.word, NAME),
        (fields.word, 7),
        (fields.identifier, "ines@larsen.example"),
        (fields.opaque, NAME),
        (fields.sealed, 7),
        (Obj({}), [NAME]),
        (Obj({"a": fields.text}), {NAME: 1}),
        (ListOf(fields.text), NAME),
        (either(string=fields.text), [NAME]),
        (Tagged({"a": Obj({})}), {"type": NAME}),
        (Tagged({"a": Obj({})}), {"type": 7}),
        (Tagged({"a": Obj({})}), {}),
        (Tagged({"a": Obj({})}), NAME),
    ],
)
def test_anything_else_is_refused_outbound_and_kept_inbound(field: Field, bad: Any) -> None:
    with pytest.raises(UnsupportedFormat, match="nothing was sent") as caught:
        field(outbound(), bad, "here")

    assert NAME not in str(caught.value)
    assert "here" in str(caught.value)
    assert field(inbound(), bad, "here") == bad


def test_errors_name_the_path() -> None:
    table = Obj({"messages": ListOf(Obj({"content": either(items=ListOf(fields.text))}))})

    with pytest.raises(UnsupportedFormat, match=r"^a number at messages\[1\]\.content\[0\] where text is expected"):
        table(outbound(), {"messages": [{}, {"content": [5]}]}, "")


def test_null_passes_everywhere() -> None:
    assert Obj({"a": fields.text, "b": ListOf(fields.text)})(outbound(), {"a": None, "b": None}, "") == {
        "a": None,
        "b": None,
    }


def test_signed_text_that_shows_something_drops_its_item() -> None:
    thoughts = ListOf(Obj({"thinking": fields.sealed}))

    assert thoughts(outbound(), [{"thinking": NAME}, {"thinking": "<Person_1>"}], "x") == [{"thinking": "<Person_1>"}]


def test_dated_versions_of_a_type_follow_one_table() -> None:
    tools = Tagged({"web_search": Obj({"type": fields.word})}, otherwise="web_search")

    for date in ("", "_20250305", "_preview", "_preview_2025_03_11", "_2025_08_26"):
        tool = {"type": f"web_search{date}"}
        assert tools(outbound(), tool, "x") == tool
    assert tools(outbound(), {}, "x") == {}


def test_what_goes_into_a_tool_takes_the_exit_of_that_tool() -> None:
    call = tool_call({"name": fields.word}, goes_in={"input": fields.values})

    assert call(inbound(), {"name": "send", "input": {"a": "<Person_1>"}}, "x") == {
        "name": "send",
        "input": {"a": NAME},
    }
    assert call(inbound(), {"name": KEPT, "input": {"a": "<Person_1>"}}, "x") == {
        "name": KEPT,
        "input": {"a": "<Person_1>"},
    }
    with pytest.raises(UnsupportedFormat):
        call(outbound(), NAME, "x")


def test_tables_can_be_extended_and_bodies_are_objects() -> None:
    table = Obj({"a": fields.flag}) | {"b": fields.flag}

    assert table(outbound(), {"a": True, "b": True}, "") == {"a": True, "b": True}
    assert check_object({"a": 1}) == {"a": 1}
    assert isinstance(either(string=fields.text), Either)
    with pytest.raises(InputError, match="a list where an object is expected"):
        check_object([1])


def test_media_are_for_the_walk_to_decide() -> None:
    assert fields.media(outbound(allows_media=True), {"url": 1}, "x") == {"url": 1}


def test_what_a_tool_answered_is_read_inside_that_tool() -> None:
    call = tool_call({"name": fields.word, "id": fields.identifier}, goes_in={"input": fields.text}, call="id")
    result = tool_result({"for": fields.identifier, "name": fields.word}, comes_out={"text": fields.text}, call="for")
    walk = Outbound(str.upper, lambda _: True, protect_call=lambda tool, text: f"{tool}: {text}")

    assert result(walk, {"for": "c1", "text": "a"}, "x") == {"for": "c1", "text": "A"}
    assert call(walk, {"name": "recall", "id": "c1", "input": "a"}, "x")["input"] == "recall: a"  # type: ignore[index]
    assert result(walk, {"for": "c1", "text": "a"}, "x") == {"for": "c1", "text": "recall: a"}
    assert result(walk, {"name": "old", "text": "a"}, "x") == {"name": "old", "text": "old: a"}
    assert result(inbound(), {"for": "c1", "name": KEPT, "text": "<Person_1>"}, "x") == {
        "for": "c1",
        "name": KEPT,
        "text": NAME,
    }


def test_fields_apart_are_read_apart() -> None:
    walk = Outbound(str.upper, lambda _: True, protect_apart=str.title)
    table = Obj({**apart({"system": fields.text, "n": fields.number}), "said": fields.text})

    assert table(walk, {"said": "ab c", "system": "ab c", "n": 1}, "") == {"said": "AB C", "system": "Ab C", "n": 1}
