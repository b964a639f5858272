"""Values go out without a private text in them, whatever their shape, and come home as they were."""

from __future__ import annotations

import json
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil import Guard
from memveil.errors import ConfigError, DetectionError, InputError, UnsupportedFormat
from memveil.integrations.leaves import Leaves
from memveil.testing import CANARIES, ScriptedRecognizer, assert_no_canary
from memveil.vault.memory import MemoryVault

SENTENCES = st.lists(st.sampled_from([*CANARIES.values(), "to", "and", "<Email_1>", "é", "\n", '"', "\\"])).map(
    " ".join
)
KEYS = st.sampled_from(["note", "Lena's mail", CANARIES["Email"], "Email_1"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | SENTENCES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


def leaves(**options: object) -> Leaves:
    options.setdefault("recognizers", (ScriptedRecognizer(),))
    return Leaves(Guard.open("alice", vault=MemoryVault(), **options))  # type: ignore[arg-type]


@given(VALUES)
def test_a_value_leaves_without_canaries_and_comes_home_as_it_was(value: object) -> None:
    alice = leaves()
    sent = alice.protect(value, where="value")

    assert_no_canary(json.dumps(sent, ensure_ascii=False))
    assert_no_canary(json.dumps(sent))
    assert alice.restore(sent) == value


def test_json_in_a_text_is_read_as_json_and_comes_home_as_json() -> None:
    quoted = 'Ottoline "Otto" Quorumbe'
    alice = leaves(recognizers=(ScriptedRecognizer({quoted: "Real Name"}),))
    document = json.dumps({"who": quoted})
    sent = alice.protect_text(document, where="text")

    assert "Otto" not in sent
    assert json.loads(alice.restore_text(sent)) == {"who": quoted}
    assert json.loads(alice.restore_text(alice.protect_document(document, where="text"))) == {"who": quoted}


def test_tuples_and_uuids_leave_as_json_has_them() -> None:
    assert leaves().protect(("a", UUID(int=1)), where="value") == ["a", str(UUID(int=1))]


@pytest.mark.parametrize("value", [b"x", {1: "x"}, object(), {"a": {1, 2}}])
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(UnsupportedFormat):
        leaves().protect(value, where="metadata")


def test_on_the_way_home_what_is_not_understood_stays() -> None:
    odd = object()

    assert leaves().restore({"a": odd, 1: (odd,)}) == {"a": odd, 1: (odd,)}


def test_messages_are_protected_with_their_tool_calls_and_odd_ones_refused() -> None:
    call = {"id": "c1", "type": "function", "function": {"name": "mail", "arguments": json.dumps(dict(CANARIES))}}
    messages = [
        {"role": "user", "content": f"I am {CANARIES['Real Name']}"},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": json.dumps({"sent": CANARIES["Real Name"]})},
    ]
    sent = leaves().protect_messages(messages)

    assert_no_canary(json.dumps(sent))
    with pytest.raises(UnsupportedFormat):
        leaves().protect_messages([{"role": "user", "content": [{"type": "image_url", "image_url": "x"}]}])
    with pytest.raises(InputError):
        leaves().protect_messages([{"role": "user"}])


def test_a_failed_recognizer_stops_everything() -> None:
    with pytest.raises(DetectionError):
        leaves(recognizers=(ScriptedRecognizer(error=RuntimeError()),)).protect({"a": ["x"]}, where="value")


def test_placeholders_come_home_without_their_brackets() -> None:
    """An extractor of entities keeps words only."""
    alice = leaves()
    alice.protect(f"{CANARIES['Email']} {CANARIES['Real Name']}", where="value")

    assert alice.restore({"data": "Email_1"}) == {"data": CANARIES["Email"]}
    assert alice.restore_label(alice.protect_label("lena")) == "lena"


def test_a_name_of_others_may_be_a_uuid_a_token_or_say_nothing() -> None:
    """Whatever a recognizer thinks of hexadecimal digits."""
    token = leaves().protect_label("lena")
    found = {token: "Key", str(UUID(int=1)): "Key", "lena": "Real Name"}
    alice = leaves(recognizers=(ScriptedRecognizer(found),))
    own = alice.protect_label("lena")
    found[own] = "Key"

    for name in (own, str(UUID(int=1)), UUID(int=1).hex, "session 7"):
        alice.check_name(name, where="session_id")
    for name in ("lena", token):
        with pytest.raises(ConfigError, match=r"^session_id: .*protect_label"):
            alice.check_name(name, where="session_id")
