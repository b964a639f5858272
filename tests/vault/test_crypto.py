"""The choices of crypto.py: what opens, what does not, and known answers that fix the format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memveil.errors import Tampered
from memveil.vault.crypto import (
    ChunkCipher,
    MasterKeys,
    NameIndex,
    ScopeKeys,
    bind,
    decode,
    encode,
    export_proof,
    new_key,
    new_uid,
    pad,
    unpad,
)

KEY, OTHER, UID = bytes(range(32)), bytes(range(1, 33)), bytes(16)
PLACE = {"placeholder": "<Email_1>", "privacy_type": "Email", "level": 2, "position": 1}


@given(st.lists(st.binary(max_size=6), max_size=4), st.lists(st.binary(max_size=6), max_size=4))
def test_different_lists_of_parts_bind_to_different_bytes(left: list[bytes], right: list[bytes]) -> None:
    assert (bind(*left) == bind(*right)) == (left == right)


@given(st.binary(max_size=100))
def test_padding_comes_off_again(data: bytes) -> None:
    assert unpad(pad(data)) == data
    assert len(pad(data)) % 32 == 0
    assert len(pad(data)) - len(data) in range(1, 33)


@pytest.mark.parametrize("data", [b"", b"\0" * 32, b"abc", b"\x80x"])
def test_bytes_without_padding_are_refused(data: bytes) -> None:
    with pytest.raises(Tampered):
        unpad(data)


@given(st.text())
def test_any_text_survives_encoding(text: str) -> None:
    assert decode(encode(text)) == text


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Tampered):
        decode(b"\xff")


def test_a_sealed_value_opens_only_where_it_stands() -> None:
    keys = ScopeKeys(KEY, UID)
    sealed = keys.seal_value("lena@hartwig.example", **PLACE)

    assert keys.open_value(sealed, **PLACE) == "lena@hartwig.example"
    elsewhere = {"placeholder": "<Email_2>", "privacy_type": "Phone Number", "level": 3, "position": 2}
    for name, value in elsewhere.items():
        with pytest.raises(Tampered):
            keys.open_value(sealed, **(PLACE | {name: value}))
    for stranger in (ScopeKeys(KEY, b"\1" * 16), ScopeKeys(OTHER, UID)):
        with pytest.raises(Tampered):
            stranger.open_value(sealed, **PLACE)


def test_every_flipped_bit_and_every_cut_is_found() -> None:
    keys = ScopeKeys(KEY, UID)
    sealed = keys.seal_label("Email")

    for at in range(len(sealed)):
        for changed in (sealed[:at], sealed[:at] + bytes([sealed[at] ^ 0x10]) + sealed[at + 1 :]):
            with pytest.raises(Tampered):
                keys.open_label(changed)


def test_lengths_below_a_block_look_alike() -> None:
    keys = ScopeKeys(KEY, UID)

    assert len({len(keys.seal_value("x" * size, **PLACE)) for size in range(32)}) == 1


def test_the_same_value_seals_differently_each_time() -> None:
    keys = ScopeKeys(KEY, UID)

    assert keys.seal_value("x", **PLACE) != keys.seal_value("x", **PLACE)


def test_blind_indexes_are_apart_by_tag_type_value_and_scope() -> None:
    keys, other = ScopeKeys(KEY, UID), ScopeKeys(new_key(), new_uid())
    indexes = {
        keys.value_index("Email", "Email", "x"),
        keys.value_index("Private", "Email", "x"),
        keys.value_index("Email", "School", "x"),
        keys.value_index("Email", "Email", "y"),
        keys.value_index("EmailE", "mail", "x"),
        other.value_index("Email", "Email", "x"),
        keys.label_index("x"),
    }

    assert len(indexes) == 7
    assert {len(index) for index in indexes} == {16}


def test_known_answers_fix_the_format() -> None:
    """A change of any label, order of parts or derivation breaks every vault: these bytes say so."""
    assert ScopeKeys(KEY, UID).value_index("Email", "Email", "x@y.example").hex() == VALUE_INDEX
    assert ScopeKeys(KEY, UID).count("tag:Email", 7).hex() == COUNT
    assert NameIndex(KEY).index("alice").hex() == NAME_INDEX
    assert NameIndex(KEY).seal_state(bytes(16), 3, alive=True).hex() == STATE
    assert MasterKeys(KEY, UID).proof(b"header").hex() == PROOF
    assert ChunkCipher(KEY, salt=UID, header=b"h").seal(b"text", last=True).hex() == CHUNK
    assert export_proof(KEY, salt=UID, header=b"h").hex() == EXPORT
    sealed = bytes.fromhex(SEALED)
    assert ScopeKeys(KEY, UID).open_value(sealed, **PLACE) == "lena@hartwig.example"


def test_counters_prove_their_scope_label_and_value() -> None:
    keys = ScopeKeys(KEY, UID)
    proof = keys.count("tag:Email", 7)

    assert keys.counts("tag:Email", 7, proof)
    assert not keys.counts("tag:Email", 6, proof)
    assert not keys.counts("tag:Phone", 7, proof)
    assert not ScopeKeys(KEY, b"\1" * 16).counts("tag:Email", 7, proof)


def test_a_master_key_opens_what_it_sealed_and_no_other_does() -> None:
    mine, other = MasterKeys(KEY, UID), MasterKeys(OTHER, UID)
    scope = new_uid()

    assert mine.unwrap(mine.wrap(OTHER, scope), scope) == OTHER
    assert mine.open_name(mine.seal_name("алиса", scope), scope) == "алиса"
    assert mine.open_secret(mine.seal_secret(OTHER)) == OTHER
    assert mine.proves(b"header", mine.proof(b"header"))
    assert not other.proves(b"header", mine.proof(b"header"))
    for opening in (
        lambda: other.unwrap(mine.wrap(OTHER, scope), scope),
        lambda: mine.unwrap(mine.wrap(OTHER, scope), new_uid()),
        lambda: mine.open_name(mine.wrap(OTHER, scope), scope),
        lambda: other.open_secret(mine.seal_secret(OTHER)),
    ):
        with pytest.raises(Tampered):
            opening()


def test_chunks_open_in_order_and_to_the_end_only() -> None:
    def cipher() -> ChunkCipher:
        return ChunkCipher(KEY, salt=UID, header=b"h")

    writer = cipher()
    one, two = writer.seal(b"one", last=False), writer.seal(b"two", last=True)
    reader = cipher()

    assert reader.open(one, last=False) + reader.open(two, last=True) == b"onetwo"
    for first, is_last in ((two, True), (two, False), (one, True)):
        with pytest.raises(Tampered):
            cipher().open(first, last=is_last)


def test_no_repr_shows_a_key() -> None:
    shown = repr([MasterKeys(KEY, UID), ScopeKeys(KEY, UID), NameIndex(KEY)])

    assert KEY.hex() not in shown
    assert repr(KEY) not in shown


VALUE_INDEX = "e8433f701be12f010ed2f774a9b652e5"
COUNT = "df27cb0d91fa209c236dfa5d2fc7b036312ac8ff7b8dd620fdf1b55b353683a2"
NAME_INDEX = "95dc2cd8f9c319b3a01c0646561a766f"
STATE = "5aec71190418c2bac0b2f4fac7ce1f2afe0f261692f4f11e4ea9d3b4dd16e6e2"
PROOF = "9bde5181602d025fc8b371eb26c4009ffd0544569a9d85050356307e27a5513c"
CHUNK = "a10b0162b4e97510afa7c20e6abdee7459e0f55d"
EXPORT = "29806b40b3cfcc3351952a53a854b029a0552ccf9fcb4f17b1dbcc67ea886f05"
SEALED = "e566fb21f6c0ac38391b4b264d3e369439d782183d822336644336d524100a77926439b100f76ee4c9b8013e0bbdbe37d65b45744884bc28b66ce3c6"
