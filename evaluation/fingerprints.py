"""What a result depends on, as digests: a cell is measured again when one of them changes."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterable
from pathlib import Path

from evaluation.datasets.place import ROOT

__all__ = ["CASCADE", "PIPELINE", "PROTOCOL", "RULES", "bundled_model", "commit_of", "digest_of"]

PROTOCOL = 2
"""Number of the way of measuring: raise it when a figure changes its meaning."""

_SOURCE = ROOT / "src" / "memveil"
RULES = (_SOURCE / "recognizers", _SOURCE / "folding.py", _SOURCE / "privacy_types.py")
"""What the rules are made of."""

CASCADE = (*RULES, _SOURCE / "model" / "manifest.json")
"""What the default detector is made of; the manifest holds the digests of the model's files."""

PIPELINE = (
    *(_SOURCE / f"{name}.py" for name in ("guard", "policy", "pseudonymize", "query_expansion", "resolve")),
    _SOURCE / "recognizers" / "known.py",
)
"""What stands between a detector's spans and the wire."""


def bundled_model() -> str:
    """SHA-256 of the model that ships, from its manifest."""
    manifest = json.loads((_SOURCE / "model" / "manifest.json").read_text(encoding="utf-8"))
    return str(manifest["sha256"]["edge.onnx"])


def digest_of(paths: Iterable[Path]) -> str:
    """SHA-256 over the contents of files, and of all Python files below folders; 16 hex digits."""
    digest = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            data = file.read_bytes() if file.exists() else b""
            digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()[:16]


def commit_of(paths: Iterable[Path]) -> str:
    """The last commit that touched one of ``paths``, with ``+`` where a file differs from it; empty without git."""
    names = [str(path) for path in paths]
    try:
        log = _git("log", "-1", "--format=%h", "--", *names)
        changed = _git("status", "--porcelain", "--", *names)
    except (OSError, subprocess.CalledProcessError):
        return ""
    return log + ("+" if changed else "")


def _git(*arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed words and paths of this project
        ["git", "-C", str(ROOT), *arguments],  # noqa: S607 - whichever git the machine has
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()
