"""The loop every tool runs in: JSON lines ``{"text", "user_name"}`` in, ``{"spans": [[start, end, type]], "ms"}`` out.

A line ``{"done": true}`` is answered by ``{"rss_mb"}``: how much memory the process took since before the tool
was loaded. Runs in the tools' environment, so it imports nothing of memveil.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

Found = Iterable[tuple[int, int, str]]
Detector = Callable[[str, str], Found]


def serve(load: Callable[[], Detector]) -> None:
    """Answer until standard input ends.

    Args:
        load: builds the detector, a function of text and the user's own name (or ""), which a tool may ignore;
            what it takes in memory is counted.
    """
    answers = sys.stdout
    sys.stdout = sys.stderr  # what a tool prints must not mix with the answers
    before = _resident()
    detect = load()
    for line in sys.stdin:
        request = json.loads(line)
        if "done" in request:
            reply: dict[str, object] = {"rss_mb": round(_resident() - before, 1)}
        else:
            began = time.perf_counter()
            spans = list(detect(request["text"], request.get("user_name", "")))
            reply = {"spans": spans, "ms": 1000 * (time.perf_counter() - began)}
        answers.write(json.dumps(reply) + "\n")
        answers.flush()


def _resident() -> float:
    """What this process holds in memory now, in MB (Linux)."""
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20
