"""Pseudonymize: nothing protected is left, and everything comes home."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import PolicyError
from memveil.placeholders import find, write
from memveil.pseudonymize import REDACTED, Replacement, pseudonymize
from memveil.restore import restore
from memveil.spans import Action, PrivacyLevel, Span
from tests.texts import texts


class Book:
    """A vault of the simplest kind."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.values: dict[str, str] = {}

    def assign(self, wanted: Sequence[Replacement]) -> list[str]:
        issued = []
        for replacement in wanted:
            placeholder = write(replacement.tag or "Person", len(self.values) + 1)
            self.values[placeholder] = self.text[replacement.start : replacement.end]
            issued.append(placeholder)
        return issued

    def lookup(self, placeholders: Iterable[str]) -> dict[str, str]:
        return {p: self.values[p] for p in placeholders if p in self.values}


def span(start: int, end: int, action: Action = Action.PSEUDONYMIZE) -> Span:
    return Span(start, end, "Third-Party Identifiable Info", PrivacyLevel.PL2, action=action)


@st.composite
def decided(draw: st.DrawFn, actions: Sequence[Action]) -> tuple[str, list[Span]]:
    text = draw(texts())
    borders = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(borders[::2], borders[1::2], strict=False)
    return text, [span(start, end, draw(st.sampled_from(actions))) for start, end in pairs]


@given(decided([Action.KEEP, Action.PSEUDONYMIZE]))
def test_what_went_out_comes_home(case: tuple[str, list[Span]]) -> None:
    """The round-trip law, for spans anywhere, look-alikes included."""
    text, spans = case
    book = Book(text)

    assert restore(pseudonymize(text, spans, book.assign), book.lookup) == text


@given(decided([Action.KEEP, Action.PSEUDONYMIZE, Action.REDACT]))
def test_every_placeholder_of_the_protected_text_was_issued_for_it(case: tuple[str, list[Span]]) -> None:
    """A look-alike typed by the user can never be used to read a value."""
    text, spans = case
    book = Book(text)
    protected = pseudonymize(text, spans, book.assign)

    assert [p.written for p in find(protected)] == list(dict.fromkeys(p.written for p in find(protected)))
    assert {p.written for p in find(protected)} == set(book.values)


def test_a_redacted_span_is_gone_and_stays_gone() -> None:
    book = Book("code 829417 ok")
    protected = pseudonymize(book.text, [span(5, 11, Action.REDACT)], book.assign)

    assert protected == f"code {REDACTED} ok"
    assert restore(protected, book.lookup) == protected


def test_a_blocked_span_stops_the_text_and_names_only_its_type() -> None:
    with pytest.raises(PolicyError, match="Third-Party Identifiable Info") as caught:
        pseudonymize("code 829417 ok", [span(5, 11, Action.BLOCK)], lambda _wanted: [])

    assert "829417" not in str(caught.value)


def test_assign_is_called_once_and_not_at_all_without_need() -> None:
    calls: list[int] = []

    def assign(wanted: Sequence[Replacement]) -> list[str]:
        calls.append(len(wanted))
        return [write("Person", n) for n in range(1, len(wanted) + 1)]

    pseudonymize("nothing here", [], assign)
    pseudonymize("ab <Email_1> cd", [span(0, 2), span(13, 15)], assign)

    assert calls == [3]
