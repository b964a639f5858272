"""The user's own full name is found in the forms that texts use, and nothing less than it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.detect import Context
from memveil.recognizers.user_name import UserNameRecognizer

_RECOGNIZER = UserNameRecognizer()


def _found(text: str, user_name: str | None) -> list[str]:
    spans = _RECOGNIZER.recognize(text, Context(user_name=user_name))
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("user_name", "text", "value"),
    [
        ("Lena Hartwig", "I am Lena Hartwig.", "Lena Hartwig"),
        ("Lena Hartwig", "signed: LENA HARTWIG", "LENA HARTWIG"),
        ("Lena Hartwig", "Lena  Hartwig's boat", "Lena  Hartwig"),
        ("Lena Hartwig", "Hartwig, Lena (b. 1955)", "Hartwig, Lena"),
        ("Lena Hartwig", "我叫Lena Hartwig，住在卑尔根", "Lena Hartwig"),
        ("Dr. Lena Hartwig", "Lena Hartwig wrote", "Lena Hartwig"),
        ("Lieutenant Colonel Lena Marie Hartwig (Ret.)", "From: Lena Marie Hartwig", "Lena Marie Hartwig"),
        ("Lena Marie Hartwig", "to Lena M. Hartwig", "Lena M. Hartwig"),
        ("Lena Marie Hartwig", "to Lena Hartwig", "Lena Hartwig"),
        ("Zuzana Kovářová", "Zuzana Kovarova here", "Zuzana Kovarova"),
        ("Zuzana Kovarova", "Zuzana Kova\u0301rova here", "Zuzana Kova\u0301rova"),
        ("Sean O'Malley-Reyes", "Sean O’Malley Reyes", "Sean O’Malley Reyes"),
        ("顾砚庭", "你好，我是顾砚庭，做修复的", "顾砚庭"),
        ("顾砚庭", "签名：顾 砚 庭", "顾 砚 庭"),
        ("伊莎多拉·门德斯", "我叫伊莎多拉•门德斯", "伊莎多拉•门德斯"),
        ("伊莎多拉·门德斯 (Isadora Mendes)", "我是Isadora Mendes。", "Isadora Mendes"),
        ("伊莎多拉·门德斯 (Isadora Mendes)", "我是伊莎多拉·门德斯。", "伊莎多拉·门德斯"),
        (
            "伊莎多拉·门德斯 (Isadora Mendes)",
            "伊莎多拉·门德斯（Isadora Mendes）敬上",
            "伊莎多拉·门德斯（Isadora Mendes）",
        ),
        ("Isadora Mendes (伊莎多拉·门德斯)", "Isadora Mendes (伊莎多拉·门德斯)", "Isadora Mendes (伊莎多拉·门德斯)"),
    ],
)
def test_a_form_of_the_full_name_is_found(user_name: str, text: str, value: str) -> None:
    assert _found(text, user_name) == [value]


@pytest.mark.parametrize(
    ("user_name", "text"),
    [
        (None, "Lena Hartwig"),
        ("", "Lena Hartwig"),
        ("Lena Hartwig", "Hello Lena, dear Ms. Hartwig"),
        ("Lena Hartwig", "lena.hartwig@fjord.example"),
        ("Lena Hartwig", "Lena Hartwigsen and Marlena Hartwig"),
        ("顾砚庭", "顾先生好"),
        ("Lena", "Lena is here"),
        ("Dr.", "Dr. who"),
        ("(Ret.)", "(Ret.)"),
    ],
)
def test_a_part_of_the_name_is_no_span(user_name: str | None, text: str) -> None:
    assert _found(text, user_name) == []


def test_every_mention_is_found_with_the_type_of_the_own_name() -> None:
    text = "Lena Hartwig, c/o Lena Hartwig"

    spans = list(_RECOGNIZER.recognize(text, Context(user_name="Lena Hartwig")))

    assert [(span.start, span.end) for span in spans] == [(0, 12), (18, 30)]
    assert {span.privacy_type for span in spans} == {"Real Name"}


@given(user_name=st.text(max_size=40), text=st.text(max_size=80))
def test_no_name_and_no_text_makes_it_fail(user_name: str, text: str) -> None:
    for span in _RECOGNIZER.recognize(text, Context(user_name=user_name)):
        assert 0 <= span.start < span.end <= len(text)


_WORD = st.from_regex(r"[A-Z][a-z]{2,9}", fullmatch=True)


@given(
    first=_WORD,
    last=_WORD,
    before=st.sampled_from(["", "我是", "Dear ", "("]),
    after=st.sampled_from(["", "，", ".", "’s"]),
)
def test_a_latin_name_of_two_words_is_always_found(first: str, last: str, before: str, after: str) -> None:
    name = f"{first} {last}"
    # A title or a suffix in the place of a name leaves no full name to find.
    if not _found(name, name):
        return
    assert _found(f"{before}{name}{after}", name) == [name]
