"""How often the language model would be asked, and how much of what rules and tagger miss it would see.

    python benchmarks/unsure.py FILE [--sample 100]

FILE is JSON lines of the benchmark schema (see memveil.annotated). User messages are drawn from all
of its dialogues, with a fixed seed. A message counts as `missed` where an annotated value of PL2 or
above is not wholly covered by what rules and tagger find; `seen` is the share of missed messages
that would be asked about. Nothing of a message is printed.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from memveil.annotated import AnnotatedMessage, read_annotated
from memveil.detect import Context, detect
from memveil.recognizers.defaults import rule_recognizers, tagger
from memveil.recognizers.deferring import is_news
from memveil.recognizers.unsure import greatest_doubt
from memveil.spans import Span

THRESHOLDS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)


def misses(message: AnnotatedMessage, spans: list[Span]) -> bool:
    covered = {i for span in spans for i in range(span.start, span.end)}
    for annotation in message.reference:
        start = message.text.find(annotation.value) if annotation.value else -1
        if start >= 0 and not covered.issuperset(range(start, start + len(annotation.value))):
            return True
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--sample", type=int, default=100)
    options = parser.parse_args()
    with options.file.open("rb") as lines:
        pool = [
            (dialogue.user_name, message)
            for dialogue in read_annotated(lines)
            for message in dialogue.messages
            if message.role == "user"
        ]
    drawn = random.Random(4).sample(pool, min(options.sample, len(pool)))
    rows = []
    for user_name, message in drawn:
        context = Context(user_name or None)
        certain = detect(message.text, rule_recognizers(), context)
        reading = tagger().read(message.text, context)
        found = [*certain, *(span for span in reading.spans if is_news(span, certain))]
        rows.append((greatest_doubt(reading, found), misses(message, found)))
    missed = sum(is_missed for _, is_missed in rows)
    print(f"{len(rows)} messages, {missed} with a value that rules and tagger do not wholly cover\n")
    print("| doubt | asked | seen |\n|---|---|---|")
    for threshold in THRESHOLDS:
        asked = [is_missed for doubt, is_missed in rows if doubt >= threshold]
        seen = f"{sum(asked) / missed:.0%}" if missed else "-"
        print(f"| {threshold} | {len(asked) / len(rows):.0%} | {seen} |")


if __name__ == "__main__":
    main()
