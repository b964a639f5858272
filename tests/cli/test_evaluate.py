from __future__ import annotations

import json

import pytest

from memveil.annotated import AnnotatedDialogue, AnnotatedMessage
from memveil.cli.evaluate import as_json, measure
from memveil.detect import Context
from memveil.metrics import Annotation, Form, Matching, equal_names
from memveil.spans import PrivacyLevel, Span
from memveil.testing import CANARIES, ScriptedRecognizer
from tests.cli.terminal import memveil

MAIL = CANARIES["Email"]
REFERENCE = (Annotation(MAIL, "Email", PrivacyLevel.PL2),)
DIALOGUE = AnnotatedDialogue(
    "Ines Larsen",
    "English",
    (
        AnnotatedMessage("user", f"Mail {MAIL}", REFERENCE),
        AnnotatedMessage("assistant", f"To {MAIL}?", REFERENCE),
        AnnotatedMessage("user", "Yes", ()),
    ),
)


class Watcher:
    """Finds nothing and remembers what it was shown."""

    name = "watcher"

    def __init__(self) -> None:
        self.seen: list[tuple[str, Context]] = []

    def recognize(self, text: str, context: Context) -> list[Span]:
        self.seen.append((text, context))
        return []


def test_user_messages_are_scored_and_the_assistants_are_not() -> None:
    result = measure([DIALOGUE], [ScriptedRecognizer()], similarity=equal_names, with_context=False)

    assert result.report.messages == 2
    assert result.report.scores[Form.PRODUCT, Matching.GREEDY].f1 == 100
    assert result.report.floor == 50
    assert 0 < result.median <= result.slow


def test_the_detector_is_told_the_name_and_if_wanted_the_messages_before() -> None:
    alone, within = Watcher(), Watcher()

    measure([DIALOGUE], [alone], similarity=equal_names, with_context=False)
    measure([DIALOGUE], [within], similarity=equal_names, with_context=True)

    assert [text for text, _ in alone.seen] == [f"Mail {MAIL}", "Yes"]
    assert {context for _, context in alone.seen} == {Context("Ines Larsen", ())}
    assert within.seen[1][1] == Context("Ines Larsen", (f"Mail {MAIL}", f"To {MAIL}?"))


def test_no_dialogue_is_no_error() -> None:
    result = measure([], [], similarity=equal_names, with_context=False)

    assert json.loads(as_json(result, "none", None))["n"] == 0


def test_the_object_has_the_names_of_the_referee() -> None:
    result = measure([DIALOGUE], [], similarity=equal_names, with_context=False)

    figures = json.loads(as_json(result, "dev", "model"))

    assert figures["types"] == "model"
    assert figures["leak@PL2"] == 100
    assert {"n", "f1_product", "p", "r", "f1_nonempty", "f1_span", "f1_text", "overmask", "ms_p50", "ms_p95"} <= set(
        figures
    )


def test_on_a_terminal_the_figures_are_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    line = json.dumps({"dialogues": [{"role": "user", "content": "x", "privacy_info": []}]})

    drawn = memveil(monkeypatch, "eval --exact-types -", stdin=line, terminal="stdout")

    assert drawn.code == 0
    assert "product, greedy" in drawn.stdout
    assert "\t" not in drawn.stdout
