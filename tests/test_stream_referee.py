"""An outside referee (the package chunk-invariance) on 1,000 sampled texts: streams equal the whole."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import pytest
from chunk_invariance import assert_chunk_invariant

from memveil.restore import StreamRestorer, restore

VALUES = {
    f"<{tag}_{n}>": f"{tag}≙{n}" for tag in ("Email", "Person", "Verification_Code", "Health") for n in range(1, 12)
}
PIECES = (
    "<Email_1>", "<email_11>", "[Person 2]", "【邮箱_3】", "Verification_Code_4", "<Verification Code 4>", "&lt;Email_1&gt;",
    "<Email_99>", "<Emial_1>", "<**Person_2**>", "<Email\\_1>", "\\u003cEmail_2\\u003e", "%3CEmail_3%3E", "<", ">", "[", "Em",
    "Person", "_", "1", " ", "\n", "的", "。", "hello ", "P", "<b>", "E", "&", "&l", "\\", "<Email_1", "Email_1>",
)  # fmt: skip


def lookup(placeholders: Iterable[str]) -> dict[str, str]:
    return {p: VALUES[p] for p in placeholders if p in VALUES}


def streamed(chunks: Iterable[str]) -> Iterator[str]:
    stream = StreamRestorer(lookup)
    for chunk in chunks:
        yield stream.feed(chunk)
    yield stream.flush()


def sampled(count: int, pieces: int) -> list[str]:
    rng = random.Random(20)
    return ["".join(rng.choices(PIECES, k=rng.randint(1, pieces))) for _ in range(count)]


def test_every_cut_of_a_thousand_texts_gives_the_whole_result() -> None:
    checked = sum(
        assert_chunk_invariant(streamed, lambda text: restore(text, lookup), text) for text in sampled(1000, 8)
    )

    assert checked > 20_000


@pytest.mark.parametrize("text", ["<Email_1>", "x<Email_1", "[邮箱 3]a", "Email_11>", "<<Email_1>>", "<Em<Email_1>"])
def test_every_way_of_cutting_a_short_text_gives_the_whole_result(text: str) -> None:
    checked = assert_chunk_invariant(streamed, lambda whole: restore(whole, lookup), text, splits="all")

    assert checked == 2 ** (len(text) - 1)
