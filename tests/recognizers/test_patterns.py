"""The rule engine: where rules wake, how they find values, and how they settle overlaps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.detect import Context
from memveil.recognizers.patterns import Pattern, PatternRecognizer
from memveil.recognizers.rules import ALL_PATTERNS
from memveil.spans import PrivacyLevel, Span


def _row(name: str, regex: str, *keywords: str, privacy_type: str = "Token", **more: object) -> Pattern:
    return Pattern(name=name, privacy_type=privacy_type, regex=regex, keywords=keywords, **more)  # type: ignore[arg-type]


def _spans(text: str, *patterns: Pattern) -> list[Span]:
    return list(PatternRecognizer(patterns).recognize(text, Context()))


def _values(text: str, *patterns: Pattern) -> list[str]:
    return [text[span.start : span.end] for span in _spans(text, *patterns)]


def test_the_group_value_is_the_span_and_the_whole_match_where_there_is_none() -> None:
    assert _values("key=heron", _row("a", r"key=(?P<value>[a-z]+)", "key")) == ["heron"]
    assert _values("key=heron", _row("a", r"key=[a-z]+", "key")) == ["key=heron"]


def test_a_span_carries_type_level_score_and_recognizer() -> None:
    (span,) = _spans("x heron", _row("a", "heron", "heron", privacy_type="Email", score=0.7))
    assert (span.privacy_type, span.level, span.score, span.recognizer) == ("Email", PrivacyLevel.PL2, 0.7, "patterns")

    (raised,) = _spans("x heron", _row("a", "heron", "heron", privacy_type="Email", level=PrivacyLevel.PL4))
    assert raised.level is PrivacyLevel.PL4


def test_an_empty_value_and_a_refused_one_are_no_spans() -> None:
    assert _values("key=", _row("a", r"key=(?P<value>[a-z]*)", "key")) == []
    assert _values("key=heron", _row("a", r"key=(?P<value>[a-z]+)", "key", validate=str.isdigit)) == []


def test_a_rule_sleeps_where_none_of_its_keywords_stands() -> None:
    assert _values("heron 77", _row("a", r"\d+", "stork", "crane")) == []
    assert _values("crane heron 77", _row("a", r"\d+", "stork", "crane")) == ["77"]


def test_a_rule_without_keywords_runs_everywhere() -> None:
    assert _values("heron 77", _row("a", r"\d+")) == ["77"]


def test_keywords_are_found_in_any_case_and_width() -> None:
    assert _values("ＣＲＡＮＥ ７７", _row("a", r"\d+", "crane")) == ["７７"]


def test_reach_nought_takes_matches_at_the_keyword_only() -> None:
    row = _row("a", r"(?:pin )?(?P<value>\d+)|pin (?P<other>x)", "pin", reach=0)

    assert _values("11 pin 22 pin 33 44", row) == ["22", "33"]


def test_reach_bounds_the_distance_of_a_match_from_a_keyword() -> None:
    near = _row("a", r"\d+", "pin", reach=8)

    assert _values("1111" + " " * 9 + "pin", near) == []
    assert _values("1111" + " " * 4 + "pin", near) == ["1111"]
    assert _values("pin" + " " * 8 + "1111", near) == ["1111"]
    assert _values("pin" + " " * 9 + "1111" + " " * 30, near) == []


def test_a_match_that_begins_in_reach_is_never_cut() -> None:
    row = _row("a", r"\d{3,5000}", "pin", reach=8)
    text = f"{'. ' * 3000}pin {'7' * 4000} {'. ' * 3000}"

    assert _values(text, row) == ["7" * 4000]


def test_what_forbids_a_match_behind_the_window_still_forbids_it() -> None:
    row = _row("a", r"\d{1000,1028}(?!\d)", "pin", reach=8)

    assert _values(f"{'. ' * 3000}pin{'7' * 4000}{'. ' * 3000}", row) == []


def test_windows_of_neighbouring_keywords_find_a_value_once() -> None:
    row = _row("a", r"\d+", "pin", reach=20)

    assert _values("pin 11 pin 22 pin" + " " * 400 + "pin 33", row) == ["11", "22", "33"]


def test_keywords_must_be_lower_case_literals() -> None:
    for keyword in ("Pin", ""):
        with pytest.raises(ValueError, match=r"rule a: keywords"):
            PatternRecognizer([_row("a", "x", keyword)])


def test_offsets_refer_to_the_text_as_it_was_typed() -> None:
    row = _row("a", r"pin(?P<value>\d+)", "pin")

    assert _values("İİ pin\u200b4\u200b4７１!", row) == ["4\u200b4７１"]


def test_the_surer_rule_wins_an_overlap_then_the_longer_value() -> None:
    short = _row("a.short", "heron", "heron", privacy_type="Key")
    longer = _row("b.long", "heron lake", "heron")
    surer = _row("c.sure", "lake", "lake", privacy_type="Password", score=0.95)

    assert _values("heron lake", short, longer) == ["heron lake"]
    assert _values("heron lake", short, longer, surer) == ["heron", "lake"]


def test_the_nearest_cue_decides_then_the_longer_one_then_the_one_in_front() -> None:
    value = r".{0,30}?(?P<value>\d{4})"
    order = _row("a", rf"(?P<cue>order){value}", "order", privacy_type="Transaction Record")
    code = _row("b", rf"(?P<cue>code){value}", "code", privacy_type="Verification Code")
    long = _row("c", rf"(?P<cue>door code){value}", "door", privacy_type="Password")
    behind = _row("d", r"(?P<value>\d{4}) (?P<cue>token)", "token")
    everything = (order, code, long, behind)

    def types(text: str) -> list[str]:
        return [span.privacy_type for span in _spans(text, *everything)]

    assert types("the order has the code 1234") == ["Verification Code"]
    assert types("the code of the order 1234") == ["Transaction Record"]
    assert types("the order's door code 1234") == ["Password"]
    assert types("the code is 1234 token") == ["Token"]
    assert types("the code 1234 token") == ["Verification Code"]


def test_equal_values_in_a_text_get_the_type_of_the_surest_mention() -> None:
    order = _row("a", r"(?P<cue>order) (?P<value>\w{6})", "order", privacy_type="Transaction Record")
    bare = _row("b", r"[a-z]\d{5}", privacy_type="Project/Task ID", score=0.5)

    spans = _spans("k48812 again: order k48812, not k48813", order, bare)

    assert [span.privacy_type for span in spans] == ["Transaction Record", "Transaction Record", "Project/Task ID"]


_PIECES = st.sampled_from(
    [
        "code ",
        "验证码",
        "829-417",
        "#REQ-7731",
        " ",
        "，",
        "密码是",
        "heron77x",
        "10.2.3.4",
        "ｏｒｄｅｒ ",
        "\u200b",
        "\n",
        "a",
        "4",
    ]
)
_TEXTS = st.lists(_PIECES, max_size=30).map("".join)


@given(text=_TEXTS)
def test_spans_are_disjoint_ordered_and_inside_the_text(text: str) -> None:
    spans = _spans(text, *ALL_PATTERNS)

    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start for end, span in zip(ends, spans, strict=False))
    assert ends[-1] <= len(text)


_FAR = ". \n" * 1000


@given(text=_TEXTS)
def test_what_stands_far_away_changes_nothing(text: str) -> None:
    recognizer = PatternRecognizer(ALL_PATTERNS)
    alone = list(recognizer.recognize(f"\n\n{text}\n\n", Context()))
    padded = list(recognizer.recognize(f"{_FAR}\n\n{text}\n\n{_FAR}", Context()))

    assert [(span.start + len(_FAR), span.end + len(_FAR), span.privacy_type) for span in alone] == [
        (span.start, span.end, span.privacy_type) for span in padded
    ]


@pytest.mark.parametrize(
    "text", ["", "a" * 100_000, "-" * 100_000, "1" * 100_000, "密码" * 20_000, "\x00\ud800", "#A-" * 30_000]
)
def test_dull_texts_hold_nothing(text: str) -> None:
    assert _spans(text, *ALL_PATTERNS) == []


def test_a_text_of_many_slices_is_searched_whole() -> None:
    row = _row("a", r"pin (?P<value>\d+)", "pin", reach=0)
    near = _row("b", r"\d+ z", "z", reach=4, privacy_type="Key")
    text = "".join(f"{'.' * 997}pin {number} z" for number in range(400))

    values = _values(text, row, near)

    assert values == [f"{number} z" for number in range(400)]
