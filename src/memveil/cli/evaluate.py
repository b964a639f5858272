"""``memveil eval``: score the detector on annotated dialogues with the reference metric."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from memveil.cli import ui
from memveil.cli.arguments import open_input, size_of
from memveil.cli.workspace import Workspace
from memveil.errors import MemveilError

if TYPE_CHECKING:
    from memveil.annotated import AnnotatedDialogue
    from memveil.detect import Recognizer
    from memveil.metrics import MessageScore, Report, TypeSimilarity

__all__ = ["Result", "as_json", "evaluate", "measure"]

_LANGUAGES = {"en": "english", "zh": "chinese"}
# Only what users write is scored; assistants repeat it.
_SCORED_ROLE = "user"


@dataclass(frozen=True, slots=True)
class Result:
    """The report on one file, and how long a message took, in milliseconds."""

    report: Report
    median: float
    slow: float


@click.command("eval")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "json_lines", is_flag=True, help="Print one JSON object a file.")
@click.option("--rules-only", is_flag=True, help="Leave out the model.")
@click.option("--lang", metavar="LANGUAGE", help="Only dialogues in this language: en, zh, or its full name.")
@click.option("--context", is_flag=True, help="Show the detector the previous messages, as in use.")
@click.option("--exact-types", is_flag=True, help="Type names match only where they are equal.")
def evaluate(
    files: Sequence[Path],
    *,
    json_lines: bool,
    rules_only: bool,
    lang: str | None,
    context: bool,
    exact_types: bool,
) -> None:
    """Score the detector on JSON lines of the benchmark schema.

    The figures are those of the reference, in percent: precision, recall and F1
    are means over user messages. Different type names are compared by a small
    sentence model where the extra `eval` is installed, else they count as different.
    """
    from memveil.cli.type_similarity import MODEL, SentenceSimilarity, is_installed
    from memveil.metrics import equal_names

    with Workspace() as workspace:
        if rules_only:
            from memveil.recognizers.defaults import rule_recognizers

            recognizers = rule_recognizers()
        else:
            recognizers = workspace.recognizers()
    by_model = is_installed() and not exact_types
    similarity: TypeSimilarity = SentenceSimilarity() if by_model else equal_names
    for number, file in enumerate(files, 1):
        try:
            with (
                open_input(file) as stream,
                ui.tracked(stream, size=size_of(stream), doing="scoring") as lines,
            ):
                result = measure(_in_language(lines, lang), recognizers, similarity=similarity, with_context=context)
        except MemveilError as error:
            if len(files) == 1:
                raise
            raise type(error)(f"file {number}: {error}") from None
        if json_lines:
            ui.write(as_json(result, file.name, MODEL if by_model else None))
        elif ui.on_terminal():
            _draw(result, file.name, MODEL if by_model else None)
        else:
            ui.write("".join(_plain(result, file.name, MODEL if by_model else None)))


def measure(
    dialogues: Iterable[AnnotatedDialogue],
    recognizers: Sequence[Recognizer],
    *,
    similarity: TypeSimilarity,
    with_context: bool,
) -> Result:
    """Detect in every user message of ``dialogues`` and score what was found.

    Args:
        dialogues: annotated dialogues.
        recognizers: the cascade to score; nothing is stored, so no value is known from before.
        similarity: likeness of different type names.
        with_context: whether the detector sees the messages before, of both roles.
    """
    from memveil.guard import Guard
    from memveil.metrics import Annotation, score_message, summarize
    from memveil.vault.memory import MemoryVault

    scores: list[MessageScore] = []
    times: list[float] = []
    for dialogue in dialogues:
        guard = Guard.open(user_name=dialogue.user_name or None, vault=MemoryVault(), recognizers=recognizers)
        previous: list[str] = []
        for message in dialogue.messages:
            text = message.text
            if message.role == _SCORED_ROLE:
                begin = time.perf_counter()
                spans = guard.detect(text, previous=previous if with_context else ())
                times.append(1000 * (time.perf_counter() - begin))
                found = [Annotation(text[s.start : s.end], s.privacy_type, s.level) for s in spans]
                scores.append(score_message(text, found, message.reference, similarity=similarity))
            previous.append(text)
    times.sort()
    return Result(
        summarize(scores),
        statistics.median(times) if times else 0.0,
        times[int(0.95 * len(times))] if times else 0.0,
    )


def as_json(result: Result, name: str, model: str | None) -> str:
    """One line of JSON; the names of the referee where it has the figure, two digits."""
    from memveil.metrics import Form, Matching

    report = result.report
    greedy, optimal = Matching.GREEDY, Matching.OPTIMAL
    product = report.scores[Form.PRODUCT, greedy]
    figures: dict[str, float] = {
        "f1_product": product.f1,
        "p": product.precision,
        "r": product.recall,
        "f1_nonempty": report.annotated_scores[Form.PRODUCT, greedy].f1,
        "f1_span": report.scores[Form.SPAN, greedy].f1,
        "f1_text": report.scores[Form.TEXT, greedy].f1,
        "f1_mean": report.scores[Form.MEAN, greedy].f1,
        **{f"f1_{form.value}_optimal": report.scores[form, optimal].f1 for form in Form},
        "floor": report.floor,
        **{f"leak@{level}": share.percent for level, share in report.leaks.items()},
        "overmask": report.overmasked.percent,
        "ms_p50": result.median,
        "ms_p95": result.slow,
    }
    rounded = {key: round(figure, 2) for key, figure in figures.items()}
    head = {
        "file": name,
        "n": report.messages,
        "n_annotated": report.annotated_messages,
        "types": model or "equal",
    }
    return json.dumps({**head, **rounded}, ensure_ascii=False) + "\n"


def _in_language(lines: Iterable[bytes], lang: str | None) -> Iterable[AnnotatedDialogue]:
    from memveil.annotated import read_annotated

    wanted = _LANGUAGES.get(lang.lower(), lang.lower()) if lang else None
    for dialogue in read_annotated(lines):
        if wanted is None or dialogue.language.lower() == wanted:
            yield dialogue


def _quality_rows(report: Report) -> list[tuple[str, ...]]:
    """Name, precision, recall, F1, F1 on annotated messages."""
    rows: list[tuple[str, ...]] = []
    for (form, matching), quality in report.scores.items():
        annotated = report.annotated_scores[form, matching]
        figures = (quality.precision, quality.recall, quality.f1, annotated.f1)
        rows.append((f"{form.value}, {matching.value}", *(f"{figure:.2f}" for figure in figures)))
    rows.append(("floor, nothing found", "", "", f"{report.floor:.2f}", "0.00"))
    return rows


def _share_rows(result: Result) -> list[tuple[str, str, str]]:
    """Name, percent, counts."""
    report = result.report
    rows = [
        (f"leak {level}", f"{share.percent:.2f}", f"{share.count} of {share.total} values")
        for level, share in report.leaks.items()
    ]
    over = report.overmasked
    rows.append(("over-masked", f"{over.percent:.2f}", f"{over.count} of {over.total} characters"))
    return rows


def _title(result: Result, name: str, model: str | None) -> str:
    report = result.report
    return (
        f"{name}: {report.messages} user messages, {report.annotated_messages} with annotations; "
        f"type names compared by {model or 'equality'}; "
        f"{result.median:.2f} ms a message, {result.slow:.2f} ms at 95%"
    )


_QUALITY_HEADER = ("score", "precision", "recall", "F1", "F1 annotated")
_SHARE_HEADER = ("share", "percent", "count")


def _plain(result: Result, name: str, model: str | None) -> Iterable[str]:
    yield f"# {ui.printable(_title(result, name, model))}\n"
    yield from ui.plain_table(_QUALITY_HEADER, _quality_rows(result.report))
    yield from ui.plain_table(_SHARE_HEADER, _share_rows(result))


def _draw(result: Result, name: str, model: str | None) -> None:
    from rich.table import Table

    console = ui.console()
    console.print(_title(result, ui.printable(name), model), style="bold")
    for header, rows in (
        (_QUALITY_HEADER, _quality_rows(result.report)),
        (_SHARE_HEADER, _share_rows(result)),
    ):
        table = Table(box=None, pad_edge=False, header_style="dim")
        for column, title in enumerate(header):
            is_text = column == 0 or title == "count"
            table.add_column(title, justify="left" if is_text else "right", no_wrap=True)
        for row in rows:
            table.add_row(*row)
        console.print()
        console.print(table)
