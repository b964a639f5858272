"""LlamaIndex: a memory, or one block of it, behind a guard.

::

    memory = PrivateMemory(Memory.from_defaults(...), guard)          # all of it is elsewhere
    block = PrivateMemoryBlock(VectorMemoryBlock(...), guard)         # only this block is

What is inside the wrapper sees placeholders: chat stores, vector stores, the
embedder, and the language model that extracts facts. Whoever reads the memory
gets values; an agent's model that is elsewhere too needs the gateway in front.

Texts, thoughts and calls of tools are known; images, sounds, documents and
citations are refused.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn, cast

from memveil.errors import ConfigError, UnsupportedFormat
from memveil.integrations.forgotten import Forgotten
from memveil.integrations.leaves import Leaves
from memveil.json_values import show_key

try:
    from llama_index.core.base.llms.types import CachePoint, ChatMessage, TextBlock, ThinkingBlock, ToolCallBlock
    from llama_index.core.memory import BaseMemory, BaseMemoryBlock
    from pydantic import PrivateAttr
except ImportError as error:
    raise ImportError("LlamaIndex is missing; pip install 'memveil[llamaindex]'") from error

if TYPE_CHECKING:
    from memveil.guard import Guard

__all__ = ["PrivateMemory", "PrivateMemoryBlock"]

# Texts before the one that is looked at, as context.
_CONTEXT = 16
_SESSION = "session_id"
_REMAINS = (
    "what memory blocks have stored, where the block offers no way to delete it: placeholders only",
    "other sessions of this scope, and copies such as backups and logs: placeholders only",
)


class PrivateMemory(BaseMemory):
    """A memory that holds placeholders, and is read with values.

    The id of its session goes to the store as it is: make it with ``guard.protect_label``.

    Args:
        inner: any memory of LlamaIndex.
        guard: the scope of the user whose memory it is.

    Raises:
        ConfigError: the id of the session holds something private.
    """

    _inner: BaseMemory = PrivateAttr()
    _messages: _Messages = PrivateAttr()

    def __init__(self, inner: BaseMemory, guard: Guard) -> None:
        super().__init__()
        for name in (_SESSION, "chat_store_key"):
            key = getattr(inner, name, None)
            if key is not None:
                Leaves(guard).check_name(str(key), where=name)
        self._inner = inner
        self._messages = _Messages(guard)

    @classmethod
    def class_name(cls) -> str:
        """Its name among LlamaIndex's components."""
        return "PrivateMemory"

    @classmethod
    def from_defaults(cls, **kwargs: Any) -> NoReturn:  # noqa: ARG003 - the signature is LlamaIndex's
        """There are no defaults: a memory to wrap is always the caller's."""
        raise ConfigError("PrivateMemory: wrap a memory of yours, PrivateMemory(Memory.from_defaults(...), guard)")

    def get(self, input: Any = None, **kwargs: Any) -> list[ChatMessage]:  # noqa: A002 - the name is LlamaIndex's
        """The messages, with values; ``input`` is what is looked for."""
        asked, options = self._asked(input, kwargs)
        return self._messages.restore(self._inner.get(asked, **options))

    async def aget(self, input: Any = None, **kwargs: Any) -> list[ChatMessage]:  # noqa: A002 - as above
        """As :meth:`get`."""
        asked, options = await asyncio.to_thread(self._asked, input, kwargs)
        return await asyncio.to_thread(self._messages.restore, await self._inner.aget(asked, **options))

    def get_all(self) -> list[ChatMessage]:
        """All messages, with values."""
        return self._messages.restore(self._inner.get_all())

    async def aget_all(self) -> list[ChatMessage]:
        """As :meth:`get_all`."""
        return await asyncio.to_thread(self._messages.restore, await self._inner.aget_all())

    def put(self, message: ChatMessage) -> None:
        """Add a message, protected.

        Raises:
            UnsupportedFormat: it has a part that memveil does not know; nothing was stored.
        """
        self.put_messages([message])

    async def aput(self, message: ChatMessage) -> None:
        """As :meth:`put`."""
        await self.aput_messages([message])

    def put_messages(self, messages: list[ChatMessage]) -> None:
        """Add messages, protected; raises as :meth:`put`."""
        self._inner.put_messages(self._messages.protect(messages))

    async def aput_messages(self, messages: list[ChatMessage]) -> None:
        """As :meth:`put_messages`."""
        await self._inner.aput_messages(await asyncio.to_thread(self._messages.protect, messages))

    def set(self, messages: list[ChatMessage]) -> None:
        """Have these messages only, protected; raises as :meth:`put`."""
        self._inner.set(self._messages.protect(messages))

    async def aset(self, messages: list[ChatMessage]) -> None:
        """As :meth:`set`."""
        await self._inner.aset(await asyncio.to_thread(self._messages.protect, messages))

    def reset(self) -> None:
        """Remove all messages; their values stay in the vault, see :meth:`forget`."""
        self._inner.reset()

    async def areset(self) -> None:
        """As :meth:`reset`."""
        await self._inner.areset()

    def forget(self) -> Forgotten:
        """Remove all messages, then erase the mapping of the scope.

        Raises:
            Exception: what the memory raises; then the mapping is still there, and this can be called again.
        """
        deleted = len(self._inner.get_all())
        self._inner.reset()
        return Forgotten(self._messages.leaves.guard.forget(), deleted, _REMAINS)

    async def aforget(self) -> Forgotten:
        """As :meth:`forget`."""
        deleted = len(await self._inner.aget_all())
        await self._inner.areset()
        return Forgotten(await asyncio.to_thread(self._messages.leaves.guard.forget), deleted, _REMAINS)

    def _asked(self, asked: Any, options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        if isinstance(asked, str):
            asked = self._messages.leaves.protect_query(asked, where="input")
        elif asked is not None:
            [asked] = self._messages.protect([asked])
        return asked, self._messages.options(options)


class PrivateMemoryBlock(BaseMemoryBlock[Any]):
    """A block of a memory that holds placeholders, and is read with values.

    Name, priority and description are those of the block inside.

    Args:
        inner: any block.
        guard: the scope of the user whose memory it is.
    """

    _inner: BaseMemoryBlock[Any] = PrivateAttr()
    _messages: _Messages = PrivateAttr()

    def __init__(self, inner: BaseMemoryBlock[Any], guard: Guard) -> None:
        super().__init__(
            name=inner.name,
            description=inner.description,
            priority=inner.priority,
            accept_short_term_memory=inner.accept_short_term_memory,
        )
        self._inner = inner
        self._messages = _Messages(guard)

    async def _aget(self, messages: list[ChatMessage] | None = None, **block_kwargs: Any) -> Any:
        asked = None if messages is None else await asyncio.to_thread(self._messages.protect, messages)
        options = await asyncio.to_thread(self._messages.options, block_kwargs)
        return await asyncio.to_thread(self._messages.restore_content, await self._inner.aget(asked, **options))

    async def _aput(self, messages: list[ChatMessage]) -> None:
        await self._inner.aput(await asyncio.to_thread(self._messages.protect, messages))

    async def atruncate(self, content: Any, tokens_to_truncate: int) -> Any:
        """See :meth:`BaseMemoryBlock.atruncate`; the block inside sees placeholders here too."""
        sent = await asyncio.to_thread(self._messages.protect_content, content)
        left = await self._inner.atruncate(sent, tokens_to_truncate)
        return await asyncio.to_thread(self._messages.restore_content, left)


class _Messages:
    """The messages and blocks of LlamaIndex, on their way out and home."""

    def __init__(self, guard: Guard) -> None:
        self.leaves = Leaves(guard)

    def protect(self, messages: Sequence[ChatMessage]) -> list[ChatMessage]:
        previous: list[str] = []

        def text_of(text: str) -> str:
            sent = self.leaves.protect_text(text, where="messages", previous=previous[-_CONTEXT:])
            previous.append(text)
            return sent

        return [
            ChatMessage(
                role=message.role,
                blocks=[self._away(block, text_of) for block in message.blocks],
                additional_kwargs=self._fields(message.additional_kwargs),
            )
            for message in messages
        ]

    def restore(self, messages: Sequence[ChatMessage]) -> list[ChatMessage]:
        return [
            ChatMessage(
                role=message.role,
                blocks=[self._home(block) for block in message.blocks],
                additional_kwargs=self._home_fields(message.additional_kwargs),
            )
            for message in messages
        ]

    def protect_content(self, content: Any) -> Any:
        """What a block of a memory returns: text, blocks of a message, or messages."""
        if isinstance(content, str):
            return self.leaves.protect_text(content, where="content")
        if all(isinstance(each, ChatMessage) for each in content):
            return self.protect(content)
        return [self._away(each, lambda text: self.leaves.protect_text(text, where="content")) for each in content]

    def restore_content(self, content: Any) -> Any:
        if content is None or isinstance(content, str):
            return content and self.leaves.guard.restore(content)
        return [self._home_any(each) for each in content]

    def options(self, options: dict[str, Any]) -> dict[str, Any]:
        """Named arguments of a call: the session is a name to find things by, numbers say nothing."""
        for name, value in options.items():
            if name != _SESSION and not isinstance(value, bool | int | float | None):
                raise UnsupportedFormat(f"an argument {show_key(name)} that memveil does not know; nothing was sent")
        return self._fields(options)

    def _fields(self, fields: dict[str, Any]) -> dict[str, Any]:
        sent = cast("dict[str, Any]", self.leaves.protect(fields, where="additional_kwargs"))
        session = fields.get(_SESSION)
        return sent | {_SESSION: self.leaves.protect_label(session)} if isinstance(session, str) else sent

    def _home_fields(self, fields: dict[str, Any]) -> dict[str, Any]:
        restored = cast("dict[str, Any]", self.leaves.restore(fields))
        session = fields.get(_SESSION)
        return restored | {_SESSION: self.leaves.restore_label(session)} if isinstance(session, str) else restored

    def _away(self, block: Any, text_of: Callable[[str], str]) -> Any:
        match block:
            case TextBlock():
                return TextBlock(text=text_of(block.text))
            case ThinkingBlock():
                more = self.leaves.protect(block.additional_information, where="additional_information")
                thought = None if block.content is None else text_of(block.content)
                return block.model_copy(update={"content": thought, "additional_information": more})
            case ToolCallBlock(tool_kwargs=str() as document):
                return block.model_copy(update={"tool_kwargs": self.leaves.protect_document(document, where="a tool")})
            case ToolCallBlock():
                return block.model_copy(update={"tool_kwargs": self.leaves.protect(block.tool_kwargs, where="a tool")})
            case CachePoint():
                return block
            case _:
                raise UnsupportedFormat(f"a block of class {type(block).__name__}, which is no text; nothing was sent")

    def _home(self, block: Any) -> Any:
        match block:
            case TextBlock():
                return block.model_copy(update={"text": self.leaves.restore_text(block.text)})
            case ThinkingBlock():
                more = self.leaves.restore(block.additional_information)
                thought = self.leaves.restore(block.content)
                return block.model_copy(update={"content": thought, "additional_information": more})
            case ToolCallBlock(tool_kwargs=str() as document):
                return block.model_copy(update={"tool_kwargs": self.leaves.guard.restore_json(document)})
            case ToolCallBlock():
                return block.model_copy(update={"tool_kwargs": self.leaves.restore(block.tool_kwargs)})
            case _:
                return block

    def _home_any(self, each: Any) -> Any:
        return self.restore([each])[0] if isinstance(each, ChatMessage) else self._home(each)
