"""Runs all attacks and stores what they found."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from evaluation.attacks import blind_index, inference, injection, linkage
from evaluation.attacks.records import ATTACKS, store
from evaluation.detection_cache import Found
from evaluation.embedding import Array, is_installed
from evaluation.material import DataSet, Person

__all__ = ["ATTACKED", "run_attacks"]

ATTACKED = ("memveil-bench", "memprivacy_bench_dev", "personamem_v2")
"""Data sets with annotations, the best one to attack first: the first that is here is attacked."""


def run_attacks(
    data: Mapping[str, DataSet],
    found: Callable[[str, Person], Mapping[str, Found]],
    embed: Callable[[Sequence[str]], Array],
    *,
    folder: Path = ATTACKS,
) -> Iterator[str]:
    """Run every attack that can run here; yields the names.

    Args:
        data: data sets by name.
        found: reference annotations of a person of a data set.
        embed: sentence embeddings.
        folder: where findings are stored.
    """
    attacked = next((name for name in ATTACKED if name in data), None)
    if attacked is not None:
        store("linkage", linkage.run(data[attacked], lambda person: found(attacked, person)), folder)
        yield "linkage"
        if is_installed():
            store("inference", inference.run(data[attacked], lambda person: found(attacked, person), embed), folder)
            yield "inference"
    store("blind_index", blind_index.run(), folder)
    yield "blind_index"
    store("injection", injection.run(), folder)
    yield "injection"
