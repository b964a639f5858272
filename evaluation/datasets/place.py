"""Where measuring data lies, and how its files are read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["ROOT", "TEST_DATA", "json_rows"]

ROOT = Path(__file__).resolve().parents[2]
"""The project."""

TEST_DATA = ROOT.parent / "shared" / "data" / "test"
"""Data of others, beside the project: read, never copied."""


def json_rows(path: Path) -> list[Any]:
    """The objects of a JSON-lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
