from __future__ import annotations

from collections.abc import Iterable

import pytest

from memveil.detect import Context
from memveil.recognizers.remembering import RememberingRecognizer, TextKeys
from memveil.spans import PrivacyLevel, Span


class Counting:
    """Finds the first character, and counts how often it was asked."""

    name = "counting"

    def __init__(self) -> None:
        self.asked = 0
        self.error: Exception | None = None

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        self.asked += 1
        if self.error is not None:
            raise self.error
        yield Span(0, 1, "Email", PrivacyLevel.PL2)


def test_the_same_text_in_the_same_context_is_asked_once() -> None:
    inner = Counting()
    recognizer = RememberingRecognizer(inner)
    contexts = [
        Context(),
        Context("Ines"),
        Context(None, ("a",)),
        Context(None, ("a", "b")),
        Context(None, ("ab",)),
        Context(None, ("", "a")),
    ]

    for _ in range(3):
        for context in contexts:
            assert list(recognizer.recognize("x\ud800", context)) == [Span(0, 1, "Email", PrivacyLevel.PL2)]

    assert inner.asked == len(contexts)
    assert recognizer.name == "counting"


def test_a_failure_is_not_remembered_and_the_oldest_goes_first() -> None:
    inner = Counting()
    recognizer = RememberingRecognizer(inner, kept=2)
    inner.error = ValueError()
    with pytest.raises(ValueError):  # noqa: PT011
        recognizer.recognize("a", Context())
    inner.error = None
    for text in ("a", "b", "a", "c", "a", "b"):
        recognizer.recognize(text, Context())

    assert inner.asked == 1 + 4


def test_no_text_is_kept() -> None:
    recognizer = RememberingRecognizer(Counting())
    recognizer.recognize("a long and private text", Context("Ines Larsen"))

    assert "private" not in repr(vars(recognizer))
    assert "Ines" not in repr(vars(recognizer))


def test_half_an_answer_is_passed_on_and_not_remembered() -> None:
    class Limping(Counting):
        def recognize(self, text: str, context: Context) -> Iterable[Span]:
            assert context.degraded is not None
            if self.asked < 2:
                context.degraded.append("llm: not there")
            return super().recognize(text, context)

    inner = Limping()
    recognizer = RememberingRecognizer(inner)
    heard: list[str] = []
    for _ in range(4):
        recognizer.recognize("a", Context(degraded=heard))

    assert heard == ["llm: not there"] * 2
    assert inner.asked == 3
    recognizer.recognize("a", Context())
    assert inner.asked == 3


def test_recognizers_that_share_keys_share_no_answers() -> None:
    keys, first, second = TextKeys(), Counting(), Counting()
    cascade = [RememberingRecognizer(each, keys=keys) for each in (first, second)]
    context, text = Context(None, ("a",)), "some text"

    for asked in ((text, context), ("another", context), (text, Context(None, ("b",))), (text, context)):
        assert [list(each.recognize(*asked)) for each in cascade] == [[Span(0, 1, "Email", PrivacyLevel.PL2)]] * 2
    assert (first.asked, second.asked) == (3, 3)
    assert keys.key(text, context) != keys.key(text, Context(None, ("b",)))
    assert keys.key(text, context) != TextKeys().key(text, context), "the hash is keyed"
