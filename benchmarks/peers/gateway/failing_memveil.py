"""A gateway of memveil whose detector is down: its only recognizer raises.

python failing_memveil.py PORT UPSTREAM
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import uvicorn

from memveil.detect import Context
from memveil.proxy.app import create_app
from memveil.proxy.turns import Scopes
from memveil.proxy.upstream import Upstream
from memveil.spans import Span
from memveil.vault.memory import MemoryVault


class Down:
    """What is left of a detector that has lost its model."""

    name = "down"

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        raise RuntimeError("the detector is down")


if __name__ == "__main__":
    app = create_app(Scopes(MemoryVault(), recognizers=(Down(),)), Upstream(sys.argv[2]))
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_config=None, access_log=False, ws="none")
