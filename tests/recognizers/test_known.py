"""Known values are found again, in every obvious variant, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.detect import Context
from memveil.errors import DetectionError
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.known import KnownValues
from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, Revision
from tests.texts import VALUES, texts


@dataclass
class Source:
    """A scope as the recognizer sees it."""

    entries: list[Entry] = field(default_factory=list)
    live: list[Entry] = field(default_factory=list)
    erasures: int = 0

    def add(self, value: str, kind: str = "Third-Party Identifiable Info", *, secret: bool = False) -> None:
        level = PrivacyLevel.PL4 if secret else PRIVACY_TYPES[kind].level
        target = self.live if secret else self.entries
        position = max((entry.position for entry in target), default=0) + 1
        target.append(Entry(f"<Person_{position}>", value, kind, level, position))

    def revision(self) -> Revision:
        return Revision(b"1", self.erasures, max((e.position for e in self.entries), default=0))

    def known(self, after: int = 0) -> Iterable[Entry]:
        return [entry for entry in self.entries if entry.position > after]

    def secrets(self) -> Iterable[Entry]:
        return list(self.live)


def found(recognizer: KnownValues, text: str) -> list[str]:
    return [text[span.start : span.end] for span in recognizer.recognize(text, Context())]


def knowing(*values: str, kind: str = "Third-Party Identifiable Info") -> KnownValues:
    source = Source()
    for value in values:
        source.add(value, kind)
    return KnownValues(source)


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ("lena@hartwig.example", "mail LENA@Hartwig.example now", "LENA@Hartwig.example"),
        ("+47 412 55 908", "call +4741255908.", "+4741255908"),
        ("+47 412 55 908", "call 47-412-55-908.", "47-412-55-908"),
        ("13800138000", "电话１３８００１３８０００。", "１３８００１３８０００"),
        ("13800138000", "电话138-0013-8000。", "138-0013-8000"),
        ("4539148803436467", "card 4539 1488 0343 6467", "4539 1488 0343 6467"),
        ("617-340", "用617340登录", "617340"),
        ("苏婉", "昨天苏婉说", "苏婉"),
        ("阿伦", "阿\u200b伦来了", "阿\u200b伦"),
        ("Via Manzoni 12", "in via manzoni 12, Milano", "via manzoni 12"),
        ("Rose", "Ask Rose.", "Rose"),
        ("ABC-7731", "看abc-7731吧", "abc-7731"),
        ("Peter", "met Ola Petersson", "Petersson"),
        ("colleague", "gifts to colleagues", "colleagues"),
        ("13800138000", "n=1380013800012", "1380013800012"),
    ],
)
def test_a_value_and_its_variants_are_found(value: str, text: str, expected: str) -> None:
    assert expected in found(knowing(value), text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Rose", "the price rose"),
        ("Mara", "Tamara"),
        ("rent", "the current parents"),
        ("UCL", "NUCLEAR"),
        ("35", "35 km and 35 minutes"),
        ("617-340", "it cost 16173 402"),
        ("男", "男人"),
        ("12 345 678", "12\n\n\n345 678"),
    ],
)
def test_other_text_is_left_alone(value: str, text: str) -> None:
    assert found(knowing(value), text) == []


def test_values_are_found_as_soon_as_they_are_known_and_no_longer_than_that() -> None:
    source = Source()
    recognizer = KnownValues(source)
    assert found(recognizer, "阿伦 and Nomvula") == []

    for value in ("阿伦", "Nomvula", *(f"Nomvula {n:04d}" for n in range(300))):
        source.add(value)
    assert found(recognizer, "阿伦, Nomvula 0123") == ["阿伦", "Nomvula", "Nomvula 0123"] or set(
        found(recognizer, "阿伦, Nomvula 0123")
    ) == {"阿伦", "Nomvula", "Nomvula 0123"}

    source.entries = source.entries[1:]
    source.erasures += 1
    assert found(recognizer, "阿伦") == []


def test_more_values_than_the_limit_stop_the_request() -> None:
    source = Source()
    for value in ("Nomvula", "Bjarne", "阿伦"):
        source.add(value)
    recognizer = KnownValues(source, limit=2)
    with pytest.raises(DetectionError, match="more than 2 known values"):
        list(recognizer.recognize("Nomvula", Context()))

    source.entries = source.entries[:2]
    source.erasures += 1
    assert found(recognizer, "Nomvula") == ["Nomvula"]


def test_secrets_are_found_while_they_live() -> None:
    source = Source()
    source.add("417", "Payment Security Code", secret=True)
    recognizer = KnownValues(source)
    assert found(recognizer, "用417付") == ["417"]

    source.live.clear()
    assert found(recognizer, "用417付") == []


def test_a_span_carries_type_and_level_of_the_entry() -> None:
    (span,) = knowing("lena@hartwig.example", kind="Email").recognize("lena@hartwig.example", Context())

    assert (span.privacy_type, span.level, span.recognizer) == ("Email", PrivacyLevel.PL2, "known")


def test_look_alikes_stored_as_literals_are_no_private_values() -> None:
    source = Source()
    source.entries.append(Entry("<Literal_1>", "<Email_1>", "Literal", PrivacyLevel.PL2, 1))

    assert found(KnownValues(source), "<Email_1>") == []


@given(texts(), texts(), st.sampled_from([v for v in VALUES if v != "<Email_1>"]))
def test_a_value_between_blanks_is_always_found(before: str, after: str, value: str) -> None:
    text = f"{before} {value} {after}"

    assert value in found(knowing(value), text)


@given(texts())
def test_every_span_lies_inside_the_text(text: str) -> None:
    assert all(0 <= s.start < s.end <= len(text) for s in knowing(*VALUES).recognize(text, Context()))
