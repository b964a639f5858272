from __future__ import annotations

from memveil.placeholders import find
from memveil.proxy.options import SYSTEM_NOTE, GatewayOptions, ToolPolicy


def test_tools_get_values_unless_they_are_named() -> None:
    tools = ToolPolicy(keep=("remember", "mem_*"), ask=("pay_*",), refuse=("post",))

    assert [tools.keeps(name) for name in ("remember", "mem_add", "send", "Remember")] == [True, True, False, False]
    assert [tools.asks(name) for name in ("pay_now", "pay", "send")] == [True, False, False]
    assert [tools.refuses(name) for name in ("post", "poster", "send")] == [True, False, False]


def test_where_nobody_can_be_asked_the_answer_is_no() -> None:
    assert not ToolPolicy(ask=("*",)).approve("send", ["<Email_1>"])


def test_the_note_names_placeholders_as_they_are_written() -> None:
    assert [placeholder.written for placeholder in find(SYSTEM_NOTE)][:1] == ["<Email_1>"]
    assert GatewayOptions().note == SYSTEM_NOTE
    assert not GatewayOptions().allows_media
