"""Agreement of two annotators: ``python bench/agreement.py``.

``second/NAME.txt`` holds one conversation of a user, annotated again from the plain text by somebody who saw the
guideline and not the first labels. Reported: Cohen's kappa (1960) over characters, for "private or not" and for the
level; F1 of spans with equal borders, with equal borders and level, and with type as well; F1 of the reference metric.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "training"))

from bench import read_user  # noqa: E402 - after the path
from corpus import Message, read  # noqa: E402
from memveil.metrics import Annotation, Form, Matching, score_message, summarize  # noqa: E402
from memveil.privacy_types import PRIVACY_TYPES  # noqa: E402


def pairs() -> Iterator[tuple[str, Message, Message]]:
    """Language, a message as first annotated, and as annotated again.

    Raises:
        ValueError: the second file's text is not the first's.
    """
    for path in sorted((HERE / "second").glob("*.txt")):
        user = read_user(path.stem)
        for again in read(path):
            once = next(one for one in user.conversations if one.date == again.date)
            if [m.text for m in once.messages] != [m.text for m in again.messages]:
                raise ValueError(f"{path.name}: the text differs")
            for first, second in zip(once.messages, again.messages, strict=True):
                yield user.language, first, second


def kappa(first: list[str], second: list[str]) -> float:
    """Cohen's kappa of two equally long lists of labels."""
    size = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / size
    ones, twos = Counter(first), Counter(second)
    expected = sum(ones[label] * twos[label] for label in ones) / size**2
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0


def levels(message: Message) -> list[str]:
    """The level of each character, or "-"."""
    found = ["-"] * len(message.text)
    for start, end, kind in message.spans:
        found[start:end] = [str(PRIVACY_TYPES[kind].level)] * (end - start)
    return found


def f1(first: list[set[object]], second: list[set[object]]) -> float:
    """Of sets of labels, over all messages together."""
    same = sum(len(a & b) for a, b in zip(first, second, strict=True))
    total = sum(map(len, first)) + sum(map(len, second))
    return 2 * same / total if total else 1.0


def annotations(message: Message) -> list[Annotation]:
    found = {(message.text[s:e], k): None for s, e, k in message.spans}
    return [Annotation(value, kind, PRIVACY_TYPES[kind].level) for value, kind in found]


def figures(found: list[tuple[Message, Message]]) -> list[float]:
    first = [label for a, _ in found for label in levels(a)]
    second = [label for _, b in found for label in levels(b)]
    borders = [[{(s, e) for s, e, _ in m.spans} for m in side] for side in zip(*found, strict=True)]
    with_level = [
        [{(s, e, PRIVACY_TYPES[k].level) for s, e, k in m.spans} for m in side] for side in zip(*found, strict=True)
    ]
    with_type = [[set(m.spans) for m in side] for side in zip(*found, strict=True)]
    report = summarize(score_message(a.text, annotations(b), annotations(a)) for a, b in found)
    return [
        kappa([str(label != "-") for label in first], [str(label != "-") for label in second]),
        kappa(first, second),
        f1(*borders),
        f1(*with_level),
        f1(*with_type),
        report.scores[Form.PRODUCT, Matching.GREEDY].f1 / 100,
    ]


def main() -> None:
    everything = list(pairs())
    print("| | messages | kappa private | kappa level | F1 borders | and level | and type | reference metric |")
    print("|---" * 8 + "|")
    for name, languages in (("English", {"en"}), ("Chinese", {"zh"}), ("both", {"en", "zh"})):
        found = [(a, b) for language, a, b in everything if language in languages]
        if found:
            print(f"| {name} | {len(found)} | " + " | ".join(f"{figure:.3f}" for figure in figures(found)) + " |")


if __name__ == "__main__":
    main()
