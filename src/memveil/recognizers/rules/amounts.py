"""Rows that begin with an English amount of money: what income and payments share."""

from __future__ import annotations

from dataclasses import replace

from memveil.recognizers.patterns import Pattern

__all__ = ["CURRENCY_SIGNS", "CURRENCY_WORDS", "starting_with_amount"]

CURRENCY_SIGNS = ("$", "€", "£", "¥", "₹", "₩", "₦", "us$", "a$", "au$", "c$", "ca$", "nz$", "hk$", "s$", "r$")
CURRENCY_WORDS = (
    "usd",
    "eur",
    "gbp",
    "aud",
    "cad",
    "chf",
    "cny",
    "rmb",
    "jpy",
    "hkd",
    "sgd",
    "sek",
    "nok",
    "dkk",
    "dollar",
    "euro",
    "pound",
    "franc",
    "yuan",
    "rupee",
    "kron",
    "peso",
)


def starting_with_amount(
    *,
    name: str,
    privacy_type: str,
    regex: str,
    score: float,
    examples: tuple[tuple[str, str], ...],
    counterexamples: tuple[str, ...] = (),
) -> tuple[Pattern, Pattern]:
    """Rows for an expression that begins with an English amount.

    Where a sign leads, the sign says where to look; where the currency is a word,
    the number stands before it. Two rows keep the first, common case cheap.
    """
    signed = Pattern(
        name=name,
        privacy_type=privacy_type,
        regex=regex,
        keywords=CURRENCY_SIGNS,
        reach=0,
        score=score,
        examples=examples,
        counterexamples=counterexamples,
    )
    worded = tuple(
        (text.replace("$", "USD ").replace("€", "EUR "), value.replace("$", "USD ").replace("€", "EUR "))
        for text, value in examples
    )
    return signed, replace(signed, name=f"{name}_worded", keywords=CURRENCY_WORDS, reach=18, examples=worded)
