"""Beside the stages: public label sets as a corpus, to measure what our own text is worth.

    python training/public_sets.py --data DATA --out runs/public        DATA holds uner_*, wnut17, presidio_research, byu_chitchat

Their labels are mapped where the guideline has a type for them; the rest becomes plain text. The result is read by
``train.py --corpus``; no shipped weights come from it.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

TYPES = {
    "PER": "Third-Party Identifiable Info",
    "ORG": "Employer/Company Name",
    "person": "Third-Party Identifiable Info",
    "PERSON": "Third-Party Identifiable Info",
    "STREET_ADDRESS": "Detailed Address",
    "ORGANIZATION": "Employer/Company Name",
    "CREDIT_CARD": "Bank/Payment Card Number",
    "PHONE_NUMBER": "Phone Number",
    "AGE": "Specific Age",
    "EMAIL_ADDRESS": "Email",
    "ZIP_CODE": "Zip Code",
    "IBAN_CODE": "Financial Account",
    "US_SSN": "ID Number",
    "IP_ADDRESS": "IP Address",
    "US_DRIVER_LICENSE": "Driver's License Number",
}
"""Their types and ours. A bare place, a date, a title, a nationality is nothing private by itself."""

_PER_FILE = 60
"""Sentences that make one dialogue."""


def marked(text: str, spans: list[tuple[int, int, str]]) -> str:
    """Inline form of a text with half-open labelled spans."""
    parts, last = [], 0
    for start, end, kind in sorted(spans):
        if start >= last and kind in TYPES and text[start:end].strip() == text[start:end]:
            parts += [text[last:start], f"\u27e6{text[start:end]}|{TYPES[kind]}\u27e7"]
            last = end
    return "".join([*parts, text[last:]])


def columns(path: Path, word: int, tag: int, joiner: str) -> Iterator[str]:
    """Sentences of a file with a word and a BIO tag a line."""
    words: list[tuple[str, str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        cells = line.split("\t")
        if line.startswith("# ") or (cells[0].strip() and len(cells) <= max(word, tag)):
            continue
        if cells[0].strip():
            words.append((cells[word], cells[tag]))
        elif words:
            text, spans, open_kind = "", list[tuple[int, int, str]](), ""
            for token, label in words:
                start = len(text) + (len(joiner) if text else 0)
                text += (joiner if text else "") + token
                prefix, _, kind = label.partition("-")
                if prefix == "I" and kind == open_kind and spans:
                    spans[-1] = (spans[-1][0], len(text), kind)
                elif prefix in {"B", "I"}:
                    spans.append((start, len(text), kind))
                open_kind = kind
            yield marked(text, spans)
            words = []


def presidio(path: Path) -> Iterator[str]:
    for row in json.loads(path.read_text(encoding="utf-8")):
        spans = [(s["start_position"], s["end_position"], s["entity_type"]) for s in row["spans"]]
        yield marked(row["full_text"], spans).replace("\n", " ")


def chitchat(path: Path, most: int) -> Iterator[str]:
    with gzip.open(path) as file:
        talks = json.load(file)
    for talk in list(talks.values())[:most]:
        for turn in talk["messages"]:
            yield " ".join(message["text"] for message in turn).replace("\n", " ")


def write(folder: Path, name: str, language: str, sentences: Iterator[str]) -> int:
    texts = [text for text in sentences if text.strip() and not text.startswith("===")]
    for number, at in enumerate(range(0, len(texts), _PER_FILE)):
        lines = [f"=== user: {name} {number}", f"=== lang: {language}", "=== about: public label set"]
        for index, text in enumerate(texts[at : at + _PER_FILE]):
            lines += ["@assistant" if index % 2 else "@user", text]
        (folder / f"{name}_{number:03}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    sets = {
        ("ewt", "en"): columns(args.data / "uner_en_ewt" / "en_ewt-ud-train.old-revision.iob2", 1, 2, " "),
        ("gsd", "zh"): columns(args.data / "uner_zh_gsdsimp" / "zh_gsdsimp-ud-train.iob2", 1, 2, ""),
        ("wnut", "en"): columns(args.data / "wnut17" / "wnut17train.conll", 0, 1, " "),
        ("presidio", "en"): presidio(args.data / "presidio_research" / "synth_dataset_v2.json"),
        ("chitchat", "en"): chitchat(args.data / "byu_chitchat" / "dataset.json.gz", 200),
    }
    for (name, language), sentences in sets.items():
        print(name, write(args.out, name, language, sentences), "messages")


if __name__ == "__main__":
    main()
