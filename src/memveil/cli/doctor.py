"""``memveil doctor``: proves the installation piece by piece, on invented values only."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from memveil.cli import ui
from memveil.cli.workspace import Workspace
from memveil.errors import MemveilError

if TYPE_CHECKING:
    from memveil.guard import Guard
    from memveil.vault.doctor import Finding

__all__ = ["SAMPLE", "doctor", "examine"]

SAMPLE = "Lena Hartwig, lena@hartwig.no, +47 412 55 908, IBAN DE89370400440532013000; 手机号13912345678"
"""Invented values, one of each common kind."""

_USER = "Lena Hartwig"
_SETTINGS = ("MEMVEIL_CONFIG", "MEMVEIL_VAULT", "MEMVEIL_KEY_FILE", "MEMVEIL_PASSPHRASE")


@click.command()
@click.option("--deep", is_flag=True, help="Decrypt every value of the vault, too.")
def doctor(*, deep: bool) -> None:
    """Check configuration, recognizers, vault and key, and show what would leave.

    A vault that exists is examined with one canary of its own, which is erased
    again. Exit code 1 where something is wrong.
    """
    with Workspace() as workspace:
        findings = list(examine(workspace, deep=deep))
    if ui.on_terminal():
        _draw(findings)
    else:
        rows = ((_word(finding), finding.check, finding.detail) for finding in findings)
        ui.write("".join(ui.plain_table(("state", "check", "detail"), rows)))
    wrong = sum(not finding.sound for finding in findings)
    if wrong:
        ui.say(f"{wrong} of {len(findings)} checks failed, see above what to do")
        raise click.exceptions.Exit(1)


def examine(workspace: Workspace, *, deep: bool = False) -> Iterable[Finding]:
    """Look at everything, one by one; what fails is a finding, not an error.

    Args:
        workspace: what this run works with.
        deep: whether every value of the vault is decrypted.
    """
    yield from _look("program", _program, workspace)
    yield from _look("settings", _settings, workspace)
    yield from _look("policy", _policy, workspace)
    yield from _look("recognizers", _recognizers, workspace)
    yield from _look("model", _model, workspace)
    if workspace.has_language_model:
        yield from _look("language model", _language_model, workspace)
    yield from _look("vault", partial(_vault, deep=deep), workspace)
    yield from _look("new vault", _new_vault, workspace)
    yield from _look("what would leave", _what_would_leave, workspace)


def _look(check: str, look: Callable[[Workspace], str | Sequence[Finding]], workspace: Workspace) -> Iterable[Finding]:
    from memveil.vault.doctor import Finding

    try:
        found = look(workspace)
    except MemveilError as error:
        return [Finding(check, sound=False, detail=str(error))]
    except OSError as error:
        return [Finding(check, sound=False, detail=f"reading or writing failed ({error.strerror})")]
    return [Finding(check, sound=True, detail=found)] if isinstance(found, str) else found


class _Wrong(MemveilError):
    """A check that ran and found something wrong."""


def _program(_workspace: Workspace) -> str:
    from memveil.version import __version__

    return f"memveil {__version__}, Python {platform.python_version()}, {sys.platform}"


def _settings(workspace: Workspace) -> str:
    named = [name for name in _SETTINGS if os.environ.get(name)]
    source = f"{workspace.config_path}" if workspace.config_path else "no file, defaults"
    _ = workspace.config
    return source + (f"; from the environment: {', '.join(named)}" if named else "")


def _policy(workspace: Workspace) -> str:
    policy = workspace.policy()
    parts = [f"{policy.threshold} and above, {policy.style.value}"]
    parts += [f"{level} {action.value}" for level, action in policy.by_level.items()]
    parts += [f"{name} {action.value}" for name, action in policy.by_type.items()]
    parts += [
        f"{len(rules)} values {word}" for word, rules in (("always", policy.always), ("never", policy.never)) if rules
    ]
    return ", ".join(parts)


def _recognizers(workspace: Workspace) -> str:
    names = [recognizer.name for recognizer in workspace.recognizers()]
    if not names:
        raise _Wrong("none is configured, so only known values are found, see recognizers.cascade")
    spans = _guard_without_vault(workspace).detect(SAMPLE)
    found = {span.privacy_type for span in spans}
    missing = {"Email", "Phone Number", "Financial Account", "Real Name"} - found
    if missing:
        raise _Wrong(f"{', '.join(names)} miss {', '.join(sorted(missing))} in a sample, install memveil again")
    return f"{', '.join(names)}; {len(spans)} values found in a sample"


def _model(_workspace: Workspace) -> str:
    from memveil.recognizers.defaults import tagger

    digest = tagger().verify()
    return f"edge.onnx is the released file, SHA-256 {digest[:16]}"


def _language_model(workspace: Workspace) -> str:
    """Asks it about the sample, whatever may happen to a text that it does not answer."""
    import warnings

    from memveil.detect import Context
    from memveil.recognizers.llm import DegradedWarning

    llm = workspace.language_model
    assert llm is not None  # noqa: S101, for the type checker
    degraded: list[str] = []
    before = llm.counts
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DegradedWarning)
        spans = list(llm.recognize(SAMPLE, Context(_USER, degraded=degraded)))
    if degraded:
        raise _Wrong(f"{degraded[0]}; texts go on without it, as recognizers.llm.on_failure allows")
    if not spans:
        raise _Wrong(f"{llm.model_name} finds nothing in a sample, give it more context or other instructions")
    items, invented = llm.counts.items - before.items, llm.counts.invented - before.invented
    return f"{llm.model_name} marks {len(spans)} places in a sample, {invented} of {items} values invented"


def _vault(workspace: Workspace, *, deep: bool) -> str | Sequence[Finding]:
    from dataclasses import replace

    from memveil.vault.doctor import examine as examine_vault
    from memveil.vault.doctor import verify

    path = workspace.vault_path
    if not path.exists():
        return f"{path} does not exist yet, it is made on first use"
    store = workspace.vault()
    found = [*examine_vault(store), *(verify(store) if deep else ())]
    return [replace(each, check=f"vault {each.check}") for each in found]


def _new_vault(workspace: Workspace) -> str:
    """A vault of its own on the same kind of disk: out, closed, opened, home, and nothing readable in it."""
    from memveil.guard import Guard
    from memveil.vault.crypto import new_key
    from memveil.vault.keys import RawKey

    key = RawKey(new_key())
    with tempfile.TemporaryDirectory(prefix="memveil-doctor-") as folder:
        path = Path(folder) / "vault.db"
        recognizers = workspace.recognizers()
        with Guard.open("doctor", user_name=_USER, vault_path=path, key=key, recognizers=recognizers) as guard:
            protected = guard.protect(SAMPLE)
        with Guard.open("doctor", vault_path=path, key=key, recognizers=recognizers) as guard:
            home = guard.restore(protected.text)
        if home != SAMPLE:
            raise _Wrong("a text did not come home from a new vault as it went out, install memveil again")
        stored = b"".join(file.read_bytes() for file in Path(folder).iterdir())
    values = [SAMPLE[span.start : span.end] for span in protected.spans]
    if any(value.encode() in stored for value in values):
        raise _Wrong("a value can be read in the vault file, do not use this installation")
    return f"{len(values)} values went out, were stored sealed, and came home"


def _what_would_leave(workspace: Workspace) -> str:
    protected = _guard_without_vault(workspace).protect(SAMPLE)
    return f"{SAMPLE} -> {protected.text}"


def _guard_without_vault(workspace: Workspace) -> Guard:
    return workspace.guard(workspace.no_vault, "doctor", user_name=_USER)


def _word(finding: Finding) -> str:
    return "good" if finding.sound else "wrong"


def _draw(findings: Iterable[Finding]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("", "", "", box=None, pad_edge=False, show_header=False)
    for finding in findings:
        state = Text(_word(finding), style="green" if finding.sound else "bold red")
        table.add_row(state, Text(finding.check, style="bold"), Text(finding.detail, overflow="fold"))
    ui.console().print(table)
