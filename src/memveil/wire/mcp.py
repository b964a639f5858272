"""The Model Context Protocol, from the side of a client: JSON-RPC messages to a server that is not trusted.

What a client sends is protected: arguments of tools and prompts, addresses of
resources, answers to what the server asks. What comes home is restored. A
method that is not in the tables is refused, because its parameters may hold
anything. Requests of the server that go to the client's own model
(``sampling/createMessage``) keep their placeholders; what a person is asked
(``elicitation/create``) is restored.
"""

from __future__ import annotations

from collections.abc import Mapping

from memveil.errors import MemveilError, UnsupportedFormat
from memveil.json_values import show_key
from memveil.wire.events import as_object
from memveil.wire.fields import Field, ListOf, Obj, either, identifier, number, settings, text, values, word
from memveil.wire.walks import Inbound, Outbound

__all__ = ["Client", "error_reply"]

_REFUSED = -32001

_META = {"_meta": settings}
_LISTED = Obj({**_META, "cursor": text})
_RESOURCE = Obj({**_META, "uri": text, "requestState": text, "inputResponses": values})
_ASKED: Mapping[str, Field] = {
    **dict.fromkeys(("initialize", "server/discover", "ping", "logging/setLevel", "subscriptions/listen"), settings),
    **dict.fromkeys(("tools/list", "resources/list", "resources/templates/list", "prompts/list"), _LISTED),
    **dict.fromkeys(("resources/read", "resources/subscribe", "resources/unsubscribe"), _RESOURCE),
    "tools/call": Obj(
        {**_META, "name": word, "arguments": values, "requestState": text, "inputResponses": values, "task": settings}
    ),
    "prompts/get": Obj({**_META, "name": text, "arguments": values, "requestState": text, "inputResponses": values}),
    "completion/complete": Obj(
        {
            **_META,
            "ref": Obj({"type": word, "name": text, "uri": text, "title": text}),
            "argument": Obj({"name": word, "value": text}),
            "context": Obj({"arguments": values}),
        }
    ),
}
_TOLD: Mapping[str, Field] = {
    "notifications/initialized": settings,
    "notifications/roots/list_changed": settings,
    "notifications/cancelled": Obj({**_META, "requestId": settings, "reason": text}),
    "notifications/progress": Obj(
        {**_META, "progressToken": settings, "progress": number, "total": number, "message": text}
    ),
}
_CONTENT = Obj({**_META, "type": word, "text": text, "annotations": settings})
# What a client answers to a server, by the method that it was asked.
_ANSWERED: Mapping[str, Field] = {
    "ping": Obj(_META),
    "roots/list": Obj({**_META, "roots": ListOf(Obj({**_META, "uri": text, "name": text}))}),
    "elicitation/create": Obj({**_META, "action": word, "content": values}),
    "sampling/createMessage": Obj(
        {
            **_META,
            "role": word,
            "model": identifier,
            "stopReason": word,
            "content": either(items=ListOf(_CONTENT), fields=_CONTENT),
        }
    ),
}
_FRAME = frozenset({"jsonrpc", "id", "method", "params", "result", "error"})
_READ_BY_PEOPLE = frozenset({"elicitation/create", "notifications/message", "notifications/progress"})


class Client:
    """One session of a client with a server. Not thread-safe.

    Args:
        outbound: the way to the server.
        inbound: the way back.
    """

    def __init__(self, outbound: Outbound, inbound: Inbound) -> None:
        self._outbound = outbound
        self._inbound = inbound
        self._asked: dict[str | int, str] = {}  # by the client
        self._pending: dict[str | int, str] = {}  # by the server

    def to_server(self, message: object) -> dict[str, object]:
        """A message of the client as the server may have it.

        Raises:
            UnsupportedFormat, and what protecting raises: nothing may be sent.
        """
        fields = _frame(message)
        method = fields.get("method")
        if method is None:
            return self._answer(fields)
        known = (_ASKED if "id" in fields else _TOLD).get(method) if isinstance(method, str) else None
        if known is None:
            shown = f" {show_key(method.rpartition('/')[2])}" if isinstance(method, str) else ""
            raise UnsupportedFormat(f"a method{shown} that memveil does not know; nothing was sent")
        sent = dict(fields)
        if fields.get("params") is not None:
            sent["params"] = known(self._outbound, fields["params"], "params")
        if "id" in fields:
            self._asked[_id_of(fields)] = str(method)
        return sent

    def to_client(self, message: object) -> object:
        """A message of the server as the client reads it; what is unknown stays as it is."""
        fields = as_object(message)
        name, method = fields.get("id"), fields.get("method")
        if isinstance(method, str):
            if isinstance(name, str | int):
                self._pending[name] = method
            if method in _READ_BY_PEOPLE and "params" in fields:
                return {**fields, "params": self._inbound.values(fields["params"], "params")}
            return message
        asked = self._asked.pop(name, None) if isinstance(name, str | int) else None
        if asked is None or asked in {"initialize", "server/discover"}:
            return message
        return {
            key: self._inbound.values(value, key) if key in {"result", "error"} else value
            for key, value in fields.items()
        }

    def _answer(self, fields: dict[str, object]) -> dict[str, object]:
        method = self._pending.pop(_id_of(fields), None)
        if method is None:
            raise UnsupportedFormat("an answer that nobody asked for; nothing was sent")
        sent = dict(fields)
        if "error" in fields:
            error = Obj({"code": number, "message": text, "data": values})
            sent["error"] = error(self._outbound, fields["error"], "error")
        if "result" in fields:
            known = _ANSWERED.get(method)
            if known is None:
                raise UnsupportedFormat("an answer of a kind that memveil does not know; nothing was sent")
            sent["result"] = known(self._outbound, fields["result"], "result")
        return sent


def error_reply(message: object, error: MemveilError) -> dict[str, object] | None:
    """What to tell the sender of a message that was refused; ``None`` where nobody waits for it."""
    fields = as_object(message)
    name = fields.get("id")
    if not isinstance(name, str | int) or "method" not in fields:
        return None
    return {"jsonrpc": "2.0", "id": name, "error": {"code": _REFUSED, "message": str(error)}}


def _frame(message: object) -> dict[str, object]:
    fields = as_object(message)
    if fields.get("jsonrpc") != "2.0" or not fields.keys() <= _FRAME:
        raise UnsupportedFormat("a message that is no JSON-RPC; nothing was sent")
    return fields


def _id_of(fields: dict[str, object]) -> str | int:
    name = fields.get("id")
    if isinstance(name, bool) or not isinstance(name, str | int):
        raise UnsupportedFormat("a message without an id; nothing was sent")
    return name
