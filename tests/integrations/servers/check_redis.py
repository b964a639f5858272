"""A history of the OpenAI Agents SDK in a real Redis, whose files and log hold placeholders. By `make integration`."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from agents import Agent, OpenAIProvider, RunConfig, Runner
from agents.extensions.memory import RedisSession
from openai import AsyncOpenAI

from memveil import Guard
from memveil.integrations.openai_agents import PrivateModelProvider, PrivateSession
from memveil.testing import CANARIES, assert_no_canary
from tests.integrations.servers.processes import redis
from tests.proxy.scripted import ScriptedUpstream, running

MAIL, SECRET = CANARIES["Email"], CANARIES["Password"]
PROGRAM = shutil.which("redis-server")


@pytest.mark.skipif(PROGRAM is None, reason="no redis-server is installed (apt-get install redis-server)")
def test_a_history_in_redis_holds_placeholders_and_is_read_with_values(guard: Guard, store_folder: Path) -> None:
    """The model is elsewhere too: nothing private reaches it."""
    upstream = ScriptedUpstream()

    async def work(address: str, cloud: str) -> tuple[Any, Any, Any]:
        inner = RedisSession.from_url(guard.protect_label(MAIL), url=address)
        session = PrivateSession(inner, guard)
        client = AsyncOpenAI(base_url=f"{cloud}/v1", api_key="x")
        models = PrivateModelProvider(OpenAIProvider(openai_client=client), guard)
        run = RunConfig(model_provider=models, tracing_disabled=True)
        agent = Agent(name="a", model="m")
        await Runner.run(agent, f"I am at {MAIL}", run_config=run, session=session)
        done = await Runner.run(agent, SECRET, run_config=run, session=session)
        items, kept = await session.get_items(), await inner.get_items()
        report = await session.forget()
        await client.close()
        await inner.close()
        return done.final_output, (items, kept), report

    with redis(store_folder, str(PROGRAM)) as address, running(upstream.app()) as (cloud, _):
        output, (items, kept), report = asyncio.run(work(address, cloud))

    assert output == f"You said: {SECRET}"
    assert [items[0]["content"], kept[0]["content"]] == [f"I am at {MAIL}", "I am at <Email_1>"]
    assert report.deleted == 4
    assert any(b"<Email_1>" in path.read_bytes() for path in store_folder.rglob("*.aof"))
    assert_no_canary(upstream.everything())
