"""The guard: what goes out holds placeholders, what comes home is whole."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest
from hypothesis import example, given

from memveil import Guard, Policy, PrivacyLevel, Style
from memveil.detect import Context
from memveil.errors import DetectionError, PolicyError, UnsupportedFormat
from memveil.placeholders import find
from memveil.spans import Action, Span
from memveil.testing import CANARIES, ScriptedRecognizer, assert_no_canary
from memveil.vault.memory import MemoryVault
from tests.texts import VALUES, texts

TEXT = f"Mail {CANARIES['Email']}, I am ill: {CANARIES['Medical Health']}. Code {CANARIES['Verification Code']}."


def guard(**options: object) -> Guard:
    options.setdefault("recognizers", (ScriptedRecognizer(),))
    options.setdefault("vault", MemoryVault())
    return Guard.open("alice", **options)  # type: ignore[arg-type]


def test_values_go_out_as_typed_placeholders_and_come_home() -> None:
    with guard() as alice:
        sent = alice.protect(TEXT)

        assert sent.text == "Mail <Email_1>, I am ill: <Health_1>. Code <Verification_Code_1>."
        assert alice.restore(sent.text) == TEXT
        assert_no_canary(repr(sent))


def test_equal_values_share_a_placeholder_for_ever_in_their_scope_and_only_there() -> None:
    vault = MemoryVault()
    first, again = guard(vault=vault), guard(vault=vault)
    bob = Guard.open("bob", vault=vault, recognizers=(ScriptedRecognizer(),))
    first.protect(f"{CANARIES['Phone Number']}")

    assert again.protect(f"call {CANARIES['Phone Number']}").text == "call <Phone_1>"
    assert bob.restore("<Phone_1>") == "<Phone_1>"


def test_look_up_knows_the_placeholders_of_its_scope_only() -> None:
    vault = MemoryVault()
    alice, bob = guard(vault=vault), Guard.open("bob", vault=vault)
    alice.protect(TEXT)

    assert alice.lookup(["<Email_1>", "<Email_2>"]) == {"<Email_1>": CANARIES["Email"]}
    assert bob.lookup(["<Email_1>"]) == {}


def test_a_known_value_is_found_where_no_recognizer_finds_it() -> None:
    vault = MemoryVault()
    guard(vault=vault).protect(TEXT)
    blind = guard(vault=vault, recognizers=())

    assert blind.protect(CANARIES["Email"].upper()).text == "<Email_2>"
    assert_no_canary(blind.protect(f"Again {CANARIES['Email']} and {CANARIES['Medical Health']}").text)


def test_secrets_live_in_memory_and_come_home_within_the_guard_only() -> None:
    vault = MemoryVault()
    alice = guard(vault=vault)
    sent = alice.protect(TEXT).text

    assert CANARIES["Verification Code"] in alice.restore(sent)
    later = guard(vault=vault)
    assert "<Verification_Code_1>" in later.restore(sent)
    assert "<Verification_Code_2>" in later.protect(TEXT).text


def test_detect_stores_nothing() -> None:
    vault = MemoryVault()
    spans = guard(vault=vault).detect(TEXT)

    assert [span.privacy_type for span in spans] == ["Email", "Medical Health", "Verification Code"]
    assert vault.scopes() == []


def test_text_that_looks_like_a_placeholder_comes_back_and_reads_nothing() -> None:
    alice = guard()
    alice.protect(TEXT)
    sent = alice.protect("What is <Email_1>, [email 1] or Email_1?")

    assert_no_canary(alice.restore(sent.text))
    assert alice.restore(sent.text) == "What is <Email_1>, [email 1] or Email_1?"


def test_generic_placeholders_tell_no_type() -> None:
    alice = guard(policy=Policy(style=Style.GENERIC))
    sent = alice.protect(TEXT)

    assert sent.text == "Mail <Private_1>, I am ill: <Private_2>. Code <Private_3>."
    assert alice.restore(sent.text) == TEXT


def test_the_strict_preset_removes_secrets_for_good() -> None:
    alice = guard(policy=Policy.preset("strict"))
    sent = alice.protect(TEXT).text

    assert sent.endswith("Code [redacted].")
    assert_no_canary(alice.restore(sent), [CANARIES["Verification Code"]])


def test_a_failing_recognizer_lets_nothing_out_and_stores_nothing() -> None:
    vault = MemoryVault()
    alice = guard(vault=vault, recognizers=(ScriptedRecognizer(), ScriptedRecognizer(error=RuntimeError(TEXT))))
    with pytest.raises(DetectionError) as caught:
        alice.protect(TEXT)

    assert_no_canary(str(caught.value))
    assert vault.scopes() == []


def test_what_a_recognizer_did_not_read_is_told() -> None:
    class Limping(ScriptedRecognizer):
        def recognize(self, text: str, context: Context) -> Iterable[Span]:
            if context.degraded is not None:
                context.degraded.append("limping: not there")
            return super().recognize(text, context)

    limping = guard(recognizers=[Limping()])

    assert limping.protect(CANARIES["Email"]).degraded == ("limping: not there",)
    assert guard().protect("Hi").degraded == ()
    assert len(limping.detect(CANARIES["Email"])) == 1


def test_a_blocked_type_lets_nothing_out_and_stores_nothing() -> None:
    vault = MemoryVault()
    alice = guard(vault=vault, policy=Policy(by_type={"Verification Code": Action.BLOCK}))
    with pytest.raises(PolicyError) as caught:
        alice.protect(TEXT)

    assert_no_canary(str(caught.value))
    assert vault.scopes() == []


def test_messages_keep_their_shape_and_tool_arguments_stay_json() -> None:
    alice = guard()
    messages = [
        {"role": "system", "content": "Help."},
        {"role": "user", "content": [{"type": "text", "text": TEXT}]},
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "mail", "arguments": json.dumps({"to": CANARIES["Email"]})},
                }
            ],
        },
        {"role": "tool", "tool_call_id": "c1", "content": f"sent to {CANARIES['Email']}"},
    ]
    sent = alice.protect_messages(messages)

    assert_no_canary(json.dumps(sent, ensure_ascii=False))
    assert json.loads(sent[2]["tool_calls"][0]["function"]["arguments"]) == {"to": "<Email_1>"}
    home = alice.restore_messages(sent)
    assert home[1] == messages[1]
    assert json.loads(home[2]["tool_calls"][0]["function"]["arguments"]) == {"to": CANARIES["Email"]}
    assert home[3] == messages[3]


def test_an_unknown_message_part_is_refused() -> None:
    with pytest.raises(UnsupportedFormat):
        guard().protect_messages([{"role": "user", "content": [{"type": "hologram", "data": "x"}]}])


def test_a_stream_is_restored_as_it_arrives() -> None:
    alice = guard()
    alice.protect(TEXT)
    stream = alice.restorer()

    assert stream.feed("I wrote to <Em") == "I wrote to "
    assert stream.feed("ail_1>.") + stream.flush() == f"{CANARIES['Email']}."


def test_a_stream_of_json_is_escaped() -> None:
    alice = guard(recognizers=(ScriptedRecognizer({'a"b': "Password"}),))
    alice.protect('use a"b')
    stream = alice.restorer(json=True)

    assert json.loads(stream.feed('{"p": "<Pass') + stream.feed('word_1>"}') + stream.flush()) == {"p": 'a"b'}
    assert json.loads(alice.restore_json('{"p": "<Password_1>"}')) == {"p": 'a"b'}


def test_forgetting_a_value_or_the_scope_makes_its_placeholders_mean_nothing() -> None:
    alice = guard()
    sent = alice.protect(TEXT).text

    assert alice.forget_value(CANARIES["Email"]) == ["<Email_1>"]
    assert alice.restore("<Email_1>") == "<Email_1>"
    assert alice.protect(CANARIES["Email"]).text == "<Email_2>"
    assert alice.forget() == 3
    assert alice.restore(sent) == sent


@pytest.mark.parametrize("preset", ["pl2", "pl3", "pl4"])
@given(text=texts())
@example(text="<Private_1\\u003eLiteral_1>")
@example(text="[Email_1%3EPerson_1")
def test_the_round_trip_holds_for_any_text(preset: str, text: str) -> None:
    recognizer = ScriptedRecognizer(dict.fromkeys(VALUES, "Medical Health"))
    alice = guard(policy=Policy.preset(preset), recognizers=(recognizer,))

    assert alice.restore(alice.protect(text).text) == text


@given(texts())
def test_protecting_twice_comes_home_in_two_steps(text: str) -> None:
    """A text that was protected already is protected as it is: nothing is lost."""
    alice = guard(recognizers=(ScriptedRecognizer(dict.fromkeys(VALUES, "Email")),))
    once = alice.protect(text).text
    twice = alice.protect(once).text

    assert alice.restore(twice) == once
    assert alice.restore(once) == text


@given(texts())
def test_the_same_text_gives_the_same_bytes_again(text: str) -> None:
    """Prompt caches stay warm: protect(restore(protect(x))) == protect(x) once its values are known."""
    alice = guard(recognizers=(ScriptedRecognizer(dict.fromkeys(VALUES, "Medical Health")),))
    alice.protect(text)
    once = alice.protect(text).text

    assert alice.protect(alice.restore(once)).text == once


@given(texts())
def test_every_placeholder_sent_was_issued(text: str) -> None:
    alice = guard(recognizers=(ScriptedRecognizer(dict.fromkeys(VALUES, "Medical Health")),))
    alice.protect("earlier text with my wife Mara and 829417")

    for placeholder in find(alice.protect(text).text):
        assert alice.restore(placeholder.written) != placeholder.written


def test_levels_are_part_of_the_public_face() -> None:
    assert [str(level) for level in PrivacyLevel] == ["PL1", "PL2", "PL3", "PL4"]
