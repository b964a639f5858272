"""An outside referee for the gateway: the package pii-leak-benchmark, on loopback (``make referee``).

    python benchmarks/referee.py [FOLDER]

``memveil serve`` runs with rules and model, and with its rules alone, each with a vault of its own. The referee's
own command ``ci`` starts it, checks first that without a gateway every value is seen to leak, and then sends its
records through: personal data, and personal data with keys. Its second profile (``v2``) puts values at four places of a
request and has them come back whole and cut.

Two settings are made for the referee's sake. It knows its requests by five words such as
``stirrup-pedal-pulley-tongs-clamp``, which the bundled model takes for a passphrase, so they are kept by a rule. And
its second profile reads the first message, where the note to the model would stand, so there is no note.

Reports are written as the referee writes them, less what they tell of the machine they were made on.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from memveil.version import __version__

ROOT = Path(__file__).resolve().parents[1]
REFEREE = ROOT / ".venv-referee" / "bin"
REPORTS = ROOT / "benchmarks" / "reports" / "pii-leak-benchmark"
PROFILES = ("pii-v1", "pii-secrets-v1")
SEEDS = ("memveil-1", "memveil-2", "memveil-3")
ITERATIONS = 5
KEPT = "[[policy.never]]\npattern = '[a-z]{3,12}(-[a-z]{3,12}){1,4}'\n"
CASCADES = {"rules and model": KEPT, "rules alone": KEPT + '[recognizers]\ncascade = ["rules"]\n'}
PORT, CAPTURE = 8786, 8765
# This policy of the referee hides what the model itself invents; memveil does not, see the summary.
POLICY = "retention-plus-decoding"


def serving(folder: Path, settings: str) -> tuple[list[str], dict[str, str]]:
    """The command of the gateway, and its environment."""
    (folder / "memveil.toml").write_text(settings, encoding="utf-8")
    upstream = f"http://127.0.0.1:{CAPTURE}/v1"
    paths = {"MEMVEIL_CONFIG": "memveil.toml", "MEMVEIL_VAULT": "vault.db", "MEMVEIL_KEY_FILE": "vault.key"}
    command = [sys.executable, "-m", "memveil", "serve", "--upstream", upstream, "--port", str(PORT)]
    return command, {**os.environ, **{name: str(folder / path) for name, path in paths.items()}}


@contextmanager
def running(folder: Path, settings: str) -> Iterator[None]:
    command, environment = serving(folder, settings)
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        said = process.stderr.readline() if process.stderr else ""
        if not re.search("serving http", said):
            raise SystemExit(f"memveil serve does not start: {said}")
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def records(cascade: str, profile: str, seed: str, out: Path) -> dict[str, Any]:
    """One run of the referee's ``ci``; it starts the gateway and stops it."""
    with tempfile.TemporaryDirectory() as folder:
        command, environment = serving(Path(folder), CASCADES[cascade])
        given = {"profile": profile, "seed": seed, "iterations": ITERATIONS, "capture-port": CAPTURE, "out": out}
        given |= {"target-base-url": f"http://127.0.0.1:{PORT}/v1", "start-command": shlex.join(command)}
        given["target-version"] = __version__
        options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
        subprocess.run(
            [str(REFEREE / "pii-leak-benchmark"), "ci", *options],
            env=environment,
            stdout=subprocess.DEVNULL,
            check=False,
        )
    run: dict[str, Any] = json.loads((out / "current.json").read_text("utf-8"))
    run["raw"] = json.loads((out / "current.raw.json").read_text("utf-8"))
    return run


def places(out: Path) -> dict[str, Any]:
    """The second profile, against a gateway that is running."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), "[gateway]\nnote = false\n"):
        given = {"only": POLICY, "out": out, "seed": "6d656d7665696c00", "upstream-port": CAPTURE}
        given["gateway-url"] = f"http://127.0.0.1:{PORT}/v1/chat/completions"
        options = [part for name, value in given.items() for part in (f"--{name}", str(value))]
        subprocess.run([str(REFEREE / "pii-leak-benchmark-v2"), *options], check=False)
    report: dict[str, Any] = json.loads((out / f"{POLICY}.json").read_text("utf-8"))
    return report


def summary(runs: dict[tuple[str, str, str], dict[str, Any]], split: dict[str, Any]) -> str:
    version = next(iter(runs.values()))["contract"]["harness_version"]
    lines = [
        f"# The referee pii-leak-benchmark {version}",
        "",
        f"Written by `make referee`: memveil {__version__} on loopback, {ITERATIONS} records a run.",
        "In the referee's own control, without a gateway, every type leaks.",
        "The words by which the referee knows its requests are kept by a rule, for they look like a passphrase.",
        "",
        "| `memveil serve` | profile | seed | verdict | types contained | restored | cut everywhere | valid events |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, run in runs.items():
        checks, states = run["raw"]["checks"], run["entities"]
        contained = sum(state == "contained" for state in states.values())
        fidelity = checks["response_fidelity"]
        lines.append(
            f"| {' | '.join(name)} | {run['verdict']} | {contained} of {len(states)} "
            f"| {fidelity['iterations_matching']} of {fidelity['iterations_requested']} "
            f"| {_passed(checks['fragmentation_safety'])} | {_passed(checks['sse_validity'])} |"
        )
    metrics = split["metrics"]
    leaked = ", ".join(boundary_leaks(split)) or "none"
    lines += [
        "",
        "The second profile puts four types of values into the message, the system message, the description of a tool,",
        "and a key that no API has, as they are and percent-encoded, and has them answered whole and cut in two.",
        "",
        "| | |",
        "|---|---|",
        f"| types seen by the upstream | {leaked} |",
        f"| values restored, in {metrics['cases_echo_observable']} answered cases | {metrics['fidelity_rate']:.0%} |",
        f"| cases that the gateway refused | {metrics['cases_inconclusive']} of {metrics['cases_scored']} |",
        f"| values that the model invented and that reached the client | {metrics['leak_rate']['overall']:.0%} |",
        "",
        "Refused are the requests with the unknown key, of which nothing was sent: it may hold anything.",
        "The last row is a check of another duty than ours. What a model says of itself comes home as it is:",
        "the upstream knows it already, and the reader is the one who is protected. The referee's verdict on this",
        f"profile is therefore `{split['outcome']}`.",
        "",
    ]
    return "\n".join(lines)


def boundary_leaks(split: dict[str, Any]) -> list[str]:
    """Types of values that the upstream has seen."""
    leaked: list[str] = split["checks"]["configured_upstream_boundary"]["leaked_entity_types"]
    return leaked


def _passed(check: dict[str, Any]) -> str:
    return "passed" if check["passed"] else "failed"


def keep(report: dict[str, Any], path: Path) -> None:
    """Write a report without what it tells of this machine."""
    report.get("environment", {}).pop("platform", None)
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def main(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    runs: dict[tuple[str, str, str], dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as work:
        for cascade, profile, seed in itertools.product(CASCADES, PROFILES, SEEDS):
            name = (cascade, profile, seed)
            file = ".".join(name).replace(" ", "-")
            runs[name] = records(*name, Path(work) / file)
            keep(runs[name]["raw"], folder / f"{file}.json")
            print(*name, runs[name]["verdict"], flush=True)
        split = places(Path(work) / "v2")
        keep(split, folder / "v2.json")
    text = summary(runs, split)
    (folder / "README.md").write_text(text, encoding="utf-8")
    print(text)
    unclean = [name for name, run in runs.items() if run["verdict"] != "CLEAN"]
    if unclean or boundary_leaks(split) or split["metrics"]["fidelity_rate"] < 1:
        raise SystemExit(f"not clean: {unclean}, {boundary_leaks(split)}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else REPORTS)
