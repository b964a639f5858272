"""Tools for the tests of programs that use memveil: canaries, and recognizers that obey.

Canaries are invented values that occur nowhere else. Draw your fixtures from
them, then assert that none of them is in what left the process.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from memveil.detect import Context
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel, Span

__all__ = ["CANARIES", "ScriptedRecognizer", "assert_no_canary", "canaries_in", "canaries_under", "encodings"]

CANARIES: Mapping[str, str] = MappingProxyType(
    {
        "Email": "quilla.vantorre@canary-mail.example",
        "Phone Number": "+47 900 41 773",
        "Third-Party Identifiable Info": "Thessaly Quorumbe",
        "Detailed Address": "77 Zephyrine Causeway",
        "ID Number": "11010519770707881X",
        "Medical Health": "canarian quadrille fever",
        "Bank/Payment Card Number": "4929 3813 3266 4295",
        "Password": "V3lvet!Canary#92x",
        "Verification Code": "774921",
        "Key": "ck-live-9Qm2ZbT7rXv4LpW8sYd3",
        "Relationship Info": "my aunt Ottoline",
        "Real Name": "金丝雀·奎拉",
    }
)
"""Privacy type -> an invented value that no ordinary text holds."""


def encodings(value: str) -> dict[str, bytes]:
    """The forms in which a value may hide in bytes, by name."""
    plain = value.encode()
    forms = {
        "utf-8": plain,
        "utf-16": value.encode("utf-16-le"),
        # The last character of base64 depends on what follows the value.
        "base64": base64.b64encode(plain).rstrip(b"=")[:-1],
        "hex": plain.hex().encode(),
    }
    escaped = json.dumps(value)[1:-1].encode()
    return forms if escaped == plain else {**forms, "json": escaped}


def canaries_in(data: str | bytes, values: Iterable[str] | None = None) -> list[str]:
    """Names, never values, of what is found in ``data``.

    Args:
        data: anything that left: a request, a log, a file.
        values: values to look for; default all of :data:`CANARIES`.

    Returns:
        For each hit the privacy type (or position in ``values``) and its encoding.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    wanted = list(CANARIES.items()) if values is None else [(f"value {n}", v) for n, v in enumerate(values)]
    return [f"{name} ({form})" for name, value in wanted for form, coded in encodings(value).items() if coded in raw]


def assert_no_canary(data: str | bytes, values: Iterable[str] | None = None) -> None:
    """Fail if ``data`` holds one of the values in any encoding.

    Raises:
        AssertionError: names the types found, not the values.
    """
    found = canaries_in(data, values)
    if found:
        raise AssertionError(f"private values left: {', '.join(found)}")


def canaries_under(folder: Path, values: Iterable[str] | None = None) -> list[str]:
    """What is found in any file below ``folder``, as ``path: type (encoding)``."""
    wanted = None if values is None else list(values)
    return [
        f"{path.relative_to(folder)}: {hit}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for hit in canaries_in(path.read_bytes(), wanted)
    ]


@dataclass(frozen=True, slots=True)
class ScriptedRecognizer:
    """Finds exactly the values it was told, wherever they stand: a detector for tests.

    Args:
        values: value -> privacy type.
        error: raised instead of an answer, to see that nothing leaves.
    """

    values: Mapping[str, str] = field(default_factory=lambda: {v: k for k, v in CANARIES.items()}, repr=False)
    error: Exception | None = field(default=None, repr=False)
    name: str = "scripted"

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """All occurrences of the values, longest value first where they overlap."""
        del context
        if self.error is not None:
            raise self.error
        found: list[Span] = []
        for value in sorted(self.values, key=len, reverse=True):
            start = text.find(value) if value else -1
            while start >= 0:
                found.append(self._span(start, value))
                start = text.find(value, start + len(value))
        return found

    def _span(self, start: int, value: str) -> Span:
        kind = self.values[value]
        level = PRIVACY_TYPES[kind].level if kind in PRIVACY_TYPES else PrivacyLevel.PL2
        return Span(start, start + len(value), kind, level, 1.0, self.name)
