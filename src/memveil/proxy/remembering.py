"""A recognizer that remembers where it found something, and never what.

A client sends the whole conversation with every request. Only its end is new:
what a recognizer said about the rest is kept under a keyed hash of the text and
its context, as offsets and types. Known values of the scope are not among
these; they are looked for anew each time.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b

from memveil.detect import Context, Recognizer
from memveil.spans import Span

__all__ = ["KEPT", "RememberingRecognizer"]

KEPT = 20_000
"""Answers kept at most; the one unused for longest goes first."""


class RememberingRecognizer:
    """Answers as the recognizer inside does. Thread-safe.

    Args:
        inner: whose answers depend on text and context alone.
        kept: how many answers are kept at most.
    """

    def __init__(self, inner: Recognizer, *, kept: int = KEPT) -> None:
        self._inner = inner
        self._kept = kept
        self._secret = os.urandom(32)
        self._lock = threading.Lock()
        self._answers: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()

    @property
    def name(self) -> str:
        """Name of the recognizer inside."""
        return self._inner.name

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """See :meth:`memveil.detect.Recognizer.recognize`. A failure is not remembered, nor half an answer."""
        key = self._digest(text, context)
        with self._lock:
            known = self._answers.get(key)
            if known is not None:
                self._answers.move_to_end(key)
                return known
        degraded: list[str] = []
        found = tuple(self._inner.recognize(text, replace(context, degraded=degraded)))
        if degraded:
            if context.degraded is not None:
                context.degraded.extend(degraded)
            return found
        with self._lock:
            self._answers[key] = found
            if len(self._answers) > self._kept:
                self._answers.popitem(last=False)
        return found

    def _digest(self, text: str, context: Context) -> bytes:
        digest = blake2b(key=self._secret, digest_size=16)
        for part in (context.user_name or "", text, *context.previous):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
        return digest.digest()
