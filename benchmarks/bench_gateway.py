"""The gateway against a plain pass-through proxy, in one run, on loopback.

    python benchmarks/bench_gateway.py [STREAMS AT A TIME] [SECONDS]

Upstream, proxies and client are processes of their own. Reported: streams,
errors, time to the first text, CPU of the proxy for each stream, its memory at
half-time and at the end. Ratios are to the pass-through.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

PIECES = ["Dear ", "<Em", "ail_1>", ", it is do", "ne. "] * 6
PAUSE = 0.02
PATH = "/v1/chat/completions"
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def event(delta: dict[str, str], finish: str | None = None) -> bytes:
    chunk = {
        "id": "1",
        "object": "chat.completion.chunk",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


def upstream() -> Starlette:
    async def serve(request: Request) -> StreamingResponse:
        await request.body()

        async def speak():
            for piece in PIECES:
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


def gateway(target: str) -> Starlette:
    from memveil.proxy.app import create_app
    from memveil.proxy.turns import Scopes
    from memveil.proxy.upstream import Upstream
    from memveil.recognizers.defaults import rule_recognizers
    from memveil.vault.memory import MemoryVault

    return create_app(Scopes(MemoryVault(), recognizers=rule_recognizers()), Upstream(target))


def serve(role: str, port: str, *target: str) -> None:
    app = {"upstream": upstream, "pass-through": pass_through, "gateway": gateway}[role](*target)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_config=None, access_log=False, ws="none", backlog=4096)


def start(role: str, *target: str) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, __file__, "serve", role, str(port), *target])
    for _ in range(200):
        with socket.socket() as there:
            if there.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"http://127.0.0.1:{port}"
        time.sleep(0.05)
    raise SystemExit(f"{role} does not start")


def used(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Seconds of CPU and MB of memory of a process."""
    stat = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return (int(stat[11]) + int(stat[12])) / TICKS, pages * PAGE / 1e6


async def load(url: str, streams: int, seconds: float) -> tuple[list[float], int]:
    first_texts: list[float] = []
    errors = 0
    end = time.monotonic() + seconds

    async def speak(client: httpx2.AsyncClient, number: int) -> None:
        nonlocal errors
        turn = 0
        while time.monotonic() < end:
            turn += 1
            text = f"My email is lena{number}@hartwig.no, my phone +47 900 41 {number:03d}. Turn {turn}."
            body = {"model": "m", "stream": True, "messages": [{"role": "user", "content": text}]}
            began, raw = time.monotonic(), b""
            try:
                async with client.stream("POST", PATH, json=body) as answer:
                    async for piece in answer.aiter_bytes():
                        if not raw:
                            first_texts.append(time.monotonic() - began)
                        raw += piece
            except httpx2.HTTPError:
                raw = b""
            errors += b"[DONE]" not in raw

    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=url, timeout=60, trust_env=False, limits=limits) as client:
        await asyncio.gather(*(speak(client, number) for number in range(streams)))
    return first_texts, errors


def main(streams: int, seconds: float) -> None:
    up, target = start("upstream")
    results: dict[str, tuple[float, float]] = {}
    try:
        for role in ("pass-through", "gateway"):
            process, url = start(role, target)
            try:
                asyncio.run(load(url, 8, 1))  # everything is imported and compiled
                before, _ = used(process)
                firsts, errors = asyncio.run(load(url, streams, seconds / 2))
                _, half = used(process)
                more, further = asyncio.run(load(url, streams, seconds / 2))
                after, full = used(process)
            finally:
                process.terminate()
                process.wait()
            firsts += more
            cpu = (after - before) / len(firsts)
            median = statistics.median(firsts)
            results[role] = median, cpu
            print(
                f"{role}: {len(firsts)} streams, {errors + further} errors, first text {median * 1000:.0f} ms "
                f"(95%: {sorted(firsts)[int(0.95 * len(firsts))] * 1000:.0f} ms), CPU {cpu * 1000:.1f} ms a stream, "
                f"memory {half:.0f} MB, then {full:.0f} MB"
            )
    finally:
        up.terminate()
        up.wait()
    plain, ours = results["pass-through"], results["gateway"]
    print(f"ratio: first text {ours[0] / plain[0]:.2f}, CPU {ours[1] / plain[1]:.2f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 200, float(sys.argv[2]) if sys.argv[2:] else 60)
