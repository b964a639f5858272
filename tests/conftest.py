"""The guard around the whole suite: no network, no home folder, no canary anywhere it should not be."""

from __future__ import annotations

import logging
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from memveil.testing import canaries_in, canaries_under

# `MEMVEIL_EXAMPLES=100000 pytest tests/test_round_trip.py` is the long run.
settings.register_profile(
    "default",
    max_examples=int(os.environ.get("MEMVEIL_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("default")


class _NoNetwork(socket.socket):
    """Refuses every address that is not on this machine."""

    def connect(self, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach the network: family {self.family}")
        super().connect(address)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Home and data folders are temporary, sockets stay local, logs hold no canary."""
    home = tmp_path / "home"
    home.mkdir()
    for name in list(os.environ):
        if name.startswith("MEMVEIL_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(home))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setattr(socket, "socket", _NoNetwork)
    caplog.set_level(logging.DEBUG)
    yield
    assert canaries_in(caplog.text) == [], "a log record holds a private value"
    assert canaries_under(home) == [], "a file in the home folder holds a private value"
    assert canaries_under(scratch) == [], "a temporary file holds a private value"
