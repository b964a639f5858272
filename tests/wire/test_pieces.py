from __future__ import annotations

import json

from memveil.wire.pieces import Pieces
from tests.wire.veil import KEPT, VALUES, exits


def test_each_key_is_a_text_of_its_own() -> None:
    pieces = Pieces[str](exits)

    assert pieces.feed("a", "I am <Per") + pieces.feed("b", "to <Em") == "I am to "
    assert pieces.feed("a", "son_1>.") == "Ines Larsen."
    assert pieces.flush(lambda key: key == "b") == [("b", "<Em")]
    assert pieces.holds("a")
    assert pieces.flush(lambda _: True) == []
    assert not pieces.holds("a")


def test_arguments_are_escaped_and_take_the_exit_of_their_tool() -> None:
    pieces = Pieces[int](exits)

    document = pieces.feed(1, '{"at": "<Address_1>"}', tool="send", is_json=True)
    assert json.loads(document) == {"at": VALUES["<Address_1>"]}
    assert pieces.feed(2, '"<Address_1>"', tool=KEPT, is_json=True) == '"<Address_1>"'


def test_a_fork_goes_its_own_way() -> None:
    pieces = Pieces[str](exits)
    pieces.feed("a", "I am <Per")
    fork = pieces.fork()

    assert pieces.feed("a", "son_1>") == "Ines Larsen"
    assert fork.feed("a", "son>") == "<Person>"
    assert fork.feed("b", "<Em") == ""
    assert pieces.flush(lambda _: True) == []
