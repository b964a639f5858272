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

__all__ = ["KEPT", "RememberingRecognizer", "TextKeys"]

KEPT = 20_000
"""Answers kept at most; the one unused for longest goes first."""


class TextKeys:
    """Keyed hashes of texts with their context. Thread-safe.

    The recognizers of a cascade are asked one after the other about the same
    text, so the last answer of each thread is kept.
    """

    def __init__(self) -> None:
        self._secret = os.urandom(32)
        self._last = threading.local()

    def key(self, text: str, context: Context) -> bytes:
        """The key of a text in its context."""
        last: tuple[str, Context, bytes] | None = getattr(self._last, "answer", None)
        if last is not None and last[0] is text and last[1] is context:
            return last[2]
        digest = blake2b(key=self._secret, digest_size=16)
        for part in (context.user_name or "", text, *context.previous):
            data = part.encode("utf-8", "surrogatepass")
            digest.update(len(data).to_bytes(8, "big"))
            digest.update(data)
        key = digest.digest()
        self._last.answer = (text, context, key)
        return key


class RememberingRecognizer:
    """Answers as the recognizer inside does. Thread-safe.

    Args:
        inner: whose answers depend on text and context alone.
        keys: shared by the recognizers of a cascade.
        kept: how many answers are kept at most.
    """

    def __init__(self, inner: Recognizer, *, keys: TextKeys | None = None, kept: int = KEPT) -> None:
        self._inner = inner
        self._kept = kept
        self._keys = TextKeys() if keys is None else keys
        self._lock = threading.Lock()
        self._answers: OrderedDict[bytes, tuple[Span, ...]] = OrderedDict()

    @property
    def name(self) -> str:
        """Name of the recognizer inside."""
        return self._inner.name

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """See :meth:`memveil.detect.Recognizer.recognize`. A failure is not remembered, nor half an answer."""
        key = self._keys.key(text, context)
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
