"""A chat model's stream of chunks, restored: text, blocks of text, and arguments of tools.

What may be the beginning of a placeholder waits for the next chunk of the same
text. What waits at the end comes before the chunk that ends the message.
"""

from __future__ import annotations

from typing import Any

from langchain_core.messages import AIMessageChunk

from memveil.guard import Guard
from memveil.integrations.langchain_messages import ARGUMENT_BLOCKS
from memveil.restore import StreamRestorer

__all__ = ["RestoredChunks"]

_PLAIN = ("", None)


class RestoredChunks:
    """One stream. Not thread-safe."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        # By kind of the text and index of its block or call; both are repeated in what is held back.
        self._texts: dict[tuple[str, Any], StreamRestorer] = {}
        self._calls: dict[Any, StreamRestorer] = {}
        self._id: str | None = None

    def feed(self, chunk: AIMessageChunk) -> list[AIMessageChunk]:
        """Take the next chunk; returns the chunks that are certain by now."""
        self._id = chunk.id or self._id
        is_last = chunk.chunk_position == "last"
        restored = chunk.model_copy(
            update={
                "content": self._content(chunk.content),
                "tool_call_chunks": [self._call(call) for call in chunk.tool_call_chunks],
                "chunk_position": None,
            }
        )
        # Parsed from what the model wrote so far; parsed again from what we write.
        again = AIMessageChunk(**restored.model_dump(exclude={"tool_calls", "invalid_tool_calls", "type"}))
        return [again, *self._rest(is_last=True)] if is_last else [again]

    def flush(self) -> list[AIMessageChunk]:
        """What was held back. The stream is over."""
        return self._rest(is_last=False)

    def _content(self, content: str | list[Any]) -> Any:
        if isinstance(content, str):
            return self._text(_PLAIN, content) if content else content
        return [self._block(block) if isinstance(block, dict) else self._text(_PLAIN, block) for block in content]

    def _block(self, block: dict[str, Any]) -> dict[str, Any]:
        kind = str(block.get("type"))
        slot = "text" if kind == "text" else ARGUMENT_BLOCKS.get(kind)
        if slot is None or not isinstance(block.get(slot), str):
            return block
        return {**block, slot: self._text((kind, block.get("index")), block[slot])}

    def _text(self, place: tuple[str, Any], piece: str) -> str:
        if place not in self._texts:
            self._texts[place] = self._guard.restorer(json=place[0] in ARGUMENT_BLOCKS)
        return self._texts[place].feed(piece)

    def _call(self, call: Any) -> Any:
        if not call["args"]:
            return call
        if call["index"] not in self._calls:
            self._calls[call["index"]] = self._guard.restorer(json=True)
        return {**call, "args": self._calls[call["index"]].feed(call["args"])}

    def _rest(self, *, is_last: bool) -> list[AIMessageChunk]:
        texts = {place: restorer.flush() for place, restorer in self._texts.items()}
        calls = {index: restorer.flush() for index, restorer in self._calls.items()}
        plain = texts.pop(_PLAIN, "")
        blocks = [_held_back(place, rest) for place, rest in texts.items() if rest]
        content: Any = [*([plain] if plain else []), *blocks] if blocks else plain
        pieces: Any = [
            {"name": None, "args": rest, "id": None, "index": index, "type": "tool_call_chunk"}
            for index, rest in calls.items()
            if rest
        ]
        if not (content or pieces or is_last):
            return []
        position: Any = "last" if is_last else None
        return [AIMessageChunk(content=content, tool_call_chunks=pieces, id=self._id, chunk_position=position)]


def _held_back(place: tuple[str, Any], rest: str) -> dict[str, Any]:
    kind, index = place
    block = {"type": kind, "text" if kind == "text" else ARGUMENT_BLOCKS[kind]: rest}
    return block if index is None else {**block, "index": index}
