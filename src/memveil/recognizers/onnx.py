"""The bundled tagger: a small bilingual encoder, int8, on onnxruntime.

A text becomes pieces (tokenizers), pieces become scores (onnxruntime), scores
become spans (:mod:`memveil.recognizers.tagging`). Long texts are read in
overlapping windows; of a span that two windows see, the window that has more of
the text around it decides. Before each window stands the end of the previous
turn, where the model was trained so: "it" and a bare code are told by it.

The model, how it was trained and what it is bad at: ``docs/model-card.md``.
"""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from memveil.detect import Context
from memveil.errors import ConfigError
from memveil.folding import Folded, fold
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel, Span

if TYPE_CHECKING:
    from memveil.recognizers.tagging import Doubt, Scores, Tagged

__all__ = ["MODEL_FOLDER", "LoadedModel", "OnnxRecognizer", "OperatingPoint", "TaggerReading"]

MODEL_FOLDER = Path(__file__).parent.parent / "model"
"""Where the bundled model lies: ``edge.onnx``, ``tokenizer.json``, ``manifest.json``."""

_THREADS = 2
_START, _END = 0, 2
_LEVELS = (PrivacyLevel.PL2, PrivacyLevel.PL3, PrivacyLevel.PL4)
# Characters of the previous turn that are looked at: more than any context of pieces needs.
_PREVIOUS = 600


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Where the model stands between finding too little and covering too much.

    Args:
        outside_bias: added to the score of "no span here", in log-odds.
        thresholds: log-odds that a span of a level must reach to count.
    """

    outside_bias: float
    thresholds: Mapping[PrivacyLevel, float]

    def keeps(self, level: PrivacyLevel, score: float, sensitivity: float) -> bool:
        """Whether a span of this probability counts."""
        odds = math.log(max(score, 1e-6) / max(1.0 - score, 1e-6))
        return odds + sensitivity >= self.thresholds[level]


@dataclass(frozen=True, slots=True)
class _Manifest:
    """What the model file promises.

    Args:
        types: privacy types in the order of the model's outputs.
        window: pieces a window.
        overlap: pieces that neighbouring windows share.
        context: pieces of the previous turn that go before a window; 0 for none.
        point: the released operating point.
        sha256: digests of the files by name.
    """

    types: tuple[str, ...]
    window: int
    overlap: int
    context: int
    point: OperatingPoint
    sha256: dict[str, str]

    @classmethod
    def read(cls, folder: Path) -> Self:
        try:
            raw = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            point = OperatingPoint(raw["outside_bias"], {level: raw["thresholds"][str(level)] for level in _LEVELS})
            types, context = tuple(raw["types"]), raw["context"]
            manifest = cls(types, raw["window"], raw["overlap"], context, point, raw["sha256"])
        except (OSError, ValueError, KeyError, TypeError):
            raise ConfigError("model: manifest.json is missing or broken; install memveil again") from None
        unknown = [name for name in manifest.types if name not in PRIVACY_TYPES]
        if unknown:
            raise ConfigError(f"model: knows types that memveil does not: {', '.join(unknown)}")
        return manifest

    def check(self, folder: Path, name: str) -> Path:
        """The place of a file, if it holds the promised bytes."""
        path = folder / name
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            raise ConfigError(f"model: {name} is missing; install memveil again") from None
        if digest != self.sha256.get(name):
            raise ConfigError(f"model: {name} is not the file that was released; install memveil again")
        return path


@dataclass(frozen=True, slots=True)
class TaggerReading:
    """What the tagger makes of a text.

    Args:
        spans: disjoint, in order.
        doubts: how unsure it is, piece by piece; a piece that two windows see comes twice.
    """

    spans: tuple[Span, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class OnnxRecognizer:
    """Recognizes spans with the bundled tagger. Thread-safe; loads at first use.

    Args:
        folder: where the model lies.
        sensitivity: the one dial, in log-odds. Each step above zero finds more and
            covers more needlessly; each below does the opposite.
        point: an operating point instead of the released one.

    Raises:
        ConfigError: at first use, if a file is missing or is not the released one.
    """

    name = "onnx"

    def __init__(
        self, folder: Path = MODEL_FOLDER, *, sensitivity: float = 0.0, point: OperatingPoint | None = None
    ) -> None:
        self._folder = folder
        self._sensitivity = sensitivity
        self._point = point
        self._lock = threading.Lock()
        self._loaded: LoadedModel | None = None

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """Spans of the text, disjoint, in order."""
        return self.read(text, context).spans

    def read(self, text: str, context: Context) -> TaggerReading:
        """Spans of the text, and where the model is unsure."""
        if not text.strip():
            return TaggerReading()
        from memveil.recognizers.tagging import Doubt, doubts

        loaded = self.load()
        point = self._point or loaded.manifest.point
        folded = fold(text)
        previous = fold(context.previous[-1][-_PREVIOUS:]).text if context.previous else ""
        bias = point.outside_bias - self._sensitivity
        windows = list(loaded.score(folded.text, previous))
        tagged = loaded.decode(folded.text, windows, bias)
        spans = [self._span(folded, found, loaded.manifest) for found in tagged]
        unsure = [doubt for _, offsets, scores in windows for doubt in doubts(offsets, scores, outside_bias=bias)]
        return TaggerReading(
            tuple(span for span in spans if point.keeps(span.level, span.score, self._sensitivity)),
            tuple(Doubt(*folded.original(doubt.start, doubt.end), doubt.amount) for doubt in unsure),
        )

    def verify(self) -> str:
        """Check all files of the model against their digests.

        Returns:
            The SHA-256 of ``edge.onnx``, in hex.
        """
        manifest = _Manifest.read(self._folder)
        for name in manifest.sha256:
            manifest.check(self._folder, name)
        return manifest.sha256["edge.onnx"]

    def _span(self, folded: Folded, found: Tagged, manifest: _Manifest) -> Span:
        start, end = folded.original(found.start, found.end)
        kind = manifest.types[found.type_index]
        return Span(start, end, kind, PRIVACY_TYPES[kind].level, max(found.score, 1e-6), self.name)

    def load(self) -> LoadedModel:
        """The model, read at the first call.

        Raises:
            ConfigError: a file is missing or is not the released one.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = LoadedModel.open(self._folder)
            return self._loaded


Window = tuple[int, Sequence[tuple[int, int]], "Scores"]
"""Index of a window's first piece, character ranges of its pieces, the model's output."""


@dataclass(frozen=True, slots=True)
class LoadedModel:
    """The model in memory: texts in, scores and spans out. Its members come from libraries without types."""

    manifest: _Manifest
    tokenizer: Any = field(repr=False)
    session: Any = field(repr=False)

    @classmethod
    def open(cls, folder: Path) -> Self:
        import onnxruntime
        from tokenizers import Tokenizer

        manifest = _Manifest.read(folder)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Threads that spin between two texts would take the machine from its user.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # From its file, not from bytes in memory: those would be held a second time, 40 MB.
        session = onnxruntime.InferenceSession(
            str(manifest.check(folder, "edge.onnx")), options, providers=["CPUExecutionProvider"]
        )
        tokenizer = Tokenizer.from_file(str(manifest.check(folder, "tokenizer.json")))
        return cls(manifest, tokenizer, session)

    def decode(self, text: str, windows: Iterable[Window], bias: float) -> list[Tagged]:
        """Spans of a text from the scores of its windows, disjoint, in order."""
        from memveil.recognizers.tagging import decode

        found: list[tuple[int, Tagged]] = []
        for at, offsets, scores in windows:
            goes_on = bool(offsets) and offsets[-1][1] < len(text.rstrip())
            first = offsets[0][0] if at else -len(text)
            last = offsets[-1][1] if goes_on else 2 * len(text)
            for tagged in decode(text, offsets, scores, outside_bias=bias):
                depth = min(tagged.start - first, last - tagged.end)
                found.append((depth, tagged))
        return _best_of_windows(found)

    def score(self, text: str, previous: str) -> Iterable[Window]:
        """Run the model over every window of a text."""
        import numpy as np

        from memveil.recognizers.tagging import Scores

        ids, offsets = self.pieces(text)
        size, overlap = self.manifest.window, self.manifest.overlap
        kinds = len(self.manifest.types)
        head = [_START, *self.prefix(previous)]
        for at in range(0, max(1, len(ids) - overlap), size - overlap):
            part = ids[at : at + size]
            row = np.array([[*head, *part, _END]], np.int64)
            tags, votes = self.session.run(None, {"ids": row, "mask": np.ones_like(row)})
            cut = slice(len(head), len(head) + len(part))
            votes = votes[0, cut]
            scores = Scores(tags[0, cut], votes[:, :kinds], votes[:, kinds : 2 * kinds], votes[:, 2 * kinds :])
            yield at, offsets[at : at + size], scores

    def prefix(self, previous: str) -> list[int]:
        """The end of the previous turn as pieces, closed; empty where the model takes none."""
        context = self.manifest.context
        if not previous or not context:
            return []
        return [*self.pieces(previous)[0][-context:], _END]

    def pieces(self, text: str) -> tuple[list[int], list[tuple[int, int]]]:
        """Ids of the pieces of a text and their character ranges, without blanks."""
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        ids: list[int] = []
        offsets: list[tuple[int, int]] = []
        for index, (start, end) in zip(encoding.ids, encoding.offsets, strict=True):
            first = start
            while first < end and text[first].isspace():
                first += 1
            if first < end:
                ids.append(index)
                offsets.append((first, end))
        return ids, offsets


def _best_of_windows(found: Sequence[tuple[int, Tagged]]) -> list[Tagged]:
    """Where windows disagree, the span that lies deeper inside its window stands."""
    chosen: list[Tagged] = []
    for _, tagged in sorted(found, key=lambda pair: (-pair[0], pair[1].start)):
        if all(tagged.end <= other.start or other.end <= tagged.start for other in chosen):
            chosen.append(tagged)
    return sorted(chosen, key=lambda tagged: tagged.start)
