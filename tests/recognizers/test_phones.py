"""Telephone numbers of many countries are found; dates, sums and other numbers are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.detect import Context
from memveil.recognizers.phones import PhoneRecognizer

_RECOGNIZER = PhoneRecognizer()


def _found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in _RECOGNIZER.recognize(text, Context())]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("call +47 412 55 908 after six", "+47 412 55 908"),
        ("+1 (212) 555-0147, ask for Ines", "+1 (212) 555-0147"),
        ("ring 0044 20 7946 0958 now", "0044 20 7946 0958"),
        ("+86 138 0447 1120给我", "+86 138 0447 1120"),
        ("我的手机是13804471120，谢谢", "13804471120"),
        ("打138-0447-1120找我", "138-0447-1120"),
        ("电话１３８０４４７１１２０", "１３８０４４７１１２０"),
        ("138\u200b0447\u200b1120", "138\u200b0447\u200b1120"),
        ("📱13804471120", "13804471120"),
        ("（13804471120）", "13804471120"),
        ("座机0571-88204471转8801", "0571-88204471转8801"),
        ('Her number is "(212) 555-0147" she said', "(212) 555-0147"),
        ("212-555-0147", "212-555-0147"),
        ("212.555.0147", "212.555.0147"),
        ("2125550147", "2125550147"),
        ("Handy: 0171 4471203", "0171 4471203"),
        ("Telefon 089/44712033", "089/44712033"),
        ("携帯は090-4471-2033です", "090-4471-2033"),
        ("전화번호 010-4471-2033", "010-4471-2033"),
        ("(03) 6288 0417", "(03) 6288 0417"),
        ("my phone number is 555-4471", "555-4471"),
        ("whatsapp 98220 55173", "98220 55173"),
        ("SSN:219-09-9998Phone:(212)555-0147Email", "(212)555-0147"),
    ],
)
def test_a_number_is_found(text: str, value: str) -> None:
    assert _found(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "on 2024-03-07 at 10:30",
        "07.03.2024 10:30",
        "it costs $2,125,550,147",
        "order 212-555-0147",
        "ISBN 0-306-40615-2",
        "138044711209",
        "1380447112",
        "10004471120",
        "version 0.12.345678901",
        "IBAN CH46 0070 0114 8031 2279 5",
        "tracking 1Z 88F 402 03 9917 4420",
        "2345 6789 0123",
        "4024-0071-4471-2030",
        "calculate 13804471120 / 2",
        "page 0 12 345",
        "550e8400-e29b-41d4-a716-446655440000",
        "10.20.30.40",
        "",
    ],
)
def test_another_number_is_left_alone(text: str) -> None:
    assert _found(text) == []


def test_neighbours_are_two_numbers() -> None:
    assert _found("13804471120 13904471120") == ["13804471120", "13904471120"]


def test_an_international_number_ends_where_its_country_says() -> None:
    assert _found("+1 212 555 0147 14 Oct") == ["+1 212 555 0147"]


@given(text=st.text(alphabet="0123456789+-.() 电话tel/x", max_size=120))
def test_spans_are_disjoint_ordered_and_inside_the_text(text: str) -> None:
    spans = list(_RECOGNIZER.recognize(text, Context()))

    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start for end, span in zip(ends, spans, strict=False))
    assert ends[-1] <= len(text)


@given(
    digits=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    before=st.sampled_from(["", "手机", "我的号码是", "Tel: ", "“", "\n"]),
    after=st.sampled_from(["", "，", "。", " ok", "”", "\r\n"]),
)
def test_a_chinese_mobile_is_found_wherever_it_stands(digits: str, before: str, after: str) -> None:
    assert _found(f"{before}{digits}{after}") == [digits]
