"""The guide's examples run, in order, against the real libraries."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from langchain_openai import ChatOpenAI

from memveil.testing import RecordingServer
from tests.integrations.fake_openai import answer
from tests.integrations.mem0_offline import close, configuration
from tests.integrations.memobase_contract import MemobaseContract
from tests.proxy.scripted import echo, running

GUIDE = Path(__file__).parents[2] / "docs" / "guides" / "memory.md"


def reply(path: str, body: object) -> object:
    if not path.endswith("/responses"):
        return answer(path, body)
    assert isinstance(body, dict)
    return json.loads(bytes(echo(path, body, 3).body))


def test_the_examples_run(mem0: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines with a comment that is a literal are checked against it."""
    blocks = re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    monkeypatch.chdir(tmp_path)
    checked = 0
    memobase = MemobaseContract(tmp_path)
    with RecordingServer(reply) as cloud, running(memobase.app()) as (url, _):
        monkeypatch.setenv("OPENAI_BASE_URL", f"{cloud.url}/v1")
        monkeypatch.setenv("OPENAI_API_KEY", "x")
        names: dict[str, object] = {
            "config": configuration(cloud.url, tmp_path / "files"),
            "model": ChatOpenAI(model="fake", base_url=f"{cloud.url}/v1", api_key="x"),  # type: ignore[arg-type]
            "url": url,
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
        names["people"].__exit__()  # type: ignore[attr-defined]
        sent = b"".join(cloud.received) + memobase.log().encode()

    assert mem0
    assert checked >= 7
    assert b"lena@hartwig.example" not in sent
