"""The dry run of the recipe: every stage is asked for, in order, and one that fails fails the whole.

The stages themselves run in `make train-llm-dry-run`; here others stand in for the interpreter.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
STAGES = ["tiny_qwen3", "sft", "merge", "grpo", "merge", "evaluate", "compare", "ask"]
STAND_IN = """#!/bin/sh
for word in "$@"; do case $word in training.llm.*) echo "${word#training.llm.}" >> "$STAGES_SEEN" ;; esac; done
case " $* " in *" training.llm.$FAILING "*) exit 3 ;; esac
"""


def dry_run(folder: Path, failing: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Its end, and the stages that were begun."""
    programs = folder / "bin"
    programs.mkdir()
    for name in ("python", "accelerate"):
        (programs / name).write_text(STAND_IN)
        (programs / name).chmod(0o755)
    seen = folder / "seen"
    environment = {"PATH": f"{programs}:{os.environ['PATH']}", "STAGES_SEEN": str(seen), "FAILING": failing}
    script = ["bash", "training/llm/runs/dry-run.sh", str(folder / "out")]
    done = subprocess.run(script, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done, seen.read_text().split()


def test_every_stage_is_run_and_the_recognizer_is_the_last(tmp_path: Path) -> None:
    done, seen = dry_run(tmp_path, "none")

    assert (done.returncode, seen) == (0, STAGES), done.stderr
    assert done.stdout.endswith("all stages passed\n")


@pytest.mark.parametrize("stage", sorted(set(STAGES)))
def test_a_stage_that_fails_fails_the_run(tmp_path: Path, stage: str) -> None:
    done, seen = dry_run(tmp_path, stage)

    assert done.returncode == 3
    assert seen == STAGES[: STAGES.index(stage) + 1]
    assert "all stages passed" not in done.stdout
