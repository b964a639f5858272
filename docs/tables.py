"""Writes the reference pages that are tables of the program itself.

python docs/tables.py        writes them; a test fails when they are stale
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from memveil.cli.main import memveil as main_command
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel
from memveil.type_names import ALIASES

FOLDER = Path(__file__).parent / "reference"
LEVELS = {
    PrivacyLevel.PL4: "whoever holds it can act at once: log in, move money, enter a system",
    PrivacyLevel.PL3: "its exposure does large harm, even when nobody is named",
    PrivacyLevel.PL2: "it identifies, locates or stably traces a person, alone or with other facts",
    PrivacyLevel.PL1: "taste, style, mood, habit, opinion about harmless things: kept, never a span",
}


def privacy_types() -> str:
    """The page of privacy types."""
    lines = [
        "# Privacy types",
        "",
        "Written by `docs/tables.py` from `memveil.privacy_types`; levels and names follow MemPrivacy (arXiv 2605.09530).",
        "",
        "| level | what it means |",
        "|---|---|",
        *(f"| {level} | {meaning} |" for level, meaning in LEVELS.items()),
        "",
        "In doubt between two levels, the higher one holds.",
    ]
    for level in (PrivacyLevel.PL4, PrivacyLevel.PL3, PrivacyLevel.PL2):
        lines += ["", f"## {level}", "", "| privacy type | placeholder | what it is | examples |", "|---|---|---|---|"]
        lines += [
            f"| {row.name} | `<{row.tag}_1>` | {row.description} | {', '.join(f'`{e}`' for e in row.examples)} |"
            for row in PRIVACY_TYPES.values()
            if row.level is level
        ]
    lines += [
        "",
        "## Names of others",
        "",
        "A type name from outside, such as a language model's own, maps to the nearest of ours and never loses level:",
        "by this list, else by a word in it, else by its level alone.",
        "",
        "| privacy type | also called |",
        "|---|---|",
        *(f"| {name} | {', '.join(aliases)} |" for name, aliases in ALIASES.items()),
        "",
    ]
    return "\n".join(lines)


def command_line() -> str:
    """The page of commands: the help texts themselves."""
    lines = [
        "# Command line",
        "",
        "Written by `docs/tables.py` from the program's own help.",
        "Data goes to standard output, everything else to standard error.",
        "Exit codes: 0 done; 1 the input was refused and nothing was written; 2 wrong usage.",
    ]
    for path, command in sorted(_commands("memveil", main_command)):
        context = click.Context(command, info_name=path, terminal_width=90, help_option_names=["-h", "--help"])
        lines += ["", f"## {path}", "", "```text", command.get_help(context).rstrip(), "```"]
    return "\n".join([*lines, ""])


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from _commands(f"{path} {name}", inner)


PAGES = {"privacy-types.md": privacy_types, "command-line.md": command_line}


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        (FOLDER / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
