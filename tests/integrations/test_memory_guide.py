"""The guide's examples run, in order, against the real libraries."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest
from langchain_openai import ChatOpenAI

from memveil.testing import RecordingServer
from tests.integrations.fake_openai import answer
from tests.integrations.mem0_offline import close, configuration

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "memory.md"


def test_the_examples_run(mem0: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines with a comment that is a literal are checked against it."""
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    checked = 0
    with RecordingServer(answer) as cloud:
        names: dict[str, object] = {
            "config": configuration(cloud.url, tmp_path / "files"),
            "model": ChatOpenAI(model="fake", base_url=f"{cloud.url}/v1", api_key="x"),  # type: ignore[arg-type]
            "print": lambda *_a, **_k: None,
        }
        for block in blocks:
            lines = block.splitlines()
            for statement in ast.parse(block).body:
                _, _, comment = lines[statement.end_lineno - 1].partition("  # ") if statement.end_lineno else ("",) * 3
                source = ast.unparse(statement)
                if re.match(r"['\"(]", comment.strip()):
                    checked += 1
                    assert eval(source, names) == eval(comment), source
                else:
                    exec(source, names)
        for name in ("memory", "local"):
            close(getattr(names[name], "_inner", names[name]))
        names["guard"].close()  # type: ignore[attr-defined]
        sent = b"".join(cloud.received)

    assert mem0
    assert checked >= 3
    assert b"lena@hartwig.example" not in sent
