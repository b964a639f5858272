"""Augmentation, drawn anew each epoch: fresh values in the places of old ones, and the noise of real typing.

A value is replaced by the same value throughout a dialogue, so that later mentions still agree. What is written
around it stays: the cue decides the type, and the cue was written by hand.
"""

from __future__ import annotations

import random
import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

# Values of these types are strings without meaning: fresh characters teach the form, not the value.
RANDOMIZED = frozenset(
    {
        "Verification Code", "Token", "Key", "Recovery Code", "Internal IP", "Project/Task ID", "ID Number",
        "Passport Number", "Driver's License Number", "License Plate", "Bank/Payment Card Number", "Phone Number",
        "Zip Code", "Device ID", "IP Address", "Payment Security Code", "Medical Record", "Judicial Record",
    }
)  # fmt: skip

# Values of these types can stand in each other's sentences if they are built alike.
SWAPPED = frozenset(
    {"Real Name", "Third-Party Identifiable Info", "Email", "Detailed Address", "Account ID/Username", "Password"}
)

_FULL_WIDTH = {ord(char): ord(char) + 0xFEE0 for char in string.digits + string.ascii_letters}
_KEYS_BESIDE = dict(zip("abdefghiklmnoprstuvw", "snfrdjojlknmpotarycqe", strict=False))


@dataclass(frozen=True, slots=True)
class Example:
    """A message as it is learned: text, half-open character spans with types, the turn before it."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    previous: str
    dialogue: int
    role: str


Pool = Mapping[tuple[str, tuple[object, ...]], tuple[str, ...]]
"""Values that may replace each other, by type and shape."""


def shape(value: str) -> tuple[object, ...]:
    """What two values must share to be exchanged: script, number of words, about the same length."""
    latin = any("a" <= char.lower() <= "z" for char in value)
    chinese = any("\u4e00" <= char <= "\u9fff" for char in value)
    return latin, chinese, len(value.split()), len(value) // 4 if chinese and not latin else 0, "\u00b7" in value


def pool_of(examples: Iterable[Example]) -> Pool:
    """The values of the training part that may be exchanged."""
    found = defaultdict[tuple[str, tuple[object, ...]], dict[str, None]](dict)
    for example in examples:
        for start, end, kind in example.spans:
            value = example.text[start:end]
            if kind in SWAPPED:
                found[kind, shape(value)][value] = None
    return {key: tuple(values) for key, values in found.items() if len(values) > 4}


def with_fresh_values(example: Example, pool: Pool, seed: int) -> Example:
    """Other values in the places of the old ones: drawn characters, or a value from another dialogue."""

    def fresh(value: str, kind: str) -> str:
        rng = random.Random(f"{seed}/{example.dialogue}/{value}")
        if kind in RANDOMIZED and any(char.isdigit() for char in value):
            return _fresh_characters(value, rng)
        choice = pool.get((kind, shape(value)))
        return rng.choice(choice) if choice and rng.random() < 0.5 else value

    return _with_values(example, fresh)


def with_noise(example: Example, rng: random.Random) -> Example:
    """One kind of noise over a whole message: small letters, no blanks around values, full width, slips of the finger."""
    kind = rng.random()
    if kind < 0.35:
        lowered = example.text.lower()
        # A letter whose small form has another length would move every span behind it.
        return replace(example, text=lowered) if len(lowered) == len(example.text) else example
    if kind < 0.6:
        return _with_values(example, lambda value, _: value.translate(_FULL_WIDTH) if _is_code(value) else value)
    if kind < 0.8:
        return _without_blanks(example)
    return replace(example, text=_with_slips(example, rng))


def _with_values(example: Example, change: Callable[[str, str], str]) -> Example:
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    position = size = 0
    for start, end, kind in example.spans:
        before, value = example.text[position:start], change(example.text[start:end], kind)
        parts += [before, value]
        spans.append((size + len(before), size + len(before) + len(value), kind))
        size += len(before) + len(value)
        position = end
    return replace(example, text="".join([*parts, example.text[position:]]), spans=tuple(spans))


def _without_blanks(example: Example) -> Example:
    """Chinese users often leave no blank between Chinese and Latin text."""
    text, spans, moved = example.text, [], 0
    parts: list[str] = []
    position = 0
    for start, end, kind in example.spans:
        cut = start - 1 if start - 1 > position and text[start - 1] == " " and _chinese(text[start - 2]) else start
        parts += [text[position:cut], text[start:end]]
        moved += start - cut
        spans.append((start - moved, end - moved, kind))
        position = end
        if end + 1 < len(text) and text[end] == " " and _chinese(text[end + 1]):
            position, moved = end + 1, moved + 1
    return replace(example, text="".join([*parts, text[position:]]), spans=tuple(spans))


def _with_slips(example: Example, rng: random.Random) -> str:
    """Wrong letters outside values, about one in sixty."""
    private = {i for start, end, _ in example.spans for i in range(start, end)}
    return "".join(
        _KEYS_BESIDE.get(char, char) if i not in private and rng.random() < 1 / 60 else char
        for i, char in enumerate(example.text)
    )


def _fresh_characters(value: str, rng: random.Random) -> str:
    out: list[str] = []
    for index, char in enumerate(value):
        if char in string.digits:
            # Digits beside non-ASCII (三月12日) or a leading zero mean something: keep the shape.
            out.append(rng.choice("123456789") if index == 0 and char != "0" else rng.choice(string.digits))
        elif char in string.ascii_uppercase and rng.random() < 0.5:
            out.append(rng.choice(string.ascii_uppercase))
        else:
            out.append(char)
    return "".join(out)


def _is_code(value: str) -> bool:
    return any(char.isdigit() for char in value) and not any(_chinese(char) for char in value)


def _chinese(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff"
