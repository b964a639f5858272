"""``memveil detect``: what is private in a text, and nothing else happens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from memveil.cli import ui
from memveil.cli.arguments import (
    WrongUsage,
    file_argument,
    open_input,
    scope_option,
    size_of,
    user_name_option,
)
from memveil.cli.workspace import Workspace

if TYPE_CHECKING:
    from memveil.guard import Guard
    from memveil.spans import Span

__all__ = ["Request", "detect", "items", "read_request"]

_KEYS = ("text", "user_name", "scope")


@dataclass(frozen=True, slots=True)
class Request:
    """One line of a batch. The repr shows no value."""

    text: str = field(repr=False)
    user_name: str | None = field(default=None, repr=False)
    scope: str | None = None


@click.command()
@file_argument
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--jsonl",
    "batch",
    is_flag=True,
    help='Read {"text", "user_name"?, "scope"?} a line; print one object a line.',
)
@scope_option
@user_name_option
def detect(file: Path, as_json: bool, batch: bool, scope: str | None, user_name: str | None) -> None:
    """Show the private spans of a text. Nothing is stored.

    With --scope, values that the vault knows in that scope are found too.
    """
    if as_json and batch:
        raise WrongUsage("--json and --jsonl exclude each other")
    with Workspace() as workspace, open_input(file) as stream:
        if batch:
            with ui.tracked(stream, size=size_of(stream), doing="detecting") as lines:
                _detect_lines(workspace, lines, scope, user_name)
            return
        from memveil.json_input import decode_text

        text = decode_text(stream.read())
        spans = _guard(workspace, Request(text, user_name, scope)).detect(text)
        if as_json:
            ui.write(_object(text, spans))
        elif ui.on_terminal():
            _draw(text, spans)
        else:
            ui.write("".join(_plain(text, spans)))


def read_request(text: str, *, line: int) -> Request:
    """Read one line of a batch.

    Raises:
        InputError: no JSON, no text, or an unknown key; names line and key.
    """
    from memveil.errors import InputError
    from memveil.json_input import parse_json
    from memveil.json_values import kind_of, show_key

    value = parse_json(text, line=line)
    if not isinstance(value, dict):
        raise InputError(f'line {line}: {kind_of(value)} where an object is expected; write {{"text": ...}}')
    fields = cast("dict[str, object]", value)
    for key in fields:
        if key not in _KEYS:
            raise InputError(f"line {line}: a key {show_key(key)} that memveil does not know; use {', '.join(_KEYS)}")
    if "text" not in fields:
        raise InputError(f"line {line}: no key 'text'; add it")

    def words(key: str) -> str | None:
        item = fields.get(key)
        if item is None and key != "text":
            return None
        if not isinstance(item, str):
            raise InputError(f"line {line}: {kind_of(item)} at {key} where text is expected; write it as a string")
        return item

    return Request(words("text") or "", words("user_name"), words("scope"))


def items(text: str, spans: Iterable[Span]) -> list[dict[str, object]]:
    """Spans in the form of the reference system, with places and origin."""
    return [
        {
            "original_text": text[span.start : span.end],
            "privacy_type": span.privacy_type,
            "privacy_level": str(span.level),
            "start": span.start,
            "end": span.end,
            "score": span.score,
            "recognizer": span.recognizer,
        }
        for span in spans
    ]


def _detect_lines(workspace: Workspace, lines: Iterable[bytes], scope: str | None, user_name: str | None) -> None:
    from memveil.cli.in_order import mapped
    from memveil.errors import DetectionError
    from memveil.json_input import numbered_lines

    def requests() -> Iterator[tuple[int, str, Guard]]:
        for number, line in numbered_lines(lines):
            asked = read_request(line, line=number)
            request = Request(asked.text, asked.user_name or user_name, asked.scope or scope)
            yield number, request.text, _guard(workspace, request)

    def answer(asked: tuple[int, str, Guard]) -> str:
        number, text, guard = asked
        try:
            return _object(text, guard.detect(text))
        except DetectionError as error:
            raise DetectionError(f"line {number}: {error}") from None

    for line in mapped(answer, requests()):
        ui.write(line)


def _guard(workspace: Workspace, request: Request) -> Guard:
    """Who detects. A vault is opened only where a scope is named, and never made."""
    known = request.scope is not None and workspace.vault_path.exists()
    vault = workspace.vault_to_read() if known else workspace.no_vault
    return workspace.guard(vault, request.scope or workspace.scope, user_name=request.user_name)


def _object(text: str, spans: Iterable[Span]) -> str:
    return json.dumps({"items": items(text, spans)}, ensure_ascii=False) + "\n"


def _plain(text: str, spans: Iterable[Span]) -> Iterable[str]:
    header = ("start", "end", "level", "type", "score", "recognizer", "text")
    rows = (
        (
            str(span.start),
            str(span.end),
            str(span.level),
            span.privacy_type,
            f"{span.score:.2f}",
            span.recognizer,
            text[span.start : span.end],
        )
        for span in spans
    )
    return ui.plain_table(header, rows)


def _draw(text: str, spans: Sequence[Span]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name, justify in (("start", "right"), ("end", "right"), ("level", "left"), ("type", "left")):
        table.add_column(name, justify="right" if justify == "right" else "left", no_wrap=True)
    table.add_column("text", overflow="fold", style="bold")
    table.add_column("found by", no_wrap=True, style="dim")
    for span in spans:
        value = ui.printable(text[span.start : span.end])
        table.add_row(str(span.start), str(span.end), str(span.level), span.privacy_type, value, span.recognizer)
    ui.console().print(table)
