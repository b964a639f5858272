"""Counts of the gateway in the text format of Prometheus. Names and numbers only, never a value."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping

__all__ = ["Metrics"]

_HELP = {
    "memveil_requests_total": "Requests by format and outcome.",
    "memveil_spans_total": "Private spans in requests, by level.",
    "memveil_actions_total": "What was done about private spans.",
    "memveil_degraded_total": "Texts that a recognizer did not read, as the configuration allows.",
    "memveil_restored_total": "Values put back into answers.",
    "memveil_media_total": "Images, sounds and files that left unread.",
    "memveil_sealed_dropped_total": "Signed parts that were left out.",
    "memveil_request_bytes_total": "Bytes of requests from clients.",
    "memveil_answer_bytes_total": "Bytes of answers to clients.",
    "memveil_protect_seconds_total": "Seconds spent on protecting requests.",
}


class Metrics:
    """Counters by name and labels, and one gauge. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, tuple[tuple[str, str], ...]]] = Counter()
        self._seconds = 0.0
        self._active = 0

    def add(self, name: str, amount: int = 1, **labels: str) -> None:
        """Count something. Labels are words of the program, never of a request."""
        if amount:
            with self._lock:
                self._counts[f"memveil_{name}_total", tuple(sorted(labels.items()))] += amount

    def add_all(self, name: str, label: str, counts: Mapping[str, int]) -> None:
        """Count several things that differ in one label."""
        for value, amount in counts.items():
            self.add(name, amount, **{label: value})

    def took(self, seconds: float) -> None:
        """Add the time that protecting a request took."""
        with self._lock:
            self._seconds += seconds

    def began(self) -> None:
        """A request is under way."""
        with self._lock:
            self._active += 1

    def ended(self) -> None:
        """A request is over."""
        with self._lock:
            self._active -= 1

    def render(self) -> str:
        """All counts, in the exposition format 0.0.4."""
        with self._lock:
            counts = sorted(self._counts.items())
            seconds, active = self._seconds, self._active
        lines: list[str] = []
        for name, meaning in _HELP.items():
            lines += [f"# HELP {name} {meaning}", f"# TYPE {name} counter"]
            if name == "memveil_protect_seconds_total":
                lines.append(f"{name} {seconds:.6f}")
            for (counted, labels), amount in counts:
                if counted == name:
                    shown = ",".join(f'{label}="{value}"' for label, value in labels)
                    lines.append(f"{name}{{{shown}}} {amount}" if shown else f"{name} {amount}")
        lines += [
            "# HELP memveil_active Requests under way.",
            "# TYPE memveil_active gauge",
            f"memveil_active {active}",
        ]
        return "\n".join(lines) + "\n"
