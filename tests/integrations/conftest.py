"""Guards that find the canaries, and a cloud that keeps what it is sent."""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from memveil import Guard
from memveil.testing import RecordingServer, ScriptedRecognizer, assert_nothing_left
from memveil.vault.memory import MemoryVault
from tests.integrations.fake_openai import answer


@pytest.fixture
def vault() -> MemoryVault:
    return MemoryVault()


@pytest.fixture
def guard_of(vault: MemoryVault) -> Callable[[str], Guard]:
    """Guards of several scopes over one vault."""
    return lambda scope: Guard.open(scope, vault=vault, recognizers=(ScriptedRecognizer(),))


@pytest.fixture
def guard(guard_of: Callable[[str], Guard]) -> Guard:
    return guard_of("alice")


@pytest.fixture
def cloud() -> Iterator[RecordingServer]:
    """A model behind OpenAI's wire format; no canary may reach it."""
    with RecordingServer(answer) as server:
        yield server
    assert_nothing_left(requests=server.received)


@pytest.fixture
def store_folder(tmp_path: Path) -> Iterator[Path]:
    """Where a memory system keeps its files; no canary may lie there."""
    folder = tmp_path / "store"
    folder.mkdir()
    yield folder
    assert_nothing_left(folders=[folder])


@pytest.fixture
def mem0(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """mem0, which reads at import whether it may report to its makers."""
    monkeypatch.setenv("MEM0_TELEMETRY", "False")
    monkeypatch.setenv("MEM0_DIR", str(tmp_path / "mem0"))
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)
    with warnings.catch_warnings():
        # Of its dependencies, at import.
        warnings.simplefilter("ignore", DeprecationWarning)
        module = pytest.importorskip("mem0")
        importlib.import_module("faiss")
    return module
