"""One file a data set; each has ``load()``, which returns ``None`` where the data is not on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from evaluation.datasets import locomo, madial, memorybank, memprivacy, memveil_bench, personamem
from evaluation.material import DataSet

__all__ = ["LOADERS"]

LOADERS: Mapping[str, Callable[[], DataSet | None]] = MappingProxyType(
    {
        "locomo10": locomo.load,
        "personamem_v2": personamem.load,
        "memprivacy_bench_dev": memprivacy.load,
        "memveil-bench": memveil_bench.load,
        "memorybank": memorybank.load,
        "madial_bench": madial.load,
    }
)
"""Data sets by name."""
