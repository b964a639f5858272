"""``memveil protect`` and ``memveil restore``: a text or conversations out, and home again."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from memveil.cli import ui
from memveil.cli.arguments import (
    file_argument,
    open_input,
    policy_options,
    scope_option,
    size_of,
    user_name_option,
)
from memveil.cli.workspace import Workspace

if TYPE_CHECKING:
    from memveil.conversations import ConversationDocument, ConversationLines, PlainText
    from memveil.messages import Transform
    from memveil.spans import Action, PrivacyLevel, Span

__all__ = ["Tally", "protect", "restore"]

_text_option = click.option(
    "--text", "is_text", is_flag=True, help="Take the input as plain text, whatever it looks like."
)


@click.command()
@file_argument
@scope_option
@user_name_option
@policy_options
@_text_option
def protect(
    file: Path,
    *,
    scope: str | None,
    user_name: str | None,
    preset: str | None,
    style: str | None,
    is_text: bool,
) -> None:
    """Replace private values by placeholders, and remember them in the vault.

    Reads text, a JSON list of messages, or conversations as JSON lines. Lines
    are protected one by one; everything else is written only when all of it is done.
    """
    tally = Tally()
    with Workspace() as workspace, open_input(file) as stream:
        policy = workspace.policy(preset=preset, style=style)
        vault = workspace.vault()

        def begin(name: str | None) -> Transform:
            guard = workspace.guard(vault, scope or workspace.scope, user_name=name or user_name, policy=policy)
            previous: list[str] = []

            def transform(_role: str, text: str) -> str:
                protected = guard.protect(text, previous=previous)
                previous.append(text)
                tally.count(protected.spans)
                tally.degraded += bool(protected.degraded)
                return protected.text

            return transform

        _exchange(stream, begin, is_text=is_text, doing="protecting")
    tally.report()


@click.command()
@file_argument
@scope_option
@_text_option
def restore(file: Path, scope: str | None, is_text: bool) -> None:
    """Put the values back for the placeholders of a scope; what is unknown stays as it is."""
    with Workspace() as workspace, open_input(file) as stream:
        guard = workspace.guard(workspace.vault_to_read(), scope or workspace.scope)

        def begin(_name: str | None) -> Transform:
            return lambda _role, text: guard.restore(text)

        _exchange(stream, begin, is_text=is_text, doing="restoring")


def _exchange(stream: BinaryIO, begin: Callable[[str | None], Transform], *, is_text: bool, doing: str) -> None:
    """Read the input, exchange its texts, write the result in the same shape.

    Args:
        stream: the input.
        begin: gives the transform of one conversation, from the name of its user.
        is_text: whether the input is one text, whatever it looks like.
        doing: what is done, for the progress bar.
    """
    from memveil.conversations import (
        ConversationDocument,
        ConversationLines,
        PlainText,
        read_input,
    )
    from memveil.json_input import decode_text

    with ui.tracked(stream, size=size_of(stream), doing=doing) as lines:
        read: PlainText | ConversationDocument | ConversationLines
        read = PlainText(decode_text(b"".join(lines))) if is_text else read_input(lines)
        match read:
            case PlainText(text):
                ui.write(begin(None)("user", text))
            case ConversationDocument(conversation):
                ui.write(read.write(conversation.map(begin(conversation.user_name))))
            case ConversationLines(conversations):
                for conversation in conversations:
                    ui.write(read.write(conversation.map(begin(conversation.user_name))))


class Tally:
    """Counts what was protected, by level. Holds no value."""

    def __init__(self) -> None:
        self.degraded = 0
        self._counts: Counter[tuple[PrivacyLevel, Action]] = Counter()

    def count(self, spans: Iterable[Span]) -> None:
        """Add the level and action of each span."""
        self._counts.update((span.level, span.action) for span in spans)

    def report(self) -> None:
        """Say on stderr how many spans of which level were replaced, removed and kept."""
        from memveil.spans import Action, PrivacyLevel

        words = {Action.PSEUDONYMIZE: "replaced", Action.REDACT: "removed", Action.KEEP: "kept"}
        levels = sorted({level for level, _ in self._counts}, reverse=True)
        if sys.stderr.isatty() and levels:
            from rich.table import Table

            table = Table("level", *words.values(), box=None, pad_edge=False, header_style="dim")
            for level in levels:
                table.add_row(str(level), *(str(self._counts[level, action] or "") for action in words))
            ui.console(stderr=True).print(table)
        else:
            parts = [
                f"{sum(by_level.values())} {word} ({', '.join(f'{n} {level}' for level, n in by_level.items())})"
                for action, word in words.items()
                if (by_level := {level: n for level in levels if (n := self._counts[level, action])})
            ]
            ui.say(", ".join(parts) or "nothing private was found")
        if self.degraded:
            ui.say(f"{self.degraded} texts were not read by the language model, as recognizers.llm.on_failure allows")
        if self._counts[PrivacyLevel.PL4, Action.PSEUDONYMIZE]:
            ui.say("PL4 values are never stored, so another run cannot restore their placeholders")
