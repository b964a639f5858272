"""Writes ``docs/evaluation.md`` and ``docs/privacy-utility.html`` from the stored results, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from evaluation.attacks.records import ATTACKS, attack_lines
from evaluation.datasets.place import ROOT
from evaluation.report.costs import cost_lines, missing_lines, model_lines
from evaluation.report.figures import Row, rows_of
from evaluation.report.page import page_of
from evaluation.report.tables import latency_table, leak_table, rest_table, type_table, utility_table
from evaluation.report.verdicts import rest_verdicts, utility_verdicts
from evaluation.results import RESULTS, read_all

__all__ = ["markdown_of", "write_report"]

DOCS = ROOT / "docs"

_DATA = {
    "memveil-bench": "Our own benchmark: 24 invented users, every span annotated, questions with evidence and accepted "
    "answers. Half of the users write Chinese, which MiniLM, a model of English, hardly reads: there placeholders give it "
    "something to match, and a gain over no protection says more about MiniLM than about placeholders.",
    "personamem_v2": "10 users, annotated by the reference; multiple choice. A quarter of the right options are short "
    "facts, the others paragraphs of advice whose every word no memory holds: for those read `answer words` and `choice`.",
    "memprivacy_bench_dev": "4 users of the reference's benchmark, dense with private values, free answers in full "
    "sentences: `answers` asks for every content word of them, `answer words` for their share.",
    "locomo10": "10 long conversations, one memory a turn. Nobody annotated what is private in it. The rows called "
    "reference annotations use a stand-in: the two speakers' names, the people, organizations, places and nationalities "
    "that spaCy's en_core_web_md finds, and dates with a month. It covers more than the guideline would (bare cities, "
    "public places) and tells nothing of health, money or relations. Leaks are not counted.",
    "memorybank": "15 users in English and Chinese, questions without answers: only `same memories` can be measured.",
    "madial_bench": "160 memories and 160 dialogues in two languages; an answer is one of the relevant memories, whole.",
}

_HEAD = """# Evaluation

Written by `make report` from `evaluation/results/`; do not edit.
The same figures with plots: `docs/privacy-utility.html`.

What it answers: what does protection cost a memory system, and what does it keep from it?
Every row of a table is measured on the same questions, with the same system; only what stands between the user and the system differs.
Memories are protected one by one in their order, stored, searched with questions that went through the same vault, and what comes home is restored.
No language model is needed: the figures are about what the memory system gives back.

How to read the columns:

- `answers`: share of the questions with a known answer for which the ten memories that came home hold, after restoration, every content word of an accepted answer. The main figure. `private answers`: the same where the answer holds a private value by the reference.
- `change`: points against the unprotected row, with the 95 % interval of a bootstrap over questions (2,000 draws, paired).
- `recall@10`: share of the evidence among the ten. `answer words`: mean share of the answer's content words. `choice`: credit for choosing among four options by the words that the memories support; guessing scores 25.
- `same memories`: how many of the ten memories of the unprotected row were retrieved. `home exactly`: retrieved memories that read as they were written.
- `wire`: places that leak. A place is a value that the annotators marked in one memory; it leaks if more than half of it is readable in what the system received. `detector`: the same if only the detector's own spans had been covered, without the values that the vault knows. `over-masked`: characters covered outside every annotation.
- `known shown`: mentions, in memories and questions, of values that the vault held already, which left all the same. Counted as whole words of five letters or digits, or three Chinese characters, at least. Empty where nothing is kept in a vault.

How to read the leaks at rest, taken from every byte that the system keeps, each figure beside the detector alone (`ours / detector alone`):

- `places`: the same places and the same rule as `wire`; what is readable must stand in the bytes of the store. `detector alone` is the column `detector` of the table above it.
- `values`: each value once a person, however often it stands, if it is distinctive (as above), found verbatim anywhere in the bytes, in the midst of a longer word too. One mention that slipped through is enough, one that no annotator marked as well: so these shares are higher than those of places, and must not be compared with them. `detector alone`: the same in the memories with the detector's own spans cut out.
- `of them told before known`: of the values found, those that the vault holds by the end. They stand in a memory that was stored before the detector found the value for the first time, and what is stored is not called back. With reference annotations nearly all values at rest are of this kind: somebody said the value before the first place that the annotators marked. The others were never found, or only as part of a longer value.
- `known values`: values that stand in a memory stored after the vault came to hold them, and of them those that the store shows from such a memory, or that it shows although no text that was sent does. It must be 0.

A protected question carries the placeholders of known values that it may mean (`Guard.protect_query`); the unprotected row has no such help, so a protected row can be the better one.
Detectors differ in their spans only: policy, known values, placeholders and restoration are memveil's for all.
`generic` placeholders of memveil are numbered, so they say less to a reader but the same to a search engine.
`surrogate` is an experiment: realistic stand-ins in place of placeholders.
BM25 and MiniLM are small indexes of the evaluation's own; the LangGraph store (which LangMem keeps its memories in) and mem0 are the real ones, with the same MiniLM inside. Memobase keeps only what a language model extracts, so without a model there is nothing of it to measure here.
PL4 values live in memory for an hour since their last use and are restored here because a run is shorter; after that their placeholders stay.
Times are those of the machine at hand, which does other work too: compare them within a column only.

How to run: `make report`, or `python -m evaluation.run --jobs 2` for two processes; `--data`, `--system`, `--detector`, `--threshold` and `--style` choose cells, `--whole` takes the whole plane, `--report-only` writes the pages again.
What was measured stays in `evaluation/results/` until code, model or data change; a run that was stopped goes on where it was.
Data sets of others are read from a folder beside the project and are skipped where they are missing.
"""


def markdown_of(rows: Sequence[Row], attacks: Iterable[str]) -> str:
    """The Markdown page."""
    return "\n".join([_HEAD, *_sections(rows), *attacks]).rstrip() + "\n"


def write_report(results: Path = RESULTS, attacks: Path = ATTACKS, docs: Path = DOCS) -> Iterator[Path]:
    """Write both pages from all results; yields what was written."""
    rows = rows_of(read_all(results))
    markdown = markdown_of(rows, attack_lines(attacks))
    for name, text in (("evaluation.md", markdown), ("privacy-utility.html", page_of(markdown, rows))):
        path = docs / name
        path.write_text(text, encoding="utf-8")
        yield path


def _sections(rows: Sequence[Row]) -> Iterator[str]:
    yield from ("## Typed placeholders on reference annotations, PL2+", "")
    yield from ("What is asked: at most 0.5 points of answers lost against no protection.", "")
    yield from (*utility_verdicts(rows), "")
    yield from ("## At rest, memveil's own detector, typed, PL2+", "")
    yield from ("What is asked: at rest no more than the detector alone leaves, at each level; known values 0.", "")
    yield from (*rest_verdicts(rows), "")
    yield from ("SHA-256 of the bundled model that the rows of memveil were measured with:", "", *model_lines(rows), "")
    present = [name for name in _DATA if any(row.cell.data == name for row in rows)]
    for name in present:
        some = [row for row in rows if row.cell.data == name]
        yield from (f"## {name}", "", _DATA[name], "", "### Utility", "", *utility_table(some), "")
        if any(row.result.document["wire"] for row in some):
            yield from ("### Leaks on the wire", "", *leak_table(some), "")
            yield from ("### Leaks at rest", "", *rest_table(some), "")
            yield from ("### Leak by type on the wire, PL2+, typed", "", *type_table(some), "")
    yield from ("## Time of detection", "", "Milliseconds a text, median / 95 %.", "", *latency_table(rows), "")
    yield from ("## Time of the evaluation", "", *cost_lines(rows), "")
    if missing := list(missing_lines(rows)):
        yield from ("## Not measured", "", "Cells of the default slice without a result so far:", "", *missing, "")
