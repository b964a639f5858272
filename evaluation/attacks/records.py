"""What an attack found, stored as JSON and written into the report."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from evaluation.datasets.place import ROOT

__all__ = ["ATTACKS", "Finding", "attack_lines", "store"]

ATTACKS = ROOT / "evaluation" / "attacks" / "results"
"""Where findings are stored, a file an attack."""

_ORDER = ("linkage", "inference", "blind_index", "injection")


@dataclass(frozen=True, slots=True)
class Finding:
    """An attack's table.

    Args:
        title: heading of its section.
        lines: what the attacker has, wants and does; what the figures mean.
        header: of the table.
        rows: of the table.
    """

    title: str
    lines: tuple[str, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def store(name: str, finding: Finding, folder: Path = ATTACKS) -> None:
    """Write a finding."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(finding), ensure_ascii=False, indent=1)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")


def attack_lines(folder: Path = ATTACKS) -> Iterator[str]:
    """The section of all stored findings, as Markdown."""
    names = [name for name in _ORDER if (folder / f"{name}.json").exists()]
    if not names:
        return
    yield from ("## Attacks", "")
    for name in names:
        document = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        yield from (f"### {document['title']}", "", *document["lines"], "")
        yield from _table(document["header"], document["rows"])
        yield ""


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|---|{'---:|' * (len(header) - 1)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
