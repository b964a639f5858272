"""The measuring data beside the project, read for tests; nothing of it is ever committed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

__all__ = ["TEST_DATA", "benchmark_rows", "every_text", "needs"]

TEST_DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "test"


def needs(name: str) -> pytest.MarkDecorator:
    """Skip, and say so, where the data is not there."""
    folder = TEST_DATA / name
    return pytest.mark.skipif(not folder.exists(), reason=f"needs ../shared/data/test/{name}")


def benchmark_rows(name: str) -> list[dict[str, Any]]:
    """Rows of the JSONL file of a benchmark folder."""
    (path,) = (TEST_DATA / name).glob("*.jsonl")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def every_text(name: str) -> Iterator[str]:
    """Every message-like text in the files of a folder, whatever their schema."""
    for path in sorted((TEST_DATA / name).glob("*.json*")):
        raw = path.read_text(encoding="utf-8")
        try:
            rows = [json.loads(raw)]
        except json.JSONDecodeError:
            rows = [json.loads(line) for line in raw.splitlines()]
        for row in rows:
            yield from _strings(row)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
