"""A server that speaks OpenAI's format on loopback, and answers as badly as it is told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """What is sent back. ``hang`` keeps the connection silent, ``drip`` sends single bytes for ever."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    hang: bool = False
    drip: bool = False
    stops_early: bool = False


def says(content: str | None, *, finish: str = "stop") -> Reply:
    """A chat completion with this content."""
    choice = {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}
    return Reply(body=json.dumps({"id": "x", "object": "chat.completion", "choices": [choice]}).encode())


def lists(*items: tuple[str, str, str]) -> Reply:
    """A proper answer with these items."""
    keys = ("original_text", "privacy_type", "privacy_level")
    return says(json.dumps([dict(zip(keys, item, strict=True)) for item in items]))


class ModelServer:
    """Its address and all it was sent."""

    def __init__(self, answer: Callable[[dict[str, Any]], Reply]) -> None:
        self.seen: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.over = threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                request = json.loads(self.rfile.read(int(self.headers["content-length"])))
                outer.paths.append(self.path)
                outer.headers.append({name.lower(): value for name, value in self.headers.items()})
                outer.seen.append(request)
                reply = answer(request)
                if reply.hang:
                    outer.over.wait(30)
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                length = 10**9 if reply.drip else len(reply.body) + (100 if reply.stops_early else 0)
                self.send_header("content-length", str(length))
                self.end_headers()
                self.wfile.write(reply.body)
                try:
                    while reply.drip and not outer.over.wait(0.02):
                        self.wfile.write(b" ")
                except OSError:
                    pass
                self.close_connection = reply.drip or reply.stops_early

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    @contextmanager
    def running(self) -> Iterator[ModelServer]:
        thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.over.set()
            self._server.shutdown()
            thread.join()
            self._server.server_close()


@contextmanager
def serving(answer: Reply | Callable[[dict[str, Any]], Reply]) -> Iterator[ModelServer]:
    """Serve one reply, or what a function of the request says."""
    with ModelServer(answer if callable(answer) else lambda _request: answer).running() as server:
        yield server


def no_server() -> str:
    """An address on loopback where nobody listens."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}/v1"
