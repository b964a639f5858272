"""``memveil``: finds the command, runs it, and turns every failure into one line and an exit code.

0: done. 1: the input was refused, nothing was written. 2: wrong usage.
Commands are imported when they run, so that `memveil detect` starts fast.
"""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Sequence
from importlib import import_module

import click

from memveil.cli import ui
from memveil.cli.arguments import WrongUsage
from memveil.errors import MemveilError
from memveil.version import __version__

__all__ = ["main", "run"]

_COMMANDS = {
    "demo": "memveil.cli.demo:demo",
    "detect": "memveil.cli.detect:detect",
    "protect": "memveil.cli.protect:protect",
    "restore": "memveil.cli.protect:restore",
    "serve": "memveil.cli.serve:serve",
    "mcp": "memveil.cli.mcp_server:mcp",
    "mcp-proxy": "memveil.cli.mcp_proxy:mcp_proxy",
    "vault": "memveil.cli.vault:vault",
    "eval": "memveil.cli.evaluate:evaluate",
    "doctor": "memveil.cli.doctor:doctor",
}

_DONE, _REFUSED, _USAGE, _INTERRUPTED = 0, 1, 2, 130
# An option may be named in an error; what merely looks like one could be a value.
_OPTION = re.compile(r"--[a-z][a-z-]{0,30}")


class _Commands(click.Group):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table."""
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command, or say that there is none."""
        del ctx
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module, _, name = place.partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="memveil %(version)s")
def memveil() -> None:
    """Keep private values on this machine: text goes out as placeholders and comes home whole."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line.

    Returns:
        The exit code. Nothing is raised: each failure is one line on stderr.
    """
    try:
        code = memveil.main(list(arguments), prog_name="memveil", standalone_mode=False)
        sys.stdout.flush()
    except MemveilError as error:
        ui.say(str(error))
        return _REFUSED
    except click.UsageError as error:
        ui.say(_explain(error))
        return _USAGE
    except click.exceptions.Exit as error:
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        ui.say("stopped, nothing more was done")
        return _INTERRUPTED
    # The reader has gone, and so has the wish to be told.
    except BrokenPipeError:
        return _REFUSED
    except OSError as error:
        ui.say(f"reading or writing failed ({error.strerror}), nothing more was done, check disk and permissions")
        return _REFUSED
    # Whatever else goes wrong, its message and its traceback may quote a text of the user.
    except Exception as error:  # noqa: BLE001
        ui.say(f"an error inside memveil ({type(error).__name__}), nothing more was done, please report it")
        return _REFUSED
    return code if isinstance(code, int) else _DONE


def main() -> None:
    """Entry point of the console script."""
    code = run(sys.argv[1:])
    try:
        sys.stdout.flush()
    except OSError:
        # What cannot be written would be tried once more at exit, with a traceback.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    # One that waits for input would turn the end into an abort, whose core file holds what was read.
    if any(thread.daemon for thread in threading.enumerate()):
        os._exit(code)
    sys.exit(code)


def _explain(error: click.UsageError) -> str:
    """What is wrong with a command line, without repeating what was typed."""
    command = error.ctx.command_path if error.ctx is not None else "memveil"
    if isinstance(error, WrongUsage):
        what = error.message
    elif isinstance(error, click.NoSuchOption) and _OPTION.fullmatch(error.option_name):
        what = f"no option {error.option_name}"
    elif isinstance(error, click.exceptions.NoArgsIsHelpError):
        what = "a command is missing"
    elif isinstance(error, click.MissingParameter) and error.param is not None:
        what = f"{_name(error.param)} is missing"
    elif isinstance(error, click.BadParameter) and error.param is not None:
        what = f"a wrong value for {_name(error.param)}{_choices(error.param)}"
    elif isinstance(error, click.BadOptionUsage) and _OPTION.fullmatch(error.option_name):
        what = f"no value, or one too many, for {error.option_name}"
    else:
        what = "a command or argument that does not belong there"
    return f"{what}, in '{command}', see '{command} --help'"


def _name(param: click.Parameter) -> str:
    return param.opts[0] if isinstance(param, click.Option) else str(param.human_readable_name)


def _choices(param: click.Parameter) -> str:
    return f" (one of {', '.join(param.type.choices)})" if isinstance(param.type, click.Choice) else ""
