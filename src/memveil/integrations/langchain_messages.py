"""LangChain's messages on their way to a model and back. Fields and blocks that are not named here are refused.

Signed reasoning may not be changed by anybody: it comes home with placeholders
and leaves as it is, and is refused if it shows a value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from memveil.errors import UnsupportedFormat
from memveil.json_values import show_key
from memveil.spans import Action

try:
    from langchain_core.messages import (
        AIMessage,
        AIMessageChunk,
        BaseMessage,
        ChatMessage,
        FunctionMessage,
        HumanMessage,
        SystemMessage,
        ToolMessage,
        message_chunk_to_message,
    )
except ImportError as error:
    raise ImportError("LangChain is missing; pip install 'memveil[langchain]'") from error

if TYPE_CHECKING:
    from memveil.integrations.leaves import Leaves

__all__ = ["ARGUMENT_BLOCKS", "is_word", "protect_messages", "restore_message"]

ARGUMENT_BLOCKS: Mapping[str, str] = {
    "tool_use": "input",
    "server_tool_use": "input",
    "tool_call": "args",
    "server_tool_call": "args",
    "function_call": "arguments",
    "input_json_delta": "partial_json",
}
"""Type of a block -> its field with arguments of a tool, as an object or as JSON text."""

_CONTEXT = 16
_TEXT_BLOCKS = {"text": "text", "text-plain": "text", "refusal": "refusal", "input_text": "text", "output_text": "text"}
_SEALED = frozenset({"thinking", "redacted_thinking", "reasoning"})
_MARKS = frozenset({"type", "id", "index", "name", "call_id", "status", "cache_control", "tool_use_id", "is_error"})
_KINDS = (SystemMessage, HumanMessage, AIMessage, ToolMessage, FunctionMessage, ChatMessage)
_WORD = re.compile(r"[A-Za-z0-9_.:|=+/\-]{1,256}")
# What some clients read from an earlier answer to go on from it.
_METADATA = ("id", "model_name", "model_provider", "output_version")


def protect_messages(leaves: Leaves, messages: Sequence[BaseMessage]) -> list[BaseMessage]:
    """Messages as they may leave, each read with those before it.

    Raises:
        UnsupportedFormat: something is not known, such as an image; and what protecting raises.
    """
    out = _Outbound(leaves)
    return [out.message(message, f"messages[{index}]") for index, message in enumerate(messages)]


class _Outbound:
    """The way out for one request: remembers what was said before."""

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._previous: list[str] = []

    def message(self, given: BaseMessage, where: str) -> BaseMessage:
        message = message_chunk_to_message(given) if isinstance(given, AIMessageChunk) else given
        if type(message) not in _KINDS or message.model_extra:
            raise UnsupportedFormat(f"a message or a field of it that memveil does not know at {where}")
        known = {key: word for key in _METADATA if is_word(word := message.response_metadata.get(key))}
        update: dict[str, Any] = {
            "content": self._content(message.content, where),
            "name": self._name(message, where),
            "id": message.id if is_word(message.id) else None,
            "additional_kwargs": self._additional(message, where),
            "response_metadata": known,
        }
        match message:
            case AIMessage():
                update["tool_calls"] = [
                    {
                        **call,
                        "args": self._leaves.protect(call["args"], where=where),
                        "name": _word(call["name"], where),
                    }
                    for call in message.tool_calls
                ]
                update["invalid_tool_calls"] = [
                    {**call, "args": call["args"] and self._text(call["args"], where), "error": None}
                    for call in message.invalid_tool_calls
                ]
            case ToolMessage():
                update |= {"tool_call_id": _word(message.tool_call_id, where), "artifact": None}
            case ChatMessage():
                _word(message.role, where)
            case _:
                pass
        return message.model_copy(update=update)

    def _text(self, text: str, where: str) -> str:
        sent = self._leaves.protect_text(text, where=where, previous=self._previous[-_CONTEXT:])
        self._previous.append(text)
        return sent

    def _name(self, message: BaseMessage, where: str) -> str | None:
        """A person's name becomes a token, because providers take no brackets there; a program's stays."""
        if message.name is None:
            return None
        if isinstance(message, HumanMessage | ChatMessage):
            return self._leaves.protect_label(message.name)
        return _word(message.name, where)

    def _additional(self, message: BaseMessage, where: str) -> dict[str, Any]:
        """Raw tool calls are a second copy of `tool_calls`; clients send the first."""
        if "function_call" in message.additional_kwargs:
            raise UnsupportedFormat(f"a function call of the old form at {where}; use tool calls")
        kept = {key: item for key, item in message.additional_kwargs.items() if key not in {"tool_calls", "parsed"}}
        sent: dict[str, Any] = self._leaves.protect(kept, where=where)
        return sent

    def _content(self, content: Any, where: str) -> Any:
        if isinstance(content, str):
            return self._text(content, where)
        if isinstance(content, list):
            return [self._text(b, where) if isinstance(b, str) else self._block(b, where) for b in content]
        raise UnsupportedFormat(f"content that is neither text nor blocks at {where}")

    def _block(self, block: Mapping[str, Any], where: str) -> dict[str, Any]:
        kind = block.get("type")
        if kind in _SEALED:
            return self._sealed(dict(block), where)
        slot = _TEXT_BLOCKS.get(kind) or ARGUMENT_BLOCKS.get(kind) if isinstance(kind, str) else None
        if kind == "tool_result":
            slot = "content"
        if slot is None:
            raise UnsupportedFormat(f"a block that memveil cannot read at {where}; describe it in words")
        result: dict[str, Any] = {}
        for key, item in block.items():
            if key == slot:
                result[key] = self._slot(str(kind), item, where)
            elif (key in _MARKS and _is_mark(item)) or not item:
                result[key] = item
            else:
                raise UnsupportedFormat(f"a key {show_key(key)} of a block that memveil does not know at {where}")
        return result

    def _slot(self, kind: str, item: Any, where: str) -> Any:
        if kind == "tool_result":
            return self._content(item, where)
        if kind not in ARGUMENT_BLOCKS:
            return self._text(item, where)
        is_document = isinstance(item, str)
        return (
            self._leaves.protect_document(item, where=where) if is_document else self._leaves.protect(item, where=where)
        )

    def _sealed(self, block: dict[str, Any], where: str) -> dict[str, Any]:
        for text in _strings(block):
            if any(span.action is not Action.KEEP for span in self._leaves.guard.detect(text)):
                raise UnsupportedFormat(f"reasoning with a private value in it at {where}; remove it")
        return block


def restore_message(leaves: Leaves, message: BaseMessage) -> BaseMessage:
    """A model's message as the user and his tools read it. What is not known stays as it is."""
    update: dict[str, Any] = {
        "content": _restored(leaves, message.content),
        "additional_kwargs": leaves.restore(message.additional_kwargs),
    }
    if isinstance(message, AIMessage):
        update["tool_calls"] = [{**call, "args": leaves.restore(call["args"])} for call in message.tool_calls]
        update["invalid_tool_calls"] = [
            {**call, "args": call["args"] and leaves.guard.restore_json(call["args"])}
            for call in message.invalid_tool_calls
        ]
    return message.model_copy(update=update)


def _restored(leaves: Leaves, content: Any) -> Any:
    if isinstance(content, str):
        return leaves.restore_text(content)
    return [
        block if isinstance(block, dict) and block.get("type") in _SEALED else leaves.restore(block)
        for block in content
    ]


def _word(value: str, where: str) -> str:
    if not is_word(value):
        raise UnsupportedFormat(f"a name or an id that does not look like one at {where}")
    return value


def is_word(value: object) -> bool:
    """Whether a value looks like a name that a program gave."""
    return isinstance(value, str) and _WORD.fullmatch(value) is not None


def _is_mark(value: object) -> bool:
    return is_word(value) or isinstance(value, int) or value in ({"type": "ephemeral"}, None)


def _strings(value: object) -> list[str]:
    match value:
        case str():
            return [value]
        case list():
            return [text for item in value for text in _strings(item)]
        case dict():
            return [
                text
                for key, item in value.items()
                if key not in {"signature", "encrypted_content", "data", "id"}
                for text in _strings(item)
            ]
        case _:
            return []
