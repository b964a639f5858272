"""mem0 behind a guard: what it extracts, embeds and stores holds placeholders only.

::

    memory = PrivateMemory(Memory.from_config(...), guard)   # or AsyncMemory, MemoryClient, AsyncMemoryClient

For a memory that is not on this machine, or whose files somebody else may read.
Where only the model is elsewhere, see :mod:`memveil.integrations.mem0_models`.

What may leave is in the tables of :mod:`memveil.integrations.mem0_arguments`;
every other method and argument is refused.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Self, cast

from memveil.errors import ConfigError, UnsupportedFormat
from memveil.integrations.forgotten import Forgotten
from memveil.integrations.leaves import Leaves
from memveil.integrations.mem0_arguments import IDENTITIES, METHODS, Arguments
from memveil.json_values import show_key

if TYPE_CHECKING:
    from memveil.guard import Guard

__all__ = ["PrivateMemory", "demand_silence"]

_REMAINS = (
    "rows of mem0's history database, and copies such as backups and logs: placeholders only",
    "memories under other ids of this scope: placeholders only",
)


def demand_silence() -> None:
    """Refuse to work with a mem0 that reports to its makers.

    Raises:
        ConfigError: mem0 was imported without ``MEM0_TELEMETRY=False`` in the environment.
    """
    telemetry = sys.modules.get("mem0.memory.telemetry")
    if telemetry is not None and getattr(telemetry, "MEM0_TELEMETRY", True):
        raise ConfigError("MEM0_TELEMETRY: mem0 reports to its makers; set it to False before mem0 is imported")


class PrivateMemory:
    """A mem0 memory or client, for one scope. As thread-safe as the memory inside.

    Methods are those of the memory inside, coroutines where that has coroutines.
    Users that may not see each other's values need a guard each; they may share
    the memory inside.

    Args:
        inner: where memories are kept.
        guard: protects what goes in, and restores what comes home.

    Raises:
        ConfigError: mem0's telemetry is on.
    """

    def __init__(self, inner: Any, guard: Guard) -> None:
        demand_silence()
        self._inner = inner
        self._leaves = Leaves(guard)
        self._arguments = Arguments(self._leaves)

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in METHODS:
            raise UnsupportedFormat(f"a method {show_key(name)} of mem0 that memveil does not know; nothing was sent")
        method = getattr(self._inner, name)

        def call(*args: Any, **options: Any) -> Any:
            return self._restore(method(**self._arguments.of(name, args, options)))

        async def call_async(*args: Any, **options: Any) -> Any:
            sent = await asyncio.to_thread(self._arguments.of, name, args, options)
            return await asyncio.to_thread(self._restore, await method(**sent))

        return call_async if inspect.iscoroutinefunction(method) else call

    def forget(self, **identities: str) -> Forgotten:
        """Delete all memories of a ``user_id``, ``agent_id`` or ``run_id``, then erase the mapping of the scope.

        Raises:
            UnsupportedFormat: the memory's methods are coroutines; use :meth:`aforget`.
            Exception: what mem0 raises; then the mapping is still there, and this can be called again.
        """
        if inspect.iscoroutinefunction(self._inner.delete_all):
            raise UnsupportedFormat("a memory whose methods are coroutines; use aforget")
        before = self.get_all(filters=identities)
        self.delete_all(**identities)
        return self._forgotten(before, self.get_all(filters=identities), self._leaves.guard.forget())

    async def aforget(self, **identities: str) -> Forgotten:
        """As :meth:`forget`, for memories whose methods are coroutines."""
        before = await self.get_all(filters=identities)
        await self.delete_all(**identities)
        after = await self.get_all(filters=identities)
        return self._forgotten(before, after, await asyncio.to_thread(self._leaves.guard.forget))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    # -- inbound ----------------------------------------------------------------

    def _restore(self, value: Any) -> Any:
        match value:
            case list():
                return [self._restore(item) for item in cast("list[object]", value)]
            case dict():
                return {key: self._restore_field(key, item) for key, item in value.items()}
            case _:
                return self._leaves.restore(value)

    def _restore_field(self, key: object, value: Any) -> Any:
        if key in IDENTITIES and isinstance(value, str):
            return self._leaves.restore_label(value)
        return self._restore(value)

    def _forgotten(self, before: Any, after: Any, values: int) -> Forgotten:
        left = len(after["results"])
        still = (f"{left} memories that mem0 still lists",) if left else ()
        return Forgotten(values, max(0, len(before["results"]) - left), (*still, *_REMAINS))
