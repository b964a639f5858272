"""The gateway against a plain pass-through proxy, in one run, on loopback.

    python benchmarks/bench_gateway.py [STREAMS AT A TIME] [SECONDS]

Upstream, proxies and client are processes of their own. The gateway runs twice,
by rules alone and with the bundled model behind them, each with a vault in a
file; each request brings a text that it has not seen, with two values. Each
stream is read to its end and its text compared with what it should be.

First one stream at a time, the proxies in turn: what the gateway adds where
nothing waits. Then all streams at once: the pass-through for half the time, the
gateways for the whole, the pass-through for the other half. Reported: streams,
errors, time to the first text, CPU of the proxy for each stream, its memory.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from memveil.detect import Recognizer

EVENTS = 40
PAUSE = 0.15
PATH = "/v1/chat/completions"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
MAIL = re.compile(r"<Email_\d+>|[a-z0-9]+@hartwig\.no")
CONTENT = re.compile(r'"content": ?"([^"]*)"')


def event(delta: dict[str, str], finish: str | None = None) -> bytes:
    chunk = {
        "id": "1",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def pieces(mail: str, count: int) -> Iterator[str]:
    """What the upstream says: words, and in every fifth event the end of a name that the fourth began."""
    for number in range(count):
        match number % 5:
            case 3:
                yield f"to {mail[:4]}"
            case 4:
                yield f"{mail[4:]}, "
            case _:
                yield "it is done "


def upstream() -> Starlette:
    async def serve(request: Request) -> StreamingResponse:
        body = await request.json()
        mail = MAIL.findall(body["messages"][-1]["content"])[0]

        async def speak():
            for piece in pieces(mail, body["max_tokens"]):
                yield event({"content": piece})
                await asyncio.sleep(PAUSE)
            yield event({}, "stop") + b"data: [DONE]\n\n"

        return StreamingResponse(speak(), media_type="text/event-stream")

    return Starlette(routes=[Route("/{path:path}", serve, methods=["POST"])])


def pass_through(target: str) -> Starlette:
    client = httpx2.AsyncClient(
        base_url=target, limits=httpx2.Limits(max_connections=None), timeout=60, trust_env=False
    )

    async def serve(request: Request) -> StreamingResponse:
        sent = client.build_request("POST", PATH, content=await request.body())
        answer = await client.send(sent, stream=True)

        async def relay():
            try:
                async for piece in answer.aiter_bytes():
                    yield piece
            finally:
                await answer.aclose()

        return StreamingResponse(relay(), media_type="text/event-stream")

    return Starlette(routes=[Route("/{path:path}", serve, methods=["POST"])])


def by_rules(target: str, folder: str) -> Starlette:
    from memveil.recognizers.defaults import rule_recognizers

    return gateway(target, Path(folder) / "rules.db", rule_recognizers())


def with_model(target: str, folder: str) -> Starlette:
    from memveil.recognizers.defaults import default_recognizers

    return gateway(target, Path(folder) / "model.db", default_recognizers())


def gateway(target: str, file: Path, cascade: tuple[Recognizer, ...]) -> Starlette:
    from memveil.proxy.app import create_app
    from memveil.proxy.turns import Scopes
    from memveil.proxy.upstream import Upstream
    from memveil.vault.keys import RawKey
    from memveil.vault.sqlite import open_sqlite

    vault = open_sqlite(file, RawKey(bytes(range(32))))
    return create_app(Scopes(vault, recognizers=cascade), Upstream(target))


ROLES = {"upstream": upstream, "pass-through": pass_through, "by rules": by_rules, "with model": with_model}


def serve(role: str, port: str, *rest: str) -> None:
    app = ROLES[role](*rest)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_config=None, access_log=False, ws="none", backlog=4096)


@contextmanager
def started(role: str, *rest: str) -> Iterator[tuple[int, str]]:
    """A process of its own: its number and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, __file__, "serve", role, str(port), *rest])
    try:
        for _ in range(1200):
            with socket.socket() as there:
                if there.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            raise SystemExit(f"{role} does not start")
        yield process.pid, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def cpu(process: int) -> float:
    """Seconds of CPU that a process has used."""
    stat = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / TICKS


def memory(process: int) -> float:
    """Resident memory of a process, in MB."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE / 1e6


@dataclass
class Measured:
    """What a proxy did."""

    firsts: list[float] = field(default_factory=list)
    errors: int = 0
    cpu: float = 0.0
    memory: list[float] = field(default_factory=list)

    @property
    def first(self) -> float:
        return statistics.median(self.firsts)

    @property
    def cpu_each(self) -> float:
        return self.cpu / len(self.firsts)

    def shown(self) -> str:
        late = sorted(self.firsts)[int(0.95 * len(self.firsts))]
        third = len(self.memory) // 2
        memory = [self.memory[at] for at in (0, third, -1)] if self.memory else []
        return (
            f"{len(self.firsts)} streams, {self.errors} errors, first text {self.first * 1000:.0f} ms "
            f"(95%: {late * 1000:.0f} ms), CPU {self.cpu_each * 1000:.1f} ms a stream"
            + (f", memory {memory[0]:.0f}, {memory[1]:.0f}, {memory[2]:.0f} MB" if memory else "")
        )


async def speak(client: httpx2.AsyncClient, name: str, measured: Measured, *, events: int = EVENTS) -> None:
    mail = f"{name}@hartwig.no"
    said = [{"role": "user", "content": f"Hi, my email is {mail}, I was born on 3 May 1987."}]
    body = {"model": "m", "stream": True, "max_tokens": events, "messages": said}
    began, raw = time.monotonic(), b""
    try:
        async with client.stream("POST", PATH, json=body) as answer:
            async for piece in answer.aiter_bytes():
                if not raw:
                    measured.firsts.append(time.monotonic() - began)
                raw += piece
    except httpx2.HTTPError as error:
        raw = type(error).__name__.encode()
    heard = "".join(CONTENT.findall(raw.decode()))
    if heard != "".join(pieces(mail, events)) or b"[DONE]" not in raw:
        measured.errors += 1
        print(f"error: {raw[-200:]!r}")


def client_of(url: str) -> httpx2.AsyncClient:
    limits = httpx2.Limits(max_connections=None)
    return httpx2.AsyncClient(base_url=url, timeout=120, trust_env=False, limits=limits)


async def one_at_a_time(urls: list[str], rounds: int) -> list[Measured]:
    measured = [Measured() for _ in urls]
    for number in range(rounds):
        for url, each in zip(urls, measured, strict=True):
            async with client_of(url) as client:
                await speak(client, f"alone{rounds}x{number}", each, events=5)
    return measured


async def all_at_once(url: str, process: int, streams: int, seconds: float, tag: str, measured: Measured) -> None:
    end = time.monotonic() + seconds
    before = cpu(process)

    async def watch() -> None:
        while True:
            measured.memory.append(memory(process))
            await asyncio.sleep(1)

    async def keep_speaking(client: httpx2.AsyncClient, number: int) -> None:
        # They begin one after the other, as users do.
        await asyncio.sleep(EVENTS * PAUSE * number / streams)
        turn = 0
        while time.monotonic() < end:
            turn += 1
            await speak(client, f"{tag}{number}x{turn}", measured)

    async with client_of(url) as client:
        watching = asyncio.ensure_future(watch())
        await asyncio.gather(*(keep_speaking(client, number) for number in range(streams)))
        watching.cancel()
    measured.cpu += cpu(process) - before


def main(streams: int, seconds: float) -> None:
    names = ("pass-through", "by rules", "with model")
    with ExitStack() as running:
        folder = running.enter_context(tempfile.TemporaryDirectory())
        _, target = running.enter_context(started("upstream"))
        places = ((), (folder,), (folder,))
        proxies = [
            running.enter_context(started(name, target, *more)) for name, more in zip(names, places, strict=True)
        ]
        urls = [url for _, url in proxies]
        asyncio.run(one_at_a_time(urls, 2))  # everything is imported and compiled
        alone = asyncio.run(one_at_a_time(urls, 20))
        at_once = [Measured() for _ in names]
        for tag, index, part in (("a", 0, seconds / 2), ("b", 1, seconds), ("c", 2, seconds), ("d", 0, seconds / 2)):
            process, url = proxies[index]
            asyncio.run(all_at_once(url, process, streams, part, tag, at_once[index]))
    print(f"{streams} streams at a time, {seconds:.0f} s each:")
    for name, one, many in zip(names, alone, at_once, strict=True):
        print(f"{name}: alone {one.first * 1000:.1f} ms to the first text; {many.shown()}")
        if name != names[0]:
            ratios = one.first / alone[0].first, many.first / at_once[0].first, many.cpu_each / at_once[0].cpu_each
            print("  to pass-through: first text alone {:.2f}, under load {:.2f}, CPU a stream {:.2f}".format(*ratios))


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 200, float(sys.argv[2]) if sys.argv[2:] else 60)
