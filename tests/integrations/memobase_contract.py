"""A server that speaks Memobase's REST interface as the client of version 0.0.27 does. It is not Memobase.

What it does with the interface was held against Memobase's own server 0.0.40
(`tests/integrations/servers/check_memobase.py`). That one has no search by tags,
and refuses blobs of code and transcripts.

It keeps what the client sends in a file, writes every address into a log as
Memobase does, and answers from what it kept. Where Memobase asks a language
model, this takes the words as they are: each message of the user becomes one
profile and one event, and search counts common words.
"""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

_NOW = "2026-01-02T03:04:05+00:00"


class MemobaseContract:
    """The interface, with its data in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.users: dict[str, dict[str, Any]] = {}
        self.config = ""
        self.unknown: list[str] = []

    def app(self) -> Starlette:
        base = "/api/v1"
        table = {
            ("GET", "/healthcheck"): lambda _: None,
            ("GET", "/project/profile_config"): lambda _: {"profile_config": self.config},
            ("POST", "/project/profile_config"): self._configure,
            ("GET", "/project/billing"): lambda _: {"token_left": 7},
            ("GET", "/project/usage"): lambda _: {"days": 7},
            ("GET", "/project/users"): self._list,
            ("POST", "/users"): self._add,
            ("GET", "/users/{user}"): lambda request: self._user(request)["data"],
            ("PUT", "/users/{user}"): self._update,
            ("DELETE", "/users/{user}"): lambda request: self._drop(self.users, request.path_params["user"]),
            ("POST", "/blobs/insert/{user}"): self._insert,
            ("GET", "/blobs/{user}/{id}"): lambda request: self._of(request, "blobs"),
            ("DELETE", "/blobs/{user}/{id}"): lambda request: self._remove(request, "blobs"),
            ("GET", "/users/blobs/{user}/{kind}"): self._blobs,
            ("POST", "/users/buffer/{user}/{kind}"): self._flush,
            ("GET", "/users/buffer/capacity/{user}/{kind}"): self._waiting,
            ("POST", "/users/profile/{user}"): self._add_profile,
            ("GET", "/users/profile/{user}"): self._profiles,
            ("PUT", "/users/profile/{user}/{id}"): lambda request: self._merge(request, "profiles"),
            ("DELETE", "/users/profile/{user}/{id}"): lambda request: self._remove(request, "profiles"),
            ("GET", "/users/event/search/{user}"): lambda request: {"events": self._found(request)},
            ("GET", "/users/event_gist/search/{user}"): self._gists,
            ("GET", "/users/event_tags/search/{user}"): self._tagged,
            ("GET", "/users/event/{user}"): lambda request: {"events": self._kept(request, "events")},
            ("PUT", "/users/event/{user}/{id}"): self._update_event,
            ("DELETE", "/users/event/{user}/{id}"): lambda request: self._remove(request, "events"),
            ("GET", "/users/context/{user}"): self._context,
        }
        routes = [Route(base + path, self._endpoint(work), methods=[method]) for (method, path), work in table.items()]
        return Starlette(
            routes=[*routes, Route("/{path:path}", self._unknown, methods=["GET", "POST", "PUT", "DELETE"])]
        )

    def log(self) -> str:
        return (self.folder / "server.log").read_text(encoding="utf-8")

    def _endpoint(self, work: Any) -> Any:
        async def endpoint(request: Request) -> JSONResponse:
            raw = await request.body()
            request.state.body = json.loads(raw) if raw else {}
            with (self.folder / "server.log").open("a", encoding="utf-8") as log:
                log.write(f"{request.method} {request.url} {unquote(str(request.url))}\n")
            try:
                data = work(request)
            except (KeyError, ValueError):
                return JSONResponse({"data": None, "errno": 404, "errmsg": "not found, or no UUID"})
            kept = {"users": self.users, "config": self.config}
            (self.folder / "data.json").write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
            return JSONResponse({"data": data, "errno": 0, "errmsg": ""})

        return endpoint

    async def _unknown(self, request: Request) -> JSONResponse:
        self.unknown.append(f"{request.method} {request.url.path}")
        return JSONResponse({"data": None, "errno": 404, "errmsg": "no such path"})

    # -- users ------------------------------------------------------------------

    def _user(self, request: Request) -> dict[str, Any]:
        return self.users[str(uuid.UUID(request.path_params["user"]))]

    def _add(self, request: Request) -> dict[str, Any]:
        given = request.state.body
        name = str(uuid.UUID(given["id"])) if given["id"] else str(uuid.uuid4())
        self.users[name] = {"data": given["data"], "blobs": {}, "waiting": [], "profiles": {}, "events": {}}
        return {"id": name}

    def _update(self, request: Request) -> dict[str, Any]:
        # The whole body: what the client sends is one level deeper than what it was given.
        self._user(request)["data"] = request.state.body
        return {"id": request.path_params["user"]}

    def _list(self, request: Request) -> dict[str, Any]:
        wanted = request.query_params["search"]
        found = [{"id": name, "additional_fields": user["data"]} for name, user in self.users.items() if wanted in name]
        return {"users": found[: int(request.query_params["limit"])], "count": len(found)}

    def _configure(self, request: Request) -> None:
        self.config = request.state.body["profile_config"]

    @staticmethod
    def _drop(rows: dict[str, Any], name: str) -> None:
        del rows[name]

    # -- blobs ------------------------------------------------------------------

    def _insert(self, request: Request) -> dict[str, Any]:
        user, name = self._user(request), str(uuid.uuid4())
        user["blobs"][name] = {**request.state.body, "created_at": _NOW, "updated_at": _NOW}
        user["waiting"].append(name)
        return {"id": name}

    def _blobs(self, request: Request) -> dict[str, Any]:
        kind = request.path_params["kind"]
        return {"ids": [name for name, blob in self._user(request)["blobs"].items() if blob["blob_type"] == kind]}

    def _waiting(self, request: Request) -> dict[str, Any]:
        return {"ids": self._user(request)["waiting"]}

    def _flush(self, request: Request) -> None:
        user = self._user(request)
        for name in user["waiting"]:
            for message in user["blobs"][name]["blob_data"].get("messages", []):
                if message["role"] == "user":
                    said = f"{message.get('alias') or 'user'}: {message['content']}"
                    self._keep_profile(user, message["content"], "basic_info", f"note_{len(user['profiles'])}")
                    delta = {"content": message["content"], "attributes": {"topic": "basic_info"}}
                    tags = [{"tag": "said", "value": word} for word in re.findall(r"<\w+>", message["content"])]
                    event = {"profile_delta": [delta], "event_tip": said, "event_tags": tags}
                    key = str(uuid.uuid4())
                    user["events"][key] = {"id": key, "event_data": event, "created_at": _NOW, "updated_at": _NOW}
        user["waiting"].clear()

    # -- profiles and events ----------------------------------------------------

    def _keep_profile(self, user: dict[str, Any], content: str, topic: str, sub_topic: str) -> str:
        key = str(uuid.uuid4())
        attributes = {"topic": topic, "sub_topic": sub_topic}
        user["profiles"][key] = {
            "id": key, "content": content, "attributes": attributes, "created_at": _NOW, "updated_at": _NOW,
        }  # fmt: skip
        return key

    def _add_profile(self, request: Request) -> dict[str, Any]:
        given = request.state.body
        return {"id": self._keep_profile(self._user(request), given["content"], **given["attributes"])}

    def _profiles(self, request: Request) -> dict[str, Any]:
        only = request.query_params.getlist("only_topics")
        kept = [each for each in self._kept(request, "profiles") if not only or each["attributes"]["topic"] in only]
        if "chats_str" in request.query_params:
            words = _words(json.loads(request.query_params["chats_str"])[-1]["content"])
            kept.sort(key=lambda each: -len(words & _words(each["content"])))
        return {"profiles": kept}

    def _kept(self, request: Request, kind: str) -> list[dict[str, Any]]:
        return list(self._user(request)[kind].values())

    def _of(self, request: Request, kind: str) -> dict[str, Any]:
        return self._user(request)[kind][request.path_params["id"]]

    def _merge(self, request: Request, kind: str) -> None:
        self._of(request, kind).update(request.state.body)

    def _update_event(self, request: Request) -> None:
        self._of(request, "events")["event_data"].update(request.state.body)

    def _remove(self, request: Request, kind: str) -> None:
        del self._user(request)[kind][request.path_params["id"]]

    def _found(self, request: Request) -> list[dict[str, Any]]:
        words = _words(request.query_params["query"])
        scored = [
            (len(words & _words(each["event_data"]["event_tip"])), number, each)
            for number, each in enumerate(self._kept(request, "events"))
        ]
        best = sorted((each for each in scored if each[0]), key=lambda each: (-each[0], each[1]))
        return [{**event, "similarity": float(score)} for score, _, event in best[: int(request.query_params["topk"])]]

    def _gists(self, request: Request) -> dict[str, Any]:
        found = self._found(request)
        return {
            "gists": [{"id": each["id"], "gist_data": {"content": each["event_data"]["event_tip"]}} for each in found]
        }

    def _tagged(self, request: Request) -> dict[str, Any]:
        wanted = dict(pair.split("=", 1) for pair in request.query_params["tag_values"].split(","))
        return {
            "events": [
                each
                for each in self._kept(request, "events")
                if wanted.items() <= {tag["tag"]: tag["value"] for tag in each["event_data"]["event_tags"]}.items()
            ]
        }

    def _context(self, request: Request) -> dict[str, Any]:
        lines = [f"- {each['content']}" for each in self._profiles(request)["profiles"]]
        return {"context": "\n".join([request.query_params.get("customize_context_prompt", "# Memory"), *lines])}


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w@.+-]+", text.lower()))
