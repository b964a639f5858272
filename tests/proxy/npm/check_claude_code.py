"""Claude Code, as npm has it, with `memveil serve` as its provider. By `make recipes`.

Everything that it sends is looked at: what memveil does not know would come home
as an error, and a value of the prompt would stand in what the provider records.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from tests.proxy.npm.clients import PROGRAMS, environment, missing, run
from tests.proxy.recipes import MAIL, served
from tests.proxy.scripted import ScriptedUpstream, sse
from tests.proxy.shapes import FRAMES
from tests.proxy.streams import every_character, messages_events

pytestmark = pytest.mark.skipif(missing(".bin/claude") is not None, reason=str(missing(".bin/claude")))

FORMS = [
    "You are Claude Code, Anthropic's official CLI for Claude.",
    "You are Claude Code, Anthropic's official CLI for Claude, running within the Claude Agent SDK.",
    "You are a Claude agent, built on Anthropic's Claude Agent SDK.",
]


def texts(message: dict[str, Any]) -> list[str]:
    content = message["content"]
    return [content] if isinstance(content, str) else [block.get("text", "") for block in content]


def model(path: str, body: dict[str, Any]) -> Response:
    """Calls the tools that the prompt asks for, one after the other; then says what the prompt says."""
    if path.endswith("/count_tokens"):
        return JSONResponse({"input_tokens": 7})
    if path.endswith("/models"):
        return JSONResponse({"data": [], "has_more": False, "first_id": None, "last_id": None})
    asked = [text for message in body["messages"] if message["role"] == "user" for text in texts(message)]
    prompt = next((text for text in reversed(asked) if text.startswith(("SAY ", "DO "))), asked[-1])
    offered = [tool["name"] for tool in body.get("tools", [])]
    done = sum(block["type"] == "tool_result" for message in body["messages"] for block in blocks_of(message))
    steps = json.loads(prompt[3:]) if prompt.startswith("DO ") else []
    content: list[dict[str, Any]]
    if "web_search" in offered:
        # This tool runs at the provider.
        found = [{"type": "web_search_result", "title": "T", "url": "https://t.example/", "encrypted_content": "eHg="}]
        content = [
            {"type": "server_tool_use", "id": "srvtoolu_1", "name": "web_search", "input": {"query": prompt}},
            {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": found},
            {"type": "text", "text": prompt},
        ]
    elif done < len(steps) and steps[done]["name"] in offered:
        call = {"type": "tool_use", "id": f"toolu_{done}", **steps[done]}
        content = [{"type": "thinking", "thinking": f"next is {done}", "signature": "c2ln"}, call]
    elif "StructuredOutput" in offered and not done:
        said = {"said": prompt.removeprefix("SAY ")}
        content = [{"type": "tool_use", "id": "toolu_0", "name": "StructuredOutput", "input": said}]
    else:
        content = [{"type": "text", "text": prompt.removeprefix("SAY ") if not steps else "done"}]
    stop = "tool_use" if content[-1]["type"] == "tool_use" else "end_turn"
    answer = {**FRAMES["messages"], "content": content, "stop_reason": stop, "model": body["model"]}
    if not body.get("stream"):
        return JSONResponse(answer)
    return Response(sse(*messages_events(answer, every_character), named=True), media_type="text/event-stream")


def blocks_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    return message["content"] if isinstance(message["content"], list) else []


class Claude:
    """Claude Code in a folder of its own, talking to a gateway."""

    def __init__(self, folder: Path, base: str, upstream: ScriptedUpstream) -> None:
        self.folder, self.upstream = folder / "work", upstream
        self.folder.mkdir()
        self._variables = environment(
            folder / "claude",
            ANTHROPIC_BASE_URL=base,
            ANTHROPIC_API_KEY="sk-ant-x",
            SHELL="/bin/bash",
            IS_SANDBOX="1",  # nobody is there to ask whether a tool may run
            CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC="1",
            DISABLE_TELEMETRY="1",
            DISABLE_ERROR_REPORTING="1",
            DISABLE_AUTOUPDATER="1",
        )

    def ask(self, prompt: str, *options: str) -> str:
        """What it prints."""
        done = run(
            [PROGRAMS / "claude", "--dangerously-skip-permissions", *options, "-p", prompt],
            self.folder,
            self._variables,
        )
        assert "memveil" not in done.stdout, done.stdout
        assert done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def requests(self) -> list[dict[str, Any]]:
        """What reached the provider with the tools of the agent, so no side questions."""
        return [body for body in self.upstream.bodies() if len(body.get("tools", [])) > 5 and "stream" in body]


@pytest.fixture
def claude(tmp_path: Path) -> Any:
    with served(tmp_path / "memveil", model) as (base, upstream):
        yield Claude(tmp_path, base, upstream)


def test_an_answer_comes_home_whole(claude: Claude) -> None:
    assert claude.ask(f"SAY mail {MAIL}") == f"mail {MAIL}"

    (request,) = claude.requests()
    system = [block["text"] for block in request["system"]]
    assert "mail <Email_1>" in str(request["messages"])
    # What some keys are bound to stands as Claude Code wrote it, and what tells of placeholders stands last.
    assert set(system) & set(FORMS)
    assert "<Email_1>" in system[-1]
    assert {tool["input_schema"]["$schema"] for tool in request["tools"]} == {
        "https://json-schema.org/draft/2020-12/schema"
    }


def test_a_stream_comes_home_as_it_is_said(claude: Claude) -> None:
    printed = claude.ask(
        f"SAY mail {MAIL} and rest", "--output-format", "stream-json", "--include-partial-messages", "--verbose"
    )

    events = [line["event"] for line in map(json.loads, printed.splitlines()) if line["type"] == "stream_event"]
    pieces = [event["delta"]["text"] for event in events if event["type"] == "content_block_delta"]
    assert "".join(pieces) == f"mail {MAIL} and rest"
    assert len([piece for piece in pieces if piece]) > 10
    assert not any("<" in piece for piece in pieces)


def test_tools_get_values_and_their_results_leave_protected(claude: Claude) -> None:
    note = claude.folder / "note.txt"
    steps = [
        {"name": "Bash", "input": {"command": f"echo {MAIL} > note.txt; cat note.txt", "description": "keep it"}},
        {"name": "Read", "input": {"file_path": str(note)}},
        {"name": "Edit", "input": {"file_path": str(note), "old_string": MAIL, "new_string": f"to {MAIL}"}},
        {"name": "WebSearch", "input": {"query": f"who is {MAIL}"}},
        {"name": "Agent", "input": {"description": "ask", "prompt": f"SAY {MAIL}", "subagent_type": "general-purpose"}},
    ]

    assert claude.ask("DO " + json.dumps(steps)) == "done"
    assert note.read_text(encoding="utf-8") == f"to {MAIL}\n"
    assert claude.ask(f"SAY again {MAIL}", "--continue") == f"again {MAIL}"

    first, second, *_, last = claude.requests()
    assert (first["tools"], first["system"]) == (second["tools"], second["system"])
    results = [block for message in last["messages"] for block in blocks_of(message) if block["type"] == "tool_result"]
    assert len(results) == len(steps)
    assert not any(block.get("is_error") for block in results)


def test_an_answer_in_json_is_read(claude: Claude) -> None:
    order = {"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"]}

    printed = claude.ask(f"SAY {MAIL}", "--json-schema", json.dumps(order), "--output-format", "json")

    assert json.loads(printed)["structured_output"] == {"said": MAIL}


@pytest.mark.parametrize("options", [["--model", "haiku"], ["--model", "sonnet", "--effort", "low"]])
def test_other_models_are_asked_in_the_same_way(claude: Claude, options: list[str]) -> None:
    assert claude.ask(f"SAY {MAIL}", *options) == MAIL
