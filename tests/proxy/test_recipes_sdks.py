"""The recipes for SDKs and LangChain run as they stand in the guide."""

from __future__ import annotations

from pathlib import Path

import pytest

from memveil.config import decode_config
from memveil.guard import Guard
from memveil.policy import Policy
from memveil.vault.memory import MemoryVault
from tests.proxy.recipes import blocks, run, served


@pytest.fixture(autouse=True)
def _keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.setenv(name, "sk-x")
    monkeypatch.setenv("LANGSMITH_TRACING", "false")


@pytest.mark.parametrize(
    ("section", "checks", "requests"), [("OpenAI SDK", 5, 5), ("Anthropic SDK", 4, 4), ("LangChain", 3, 6)]
)
def test_the_blocks_of_the_guide_run(section: str, checks: int, requests: int, tmp_path: Path) -> None:
    names: dict[str, object] = {}
    with served(tmp_path / "memveil") as (base, upstream):
        checked = sum(run(block, names, base=base) for block in blocks(section, "python"))
        for name in ("client", "claude"):
            if name in names:
                names[name].close()  # type: ignore[attr-defined]

    assert checked == checks
    assert len(upstream.seen) == requests
    assert all("<Email_1>" in str(body) for body in upstream.bodies())


def test_the_settings_for_a_coding_agent_mean_what_the_guide_says() -> None:
    (block,) = blocks("Claude Code", "toml")
    config = decode_config(block.encode())

    assert config.recognizers.cascade == ("rules",)
    assert config.gateway.ask_tools == ("WebFetch",)
    assert config.build_policy() != Policy()
    with Guard.open(scope="x", vault=MemoryVault(), policy=config.build_policy(), recognizers=()) as guard:
        assert guard.protect("Lena Hartwig wrote it").text == "<Real_Name_1> wrote it"
