from __future__ import annotations

import pytest

from memveil.metrics.pairs import LENIENT_TYPES, Annotation, Form, equal_names, pair_score, text_score
from memveil.spans import PrivacyLevel

MESSAGE = "I paid 45 euros for the clinic in Bergen, my code is 331907. 我在卑尔根的诊所看病"


def test_an_equal_text_scores_one_and_a_text_outside_the_message_zero() -> None:
    assert text_score("331907", "331907", MESSAGE, reference_type="Verification Code") == 1
    assert text_score("331908", "331908", MESSAGE, reference_type="Verification Code") == 0
    assert text_score("", "", MESSAGE, reference_type="Verification Code") == 0


def test_a_part_of_a_strict_type_scores_nothing_and_of_a_lenient_type_its_share() -> None:
    part, whole = "45 euros for the clinic", "45 euros for the clinic in Bergen"

    assert text_score(part, whole, MESSAGE, reference_type="Password") == 0
    # Five tokens in common, of five and seven.
    assert text_score(part, whole, MESSAGE, reference_type="Transaction Record") == 2 * 5 / 12


def test_chinese_counts_by_character() -> None:
    score = text_score("诊所看病", "在卑尔根的诊所看病", MESSAGE, reference_type="Medical Health")

    assert score == 2 * 4 / 13


def test_only_the_longest_run_in_common_counts() -> None:
    message = "a b x c d e"

    assert text_score("a b x c d e", "a b y c d e", message, reference_type="Medical Record") == 0.5


def test_texts_without_a_token_score_nothing() -> None:
    assert text_score(" ", "  ", "a  b", reference_type="Medical Record") == 0


def test_names_are_alike_where_they_are_equal() -> None:
    assert (equal_names("Email", "Email"), equal_names("Email", "Mail")) == (1, 0)


def test_there_are_twenty_three_lenient_types() -> None:
    assert len(LENIENT_TYPES) == 23


@pytest.mark.parametrize(
    ("form", "expected"),
    [(Form.PRODUCT, 0.25), (Form.MEAN, (1 + 1 + 0.25) / 3), (Form.SPAN, 1.0), (Form.TEXT, 1.0)],
)
def test_the_forms_weigh_the_type_differently(form: Form, expected: float) -> None:
    predicted = Annotation("331907", "Password", PrivacyLevel.PL4)
    reference = Annotation("331907", "Verification Code", PrivacyLevel.PL4)

    score = pair_score(predicted, reference, MESSAGE, form=form, similarity=lambda a, b: 0.25)

    assert score == pytest.approx(expected)


@pytest.mark.parametrize(("form", "expected"), [(Form.PRODUCT, 0), (Form.MEAN, 2 / 3), (Form.SPAN, 0), (Form.TEXT, 0)])
def test_only_the_mean_pays_for_a_wrong_text(form: Form, expected: float) -> None:
    predicted = Annotation("Bergen", "Password", PrivacyLevel.PL4)
    reference = Annotation("331907", "Password", PrivacyLevel.PL4)

    score = pair_score(predicted, reference, MESSAGE, form=form, similarity=equal_names)

    assert score == pytest.approx(expected)


def test_a_wrong_level_takes_all_but_the_text() -> None:
    predicted = Annotation("331907", "Password", PrivacyLevel.PL3)
    reference = Annotation("331907", "Password", PrivacyLevel.PL4)

    scores = {f: pair_score(predicted, reference, MESSAGE, form=f, similarity=equal_names) for f in Form}

    assert scores == {Form.PRODUCT: 0, Form.MEAN: pytest.approx(2 / 3), Form.SPAN: 0, Form.TEXT: 1}


def test_the_repr_of_an_annotation_hides_the_value() -> None:
    assert "331907" not in repr(Annotation("331907", "Password", PrivacyLevel.PL4))
