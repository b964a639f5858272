"""mem0's own classes without a network: its models on loopback, its vectors in a local FAISS index."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.integrations.fake_openai import DIMENSIONS


def configuration(url: str, folder: Path) -> dict[str, Any]:
    """For ``Memory.from_config``."""
    model = {"model": "fake", "api_key": "x", "openai_base_url": f"{url}/v1"}
    store = {"path": str(folder / "faiss"), "collection_name": "memories", "embedding_model_dims": DIMENSIONS}
    return {
        "llm": {"provider": "openai", "config": model},
        "embedder": {"provider": "openai", "config": {**model, "embedding_dims": DIMENSIONS}},
        "vector_store": {"provider": "faiss", "config": {**store, "distance_strategy": "cosine"}},
        "history_db_path": str(folder / "history.db"),
    }


def close(memory: Any) -> None:
    """What mem0 leaves open: its database, and its models' connections."""
    for model in (memory.llm, memory.embedding_model):
        getattr(model, "_inner", model).client.close()
    memory.close()
