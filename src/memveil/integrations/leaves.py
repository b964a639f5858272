"""The texts of JSON-like values and of messages, on their way out and home. What every adapter uses.

On the way out each text is protected and what is not understood is refused. On
the way home placeholders become values and what is not understood stays, with
placeholders in it.

Text that is a JSON document is read as JSON in both directions, so that a value
with a quote in it is found, and is escaped where it is put back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from memveil.errors import ConfigError
from memveil.json_values import is_identifier, map_values
from memveil.messages import map_messages
from memveil.spans import Action
from memveil.wire.json_text import map_document, map_text

if TYPE_CHECKING:
    from memveil.guard import Guard

__all__ = ["Leaves"]

# Texts before the one that is looked at, as context.
_CONTEXT = 16
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f]{32}")


class Leaves:
    """A guard, for values instead of texts. Thread-safe.

    Args:
        guard: the scope that texts are protected in.
    """

    def __init__(self, guard: Guard) -> None:
        self.guard = guard

    # -- outbound ---------------------------------------------------------------

    def protect_text(self, text: str, *, where: str, previous: Sequence[str] = ()) -> str:
        """One text as it may leave.

        Args:
            text: anything; JSON and escaped letters in it are read as what they mean.
            where: its place, for errors.
            previous: texts before it, oldest first.

        Raises:
            MemveilError: a leaf of it; nothing may be sent.
        """
        return map_text(text, lambda each: self.guard.protect(each, previous=previous).text, where=where)

    def protect_query(self, text: str, *, where: str) -> str:
        """A search as it may leave; see :meth:`memveil.guard.Guard.protect_query`. Raises as :meth:`protect_text`."""
        return map_text(text, lambda each: self.guard.protect_query(each).text, where=where)

    def protect_document(self, document: str, *, where: str) -> str:
        """JSON as text, such as arguments of a tool; blank text stays. Raises as :meth:`protect_text`."""
        if not document.strip():
            return document
        return map_document(document, lambda each: self.guard.protect(each).text, where=where)

    def protect(self, value: object, *, where: str) -> Any:
        """Every text in ``value``, as it may leave.

        Args:
            value: strings, numbers, lists, tuples, dicts, UUIDs, ``None`` and truth values, nested.
                Keys that are identifiers are somebody's schema and stay.
            where: its place, for errors.

        Returns:
            The same shape; tuples are lists, and a number that is private became text.

        Raises:
            UnsupportedFormat: something else is in it, such as bytes; and as :meth:`protect_text`.
        """
        return map_values(_plain(value), lambda text: self.protect_text(text, where=where), where=where)

    def protect_messages(self, messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """OpenAI-style messages, each read with those before it. Raises as :meth:`Guard.protect_messages`."""
        previous: list[str] = []

        def transform(_role: str, text: str) -> str:
            protected = self.protect_text(text, where="messages", previous=previous[-_CONTEXT:])
            previous.append(text)
            return protected

        return map_messages(messages, transform)

    def protect_label(self, name: str) -> str:
        """A name to find things by (user id, namespace, key), replaced whole and the same for ever."""
        return self.guard.protect_label(name)

    def check_name(self, name: str, *, where: str) -> None:
        """Make sure that a name which others chose, and which goes out as it is, says nothing.

        Args:
            name: such as the id of a session. A UUID and a token of :meth:`protect_label` say nothing.
            where: its place, for errors.

        Raises:
            ConfigError: it holds something private.
        """
        if _UUID.fullmatch(name) or self.restore_label(name) != name:
            return
        if any(span.action is not Action.KEEP for span in self.guard.detect(name)):
            raise ConfigError(f"{where}: it holds something private; make it with guard.protect_label")

    # -- inbound ----------------------------------------------------------------

    def restore_text(self, text: str) -> str:
        """One text as the user reads it; values are escaped where the text is a JSON document."""
        return self.guard.restore_json(text) if _is_document(text) else self.guard.restore(text)

    def restore(self, value: Any) -> Any:
        """Every text in ``value`` as the user reads it. Objects of other classes stay as they are."""
        match value:
            case str():
                return self.restore_text(value)
            case list():
                return [self.restore(item) for item in cast("list[object]", value)]
            case tuple():
                return tuple(self.restore(item) for item in cast("tuple[object, ...]", value))
            case dict():
                return {self._restore_key(key): self.restore(item) for key, item in value.items()}
            case _:
                return value

    def restore_label(self, token: str) -> str:
        """The name that :meth:`protect_label` was given; any other text stays."""
        return self.guard.restore_label(token)

    def _restore_key(self, key: object) -> object:
        return self.guard.restore(key) if isinstance(key, str) and not is_identifier(key) else key


def _is_document(text: str) -> bool:
    if text.lstrip()[:1] not in {"{", "["}:
        return False
    try:
        json.loads(text)
    # ValueError: no JSON, or a number of too many digits.
    except (ValueError, RecursionError):
        return False
    return True


def _plain(value: object) -> object:
    """Tuples as lists and UUIDs as text, as JSON has them."""
    match value:
        case list() | tuple():
            return [_plain(item) for item in cast("Sequence[object]", value)]
        case dict():
            return {key: _plain(item) for key, item in cast("dict[object, object]", value).items()}
        case UUID():
            return str(value)
        case _:
            return value
