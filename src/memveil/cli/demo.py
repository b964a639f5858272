"""``memveil demo``: the whole loop on a bundled dialogue, without a network and without set-up.

Only the cloud is played: it follows a script, but it knows no value. It sees
protected texts, picks up the placeholders that stand in them, and writes its
answers with those, rewritten now and then as language models do. Detecting,
protecting and restoring are the library's own.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING

import click

from memveil.cli import ui

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from memveil.guard import Guard
    from memveil.spans import PrivacyLevel

__all__ = ["Exchange", "Passage", "ScriptedCloud", "demo", "draw", "play"]

# `{Phone:2!lower|no number}`: the second telephone number seen, rewritten, or the words at the end.
_SLOT = re.compile(r"\{(?P<tag>\w+)(?::(?P<which>\d))?(?:!(?P<rewrite>\w+))?\|(?P<otherwise>[^}]*)\}")
_REWRITES: dict[str, Callable[[str], str]] = {
    "lower": str.lower,
    "blanks": lambda placeholder: placeholder.replace("_", " "),
}
# The cloud's answers arrive in pieces, as over a real stream.
_PIECE = 7


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with the places to mark in it. The repr shows no text."""

    text: str = field(repr=False)
    marks: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn, as both sides have it."""

    typed: Passage
    seen: Passage
    written: Passage
    read: Passage
    values: tuple[tuple[str, PrivacyLevel], ...] = field(repr=False)


class ScriptedCloud:
    """A cloud model without a model. It is given protected texts and nothing else."""

    def __init__(self) -> None:
        self._seen: dict[str, list[str]] = {}

    def answer(self, message: str, script: str) -> str:
        """Read a protected message, then follow the script with the placeholders seen so far."""
        from memveil.placeholders import find

        for placeholder in find(message):
            tag = placeholder.written.strip("<>").rpartition("_")[0]
            known = self._seen.setdefault(tag, [])
            if placeholder.written not in known:
                known.append(placeholder.written)
        return _SLOT.sub(self._fill, script)

    def _fill(self, slot: re.Match[str]) -> str:
        known = self._seen.get(slot["tag"], [])
        which = int(slot["which"]) - 1 if slot["which"] else len(known) - 1
        if not 0 <= which < len(known):
            return slot["otherwise"]
        rewrite = _REWRITES.get(slot["rewrite"] or "", str)
        return rewrite(known[which])


@click.command()
def demo() -> None:
    """Show the whole loop on a bundled dialogue: typed, seen by the cloud, read back."""
    from memveil.guard import Guard
    from memveil.vault.memory import MemoryVault

    script = json.loads(files("memveil.cli").joinpath("demo_dialogue.json").read_text(encoding="utf-8"))
    guard = Guard.open(scope="demo", user_name=script["user_name"], vault=MemoryVault())
    exchanges = list(play(guard, [(turn["user"], turn["cloud"]) for turn in script["turns"]]))
    if ui.on_terminal():
        draw(exchanges, ui.console())
    else:
        ui.write("".join(_plain(exchanges)))


def play(guard: Guard, turns: Sequence[tuple[str, str]]) -> Iterator[Exchange]:
    """Send each turn out and bring its answer home.

    Args:
        guard: protects and restores.
        turns: what the user types, and the cloud's script for the answer.
    """
    from memveil.spans import Action

    cloud = ScriptedCloud()
    previous: list[str] = []
    for typed, script in turns:
        protected = guard.protect(typed, previous=previous)
        written = cloud.answer(protected.text, script)
        stream = guard.restorer()
        pieces = [stream.feed(written[at : at + _PIECE]) for at in range(0, len(written), _PIECE)]
        read = "".join([*pieces, stream.flush()])
        previous += [typed, read]
        hidden = [span for span in protected.spans if span.action is not Action.KEEP]
        yield Exchange(
            typed=Passage(typed, tuple((span.start, span.end) for span in hidden)),
            seen=_with_placeholders(protected.text),
            written=_with_placeholders(written),
            read=_with_values(written, read, guard),
            values=tuple((typed[span.start : span.end], span.level) for span in hidden),
        )


def _with_placeholders(text: str) -> Passage:
    from memveil.placeholders import find

    return Passage(text, tuple((found.start, found.end) for found in find(text)))


def _with_values(written: str, read: str, guard: Guard) -> Passage:
    """Where the values stand that came home: behind each placeholder, the text moves by the difference."""
    from memveil.placeholders import find

    marks: list[tuple[int, int]] = []
    moved = 0
    for found in find(written):
        value = guard.restore(found.written)
        if value != found.written:
            start = found.start + moved
            marks.append((start, start + len(value)))
            moved += len(value) - (found.end - found.start)
    return Passage(read, tuple(marks))


def _verdict(exchanges: Sequence[Exchange]) -> str:
    """What was found, and whether the cloud's side of the dialogue holds any of it."""
    values = [value for each in exchanges for value in each.values]
    cloud = "\n".join(each.seen.text + "\n" + each.written.text for each in exchanges)
    counts = Counter(level for _, level in values)
    levels = ", ".join(f"{counts[level]} {level}" for level in sorted(counts, reverse=True))
    leaked = sum(value in cloud for value, _ in values)
    seen = f"{leaked} of them were seen by the cloud" if leaked else "none of them was seen by the cloud"
    return f"{len(values)} private values were found ({levels}); {seen}."


def _plain(exchanges: Sequence[Exchange]) -> Iterator[str]:
    for each in exchanges:
        for title, passage in (
            ("you typed", each.typed),
            ("cloud saw", each.seen),
            ("cloud wrote", each.written),
            ("you read", each.read),
        ):
            first, *rest = passage.text.splitlines()
            yield f"{title:<11} | {first}\n"
            yield from (f"{'':<11} | {line}\n" for line in rest)
        yield "\n"
    yield f"{_verdict(exchanges)}\n"


def draw(exchanges: Sequence[Exchange], console: Console) -> None:
    """Draw the dialogue: three columns where there is room, else this machine beside the cloud."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.HORIZONTALS, pad_edge=False, expand=True, header_style="bold", border_style="dim")
    if console.width >= 100:
        for title in ("you typed", "the cloud saw, and wrote", "you read back"):
            table.add_column(title, ratio=1, overflow="fold")
        for each in exchanges:
            cloud = Text.assemble(_marked(each.seen, "cyan"), "\n\n", _marked(each.written, "cyan"))
            table.add_row(_marked(each.typed, "bold red"), cloud, _marked(each.read, "bold green"), end_section=True)
    else:
        for title in ("on this machine", "in the cloud"):
            table.add_column(title, ratio=1, overflow="fold")
        for each in exchanges:
            table.add_row(
                Text.assemble(("you typed\n", "dim"), _marked(each.typed, "bold red"), "\n"),
                Text.assemble(("it saw\n", "dim"), _marked(each.seen, "cyan"), "\n"),
            )
            table.add_row(
                Text.assemble(("you read\n", "dim"), _marked(each.read, "bold green")),
                Text.assemble(("it wrote\n", "dim"), _marked(each.written, "cyan")),
                end_section=True,
            )
    console.print(table)
    console.print(Text(_verdict(exchanges)))


def _marked(passage: Passage, style: str) -> Text:
    from rich.text import Text

    text = Text(passage.text)
    for start, end in passage.marks:
        text.stylize(style, start, end)
    return text
