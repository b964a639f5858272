"""A gateway between a client and a scripted upstream, all on loopback."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field

import anthropic
import openai
import pytest

from memveil.proxy.access import Access
from memveil.proxy.app import create_app
from memveil.proxy.audit import AuditLog
from memveil.proxy.options import GatewayOptions
from memveil.proxy.turns import Scopes
from memveil.proxy.upstream import Upstream
from memveil.testing import ScriptedRecognizer, canaries_in
from memveil.vault.memory import MemoryVault
from tests.proxy.scripted import ScriptedUpstream, running


@dataclass
class Gateway:
    """What a test needs of a running gateway."""

    url: str
    upstream: ScriptedUpstream
    log: io.StringIO = field(repr=False)


@dataclass
class Plan:
    """How the gateway of a test is made; fixtures of the test change it."""

    recognizer: ScriptedRecognizer = field(default_factory=ScriptedRecognizer)
    vault: MemoryVault = field(default_factory=MemoryVault)
    options: GatewayOptions = field(default_factory=GatewayOptions)
    access: Access = field(default_factory=Access)
    timeout: float = 10.0
    upstream_url: str | None = None


@pytest.fixture
def plan() -> Plan:
    return Plan()


@pytest.fixture
def upstream() -> ScriptedUpstream:
    return ScriptedUpstream()


@pytest.fixture
def gateway(plan: Plan, upstream: ScriptedUpstream) -> Iterator[Gateway]:
    log = io.StringIO()
    with running(upstream.app()) as (url, _):
        app = create_app(
            Scopes(plan.vault, recognizers=(plan.recognizer,)),
            Upstream(plan.upstream_url or url, timeout=plan.timeout),
            access=plan.access,
            options=plan.options,
            audit=AuditLog(log),
        )
        with running(app) as (own, _):
            yield Gateway(own, upstream, log)
    assert canaries_in(upstream.everything()) == [], "a private value has left"
    assert canaries_in(log.getvalue()) == [], "the audit log holds a private value"


@pytest.fixture
def oai(gateway: Gateway) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{gateway.url}/v1", api_key="sk-upstream", max_retries=0) as client:
        yield client


@pytest.fixture
def ant(gateway: Gateway) -> Iterator[anthropic.Anthropic]:
    with anthropic.Anthropic(base_url=gateway.url, api_key="sk-upstream", max_retries=0) as client:
        yield client
