"""The placeholder grammar: vectors, and the laws that find and find_unfinished share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.placeholders import GENERIC_TAG, LITERAL_TAG, MAX_LENGTH, find, find_unfinished, write
from memveil.privacy_types import PRIVACY_TYPES
from tests.texts import texts

VECTORS = Path(__file__).parent / "vectors" / "placeholder-v1"
TAGS = [GENERIC_TAG, LITERAL_TAG, *(row.tag for row in PRIVACY_TYPES.values())]


def read_vectors(name: str) -> list[tuple[str, str]]:
    rows = []
    for line in (VECTORS / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, canonical = line.partition("\t")
            rows.append((text.encode("ascii").decode("unicode_escape"), canonical))
    return rows


@pytest.mark.parametrize(("text", "canonical"), read_vectors("accepted.tsv"))
def test_accepted_forms_are_found_whole(text: str, canonical: str) -> None:
    found = [placeholder.written for placeholder in find(text)]

    assert found == [canonical]


@pytest.mark.parametrize(("text", "_"), read_vectors("refused.tsv"))
def test_other_texts_hold_no_placeholder(text: str, _: str) -> None:
    assert list(find(text)) == []


@pytest.mark.parametrize("tag", TAGS)
def test_every_tag_is_found_in_its_canonical_form(tag: str) -> None:
    text = write(tag, 999_999_999)

    assert len(text) <= MAX_LENGTH
    assert [(p.start, p.end, p.written) for p in find(text)] == [(0, len(text), text)]


def test_tags_and_translations_are_unique() -> None:
    words = [word for row in PRIVACY_TYPES.values() for word in row.translations]

    assert len(set(TAGS)) == len(TAGS)
    assert len(set(words)) == len(words)


@given(texts())
def test_found_placeholders_are_disjoint_in_order_and_bounded(text: str) -> None:
    end = 0
    for placeholder in find(text):
        assert end <= placeholder.start < placeholder.end <= len(text)
        assert placeholder.end - placeholder.start <= MAX_LENGTH
        end = placeholder.end


@given(texts(), texts())
def test_what_is_not_unfinished_cannot_be_changed_by_what_follows(head: str, tail: str) -> None:
    """The law that streaming rests on."""
    cut = find_unfinished(head)
    before = [p for p in find(head) if p.end <= cut]
    after = [p for p in find(head + tail) if p.end <= cut]

    assert len(head) - cut < MAX_LENGTH
    assert after == before


@given(st.sampled_from(TAGS), st.integers(1, 999_999_999), texts(), texts())
def test_a_written_placeholder_is_found_exactly_between_any_two_texts(
    tag: str, number: int, before: str, after: str
) -> None:
    """Pseudonymize relies on it: an insert is never read together with its neighbours."""
    written = write(tag, number)
    found = {(p.start, p.end): p.written for p in find(before + written + after)}

    assert found.get((len(before), len(before) + len(written))) == written
