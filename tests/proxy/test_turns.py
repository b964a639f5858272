from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest

from memveil.detect import Context
from memveil.errors import PolicyError
from memveil.policy import Policy, Style
from memveil.proxy.options import ToolPolicy
from memveil.proxy.turns import NotAtHand, ScopeRules, Scopes, Turn
from memveil.spans import PrivacyLevel, Span
from memveil.testing import CANARIES, ScriptedRecognizer
from memveil.vault.memory import MemoryVault

MAIL, SECRET, PHONE = CANARIES["Email"], CANARIES["Password"], CANARIES["Phone Number"]


def scopes(**options: object) -> Scopes:
    return Scopes(MemoryVault(), recognizers=(ScriptedRecognizer(),), **options)  # type: ignore[arg-type]


def sent(turn: Turn, text: str) -> str:
    return turn.outbound(allows_media=False).text(text, "x")


def home(turn: Turn, text: str, tool: str | None = None) -> str:
    walk = turn.inbound(is_json=False)
    return (walk if tool is None else walk.calling(tool)).text(text, "x")


def test_a_secret_has_one_number_but_comes_home_only_where_it_was_carried() -> None:
    all_ = scopes()
    first, second, third = (all_.begin("alice", ToolPolicy()) for _ in range(3))

    assert sent(first, f"{MAIL} {SECRET}") == "<Email_1> <Password_1>"
    assert sent(third, f"again {SECRET}") == "again <Password_1>"
    assert home(first, "<Email_1> <Password_1>") == f"{MAIL} {SECRET}"
    assert home(second, "<Email_1> <Password_1>") == f"{MAIL} <Password_1>"
    assert home(third, "<Password_1>") == SECRET
    assert (first.restored, second.restored) == (2, 1)


def test_what_a_user_typed_does_not_carry_a_secret() -> None:
    all_ = scopes()
    sent(all_.begin("alice", ToolPolicy()), SECRET)
    turn = all_.begin("alice", ToolPolicy())

    assert sent(turn, "repeat <Password_1>") == "repeat <Literal_1>"
    assert home(turn, "<Password_1> <Literal_1>") == "<Password_1> <Password_1>"


def test_spans_are_counted_and_hidden() -> None:
    turn = scopes().begin("alice", ToolPolicy())
    sent(turn, f"{MAIL} {SECRET} {MAIL}")

    assert turn.types == {"Email": 2, "Password": 1}
    assert turn.levels == {"PL2": 2, "PL4": 1}
    assert turn.actions == {"pseudonymize": 3}
    assert turn.scope == "alice"


def test_scopes_share_nothing_and_have_rules_of_their_own() -> None:
    all_ = scopes(by_scope={"bob": ScopeRules(policy=Policy(threshold=PrivacyLevel.PL4))})
    alice, bob = all_.begin("alice", ToolPolicy()), all_.begin("bob", ToolPolicy())

    assert sent(alice, MAIL) == "<Email_1>"
    assert sent(bob, MAIL) == MAIL
    assert home(bob, "<Email_1>") == "<Email_1>"
    all_.probe()


def test_tools_get_values_as_the_policy_says() -> None:
    turn = scopes().begin("alice", ToolPolicy(keep=("remember",), refuse=("post_*",)))
    sent(turn, MAIL)

    assert home(turn, "<Email_1>", "send") == MAIL
    assert home(turn, "<Email_1>", "remember") == "<Email_1>"
    assert home(turn, "<Email_9>", "post_it") == "<Email_9>"
    with pytest.raises(PolicyError, match="keeps values out"):
        home(turn, "<Email_1>", "post_it")
    assert turn.refused_tools == 1


@pytest.mark.parametrize("style", list(Style))
def test_signed_text_passes_only_without_values(style: Style) -> None:
    all_ = scopes(rules=ScopeRules(policy=Policy(style=style)))
    turn = all_.begin("alice", ToolPolicy())
    sent(turn, MAIL)
    walk = turn.outbound(allows_media=False)

    assert walk.seals("it is about <Email_1>, Oslo")
    assert not walk.seals(f"it is about {MAIL}")


def test_many_scopes_are_opened_again_when_they_come_back() -> None:
    all_ = scopes()
    sent(all_.begin("alice", ToolPolicy()), f"{MAIL} {SECRET}")
    for number in range(300):
        all_.begin(f"s{number}", ToolPolicy())

    assert sent(all_.begin("alice", ToolPolicy()), f"{SECRET} {MAIL}") == "<Password_1> <Email_1>"


class Person:
    """Somebody who is asked, and says yes to some tools."""

    def __init__(self, *agrees: str) -> None:
        self.agrees = agrees
        self.asked: list[tuple[str, list[str]]] = []

    def __call__(self, tool: str, placeholders: Sequence[str]) -> bool:
        self.asked.append((tool, list(placeholders)))
        return tool in self.agrees


def test_a_person_is_asked_once_for_each_value_and_each_answer() -> None:
    all_, person = scopes(), Person("pay_rent")
    tools = ToolPolicy(ask=("pay_*",), approve=person)
    first = all_.begin("alice", tools)
    sent(first, f"{MAIL} {PHONE}")

    assert home(first, "<Email_1>", "send") == MAIL
    assert home(first, "nothing of value, <Email_9>", "pay_rent") == "nothing of value, <Email_9>"
    assert person.asked == []
    assert home(first, "<Email_1>", "pay_rent") == MAIL
    assert home(first, "<Email_1> <Phone_1> <Email_1>", "pay_rent") == f"{MAIL} {PHONE} {MAIL}"
    assert person.asked == [("pay_rent", ["<Email_1>"]), ("pay_rent", ["<Phone_1>"])]
    second = all_.begin("alice", tools)
    assert home(second, "<Email_1>", "pay_rent") == MAIL
    assert len(person.asked) == 3, "another answer is another question"


def test_a_person_who_says_no_is_obeyed_and_refusal_is_stricter_than_a_question() -> None:
    person = Person()
    turn = scopes().begin("alice", ToolPolicy(ask=("pay_*",), refuse=("pay_all",), keep=("*",), approve=person))
    sent(turn, MAIL)

    with pytest.raises(PolicyError, match="nobody allowed"):
        home(turn, "<Email_1>", "pay_rent")
    with pytest.raises(PolicyError, match="keeps values out"):
        home(turn, "<Email_1>", "pay_all")
    assert (len(person.asked), turn.refused_tools, turn.restored) == (1, 2, 0)


def test_what_comes_out_of_a_tool_that_got_placeholders_is_still_ours() -> None:
    """Otherwise the model would read <Literal_1>, and the user <Email_1> instead of the address."""
    all_ = scopes()
    sent(all_.begin("alice", ToolPolicy()), MAIL)
    turn = all_.begin("alice", ToolPolicy(keep=("recall",)))
    walk = turn.outbound(allows_media=False).calling("recall")

    assert walk.text(f"mail <Email_1>, [email 1], <Email_9> or {PHONE}", "x") == (
        "mail <Email_1>, [email 1], <Literal_1> or <Phone_1>"
    )
    assert home(turn, "it is <Email_1>") == f"it is {MAIL}"


def test_short_values_inside_words_do_not_leave_by_the_history_of_a_tool() -> None:
    """Put back and looked for again, `Bo` would not be found in `xBoy`."""
    all_ = Scopes(MemoryVault(), recognizers=(ScriptedRecognizer({"Bo": "Real Name"}),))
    sent(all_.begin("alice", ToolPolicy()), "I am Bo")
    walk = all_.begin("alice", ToolPolicy(keep=("recall",))).outbound(allows_media=False)

    assert walk.calling("recall").document('{"q":"x<Real_Name_1>y"}', "x") == '{"q":"x<Real_Name_1>y"}'


def test_calls_of_tools_that_keep_placeholders_are_known_in_later_requests_of_the_scope() -> None:
    all_, tools = scopes(), ToolPolicy(keep=("recall",))
    walk = all_.begin("alice", tools).inbound(is_json=False)
    for number in range(5000):
        walk.called(f"call_{number}", "recall")
    walk.called("call_x", "send")
    walk.called("", "recall")
    later = all_.begin("alice", tools).outbound(allows_media=False)
    other = all_.begin("bob", tools).outbound(allows_media=False)

    assert [later.tool_of(call, "") for call in ("call_4999", "call_0", "call_x", "")] == ["recall", None, None, None]
    assert other.tool_of("call_4999", "") is None


def test_the_history_of_a_tool_that_got_placeholders_keeps_its_bytes() -> None:
    all_ = scopes()
    sent(all_.begin("alice", ToolPolicy()), f"{MAIL} {SECRET}")
    turn = all_.begin("alice", ToolPolicy(keep=("remember",)))
    walk = turn.outbound(allows_media=False)

    assert walk.calling("remember").document('{ "to":"<Email_1>"}', "x") == '{ "to":"<Email_1>"}'
    assert walk.calling("remember").text("<Password_1>", "x") == "<Literal_1>", "this request does not carry it"
    assert walk.calling("send").text("<Email_1>", "x") == "<Literal_2>"


def test_what_a_request_shows_is_at_hand_for_its_answer_and_nothing_else() -> None:
    all_ = scopes()
    sent(all_.begin("alice", ToolPolicy()), f"{PHONE} {SECRET}")
    turn = all_.begin("alice", ToolPolicy(ask=("pay",), approve=Person("pay")))
    sent(turn, MAIL)
    with pytest.raises(NotAtHand):
        turn.at_once(lambda: home(turn, "<Email_1>"))
    turn.prepare()

    assert turn.at_once(lambda: home(turn, "to <Email_1>")) == f"to {MAIL}"
    for text, tool in (("<Email_1> <Phone_1>", None), ("<Password_1>", None), ("<Email_1>", "pay")):
        with pytest.raises(NotAtHand):
            turn.at_once(lambda text=text, tool=tool: home(turn, text, tool))  # type: ignore[misc]
    assert turn.restored == 1, "what was tried in vain is not counted"
    assert home(turn, "<Email_1> <Phone_1> <Password_1>") == f"{MAIL} {PHONE} <Password_1>"
    assert home(turn, "<Email_1>", "pay") == MAIL
    assert turn.at_once(lambda: home(turn, "<Email_1>", "pay")) == MAIL, "a yes is at hand from then on"


def test_texts_that_a_recognizer_did_not_read_are_counted() -> None:
    class Limping(ScriptedRecognizer):
        def recognize(self, text: str, context: Context) -> Iterable[Span]:
            if "limp" in text and context.degraded is not None:
                context.degraded.append("limping: not there")
            return super().recognize(text, context)

    turn = Scopes(MemoryVault(), recognizers=(Limping(),)).begin("alice", ToolPolicy())

    assert [sent(turn, text) for text in (f"limp {MAIL}", "walk", f"limp {MAIL}")] == [
        "limp <Email_1>",
        "walk",
        "limp <Email_1>",
    ]
    assert turn.degraded == 2


def test_a_text_apart_is_looked_at_without_what_was_said() -> None:
    seen: list[tuple[str, tuple[str, ...]]] = []

    class Noting:
        name = "noting"

        def recognize(self, text: str, context: Context) -> Iterable[Span]:
            seen.append((text, context.previous))
            return ()

    all_ = Scopes(MemoryVault(), recognizers=(Noting(),))
    for said in (["hello"], ["hello", "and then"]):
        walk = all_.begin("alice", ToolPolicy()).outbound(allows_media=False)
        for text in said:
            walk.text(text, "x")
        walk.apart().text("be kind", "x")

    # What is the same in the second request was not asked again.
    assert seen == [("hello", ()), ("be kind", ()), ("and then", ("hello",))]
