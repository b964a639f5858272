"""memveil-bench, our own: ``bench/`` of the project, with evidence and accepted answers."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

from evaluation.datasets.annotated_rows import person_of
from evaluation.datasets.place import ROOT
from evaluation.material import DataSet, Memory, Question

__all__ = ["load"]

_BENCH = ROOT / "bench"


def load() -> DataSet | None:
    """The users that have both files, or ``None`` where there is none."""
    ready = [path.stem for path in sorted((_BENCH / "questions").glob("*.toml"))]
    ready = [name for name in ready if (_BENCH / "conversations" / f"{name}.txt").exists()]
    if not ready:
        return None
    bench = _reader()
    people = tuple(person_of(bench.as_record(bench.read_user(name)), _questions) for name in ready)
    return DataSet("memveil-bench", people, annotated=True, reference="the annotations of the data set")


def _reader() -> ModuleType:
    """``bench/bench.py`` is a script beside the package."""
    spec = importlib.util.spec_from_file_location("memveil_bench_reader", _BENCH / "bench.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError("bench/bench.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


def _questions(row: Any, memories: Sequence[Memory]) -> tuple[Question, ...]:  # noqa: ANN401 - JSON
    return tuple(
        Question(
            item["question"],
            item["question_type"],
            tuple(item["accepted"]),
            frozenset(i for i, memory in enumerate(memories) if any(part in memory.text for part in item["evidence"])),
        )
        for item in row["questions"]
    )
