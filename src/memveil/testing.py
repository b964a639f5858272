"""Tools for the tests of programs that use memveil: canaries, and recognizers that obey.

Canaries are invented values that occur nowhere else. Draw your fixtures from
them, then assert that none of them is in what left the process:

* what went over the wire: put a :class:`RecordingServer` where the cloud would be;
* what lies in files: :func:`canaries_under` the folder of a store;
* what was logged or printed: :func:`canaries_in` the text.

:func:`assert_nothing_left` asks all three at once.
"""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self
from urllib.parse import unquote_to_bytes

from memveil.detect import Context
from memveil.privacy_types import PRIVACY_TYPES
from memveil.spans import PrivacyLevel, Span

__all__ = [
    "CANARIES",
    "RecordingServer",
    "ScriptedRecognizer",
    "assert_no_canary",
    "assert_nothing_left",
    "canaries_in",
    "canaries_under",
    "encodings",
]

CANARIES: Mapping[str, str] = MappingProxyType(
    {
        "Email": "quilla.vantorre@canary-mail.example",
        "Phone Number": "+47 900 41 773",
        "Third-Party Identifiable Info": "Thessaly Quorumbe",
        "Detailed Address": "77 Zephyrine Causeway",
        "ID Number": "11010519770707881X",
        "Medical Health": "canarian quadrille fever",
        "Bank/Payment Card Number": "4929 3813 3266 4295",
        "Password": "V3lvet!Canary#92x",
        "Verification Code": "774921",
        "Key": "ck-live-9Qm2ZbT7rXv4LpW8sYd3",
        "Relationship Info": "my aunt Ottoline",
        "Real Name": "金丝雀·奎拉",
    }
)
"""Privacy type -> an invented value that no ordinary text holds."""


def encodings(value: str) -> dict[str, bytes]:
    """The forms in which a value may hide in bytes, by name."""
    plain = value.encode()
    forms = {
        "utf-8": plain,
        "utf-16": value.encode("utf-16-le"),
        # The last character of base64 depends on what follows the value.
        "base64": base64.b64encode(plain).rstrip(b"=")[:-1],
        "hex": plain.hex().encode(),
    }
    escaped = json.dumps(value)[1:-1].encode()
    return forms if escaped == plain else {**forms, "json": escaped}


def canaries_in(data: str | bytes, values: Iterable[str] | None = None) -> list[str]:
    """Names, never values, of what is found in ``data``.

    Args:
        data: anything that left: a request, a log, a file.
        values: values to look for; default all of :data:`CANARIES`.

    Returns:
        For each hit the privacy type (or position in ``values``) and its encoding.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    wanted = list(CANARIES.items()) if values is None else [(f"value {n}", v) for n, v in enumerate(values)]
    return [f"{name} ({form})" for name, value in wanted for form, coded in encodings(value).items() if coded in raw]


def assert_no_canary(data: str | bytes, values: Iterable[str] | None = None) -> None:
    """Fail if ``data`` holds one of the values in any encoding.

    Raises:
        AssertionError: names the types found, not the values.
    """
    found = canaries_in(data, values)
    if found:
        raise AssertionError(f"private values left: {', '.join(found)}")


def canaries_under(folder: Path, values: Iterable[str] | None = None) -> list[str]:
    """What is found in any file below ``folder``, as ``path: type (encoding)``."""
    wanted = None if values is None else list(values)
    return [
        f"{path.relative_to(folder)}: {hit}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for hit in canaries_in(path.read_bytes(), wanted)
    ]


def assert_nothing_left(
    values: Iterable[str] | None = None,
    *,
    requests: Iterable[str | bytes] = (),
    folders: Iterable[Path] = (),
    logs: Iterable[str | bytes] = (),
) -> None:
    """Fail if one of the values is in a request, in a file below a folder, or in a log.

    Args:
        values: raw values; default all of :data:`CANARIES`.
        requests: what went out, such as :attr:`RecordingServer.received`.
        folders: where a memory system keeps its files.
        logs: what was logged or printed.

    Raises:
        AssertionError: names places and types, not the values.
    """
    wanted = None if values is None else list(values)
    found = [f"request: {hit}" for data in requests for hit in canaries_in(data, wanted)]
    found += [f"file {hit}" for folder in folders for hit in canaries_under(folder, wanted)]
    found += [f"log: {hit}" for data in logs for hit in canaries_in(data, wanted)]
    if found:
        raise AssertionError(f"private values left: {'; '.join(found)}")


class RecordingServer:
    """An HTTP server on loopback that keeps everything it is sent. Stands where a cloud would.

    ::

        with RecordingServer(lambda path, body: {"results": []}) as cloud:
            client = SomeClient(base_url=cloud.url)
            ...
            assert_nothing_left(requests=cloud.received)

    Args:
        answer: from path and decoded JSON body (``None`` where there is none) to the answer: something
            that can be written as JSON, or an iterator of lines for an event stream.
    """

    def __init__(self, answer: Callable[[str, object], object]) -> None:
        self.received: list[bytes] = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                # A value may stand in the address, escaped as addresses are.
                line = f"{self.command} {self.path}".encode()
                recorder.received.append(b"\n".join([line, unquote_to_bytes(self.path), bytes(self.headers), body]))
                if self.headers.get("content-encoding") or self.headers.get("transfer-encoding"):
                    self.send_error(415, "a body that cannot be searched")
                    return
                reply = answer(self.path, json.loads(body) if body else None)
                self.send_response(200)
                if isinstance(reply, Iterator):
                    self.send_header("content-type", "text/event-stream")
                    self.send_header("connection", "close")
                    self.end_headers()
                    for piece in reply:
                        self.wfile.write(str(piece).encode())
                    return
                data = json.dumps(reply).encode()
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _serve  # noqa: N815 - names in the base class

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self) -> str:
        """Its address, without a path."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@dataclass(frozen=True, slots=True)
class ScriptedRecognizer:
    """Finds exactly the values it was told, wherever they stand: a detector for tests.

    Args:
        values: value -> privacy type.
        error: raised instead of an answer, to see that nothing leaves.
    """

    values: Mapping[str, str] = field(default_factory=lambda: {v: k for k, v in CANARIES.items()}, repr=False)
    error: Exception | None = field(default=None, repr=False)
    name: str = "scripted"

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """All occurrences of the values, longest value first where they overlap."""
        del context
        if self.error is not None:
            raise self.error
        found: list[Span] = []
        for value in sorted(self.values, key=len, reverse=True):
            start = text.find(value) if value else -1
            while start >= 0:
                found.append(self._span(start, value))
                start = text.find(value, start + len(value))
        return found

    def _span(self, start: int, value: str) -> Span:
        kind = self.values[value]
        level = PRIVACY_TYPES[kind].level if kind in PRIVACY_TYPES else PrivacyLevel.PL2
        return Span(start, start + len(value), kind, level, 1.0, self.name)
