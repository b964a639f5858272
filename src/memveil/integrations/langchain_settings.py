"""Settings of a model's call in LangChain: tools, formats of answers, numbers, words.

Names of tools and schemas stay, because answers must find them. Descriptions,
examples and every other text are protected. What is no JSON is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from langchain_core.utils.function_calling import convert_to_openai_tool

from memveil.errors import UnsupportedFormat
from memveil.integrations.langchain_messages import is_word
from memveil.wire.schema import schema
from memveil.wire.walks import Outbound

if TYPE_CHECKING:
    from memveil.integrations.leaves import Leaves

__all__ = ["Settings"]

# For traces only; it may hold classes.
_TRACED = "ls_structured_output_format"
# Settings with a word from a list of the provider's.
_CHOSEN = frozenset({"model", "service_tier", "reasoning_effort", "verbosity", "modalities"})


class Settings:
    """The way out of settings, for one scope.

    Args:
        leaves: the scope that texts are protected in.
    """

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves

    def of(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Settings as they may leave.

        Raises:
            UnsupportedFormat: one is no JSON; and what protecting raises. Nothing may be sent.
        """
        return {key: self._option(key, value) for key, value in options.items() if key != _TRACED}

    def _option(self, key: str, value: Any) -> Any:
        match key:
            case "tools" | "functions":
                return [self.tool(tool) for tool in value]
            case "response_format" | "format" if isinstance(value, dict):
                return self._format(value)
            case "tool_choice" if is_word(value) or _names_a_tool(value):
                return value
            case "user" | "safety_identifier" | "prompt_cache_key" if isinstance(value, str):
                return self._leaves.protect_label(value)
            case _ if isinstance(value, int | float) or (key in _CHOSEN and is_word(value)):
                return value
            case _:
                return self._leaves.protect(value, where=key)

    def _format(self, value: dict[str, Any]) -> Any:
        """A schema, or OpenAI's envelope around one, whose name stays."""
        inner = value.get("json_schema")
        if not isinstance(inner, dict):
            return schema(self._outbound(), value, "response_format")
        if not value.keys() <= {"type", "json_schema"}:
            raise UnsupportedFormat("a format of answers that memveil does not know; nothing was sent")
        return {**value, "json_schema": self._described(inner, slot="schema")}

    def tool(self, tool: Any) -> Any:
        """A tool as OpenAI's form has it, which every client takes. Raises as :meth:`of`."""
        described: Any = convert_to_openai_tool(tool)
        if not isinstance(described.get("function"), dict):
            return self._leaves.protect(described, where="tools")
        return {**described, "function": self._described(described["function"], slot="parameters")}

    def _described(self, fields: Mapping[str, Any], *, slot: str) -> dict[str, Any]:
        """Name, description and schema. The name stays: the model's calls must find their tool."""
        if not {"name", "description", slot, "strict"} >= fields.keys() or not is_word(fields.get("name")):
            raise UnsupportedFormat("a schema with a name or a field that memveil does not know; nothing was sent")
        sent = dict(fields)
        if sent.get("description") is not None:
            sent["description"] = self._leaves.protect_text(sent["description"], where=slot)
        if slot in sent:
            sent[slot] = schema(self._outbound(), sent[slot], slot)
        return sent

    def _outbound(self) -> Outbound:
        return Outbound(lambda text: self._leaves.protect_text(text, where="schema"), lambda _sealed: False)


def _names_a_tool(value: Any) -> bool:
    """``{"type": "function", "function": {"name": ...}}``, or ``{"type": "tool", "name": ...}``."""
    if not isinstance(value, dict):
        return False
    return all(
        key in {"type", "name", "function"} and (is_word(item) or _names_a_tool(item)) for key, item in value.items()
    )
