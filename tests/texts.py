"""Hypothesis strategies for the texts that memveil meets: values, look-alikes, noise."""

from __future__ import annotations

from hypothesis import strategies as st

from memveil.placeholders import GENERIC_TAG, LITERAL_TAG
from memveil.privacy_types import PRIVACY_TYPES

__all__ = ["VALUES", "look_alikes", "texts"]

_TAGS = [GENERIC_TAG, LITERAL_TAG, *(row.tag for row in PRIVACY_TYPES.values())]

VALUES = (
    "lena@hartwig.example",
    "+47 412 55 908",
    "13800138000",
    "１３８００１３８０００",
    "4539 1488 0343 6467",
    "10.20.4.17",
    "829417",
    "京A·12345",
    "my wife Mara",
    "妻子苏婉",
    "阿伦",
    "Via Ghislieri 31",
    "杭州市文三路 90 号",
    "$45 for the clinic",
    "<Email_1>",
    "Rose",
)
"""Invented values of several kinds."""

_PIECES = (
    "<", ">", "[", "]", "【", "】", "&lt;", "&gt;", "%3C", "\\u003c", "\\", "_", "-", "*", "`", "1", "0", "12", "１",
    " ", "\n", "\r\n", "\t", "\u200b", "\x00", "\u3000", "，", "。", "我", "的", "é", "ß", "İ", "🙂", "👩‍👧", "\ud83d",
    "Email", "email", "Person", "Verification", "Code", "Literal", "Private", "Key", "Zip", "邮箱", "E", "P", "a", "A",
    "code is ", "我的密码是", "my name is ", "***", "[redacted]",
)  # fmt: skip


@st.composite
def look_alikes(draw: st.DrawFn) -> str:
    """Texts that read, or nearly read, as a placeholder."""
    tag = draw(st.sampled_from(_TAGS))
    tag = draw(st.sampled_from([tag, tag.lower(), tag.upper(), tag.replace("_", " "), tag.replace("_", "\\_")]))
    number = draw(st.sampled_from(["1", "2", "01", "7", "999999999", "1234567890", "１"]))
    opening = draw(st.sampled_from(["<", "", "[", "【", "&lt;", "< ", "\\u003c", "%3C", "<**"]))
    closing = draw(st.sampled_from([">", "", "]", "】", "&gt;", " >", "\\u003e", "%3E", "**>"]))
    glue = draw(st.sampled_from(["_", " ", "-", "\\_", "_\n", "", "__"]))
    return opening + tag + glue + number + closing


def texts(max_pieces: int = 12) -> st.SearchStrategy[str]:
    """Texts that mix values, look-alikes, Chinese, emoji, control characters and noise."""
    piece = st.one_of(
        st.sampled_from(VALUES), st.sampled_from(_PIECES), look_alikes(), st.text(max_size=6), st.characters()
    )
    return st.lists(piece, max_size=max_pieces).map("".join)
