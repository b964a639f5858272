"""A language model behind a server that speaks OpenAI's format: vLLM, llama.cpp, Ollama, LM Studio.

What is sent there is the text as the user typed it, before anything is
replaced. So this door leads to this machine, and to other hosts only where they
were named one by one. Nothing turns a request aside: no redirect is followed
and no proxy of the environment is used.

Servers differ in how they are held to a JSON schema. The forms are tried from
the strictest on, and the one that a server took is kept.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec

from memveil.errors import ConfigError
from memveil.recognizers.llm_model import Completion, Decoding, ModelFailed

__all__ = ["LONGEST_REPLY", "LanguageModelEndpoint"]

LONGEST_REPLY = 1_048_576
"""Bytes of a reply that are read at most."""

CONNECT_TIMEOUT = 10.0
"""Seconds until a connection must stand."""

# What a server answers that does not know a field of the request.
_NOT_UNDERSTOOD = frozenset({400, 415, 422, 500, 501})


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Reply(msgspec.Struct):
    choices: list[_Choice]


class LanguageModelEndpoint:
    """One model of one server. Thread-safe.

    Args:
        url: the base of its API, such as ``http://127.0.0.1:8000/v1``.
        model: the name the server knows it by.
        api_key: sent as a bearer token.
        allowed_hosts: hosts besides this machine that may see texts in clear.
        timeout: seconds that one answer may take.
        decoding: how the model writes.

    Raises:
        ConfigError: ``url`` is no address, or leads to a host that is not allowed.
    """

    def __init__(
        self,
        url: str,
        *,
        model: str,
        api_key: str | None = None,
        allowed_hosts: Iterable[str] = (),
        timeout: float = 120.0,
        decoding: Decoding | None = None,
    ) -> None:
        self._place = _checked_place(url, allowed_hosts)
        self._address = url.rstrip("/") + "/chat/completions"
        self._model = model
        self._timeout = timeout
        self._decoding = Decoding() if decoding is None else decoding
        self._form = 0
        headers = {"accept": "application/json", "accept-encoding": "identity", "user-agent": "memveil"}
        if api_key is not None:
            if not (api_key.isascii() and api_key.isprintable()):
                raise ConfigError("recognizers.llm.api_key_env: the key has characters that no header can carry")
            headers["authorization"] = f"Bearer {api_key}"
        self._client = httpx2.Client(
            headers=headers,
            timeout=httpx2.Timeout(timeout, connect=min(timeout, CONNECT_TIMEOUT)),
            follow_redirects=False,
            # The environment could send texts through a proxy, or bring credentials along.
            trust_env=False,
        )

    @property
    def name(self) -> str:
        """Host and port; no path, no key."""
        return self._place

    def complete(self, prompt: str, schema: Mapping[str, Any]) -> Completion:
        """See :meth:`memveil.recognizers.llm_model.LanguageModel.complete`."""
        forms = _forms(schema)
        status = 0
        for form in range(self._form, len(forms)):
            status, body = self._post(self._request(prompt) | forms[form])
            if status == 200:
                self._form = form
                return self._read(body)
            if status not in _NOT_UNDERSTOOD:
                break
        raise ModelFailed(f"the language model at {self._place} {_meaning(status)}")

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _request(self, prompt: str) -> dict[str, Any]:
        return {
            "model": self._model,
            "messages": [{"role": "user", "content": prompt}],
            "temperature": self._decoding.temperature,
            "top_p": self._decoding.top_p,
            "max_tokens": self._decoding.max_tokens,
            "stream": False,
        }

    def _post(self, request: Mapping[str, Any]) -> tuple[int, bytes]:
        """Status and body. A reply that drips is ended like one that does not come."""
        end = time.monotonic() + self._timeout
        body = bytearray()
        try:
            with self._client.stream("POST", self._address, json=request) as response:
                if response.status_code != 200:
                    # It may quote the text, so nobody reads it.
                    return response.status_code, b""
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > LONGEST_REPLY:
                        raise ModelFailed(f"the language model at {self._place} sent a reply that is too long")
                    if time.monotonic() > end:
                        raise ModelFailed(f"the language model at {self._place} did not answer in time")
                return response.status_code, bytes(body)
        except (httpx2.HTTPError, httpx2.StreamError) as error:
            failure = self._failure(error)
        # Outside the handler, so that the error of the library, which may quote the request, is not chained.
        raise failure

    def _read(self, body: bytes) -> Completion:
        try:
            reply = msgspec.json.decode(body, type=_Reply)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            reply = None
        if reply is None or not reply.choices or reply.choices[0].message.content is None:
            raise ModelFailed(f"the server at {self._place} sent a reply that is no chat completion")
        choice = reply.choices[0]
        return Completion(choice.message.content or "", is_cut=choice.finish_reason == "length")

    def _failure(self, error: Exception) -> ModelFailed:
        match error:
            case httpx2.ConnectTimeout() | httpx2.ConnectError():
                return ModelFailed(f"the language model at {self._place} cannot be reached")
            case httpx2.TimeoutException():
                return ModelFailed(f"the language model at {self._place} did not answer in time")
            case _:
                return ModelFailed(f"the language model at {self._place} broke off ({type(error).__name__})")


def _forms(schema: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """What is asked for beside the prompt, strictest first."""
    plain = dict(schema)
    # Qwen3 would think aloud for minutes; servers that do not know the field pass it over or refuse it.
    silent: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}}
    named = {"type": "json_schema", "json_schema": {"name": "private_values", "strict": True, "schema": plain}}
    return (
        {"response_format": named, **silent},
        {"response_format": {"type": "json_object", "schema": plain}, **silent},
        {"response_format": {"type": "json_object", "schema": plain}},
        silent,
        {},
    )


def _checked_place(url: str, allowed_hosts: Iterable[str]) -> str:
    wrong = "recognizers.llm.url: not an address such as http://127.0.0.1:8000/v1"
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise ConfigError(wrong) from None
    if parts.scheme not in {"http", "https"} or not host or parts.query or parts.fragment or parts.username is not None:
        raise ConfigError(wrong)
    if not _is_this_machine(host) and host not in {name.lower().rstrip(".") for name in allowed_hosts}:
        raise ConfigError(
            f"recognizers.llm.url: {host} is not this machine, and texts would reach it unprotected; "
            "name it in recognizers.llm.allowed_hosts if it may read them"
        )
    shown = f"[{host}]" if ":" in host else host
    return shown if port is None else f"{shown}:{port}"


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _meaning(status: int) -> str:
    if 300 <= status < 400:
        return "answers with a redirect, which is not followed"
    if status in {401, 403}:
        return f"refuses the key (status {status}), see recognizers.llm.api_key_env"
    if status == 404:
        return "is not there (status 404), see recognizers.llm.url and recognizers.llm.model"
    return f"answers with status {status}"
