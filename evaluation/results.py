"""One JSON file a cell: figures and outcomes by question, never a text. What is there and fits stays."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from evaluation.cells import Cell
from evaluation.datasets.place import ROOT
from evaluation.measure import RANKS, Measured
from memveil.metrics import Share

__all__ = ["RESULTS", "Origin", "Result", "as_document", "key_of", "read_all", "read_one", "write"]

RESULTS = ROOT / "evaluation" / "results"
"""Where the files are."""


@dataclass(frozen=True, slots=True)
class Result:
    """A cell with its document."""

    cell: Cell
    document: Mapping[str, Any]

    @property
    def key(self) -> str:
        """Digest of all that the figures depend on."""
        return str(self.document["key"])

    def shares(self, name: str) -> dict[str, Share]:
        """A table of shares: ``wire``, ``detected``, ``places``, ``rest``, ``rest_detected``, ``types``."""
        return {label: Share(*pair) for label, pair in self.document[name].items()}

    def share(self, name: str) -> Share:
        """A single share: ``exact``, ``overmasked``, ``known``, ``rest_known``, ``rest_late``."""
        return Share(*self.document[name])

    def outcomes(self, name: str) -> list[float]:
        """One figure a question, 0 to 1; names as in :class:`evaluation.measure.Measured`, and ``recall@K``."""
        return [value / 100 for value in self.document["questions"].get(name, ())]


def key_of(cell: Cell, parts: Iterable[str]) -> str:
    """Digest of a cell's arguments and of what it depends on."""
    text = json.dumps([asdict(cell), *parts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a cell was measured with.

    Args:
        key: digest of all that the figures depend on.
        commit: of the detector and the pipeline.
        model: SHA-256 of the bundled model, where the detector is one.
        answered_by: the model that answered, where an endpoint was given.
        seconds: processor time and wall time that it took, with what its caches did not hold yet.
    """

    key: str
    commit: str
    model: str = ""
    answered_by: str = ""
    seconds: tuple[float, float] = (0.0, 0.0)


def as_document(cell: Cell, measured: Measured, origin: Origin) -> dict[str, Any]:
    """The document of a cell: percentages per question as whole numbers, counts as pairs."""
    times = sorted(measured.ms)
    return {
        "cell": asdict(cell),
        "key": origin.key,
        "commit": origin.commit,
        "model": origin.model,
        "answered_by": origin.answered_by,
        "seconds": [round(each, 1) for each in origin.seconds],
        "questions": {
            **{f"recall@{k}": _percent(measured.recalls[k]) for k in RANKS},
            "contained": _percent(measured.contained),
            "covered": _percent(measured.covered),
            "judged": _percent(measured.judged),
            "chosen": _percent(measured.chosen),
            "agreed": _percent(measured.agreed),
            "private": _percent(measured.private),
        },
        "top": measured.top if cell == cell.unprotected else [],
        "exact": _pair(measured.exact),
        "known": _pair(measured.known),
        "rest_known": _pair(measured.rest_known),
        "rest_late": _pair(measured.rest_late),
        "overmasked": _pair(measured.wire.overmasked),
        "wire": {str(level): _pair(share) for level, share in sorted(measured.wire.levels.items())},
        "detected": {str(level): _pair(share) for level, share in sorted(measured.detected.levels.items())},
        "places": {str(level): _pair(share) for level, share in sorted(measured.places.items())},
        "rest": {str(level): _pair(share) for level, share in sorted(measured.rest.items())},
        "rest_detected": {str(level): _pair(share) for level, share in sorted(measured.rest_detected.items())},
        "types": {name: _pair(share) for name, share in sorted(measured.wire.types.items())},
        "read_s": round(measured.read_ms / 1000, 1),
        "ms": [round(times[int(q * (len(times) - 1))], 2) for q in (0.5, 0.95)] if times else [],
    }


def read_one(cell: Cell, folder: Path = RESULTS) -> Result | None:
    """The stored result of a cell, whatever its key."""
    path = _path(cell, folder)
    return Result(cell, json.loads(path.read_text(encoding="utf-8"))) if path.exists() else None


def read_all(folder: Path = RESULTS) -> Iterator[Result]:
    """All stored results, in the order of their cells."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*/*.json")]
    for document in sorted(documents, key=lambda each: tuple(each["cell"].values())):
        yield Result(Cell(**document["cell"]), document)


def write(cell: Cell, document: Mapping[str, Any], folder: Path = RESULTS) -> None:
    """Store a result; a run that is stopped leaves whole files only."""
    path = _path(cell, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".part")
    fresh.write_text(_compact(document), encoding="utf-8")
    fresh.replace(path)


def _path(cell: Cell, folder: Path) -> Path:
    return folder / cell.data / f"{cell.slug}.json"


def _percent(values: Sequence[float]) -> list[int]:
    return [round(100 * value) for value in values]


def _pair(share: Share) -> list[int]:
    return [share.count, share.total]


def _compact(document: Mapping[str, Any]) -> str:
    """One line a key: small, and readable in a diff."""
    lines = [f" {json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in document.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"
