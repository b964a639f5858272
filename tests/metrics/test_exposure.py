from __future__ import annotations

from memveil.metrics.exposure import Share, measure_exposure
from memveil.metrics.pairs import Annotation
from memveil.spans import PrivacyLevel

PL2, PL3, PL4 = PrivacyLevel.PL2, PrivacyLevel.PL3, PrivacyLevel.PL4


def annotation(value: str, level: PrivacyLevel = PL4) -> Annotation:
    return Annotation(value, "Password", level)


def test_a_value_that_nobody_found_leaks_in_its_level() -> None:
    exposure = measure_exposure("ab12 cd34", [annotation("ab12")], [annotation("ab12"), annotation("cd34", PL2)])

    assert exposure.leaks == {PL4: Share(0, 1), PL2: Share(1, 1)}


def test_a_value_leaks_when_more_than_half_of_it_stays_readable() -> None:
    half = measure_exposure("abcd", [annotation("ab")], [annotation("abcd")])
    less = measure_exposure("abcd", [annotation("a")], [annotation("abcd")])

    assert half.leaks == {PL4: Share(0, 1)}
    assert less.leaks == {PL4: Share(1, 1)}


def test_blanks_of_a_value_do_not_count_as_readable() -> None:
    exposure = measure_exposure("a b", [annotation("a"), annotation("b")], [annotation("a b", PL3)])

    assert exposure.leaks == {PL3: Share(0, 1)}


def test_a_reference_that_is_not_in_the_message_is_not_counted() -> None:
    assert measure_exposure("abc", [], [annotation("xyz"), annotation("")]).leaks == {}


def test_over_masking_counts_covered_characters_outside_every_reference() -> None:
    exposure = measure_exposure("code 4417 soon", [annotation("4417 soon")], [annotation("4417")])

    assert exposure.overmasked == Share(5, 10)


def test_a_predicted_value_is_covered_wherever_it_stands() -> None:
    assert measure_exposure("no no no", [annotation("no")], []).overmasked == Share(6, 8)


def test_characters_that_look_like_the_cover_are_text() -> None:
    exposure = measure_exposure("\ue000\x00ab", [annotation("ab")], [annotation("\ue000\x00")])

    assert exposure.leaks == {PL4: Share(1, 1)}
    assert exposure.overmasked == Share(2, 2)


def test_a_share_of_nothing_is_zero_percent() -> None:
    assert Share().percent == 0
    assert Share(1, 4).percent == 25
