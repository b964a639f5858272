"""The cascade that ships holds the rules, the phones and the user's own name, in this order."""

from __future__ import annotations

from memveil.detect import Context, detect
from memveil.recognizers.defaults import default_recognizers, rule_recognizers
from memveil.resolve import resolve


def test_the_rules_run_before_the_rest() -> None:
    names = [recognizer.name for recognizer in rule_recognizers()]

    assert names == ["patterns", "personal", "phones", "user_name"]


def test_the_default_cascade_finds_what_the_rules_find_and_more() -> None:
    text = "Mail lena@hartwig.example; my arrhythmia flared up again. I work as a lighthouse keeper and love it."
    rules = set(detect(text, rule_recognizers(), Context()))
    both = set(detect(text, default_recognizers(), Context()))

    assert rules < both


def test_the_recognizers_are_built_once() -> None:
    assert rule_recognizers() is rule_recognizers()


def test_a_plain_message_goes_through_the_whole_cascade() -> None:
    text = "I'm Lena Hartwig, my wife Mara has asthma; mail lena@hartwig.example or call +47 412 55 908."

    spans = resolve(detect(text, default_recognizers(), Context(user_name="Lena Hartwig")))
    found = {text[span.start : span.end]: span.privacy_type for span in spans}

    assert found["Lena Hartwig"] == "Real Name"
    assert found["my wife Mara"] == "Relationship Info"
    assert found["asthma"] == "Medical Health"
    assert found["lena@hartwig.example"] == "Email"
    assert found["+47 412 55 908"] == "Phone Number"
