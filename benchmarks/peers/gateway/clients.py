"""The official SDKs as clients of a gateway, each API behind the same two verbs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import anthropic
import openai
from gateways import KEY

PARAMETERS = {"type": "object", "properties": {"to": {"type": "string"}}}
FUNCTION = {"name": "send", "description": "Send a letter.", "parameters": PARAMETERS}
APIS = ("chat", "responses", "messages")


@dataclass(slots=True)
class Answer:
    """What the client reads: text, and the arguments of a tool call."""

    text: str = ""
    arguments: str = ""


@dataclass(slots=True)
class Client:
    """Both SDKs pointed at one gateway. ``on_text`` is called with the first text of a stream."""

    url: str
    model: str = "scripted"
    on_text: Callable[[], object] = field(default=lambda: None)

    def ask(self, api: str, given: Any, *, stream: bool = False, tools: bool = False, **more: Any) -> Answer:
        """Send messages (or one text of the user) by one of the APIs.

        Args:
            api: ``chat``, ``responses`` or ``messages``.
            given: the messages in that API's own form, or a text.
            stream: whether the answer is to come as a stream.
            tools: whether the tool ``send`` is offered.
            more: further arguments for the SDK.
        """
        if isinstance(given, str) and api != "responses":
            given = [{"role": "user", "content": given}]
        return {"chat": self._chat, "responses": self._responses, "messages": self._messages}[api](
            given, stream, tools, more
        )

    def _chat(self, messages: Any, stream: bool, tools: bool, more: Any) -> Answer:
        if tools:
            more = {**more, "tools": [{"type": "function", "function": FUNCTION}]}
        with openai.OpenAI(base_url=f"{self.url}/v1", api_key=KEY, max_retries=0, timeout=60) as client:
            made = client.chat.completions.create(model=self.model, messages=messages, stream=stream, **more)
            if not stream:
                message = made.choices[0].message
                calls = message.tool_calls or []
                return Answer(message.content or "", "".join(call.function.arguments for call in calls))
            answer = Answer()
            for chunk in made:
                for choice in chunk.choices:
                    self._read(answer, choice.delta.content)
                    for call in choice.delta.tool_calls or []:
                        answer.arguments += (call.function and call.function.arguments) or ""
            return answer

    def _responses(self, given: Any, stream: bool, tools: bool, more: Any) -> Answer:
        if tools:
            more = {**more, "tools": [{"type": "function", "strict": False, **FUNCTION}]}
        with openai.OpenAI(base_url=f"{self.url}/v1", api_key=KEY, max_retries=0, timeout=60) as client:
            made = client.responses.create(model=self.model, input=given, stream=stream, **more)
            if not stream:
                calls = [item for item in made.output if item.type == "function_call"]
                return Answer(made.output_text, "".join(call.arguments for call in calls))
            answer = Answer()
            for event in made:
                if event.type == "response.output_text.delta":
                    self._read(answer, event.delta)
                elif event.type == "response.function_call_arguments.delta":
                    answer.arguments += event.delta
            return answer

    def _messages(self, messages: Any, stream: bool, tools: bool, more: Any) -> Answer:
        if tools:
            tool = {"name": "send", "description": FUNCTION["description"], "input_schema": PARAMETERS}
            more = {**more, "tools": [tool]}
        model = self.model if self.model != "scripted" else "scripted-messages"
        with anthropic.Anthropic(base_url=self.url, api_key=KEY, max_retries=0, timeout=60) as client:
            made = client.messages.create(model=model, max_tokens=999, messages=messages, stream=stream, **more)
            answer = Answer()
            if not stream:
                for block in made.content:
                    if block.type == "text":
                        answer.text += block.text
                    elif block.type == "tool_use":
                        answer.arguments += json.dumps(block.input)
                return answer
            for event in made:
                if event.type == "content_block_delta" and event.delta.type == "text_delta":
                    self._read(answer, event.delta.text)
                elif event.type == "content_block_delta" and event.delta.type == "input_json_delta":
                    answer.arguments += event.delta.partial_json
            return answer

    def _read(self, answer: Answer, text: str | None) -> None:
        if text:
            answer.text += text
            self.on_text()
