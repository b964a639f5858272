"""Realistic stand-in values, as an experiment beside placeholders.

Each placeholder of a scope gets an invented value of its kind; the way home
looks for exactly these values. What speaks against it in earnest: a surrogate
cannot be told from a real value by its looks, so a model that changes one
letter of it, or a text that holds it by chance, breaks restoration unseen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

__all__ = ["Surrogates", "invent"]

_PLACEHOLDER = re.compile(r"<[A-Za-z][A-Za-z0-9_]*_[0-9]+>")
_FIRST = (
    "Alvar Benita Corvin Dagny Edlin Fiorel Gisbert Hesper Ilario Jorunn Kester Liviana Mirko Nerys Odalys Perrin "
    "Quillon Rosalba Sindre Tamsyn"
).split()
_LAST = (
    "Abrantes Bystrom Castellane Dvorsky Ekblad Farquar Gellert Haverkamp Iversley Jorgenrud Kowalcze Lindqvister "
    "Montesa Norbeck Ostrander Pellerin Quistgaard Rautio Sandoval Trevanion"
).split()
_PLACES = "Aldermoor Brackenhall Corvo Dunmere Elverton Fjellheim Garrowby Hollin Istrel Kestrelford".split()
_ILLS = "asthma migraine anaemia eczema sciatica tinnitus bursitis gastritis".split()


def _person(n: int) -> str:
    return f"{_FIRST[n % len(_FIRST)]} {_LAST[(n // len(_FIRST) + 7 * n) % len(_LAST)]}"


def _place(n: int) -> str:
    return f"{_PLACES[n % len(_PLACES)]}"


_SHAPES: Mapping[str, Callable[[int], str]] = {
    "Real Name": _person,
    "Third-Party Identifiable Info": _person,
    "Relationship Info": lambda n: f"my cousin {_FIRST[n % len(_FIRST)]}",
    "Minor Information": lambda n: f"little {_FIRST[n % len(_FIRST)]}",
    "Email": lambda n: f"{_FIRST[n % len(_FIRST)].lower()}.{_LAST[n % len(_LAST)].lower()}@mail.example",
    "Phone Number": lambda n: f"+999 555 {100 + n:04d}",
    "Detailed Address": lambda n: f"{3 + n} {_place(n)} Lane",
    "Work Address": lambda n: f"{3 + n} {_place(n)} Square",
    "Precise Location": lambda n: f"{_place(n)} village",
    "Itinerary/Trajectory": lambda n: f"a trip to {_place(n)}",
    "Accommodation Records": lambda n: f"Hotel {_place(n)}",
    "Employer/Company Name": lambda n: f"{_LAST[n % len(_LAST)]} Works",
    "Company/Organization Info": lambda n: f"{_LAST[n % len(_LAST)]} Society",
    "School": lambda n: f"{_place(n)} College",
    "Medical Health": lambda n: f"mild {_ILLS[n % len(_ILLS)]}",
    "Assets/Income": lambda n: f"$41,{n:03d} a year",
    "Transaction Record": lambda n: f"$2{n:02d} for a {_place(n)} permit",
    "Specific Age": lambda n: f"{21 + n % 60}",
    "Job Title/Rank": lambda n: f"{_place(n)} surveyor",
}


def invent(privacy_type: str, number: int) -> str:
    """An invented value of a type; types without a shape of their own get a code."""
    shape = _SHAPES.get(privacy_type)
    if shape is not None:
        return shape(number)
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", privacy_type)).upper()
    return f"{initials}-{4000 + 37 * number}"


class Surrogates:
    """The surrogates of one scope; different placeholders never share one."""

    def __init__(self) -> None:
        self._by_placeholder: dict[str, str] = {}
        self._back: dict[str, str] = {}
        self._expression: re.Pattern[str] | None = None

    def dress(self, text: str, types: Mapping[str, str]) -> str:
        """Placeholders of ``types`` become surrogates; others, such as protected look-alikes, stay."""

        def one(match: re.Match[str]) -> str:
            placeholder = match.group()
            kind = types.get(placeholder)
            return placeholder if kind is None else self._surrogate(placeholder, kind)

        return _PLACEHOLDER.sub(one, text)

    def undress(self, text: str) -> str:
        """Surrogates become placeholders again; the longest first."""
        if not self._back:
            return text
        if self._expression is None:
            longest_first = sorted(self._back, key=len, reverse=True)
            self._expression = re.compile("|".join(map(re.escape, longest_first)))
        return self._expression.sub(lambda match: self._back[match.group()], text)

    def _surrogate(self, placeholder: str, kind: str) -> str:
        known = self._by_placeholder.get(placeholder)
        if known is None:
            number = int(placeholder.rpartition("_")[2].rstrip(">"))
            known = invent(kind, number)
            attempt = 0
            while known in self._back:
                attempt += 1
                known = f"{invent(kind, number)} {_LAST[attempt % len(_LAST)]}" + (f" {attempt}" if attempt > 9 else "")
            self._by_placeholder[placeholder] = known
            self._back[known] = placeholder
            self._expression = None
        return known
