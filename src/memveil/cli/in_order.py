"""A batch on several cores: lines are worked on side by side, answers come in the order of the lines.

An answer does not wait for the next line: who sends one line and reads gets it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from threading import Thread
from typing import TypeVar

__all__ = ["mapped"]

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def mapped(work: Callable[[Item], Answer], items: Iterable[Item], *, workers: int | None = None) -> Iterator[Answer]:
    """``work`` of every item, in order.

    Args:
        work: called from several threads; its time is spent outside of Python's lock,
            in the model.
        items: read ahead by a few, from one thread of its own.
        workers: how many at once; default one a core.

    Raises:
        Whatever ``items`` or ``work`` raises first in the order of the items; what stands
        before it has been given out, what stands behind it is not.
    """
    count = workers or os.cpu_count() or 1
    answers: Queue[Future[Answer] | None] = Queue(2 * count)
    with ThreadPoolExecutor(count, thread_name_prefix="memveil-batch") as pool:

        def feed() -> None:
            try:
                for item in items:
                    answers.put(pool.submit(work, item))
            # Whatever the input fails with belongs to the reader of the answers, at its place.
            except BaseException as error:  # noqa: BLE001
                failed: Future[Answer] = Future()
                failed.set_exception(error)
                answers.put(failed)
            else:
                answers.put(None)

        # A daemon: where an answer failed nobody waits for input that may never come.
        Thread(target=feed, name="memveil-batch-input", daemon=True).start()
        while (answer := answers.get()) is not None:
            yield answer.result()
