"""An upstream on loopback that does as it is told and records every byte, and a way to run applications."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Reply = Callable[[str, dict[str, Any]], Response]


@contextmanager
def running(app: Starlette) -> Iterator[tuple[str, uvicorn.Server]]:
    """The application under its address."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, ws="none", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", server
    finally:
        server.should_exit = True
        thread.join(15)
        listening.close()
        assert not thread.is_alive(), "a server does not end"


def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    """Wait for something that happens elsewhere."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.005)


@dataclass
class ScriptedUpstream:
    """Answers as ``reply`` says; echoes by default."""

    reply: Reply | None = None
    step: int = 3  # characters of a delta
    seen: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    open_streams: int = 0

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/{path:path}", self._serve, methods=["GET", "POST", "DELETE"])])

    def everything(self) -> bytes:
        """All that ever arrived: paths, queries, headers, bodies."""
        return b"\n".join(self.seen) + json.dumps(self.headers).encode()

    def bodies(self) -> list[Any]:
        return [json.loads(part) for part in (entry.partition(b"\n")[2] for entry in self.seen) if part]

    async def _serve(self, request: Request) -> Response:
        raw = await request.body()
        self.seen.append(f"{request.method} {request.url.path}?{request.url.query}\n".encode() + raw)
        self.headers.append(dict(request.headers))
        body = json.loads(raw) if raw else {}
        if self.reply is not None:
            return self.reply(request.url.path, body)
        return echo(request.url.path, body, self.step)

    def streamed(self, *pieces: bytes | float | BaseException) -> Response:
        """A stream of these bytes; numbers are pauses, errors break the connection."""

        async def body() -> AsyncIterator[bytes]:
            import anyio

            self.open_streams += 1
            try:
                for piece in pieces:
                    if isinstance(piece, bytes):
                        yield piece
                    elif isinstance(piece, BaseException):
                        raise piece
                    else:
                        await anyio.sleep(piece)
            finally:
                self.open_streams -= 1

        return StreamingResponse(body(), media_type="text/event-stream")


def sse(*values: Any, named: bool = False) -> bytes:
    """Events that carry JSON objects, or text as it is."""
    lines: list[str] = []
    for value in values:
        if named:
            lines.append(f"event: {value['type']}\n")
        lines.append(f"data: {value if isinstance(value, str) else json.dumps(value)}\n\n")
    return "".join(lines).encode()


def said(body: dict[str, Any]) -> str:
    """The last text of a request, whatever its format."""
    messages = body.get("messages", body.get("input"))
    if isinstance(messages, str):
        return messages
    last = messages[-1]  # type: ignore[index]
    content = last.get("content", last.get("output"))
    while isinstance(content, list):
        part = content[-1]
        content = part.get("text", part.get("content"))
    return str(content)


def wanted_call(text: str) -> str | None:
    """The arguments of the tool call that a text asks for."""
    return text.removeprefix("CALL ") if text.startswith("CALL ") else None


def echo(path: str, body: dict[str, Any], step: int) -> Response:
    """An answer that repeats the last text, or calls the tool ``send`` with it."""
    if path.endswith("/models"):
        return JSONResponse(
            {
                "object": "list",
                "data": [{"id": "m", "object": "model", "created": 0, "owned_by": "x"}],
                "has_more": False,
                "first_id": None,
                "last_id": None,
            }
        )
    if path.endswith("/count_tokens"):
        return JSONResponse({"input_tokens": 7})
    if path.endswith("/embeddings"):
        return JSONResponse(
            {
                "object": "list",
                "model": "m",
                "data": [{"object": "embedding", "index": 0, "embedding": [0.5, 1.0]}],
                "usage": {"prompt_tokens": 1, "total_tokens": 1},
            }
        )
    text = said(body)
    arguments = wanted_call(text)
    answer = (
        text if (body.get("response_format") or body.get("text") or body.get("output_config")) else f"You said: {text}"
    )
    pieces = [answer[i : i + step] for i in range(0, len(answer), step)]
    given = [arguments[i : i + step] for i in range(0, len(arguments), step)] if arguments else []
    kind = path.rsplit("/", 1)[-1]
    maker = {"completions": _chat, "responses": _responses, "messages": _messages}[kind]
    whole, events = maker(body, answer, arguments, pieces, given)
    if body.get("stream"):
        return Response(sse(*events, named=kind != "completions"), media_type="text/event-stream")
    return JSONResponse(whole)


Made = tuple[dict[str, Any], list[Any]]


def _chat(body: dict[str, Any], answer: str, arguments: str | None, pieces: list[str], given: list[str]) -> Made:
    frame = {"id": "chatcmpl-1", "created": 1, "model": "m"}
    call = {"id": "call_1", "type": "function", "function": {"name": "send", "arguments": arguments}}
    message = (
        {"role": "assistant", "content": None, "tool_calls": [call]}
        if arguments
        else {"role": "assistant", "content": answer}
    )
    finish = "tool_calls" if arguments else "stop"
    usage = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
    choices = [
        {"index": i, "message": message, "finish_reason": finish, "logprobs": None} for i in range(body.get("n") or 1)
    ]

    def chunk(delta: Any, finish: str | None = None) -> dict[str, Any]:
        return {
            **frame,
            "object": "chat.completion.chunk",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        }

    deltas: list[Any] = [{"role": "assistant", "content": ""}]
    if arguments:
        deltas.append({"tool_calls": [{**call, "index": 0, "function": {"name": "send", "arguments": ""}}]})
        deltas += [{"tool_calls": [{"index": 0, "function": {"arguments": piece}}]} for piece in given]
    else:
        deltas += [{"content": piece} for piece in pieces]
    last = {**frame, "object": "chat.completion.chunk", "choices": [], "usage": usage}
    events = [*map(chunk, deltas), chunk({}, finish), last, "[DONE]"]
    return {**frame, "object": "chat.completion", "choices": choices, "usage": usage}, events


def _responses(body: dict[str, Any], answer: str, arguments: str | None, pieces: list[str], given: list[str]) -> Made:
    if arguments:
        item: dict[str, Any] = {
            "type": "function_call",
            "id": "fc_1",
            "call_id": "call_1",
            "name": "send",
            "arguments": arguments,
            "status": "completed",
        }
        empty = {**item, "arguments": ""}
    else:
        item = {
            "type": "message",
            "id": "msg_1",
            "role": "assistant",
            "status": "completed",
            "content": [{"type": "output_text", "text": answer, "annotations": []}],
        }
        empty = {**item, "content": []}
    whole = {
        "id": "resp_1", "object": "response", "created_at": 1, "status": "completed", "model": "m", "output": [item], "parallel_tool_calls": True,
        "tool_choice": "auto", "tools": [], "instructions": body.get("instructions"), "metadata": {}, "error": None, "incomplete_details": None,
        "usage": {"input_tokens": 1, "input_tokens_details": {"cached_tokens": 0}, "output_tokens": 1, "output_tokens_details": {"reasoning_tokens": 0}, "total_tokens": 2},
    }  # fmt: skip
    at = {"item_id": item["id"], "output_index": 0}
    text = {**at, "content_index": 0}
    middle: list[dict[str, Any]]
    if arguments:
        middle = [{"type": "response.function_call_arguments.delta", "delta": piece, **at} for piece in given]
        middle.append({"type": "response.function_call_arguments.done", "arguments": arguments, "name": "send", **at})
    else:
        middle = [
            {
                "type": "response.content_part.added",
                "part": {"type": "output_text", "text": "", "annotations": []},
                **text,
            }
        ]
        middle += [{"type": "response.output_text.delta", "delta": piece, "logprobs": [], **text} for piece in pieces]
        middle.append({"type": "response.output_text.done", "text": answer, "logprobs": [], **text})
        middle.append({"type": "response.content_part.done", "part": item["content"][0], **text})
    events = [
        {"type": "response.created", "response": {**whole, "status": "in_progress", "output": []}},
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        *middle,
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": whole},
    ]
    return whole, [{**event, "sequence_number": number} for number, event in enumerate(events)]


def _messages(body: dict[str, Any], answer: str, arguments: str | None, pieces: list[str], given: list[str]) -> Made:
    if arguments:
        block: dict[str, Any] = {"type": "tool_use", "id": "toolu_1", "name": "send", "input": json.loads(arguments)}
        start = {**block, "input": {}}
        deltas = [{"type": "input_json_delta", "partial_json": piece} for piece in given]
    else:
        block, start = {"type": "text", "text": answer}, {"type": "text", "text": ""}
        deltas = [{"type": "text_delta", "text": piece} for piece in pieces]
    stop = "tool_use" if arguments else "end_turn"
    whole = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [block],
        "stop_reason": stop,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 2},
    }
    events = [
        {"type": "message_start", "message": {**whole, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": start},
        {"type": "ping"},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": {"output_tokens": 2}},
        {"type": "message_stop"},
    ]
    return whole, events
