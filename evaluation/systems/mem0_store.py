"""mem0's own class, ``infer=False``: every text is stored as it is, in an embedded Qdrant and a history database.

Its embedding model is replaced by the one of the other systems after
construction, so nothing is asked of a network; its language model is never
called. Telemetry is off before the package is imported.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from evaluation.embedding import Array
from evaluation.systems.base import Hit

__all__ = ["Mem0Store"]

_WIDTH = 384
_USER = "user"


class Mem0Store:
    """One mem0 in a temporary folder."""

    def __init__(self, embed: Callable[[Sequence[str]], Array]) -> None:
        os.environ["MEM0_TELEMETRY"] = "False"
        from mem0 import Memory

        self._embed = embed
        self._folder = Path(tempfile.mkdtemp(prefix="memveil-evaluation-"))
        os.environ.setdefault("MEM0_DIR", str(self._folder / "mem0"))
        model = {"model": "none", "api_key": "none", "openai_base_url": "http://127.0.0.1:9/v1"}
        store = {"path": str(self._folder / "qdrant"), "on_disk": True, "embedding_model_dims": _WIDTH}
        self._memory: Any = Memory.from_config(
            {
                "llm": {"provider": "openai", "config": model},
                "embedder": {"provider": "openai", "config": {**model, "embedding_dims": _WIDTH}},
                "vector_store": {"provider": "qdrant", "config": {**store, "collection_name": "memories"}},
                "history_db_path": str(self._folder / "history.db"),
            }
        )
        self._memory.embedding_model.client.close()
        self._memory.embedding_model = _Embedding(embed)

    def store(self, memories: Sequence[str]) -> None:
        """Add every memory with its number as metadata."""
        self._embed(memories)  # all at once, so that each is known when mem0 asks for it
        for index, text in enumerate(memories):
            self._memory.add(text, user_id=_USER, infer=False, metadata={"index": index})

    def search(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """As mem0 ranks them; without a threshold."""
        self._embed(queries)
        answers = [
            self._memory.search(query, filters={"user_id": _USER}, top_k=k, threshold=0.0)["results"]
            for query in queries
        ]
        return [
            [Hit(int(found["metadata"]["index"]), str(found["memory"])) for found in results] for results in answers
        ]

    def at_rest(self) -> bytes:
        """Every byte of every file below its folder."""
        return b"".join(path.read_bytes() for path in sorted(self._folder.rglob("*")) if path.is_file())

    def close(self) -> None:
        """Close its databases and delete the folder."""
        self._memory.llm.client.close()
        self._memory.vector_store.client.close()
        self._memory.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Embedding:
    """The embedding model in the shape that mem0 calls."""

    def __init__(self, embed: Callable[[Sequence[str]], Array]) -> None:
        self._embed = embed

    def embed(self, text: str, memory_action: str | None = None) -> list[float]:
        del memory_action
        return [float(number) for number in self._embed([text])[0]]

    def embed_batch(self, texts: Sequence[str], memory_action: str | None = None) -> list[list[float]]:
        return [self.embed(text, memory_action) for text in texts]
