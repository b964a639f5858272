"""Stage 1: the corpus as pieces with labels."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from augment import Example
from corpus import Dialogue, read_all
from memveil.privacy_types import PRIVACY_TYPES

TYPES = tuple(PRIVACY_TYPES)
TYPE_INDEX = {name: index for index, name in enumerate(TYPES)}
START, PAD, END = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Window:
    """Pieces of one example as arrays; ``tags`` is -100 where nothing is learned."""

    ids: np.ndarray
    tags: np.ndarray
    spans: tuple[tuple[int, int, int], ...]


def examples(dialogues: list[Dialogue]) -> list[Example]:
    found = []
    for number, dialogue in enumerate(dialogues):
        previous = ""
        for message in dialogue.messages:
            found.append(Example(message.text, message.spans, previous, number, message.role))
            previous = message.text
    return found


def load(folder: Path) -> tuple[list[Dialogue], list[Dialogue]]:
    """Training and validation dialogues; whole personas apart."""
    dialogues = read_all(folder)
    return [d for d in dialogues if not d.held_out], [d for d in dialogues if d.held_out]


class Encoder:
    """Texts to windows of pieces."""

    def __init__(self, tokenizer: Path, *, window: int = 256, overlap: int = 48, context: int = 64) -> None:
        self.tokenizer = Tokenizer.from_file(str(tokenizer))
        self.window, self.overlap, self.context = window, overlap, context

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Ids and character ranges, without the empty word-start pieces."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        kept = []
        for index, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            while start < end and text[start].isspace():
                start += 1
            if start < end:
                kept.append((index, (start, end)))
        return [index for index, _ in kept], [offset for _, offset in kept]

    def prefix(self, previous: str) -> list[int]:
        """The end of the previous turn, as context."""
        if not previous or not self.context:
            return []
        return [*self.pieces(previous[-600:])[0][-self.context :], END]

    def windows(self, example: Example, *, with_context: bool) -> list[Window]:
        ids, offsets = self.pieces(example.text)
        tags, runs = label(offsets, example.spans)
        before = self.prefix(example.previous) if with_context else []
        found = []
        step = self.window - self.overlap
        for at in range(0, max(1, len(ids) - self.overlap), step):
            stop = min(at + self.window, len(ids))
            head = [START, *before]
            inner = tuple(
                (first - at + len(head), last - at + len(head), kind)
                for first, last, kind in runs
                if at <= first and last <= stop
            )
            window_tags = np.array([-100] * len(head) + tags[at:stop] + [-100], np.int64)
            # A span that the border of the window cuts is learned in the other window.
            for first, last, _ in runs:
                if (first < at < last) or (first < stop < last):
                    window_tags[len(head) + max(first, at) - at : len(head) + min(last, stop) - at] = -100
            found.append(Window(np.array([*head, *ids[at:stop], END], np.int64), window_tags, inner))
        return found


def label(
    offsets: list[tuple[int, int]], spans: tuple[tuple[int, int, str], ...]
) -> tuple[list[int], list[tuple[int, int, int]]]:
    """Tags of pieces, and spans as ranges of pieces."""
    tags = [0] * len(offsets)
    runs = []
    for start, end, kind in spans:
        touched = [i for i, (left, right) in enumerate(offsets) if left < end and right > start]
        if touched:
            tags[touched[0]] = 1
            for i in touched[1:]:
                tags[i] = 2
            runs.append((touched[0], touched[-1] + 1, TYPE_INDEX[kind]))
    return tags, runs
