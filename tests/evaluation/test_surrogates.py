from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evaluation.surrogates import Surrogates, invent
from memveil.privacy_types import PRIVACY_TYPES


@given(st.lists(st.tuples(st.sampled_from(sorted(PRIVACY_TYPES)), st.integers(1, 400)), max_size=40))
def test_what_is_dressed_is_undressed(issued: list[tuple[str, int]]) -> None:
    types = {f"<{PRIVACY_TYPES[kind].tag}_{number}>": kind for kind, number in issued}
    text = "; ".join(types)
    surrogates = Surrogates()
    dressed = surrogates.dress(text, types)

    assert not any(placeholder in dressed for placeholder in types)
    assert surrogates.undress(dressed) == text


def test_an_unknown_placeholder_stays() -> None:
    surrogates = Surrogates()

    assert surrogates.dress("<Literal_1> and <Email_1>", {"<Email_1>": "Email"}).startswith("<Literal_1> and ")
    assert Surrogates().undress("nothing issued <Email_1>") == "nothing issued <Email_1>"


def test_every_type_has_a_surrogate() -> None:
    assert all(invent(kind, 3) for kind in PRIVACY_TYPES)
