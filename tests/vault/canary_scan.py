"""Look for texts in files, in every shape in which they could have been left there."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

__all__ = ["shapes", "traces"]


def shapes(text: str) -> dict[str, bytes]:
    """A text in UTF-8 and UTF-16, plain, in hex, and in base64 at each of three alignments."""
    found: dict[str, bytes] = {}
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        data = text.encode(encoding)
        found[encoding] = data
        found[f"{encoding}, hex"] = data.hex().encode()
        found[f"{encoding}, HEX"] = data.hex().upper().encode()
        for shift in range(3):
            # The characters at both ends depend on the neighbours: what is between them does not.
            code = base64.b64encode(bytes(shift) + data)
            inner = code[4 if shift else 0 : len(code) - 4]
            found[f"{encoding}, base64 + {shift}"] = inner
            found[f"{encoding}, base64url + {shift}"] = inner.translate(bytes.maketrans(b"+/", b"-_"))
    return found


def traces(folders: Iterable[Path], texts: Iterable[str]) -> list[str]:
    """Where a text was found: file and shape, not the text."""
    wanted = [(number, shape, data) for number, text in enumerate(texts) for shape, data in shapes(text).items()]
    found: list[str] = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                content = path.read_bytes()
                found += [f"{path}: text {number} as {shape}" for number, shape, data in wanted if data in content]
    return found
