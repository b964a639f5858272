"""Scores of a tagger by the reference metric, on the corpus's validation part or on benchmark files."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from corpus import Dialogue
from data import END, START, TYPES, Encoder
from memveil.detect import Context, Recognizer
from memveil.detect import detect as run_cascade
from memveil.metrics import Annotation, Form, Matching, Report, score_message, summarize
from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.tagging import Scores, decode
from memveil.resolve import resolve
from model import Tagger

Detect = Callable[[str, str], list[Annotation]]


def torch_scorer(model: Tagger, encoder: Encoder, *, bias: float = 0.0, context: bool = False) -> Detect:
    """A detector ``(text, previous) -> items`` around a torch model."""
    window, overlap = 320, 80

    @torch.no_grad()
    def detect(text: str, previous: str) -> list[Annotation]:
        ids, offsets = encoder.pieces(text)
        head = [START, *(encoder.prefix(previous) if context else [])]
        items: dict[tuple[str, str], Annotation] = {}
        for at in range(0, max(1, len(ids) - overlap), window - overlap):
            part = ids[at : at + window]
            row = torch.tensor([[*head, *part, END]])
            with torch.autocast("cpu", torch.bfloat16):
                output = model(row, torch.ones_like(row))
            cut = slice(len(head), len(head) + len(part))
            tags, inside, first, before = (np.asarray(o[0, cut].float()) for o in output)
            for tagged in decode(
                text, offsets[at : at + window], Scores(tags, inside, first, before), outside_bias=bias
            ):
                kind = TYPES[tagged.type_index]
                value = text[tagged.start : tagged.end]
                items[value, kind] = Annotation(value, kind, PRIVACY_TYPES[kind].level)
        return list(items.values())

    return detect


def recognizer_detector(*recognizers: Recognizer) -> Detect:
    """A detector around recognizers of the package, resolved as the guard does."""

    def detect(text: str, previous: str) -> list[Annotation]:
        context = Context(previous=(previous,) if previous else ())
        spans = resolve(run_cascade(text, recognizers, context))
        return [Annotation(text[s.start : s.end], s.privacy_type, s.level) for s in spans]

    return detect


def score_dialogues(dialogues: Sequence[Dialogue], detect: Detect) -> dict[str, float]:
    """The reference metric over user and assistant messages of our own dialogues."""
    scored = []
    for dialogue in dialogues:
        previous = ""
        for message in dialogue.messages:
            gold = {
                (message.text[s:e], kind): Annotation(message.text[s:e], kind, PRIVACY_TYPES[kind].level)
                for s, e, kind in message.spans
            }
            found = detect(message.text, previous)
            scored.append(score_message(message.text, found, list(gold.values())))
            previous = message.text
    return figures(summarize(scored))


def figures(report: Report) -> dict[str, float]:
    """The main figures of a report, in percent."""
    product = report.scores[Form.PRODUCT, Matching.GREEDY]
    return {
        "f1": product.f1,
        "p": product.precision,
        "r": product.recall,
        "f1_nonempty": report.annotated_scores[Form.PRODUCT, Matching.GREEDY].f1,
        "f1_text": report.scores[Form.TEXT, Matching.GREEDY].f1,
        **{f"leak@{level}": share.percent for level, share in report.leaks.items()},
        "overmask": report.overmasked.percent,
    }
