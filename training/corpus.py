"""The corpus: dialogues with inline labels, ``[[value|Type]]`` in the brackets U+27E6 and U+27E7.

    python training/corpus.py check corpus/dialogues/*.txt     problems, then counts; exit 1 on any problem
    python training/corpus.py jsonl corpus/dialogues/*.txt     one JSON object a dialogue, benchmark schema

The form is described in ``corpus/README.md``.
"""

from __future__ import annotations

import collections
import hashlib
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from memveil.privacy_types import PRIVACY_TYPES

MARKED = re.compile(r"\u27e6([^\u27e6\u27e7|]+)\|([^\u27e6\u27e7|]+)\u27e7")
LANGUAGES = {"en": "English", "zh": "Chinese"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message: plain text, and half-open labelled spans ``(start, end, privacy type)``."""

    role: str
    text: str
    spans: tuple[tuple[int, int, str], ...]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation of one invented user."""

    source: str
    user: str
    language: str
    about: str
    messages: tuple[Message, ...]
    date: str = ""

    @property
    def held_out(self) -> bool:
        """Whether the dialogue belongs to the validation tenth: by persona, for ever the same."""
        return hashlib.sha256(self.user.encode()).digest()[0] % 10 == 0


def unmark(marked: str) -> tuple[str, tuple[tuple[int, int, str], ...]]:
    """Marked text to plain text and spans."""
    parts: list[str] = []
    spans: list[tuple[int, int, str]] = []
    last = size = 0
    for match in MARKED.finditer(marked):
        before = marked[last : match.start()]
        parts += [before, match[1]]
        start = size + len(before)
        size = start + len(match[1])
        spans.append((start, size, match[2].strip()))
        last = match.end()
    return "".join([*parts, marked[last:]]), tuple(spans)


def read(path: Path) -> Iterator[Dialogue]:
    """The dialogues of one file."""
    head: dict[str, str] = {}
    messages: list[Message] = []
    role, lines = "", list[str]()

    def close() -> None:
        if role:
            messages.append(Message(role, *unmark("\n".join(lines).strip())))

    def dialogue() -> Dialogue:
        return Dialogue(
            path.name,
            head.get("user", "?"),
            head.get("lang", "?"),
            head.get("about", ""),
            tuple(messages),
            head.get("date", ""),
        )

    for line in path.read_text(encoding="utf-8").splitlines():
        header = re.match(r"=== (\w+): (.*)", line)
        if header:
            if header[1] == "user" and role:
                close()
                yield dialogue()
                head, messages, role, lines = {}, [], "", []
            head[header[1]] = header[2].strip()
        elif line.strip() in ("@user", "@assistant"):
            close()
            role, lines = line.strip()[1:], []
        else:
            lines.append(line)
    close()
    if messages:
        yield dialogue()


def read_all(folder: Path) -> list[Dialogue]:
    """All dialogues of a folder, in the order of file names."""
    return [dialogue for path in sorted(folder.glob("*.txt")) for dialogue in read(path)]


def problems(dialogue: Dialogue) -> Iterator[str]:
    """What breaks the rules of the guideline that a program can see."""
    where = f"{dialogue.source}: {dialogue.user}"
    if dialogue.language not in LANGUAGES or not dialogue.about:
        yield f"{where}: header needs user, lang (en or zh), about"
    known = {m.text[s:e] for m in dialogue.messages for s, e, _ in m.spans if e - s >= 5}
    for number, message in enumerate(dialogue.messages, 1):
        text = message.text
        if not text:
            yield f"{where} #{number}: empty message"
        if "\u27e6" in text or "\u27e7" in text:
            yield f"{where} #{number}: broken markup"
        covered = list(text)
        for start, end, kind in message.spans:
            covered[start:end] = "\0" * (end - start)
            if kind not in PRIVACY_TYPES:
                yield f"{where} #{number}: unknown type {kind!r}"
            if text[start:end] != text[start:end].strip():
                yield f"{where} #{number}: outer blanks in {text[start:end]!r}"
        rest = "".join(covered)
        for value in known:
            if value in rest:
                yield f"{where} #{number}: unlabelled mention of {value!r}"


def check(paths: list[Path]) -> int:
    count: collections.Counter[str] = collections.Counter()
    kinds: collections.Counter[str] = collections.Counter()
    bad = 0
    for dialogue in (dialogue for path in paths for dialogue in read(path)):
        for problem in problems(dialogue):
            print(problem)
            bad += 1
        count["dialogues"] += 1
        count["dialogues held out"] += dialogue.held_out
        for message in dialogue.messages:
            count["messages"] += 1
            count[f"messages {dialogue.language}"] += 1
            count["messages without a span"] += not message.spans
            count["characters"] += len(message.text)
            kinds.update(kind for _, _, kind in message.spans)
    print(dict(count))
    print(dict(kinds.most_common()))
    return 1 if bad else 0


def jsonl(paths: list[Path]) -> int:
    for dialogue in (dialogue for path in paths for dialogue in read(path)):
        metadata = {"user_name": dialogue.user, "language": LANGUAGES[dialogue.language], "about": dialogue.about}
        turns = [
            {
                "role": message.role,
                "content": message.text,
                "privacy_info": [
                    {
                        "original_text": message.text[start:end],
                        "privacy_type": kind,
                        "privacy_level": str(PRIVACY_TYPES[kind].level),
                        "start": start,
                        "end": end,
                    }
                    for start, end, kind in message.spans
                ],
            }
            for message in dialogue.messages
        ]
        print(json.dumps({"metadata": metadata, "dialogues": turns, "questions": []}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in ("check", "jsonl"):
        sys.exit(__doc__)
    sys.exit({"check": check, "jsonl": jsonl}[sys.argv[1]]([Path(name) for name in sys.argv[2:]]))
