"""A provider on loopback that says what a scenario wants and records every byte it gets."""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import anyio.lowlevel
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """What the model says: a text, or a call of the tool ``send`` with these arguments."""

    text: str = ""
    arguments: Json | None = None
    pause_after: int = 0
    """Characters after which a stream waits until the client has read its first text; 0 for no wait."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it arrived."""

    path: str
    raw: bytes
    body: Json

    def texts(self) -> list[str]:
        """Contents of the messages, first to last, whatever the format; instructions are none."""
        given = self.body.get("messages", self.body.get("input", []))
        if isinstance(given, str):
            return [given]
        return [text for message in given if message.get("role") != "system" for text in _texts(message)]

    def between(self, before: str, after: str, *, at: int = 0) -> str:
        """What stands between two marks, in their ``at``-th occurrence in all texts."""
        marks = re.compile(re.escape(before) + "(.*?)" + re.escape(after), re.DOTALL)
        return marks.findall("\n".join(self.texts()))[at]


def _texts(message: Json) -> list[str]:
    content = message.get("content", message.get("output"))
    if isinstance(content, str):
        return [content]
    return [part.get("text") or str(part.get("content", "")) for part in content or []]


Model = Callable[[Heard], Say]


def echo(heard: Heard) -> Say:
    """The last text, as it arrived."""
    return Say(text=heard.texts()[-1])


@dataclass
class Provider:
    """The provider; ``model`` is what the scenario makes of it."""

    model: Model = echo
    heard: list[Heard] = field(default_factory=list)
    client_has_read: threading.Event = field(default_factory=threading.Event)
    paused_in_vain: bool = False

    def begin(self, model: Model = echo) -> None:
        """Forget what was heard, and speak like this from now on."""
        self.model = model
        self.heard.clear()
        self.client_has_read.clear()
        self.paused_in_vain = False

    def everything(self) -> bytes:
        return b"\n".join(item.path.encode() + b"\n" + item.raw for item in self.heard)

    @contextmanager
    def running(self) -> Iterator[str]:
        """The address while it runs."""
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        app = Starlette(routes=[Route("/{path:path}", self._serve, methods=["GET", "POST"])])
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(15)
            listening.close()

    async def _serve(self, request: Request) -> Response:
        raw = await request.body()
        if request.method == "GET":
            return JSONResponse({"object": "list", "data": []})
        heard = Heard(request.url.path, raw, json.loads(raw))
        self.heard.append(heard)
        # A scenario may wait for another request here.
        say = await anyio.to_thread.run_sync(self.model, heard)
        kind = request.url.path.rsplit("/", 1)[-1]
        whole, events = {"completions": _chat, "responses": _responses, "messages": _messages}[kind](say)
        if not heard.body.get("stream"):
            return JSONResponse(whole)
        return StreamingResponse(self._stream(events, say, kind), media_type="text/event-stream")

    async def _stream(self, events: list[Any], say: Say, kind: str) -> AsyncIterator[bytes]:
        said = 0
        for event in events:
            name = "" if kind == "completions" else f"event: {event['type']}\n"
            yield f"{name}data: {event if isinstance(event, str) else json.dumps(event)}\n\n".encode()
            said += _length(event)
            if say.pause_after and said == say.pause_after:
                said += 1
                self.paused_in_vain = not await anyio.to_thread.run_sync(self.client_has_read.wait, 5.0)
            await anyio.lowlevel.checkpoint()


def _length(event: Any) -> int:
    """Characters of text that an event brings."""
    match event:
        case {"choices": [{"delta": {"content": str(text)}}]}:
            return len(text)
        case {"type": "response.output_text.delta", "delta": text}:
            return len(text)
        case {"type": "content_block_delta", "delta": {"text": text}}:
            return len(text)
        case _:
            return 0


def _chat(say: Say) -> tuple[Json, list[Any]]:
    frame = {"id": "chatcmpl-1", "created": 1, "model": "scripted"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    if say.arguments is None:
        message: Json = {"role": "assistant", "content": say.text}
        deltas: list[Json] = [{"content": char} for char in say.text]
        finish = "stop"
    else:
        arguments = json.dumps(say.arguments)
        call: Json = {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": arguments}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        first = {**call, "index": 0, "function": {"name": "send", "arguments": ""}}
        deltas = [{"tool_calls": [first]}]
        deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": char}}]} for char in arguments]
        finish = "tool_calls"

    def chunk(delta: Json, finish: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {**frame, "object": "chat.completion.chunk", "choices": [choice]}

    choice = {"index": 0, "message": message, "finish_reason": finish}
    whole = {**frame, "object": "chat.completion", "choices": [choice], "usage": usage}
    return whole, [chunk({"role": "assistant", "content": ""}), *map(chunk, deltas), chunk({}, finish), "[DONE]"]


def _responses(say: Say) -> tuple[Json, list[Any]]:
    at: Json = {"output_index": 0, "item_id": "item_1"}
    if say.arguments is None:
        part = {"type": "output_text", "text": say.text, "annotations": []}
        item: Json = {"type": "message", "id": "item_1", "role": "assistant", "status": "completed", "content": [part]}
        empty = {**item, "content": []}
        at["content_index"] = 0
        middle: list[Json] = [{"type": "response.content_part.added", "part": {**part, "text": ""}, **at}]
        middle += [{"type": "response.output_text.delta", "delta": char, "logprobs": [], **at} for char in say.text]
        middle.append({"type": "response.output_text.done", "text": say.text, "logprobs": [], **at})
        middle.append({"type": "response.content_part.done", "part": part, **at})
    else:
        arguments = json.dumps(say.arguments)
        item = {"type": "function_call", "id": "item_1", "call_id": "call_1", "name": "send", "status": "completed"}
        item["arguments"] = arguments
        empty = {**item, "arguments": ""}
        middle = [{"type": "response.function_call_arguments.delta", "delta": char, **at} for char in arguments]
        done = {"type": "response.function_call_arguments.done", "name": "send", "arguments": arguments}
        middle.append({**done, **at})
    usage = {"input_tokens": 1, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 1}
    usage |= {"output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 2}
    whole = {"id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "scripted"}
    whole |= {"output": [item], "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "metadata": {}}
    whole |= {"instructions": None, "error": None, "incomplete_details": None, "usage": usage}
    events = [
        {"type": "response.created", "response": {**whole, "status": "in_progress", "output": []}},
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        *middle,
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    return whole, [{**event, "sequence_number": number} for number, event in enumerate(events)]


def _messages(say: Say) -> tuple[Json, list[Any]]:
    if say.arguments is None:
        block: Json = {"type": "text", "text": say.text}
        start: Json = {"type": "text", "text": ""}
        deltas: list[Json] = [{"type": "text_delta", "text": char} for char in say.text]
    else:
        block = {"type": "tool_use", "id": "toolu_1", "name": "send", "input": say.arguments}
        start = {**block, "input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": char} for char in json.dumps(say.arguments)]
    stop = {"stop_reason": "end_turn" if say.arguments is None else "tool_use", "stop_sequence": None}
    whole = {"id": "msg_1", "type": "message", "role": "assistant", "model": "scripted", "content": [block], **stop}
    whole["usage"] = {"input_tokens": 1, "output_tokens": 1}
    events = [
        {"type": "message_start", "message": {**whole, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": start},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": 1}},
        {"type": "message_stop"},
    ]
    return whole, events
