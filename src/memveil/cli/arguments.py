"""Arguments and options that several commands share."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import click

from memveil.cli import ui
from memveil.errors import InputError

__all__ = [
    "WrongUsage",
    "file_argument",
    "open_input",
    "policy_options",
    "scope_option",
    "size_of",
    "user_name_option",
]


class WrongUsage(click.UsageError):
    """A wrong command line in words of our own, which repeat nothing that was typed."""


_Command = TypeVar("_Command", bound=Callable[..., Any])

file_argument = click.argument("file", type=click.Path(allow_dash=True, path_type=Path), default="-")

scope_option = click.option(
    "--scope", metavar="NAME", help="Whose memory this is; equal values share a placeholder within it."
)

user_name_option = click.option("--user-name", metavar="NAME", help="The user's own full name.")


def policy_options(command: _Command) -> _Command:
    """Add ``--policy`` and ``--style``."""
    preset = click.option(
        "--policy",
        "preset",
        type=click.Choice(["pl4", "pl3", "pl2", "strict"]),
        help="Protect from this level on; strict also removes PL4 for good.",
    )
    style = click.option(
        "--style",
        type=click.Choice(["typed", "generic", "redact"]),
        help="What stands in for a value.",
    )
    return preset(style(command))


@contextmanager
def open_input(file: Path) -> Iterator[BinaryIO]:
    """Open the file, or standard input for ``-``.

    Raises:
        InputError: it cannot be opened. The path is not repeated: a text given
            in its place would be.
    """
    if str(file) == "-":
        if sys.stdin.isatty():
            ui.say("reading from the terminal, end with ctrl-d")
        yield sys.stdin.buffer
        return
    with _open(file) as stream:
        yield stream


def _open(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        reason = error.strerror
    # A NUL in the path.
    except ValueError:
        reason = "no such name"
    raise InputError(f"the input file cannot be read ({reason}), check the path")


def size_of(stream: BinaryIO) -> int | None:
    """How many bytes a regular file has; ``None`` for a pipe or a terminal."""
    try:
        status = os.fstat(stream.fileno())
    except OSError:
        return None
    return status.st_size or None
