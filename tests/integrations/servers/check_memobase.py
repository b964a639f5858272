"""The adapter before Memobase's own server, where there is a checkout of it. By `make integration`.

The server is not on a package registry. Without `MEMOBASE_SOURCE`, the folder
`src/server/api` of a checkout of memodb-io/memobase, this is skipped, and what
is left are the tests before the interface that the client speaks
(`tests/integrations/test_memobase.py`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from memobase import ChatBlob, MemoBaseClient

from memveil import Guard
from memveil.integrations.memobase import PrivateMemobase
from memveil.testing import CANARIES, RecordingServer, assert_nothing_left
from tests.integrations.servers.memobase_model import answer
from tests.integrations.servers.processes import free_port, own_folder
from tests.proxy.scripted import until

MAIL, PHONE, NAME = CANARIES["Email"], CANARIES["Phone Number"], CANARIES["Real Name"]
SAID = [f"my mail is {MAIL}", f"call me at {PHONE} after six", f"I am {NAME} and like tea"]
ROOT = Path(__file__).parents[3]
SOURCE = os.environ.get("MEMOBASE_SOURCE")
PYTHON = ROOT / ".venv-memobase" / "bin" / "python"
REDIS = shutil.which("redis-server")


def missing() -> str | None:
    """Why the server cannot be started here."""
    if SOURCE is None:
        return "MEMOBASE_SOURCE names no checkout of Memobase's server (src/server/api); it is on no package registry"
    if REDIS is None:
        return "no redis-server is installed (apt-get install redis-server)"
    return None if PYTHON.exists() else "no .venv-memobase; run this by `make integration`, with Python 3.12"


pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


@pytest.fixture
def server() -> Iterator[str]:
    """The server's address; nothing private may be in its files, its log, or what its model was asked."""
    with RecordingServer(answer) as model, own_folder() as folder:
        port = free_port()
        launch = Path(__file__).with_name("memobase_launch.py")
        log = folder / "server.log"
        with log.open("wb") as out:
            command = [PYTHON, launch, str(port), f"{model.url}/v1", str(folder), str(REDIS)]
            process = subprocess.Popen(command, cwd=SOURCE, stdout=out, stderr=out)
            try:
                until(lambda: process.poll() is not None or b"startup complete" in log.read_bytes(), 120)
                assert process.poll() is None, log.read_text(encoding="utf-8")[-2000:]
                yield f"http://127.0.0.1:{port}"
            finally:
                process.terminate()
                process.wait(60)
        assert_nothing_left(requests=model.received, folders=[folder])
        assert b"<Email_1>" in b"".join(model.received)


def test_profiles_events_search_and_forgetting(server: str, guard: Guard) -> None:
    with PrivateMemobase(MemoBaseClient(project_url=server, api_key="secret"), guard) as client:
        user = client.get_or_create_user(MAIL)
        user.insert(ChatBlob(messages=[{"role": "user", "content": text} for text in SAID]))
        user.flush(sync=True)
        profiles = "\n".join(each.content for each in user.profile())
        context = user.context()
        found = [user.search_event(text, similarity_threshold=0.0)[0] for text in SAID]
        report = client.forget(MAIL)

    for value in (MAIL, PHONE, NAME):
        assert value in profiles
        assert value in context
    for text, event in zip(SAID, found, strict=True):
        assert text in event.model_dump_json() or any(text in each.content for each in event.event_data.profile_delta)
    assert report.deleted == 1
    assert guard.restore("<Email_1>") == "<Email_1>"
