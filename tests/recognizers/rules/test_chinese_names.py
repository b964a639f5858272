"""Names of persons in Chinese: where they end, and which words only look like them."""

from __future__ import annotations

import re

import pytest

from memveil.recognizers.rules.chinese_names import FOREIGN_NAME, NAME


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("韩砚秋。", "韩砚秋"),
        ("葛露的", "葛露"),
        ("欧阳晓月在", "欧阳晓月"),
        ("陶静姝明天", "陶静姝"),
        ("顾砚庭 ok", "顾砚庭"),
        ("张三，", "张三"),
    ],
)
def test_a_name_ends_where_a_mark_or_a_verb_begins(text: str, name: str) -> None:
    match = re.match(NAME, text)

    assert match is not None
    assert match.group() == name


@pytest.mark.parametrize("text", ["安全的", "谢谢你", "马上来", "今天在", "我是谁", "黄山在"])
def test_words_that_begin_with_a_family_name_are_none(text: str) -> None:
    assert re.match(NAME, text) is None


@pytest.mark.parametrize("name", ["伊莎多拉·门德斯", "贡萨洛•里克尔梅", "伊妮斯·T·巴雷托"])
def test_foreign_names_have_their_dots(name: str) -> None:
    match = re.search(FOREIGN_NAME, f"我叫{name}，")

    assert match is not None
    assert match.group() == name
