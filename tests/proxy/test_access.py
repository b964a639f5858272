from __future__ import annotations

import pytest

from memveil.errors import ConfigError, InputError
from memveil.proxy.access import Access, Denied, ScopeSource, is_loopback, token_digest

TOKENS: dict[str, str | None] = {token_digest("one"): "alice", token_digest("two"): None}


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("127.9.9.9", True),
        ("0.0.0.0", False),
        ("10.0.0.2", False),
        ("example.org", False),
    ],
)
def test_what_is_this_machine_alone(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_on_this_machine_nobody_needs_a_token_but_pages_from_elsewhere_stay_out() -> None:
    access = Access()

    assert access.check({"host": "localhost:8787"}) is None
    assert access.check({"host": "[::1]:8787", "origin": "http://127.0.0.1:3000"}) is None
    for headers in (
        {"host": "evil.example"},
        {"host": "localhost", "origin": "https://evil.example"},
        {"origin": "null"},
    ):
        with pytest.raises(Denied):
            access.check(headers)


def test_a_token_lets_in_and_may_name_the_scope() -> None:
    access = Access(tokens=TOKENS, is_local=False)

    assert access.check({"x-memveil-token": "one", "host": "gateway.lan"}) == "alice"
    assert access.check({"x-memveil-token": "two"}) is None
    for headers in ({}, {"x-memveil-token": "three"}):
        with pytest.raises(Denied, match="needs its token"):
            access.check(headers)
    assert "alice" not in repr(access)


def test_others_need_a_token() -> None:
    with pytest.raises(ConfigError, match=r"gateway\.host"):
        Access(is_local=False)


def test_the_scope_comes_from_where_it_is_set_to_come_from() -> None:
    headers = {"x-memveil-scope": "bob", "authorization": "Bearer sk-1"}

    def scope(source: ScopeSource, headers: dict[str, str], bound: str | None = None, user: str | None = None) -> str:
        return Access(source=source, default_scope="home").scope(headers, bound=bound, user=user)

    assert scope(ScopeSource.FIXED, headers, user="carol") == "home"
    assert scope(ScopeSource.HEADER, headers) == "bob"
    assert scope(ScopeSource.HEADER, {}) == "home"
    assert scope(ScopeSource.USER, {}, user="carol") == "carol"
    assert scope(ScopeSource.USER, {}) == "home"
    assert (
        scope(ScopeSource.KEY, headers)
        == scope(ScopeSource.KEY, headers)
        != scope(ScopeSource.KEY, {"x-api-key": "sk-2"})
    )
    assert "sk-1" not in scope(ScopeSource.KEY, headers)
    with pytest.raises(InputError, match="no key"):
        scope(ScopeSource.KEY, {})
    for bad in ("", "a b", "金", "x" * 129, "a/b"):
        with pytest.raises(InputError, match="name of a scope"):
            scope(ScopeSource.HEADER, {"x-memveil-scope": bad})


def test_a_bound_token_stays_in_its_scope() -> None:
    access = Access(source=ScopeSource.HEADER)

    assert access.scope({}, bound="alice", user=None) == "alice"
    assert access.scope({"x-memveil-scope": "alice"}, bound="alice", user=None) == "alice"
    assert Access(source=ScopeSource.USER).scope({}, bound="alice", user="bob") == "alice"
    with pytest.raises(Denied, match="bound to another scope"):
        access.scope({"x-memveil-scope": "bob"}, bound="alice", user=None)
