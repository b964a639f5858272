"""Memobase's own server with `memveil serve` before its models, as the recipe has it. By `make integration`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from memobase import ChatBlob, MemoBaseClient
from starlette.responses import JSONResponse, Response

from memveil.testing import canaries_under
from tests.integrations.servers.memobase_model import answer
from tests.integrations.servers.memobase_server import memobase, missing
from tests.integrations.servers.processes import own_folder
from tests.proxy.recipes import MAIL, served

pytestmark = pytest.mark.skipif(missing() is not None, reason=str(missing()))


def reply(path: str, body: dict[str, Any]) -> Response:
    return JSONResponse(answer(path, body))


def test_memobases_server_behind_the_gateway(tmp_path: Path) -> None:
    said = [f"my mail is {MAIL}", "the weather is fine today"]
    with own_folder() as folder:
        with served(tmp_path / "memveil", reply) as (base, upstream), memobase(base, folder) as address:
            client = MemoBaseClient(project_url=address, api_key="secret")
            user = client.get_user(client.add_user())
            for text in said:
                user.insert(ChatBlob(messages=[{"role": "user", "content": text}]))
                user.flush(sync=True)
            profiles = sorted(each.content for each in user.profile())
            found = user.search_event_gist(query=f"who has the mail {MAIL}")
            context = user.context()
            client.client.close()

        assert canaries_under(folder, [MAIL]) != [], "what the guide says of the server is not so any more"
    assert profiles == said
    assert found[0].gist_data.content == f"- {said[0]} // info"
    assert f"- {said[0]} // info" in context
    # That no value reached the models is for `served` to say.
    assert {line.split(b"?")[0].split(b"/")[-1] for line in upstream.seen} == {b"completions", b"embeddings"}
    assert b"<Email_1>" in upstream.everything()
