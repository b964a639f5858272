"""What memveil says on a terminal, and how.

The rules of our terminal output:

* Data goes to stdout and nothing else does. Everything about the data goes to stderr.
* Data is written as UTF-8 bytes, whatever the locale says, and never with a colour.
* A table is drawn only where stdout is a terminal; a pipe gets plain lines.
* What is said on stderr is one line: `memveil: what, where, what to do`, in small
  letters, without a full stop. It never holds a value of the user, and never an
  argument of the command line, which could be one.
* A progress bar appears only on a terminal, only on stderr, only for long input.
* Nobody is asked anything unless stdin and stderr are both terminals.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

from memveil.errors import ConfigError

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "ask_passphrase",
    "can_ask",
    "console",
    "on_terminal",
    "plain_table",
    "printable",
    "say",
    "tracked",
    "write",
]

# Below this many bytes of input the work is over before a bar is drawn.
_LONG_INPUT = 200_000


def write(text: str) -> None:
    """Write data to stdout and let it go at once."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def say(sentence: str) -> None:
    """Say one line on stderr."""
    line = " ".join(sentence.split())
    sys.stderr.write(f"memveil: {line}\n")
    sys.stderr.flush()


def on_terminal() -> bool:
    """Whether stdout is a terminal, so that a table may be drawn."""
    return sys.stdout.isatty()


def can_ask() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask_passphrase(variable: str, *, twice: bool = False) -> str:
    """Ask for a passphrase without showing it.

    Args:
        variable: the environment variable that would have told it.
        twice: whether it is a new one, to be typed twice.

    Raises:
        ConfigError: nobody is there to ask.
    """
    if not can_ask():
        raise ConfigError(f"a passphrase is needed and nobody is there to ask, set {variable}")
    import click

    answer: str = click.prompt("passphrase", hide_input=True, err=True, confirmation_prompt=twice)
    return answer


def console(*, stderr: bool = False) -> Console:
    """A console for tables on stdout or stderr."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False, markup=False, emoji=False)


def printable(text: str) -> str:
    """``text`` on one line: blanks other than a space, and control characters, as escapes."""
    return "".join(
        char if char == " " or char.isprintable() else char.encode("unicode_escape").decode("ascii") for char in text
    )


def plain_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Lines of tab-separated cells, header first: for `cut`, `awk` and `column -t`."""
    for row in (header, *rows):
        yield "\t".join(printable(cell) for cell in row) + "\n"


@contextmanager
def tracked(lines: Iterable[bytes], *, size: int | None, doing: str) -> Iterator[Iterable[bytes]]:
    """Lines that move a progress bar as they are read, where that is worth a bar.

    Args:
        lines: the input.
        size: how many bytes it has, or ``None`` where nobody knows.
        doing: what is done to it, one word.
    """
    if not sys.stderr.isatty():
        yield lines
        return
    with ExitStack() as bar:
        yield _moving(lines, size, doing, bar)


def _moving(lines: Iterable[bytes], size: int | None, doing: str, bar: ExitStack) -> Iterator[bytes]:
    """The lines again; once they are long enough, ``bar`` holds a progress bar that follows them."""
    read = 0
    advance: Callable[[int], None] | None = None
    for line in lines:
        if advance is None and max(read, size or 0) >= _LONG_INPUT:
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

            columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            progress = bar.enter_context(Progress(*columns, console=console(stderr=True), transient=True))
            task = progress.add_task(doing, total=size, completed=read)
            advance = partial(progress.advance, task)
        yield line
        read += len(line)
        if advance is not None:
            advance(len(line))
