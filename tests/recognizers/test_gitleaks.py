"""Quality on the published cases of gitleaks, the yardstick for keys of known issuers.

What counts as caught. ``tps`` are texts that hold a secret, mostly on one line and
without saying where: caught when any span of a secret's type lies in it. ``secrets``
are bare secrets that gitleaks' own tests put behind an identifier of the rule: done
here, too, and caught only when every letter and digit of the secret is covered.
``fps`` are texts that hold no secret by gitleaks' own judgement; a hit is any span
of a secret's type.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from memveil.detect import Context
from memveil.recognizers.patterns import PatternRecognizer
from memveil.recognizers.rules import ALL_PATTERNS
from memveil.spans import Span

_CASES = Path(__file__).parents[3] / "shared/data/test/gitleaks/cases.json"
_SECRET_TYPES = {
    "Database Connection String",
    "Key",
    "Password",
    "Payment Security Code",
    "Private Key",
    "Recovery Code",
    "Token",
    "Verification Code",
}

pytestmark = pytest.mark.skipif(not _CASES.exists(), reason="the gitleaks cases are not beside this checkout")


@cache
def _recognizer() -> PatternRecognizer:
    return PatternRecognizer(ALL_PATTERNS)


def _cases(kind: str) -> list[tuple[str, str]]:
    return [(case["rule"], text) for case in json.loads(_CASES.read_text("utf-8")) for text in case[kind]]


def _secrets(text: str) -> list[Span]:
    return [span for span in _recognizer().recognize(text, Context()) if span.privacy_type in _SECRET_TYPES]


def _is_covered(secret: str, text: str) -> bool:
    start = text.index(secret)
    covered = {index for span in _secrets(text) for index in range(span.start, span.end)}
    return all(start + place in covered for place, char in enumerate(secret) if char.isalnum())


def test_nineteen_of_twenty_texts_with_a_secret_are_caught() -> None:
    texts = _cases("tps")
    missed = [rule for rule, text in texts if not _secrets(text)]

    assert len(missed) <= 0.05 * len(texts), missed


def test_nineteen_of_twenty_secrets_behind_an_identifier_are_covered() -> None:
    secrets = _cases("secrets")
    missed = [rule for rule, secret in secrets if not _is_covered(secret, f'{rule.split("-")[0]}_api_key = "{secret}"')]

    assert len(missed) <= 0.05 * len(secrets), missed


def test_at_most_a_tenth_of_the_texts_without_a_secret_is_hit() -> None:
    texts = _cases("fps")
    hit = [rule for rule, text in texts if _secrets(text)]

    assert len(hit) <= 0.10 * len(texts), hit
