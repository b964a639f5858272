"""Who may use the gateway, and in whose scope.

The key of the upstream is the client's own and passes through. Whoever knows
the address of the gateway could spend no more than that key, but could ask for
values of its scopes; so on anything but the loopback address a token of the
gateway's own is required.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from urllib.parse import urlsplit

from memveil.errors import ConfigError, InputError, MemveilError

__all__ = ["SCOPE_HEADER", "TOKEN_HEADER", "Access", "Denied", "ScopeSource", "is_loopback", "token_digest"]

TOKEN_HEADER = "x-memveil-token"  # noqa: S105, the name of a header
SCOPE_HEADER = "x-memveil-scope"

_SCOPE = re.compile(r"[A-Za-z0-9_.@:+\-]{1,128}")


class Denied(MemveilError):
    """The caller may not use the gateway, or not in this scope."""


class ScopeSource(Enum):
    """Where the name of the scope comes from, where no token is bound to one."""

    FIXED = "fixed"
    HEADER = "header"
    KEY = "key"
    USER = "user"


def token_digest(token: str) -> str:
    """A token as it is kept: its SHA-256, in hex. Tokens are long and random, so nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach the address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may come in, and as whom. The repr shows no token.

    Args:
        default_scope: the scope where nothing else names one.
        source: what names it.
        tokens: digests of tokens, each with the scope that it is bound to, or ``None`` for any.
        is_local: whether the gateway listens on the loopback address only.
    """

    default_scope: str = "default"
    source: ScopeSource = ScopeSource.FIXED
    tokens: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"], repr=False)
    is_local: bool = True

    def __post_init__(self) -> None:
        if not self.is_local and not self.tokens:
            raise ConfigError("gateway.host: an address that others can reach needs a token")

    def check(self, headers: Mapping[str, str]) -> str | None:
        """Let the caller in, or not.

        Args:
            headers: of the request, by lower-case name.

        Returns:
            The scope that the caller's token is bound to.

        Raises:
            Denied: no token, a wrong one, or a page of a browser that was sent from elsewhere.
        """
        if self.is_local:
            # A web page that makes its own name point here is told by the name it used.
            _check_names(headers)
        if not self.tokens:
            return None
        digest = token_digest(headers.get(TOKEN_HEADER, ""))
        bound = [scope for known, scope in self.tokens.items() if hmac.compare_digest(known, digest)]
        if not bound:
            raise Denied(f"the gateway needs its token in the header {TOKEN_HEADER}")
        return bound[0]

    def scope(self, headers: Mapping[str, str], *, bound: str | None, user: str | None) -> str:
        """The scope of a request.

        Args:
            headers: of the request, by lower-case name.
            bound: what :meth:`check` gave.
            user: whom the request names as its user.

        Raises:
            Denied: the caller asks for another scope than its token's.
            InputError: the name of the scope is missing or is none.
        """
        asked: str | None = None
        match self.source:
            case ScopeSource.FIXED:
                pass
            case ScopeSource.HEADER:
                asked = headers.get(SCOPE_HEADER)
            case ScopeSource.KEY:
                key = headers.get("authorization") or headers.get("x-api-key")
                if key is None:
                    raise InputError("no key in the request, which would name its scope; send one")
                asked = f"key:{token_digest(key)[:24]}"
            case ScopeSource.USER:
                asked = user
        if bound is not None:
            if asked not in {None, bound} and self.source is ScopeSource.HEADER:
                raise Denied("this token is bound to another scope")
            return bound
        scope = self.default_scope if asked is None else asked
        if not _SCOPE.fullmatch(scope):
            raise InputError("a name of a scope with other characters than letters, digits and _.@:+-; use these")
        return scope


def _check_names(headers: Mapping[str, str]) -> None:
    host = headers.get("host", "localhost")
    named = urlsplit(f"//{host}").hostname or ""
    if not is_loopback(named):
        raise Denied("the gateway was called by a name that is not this machine's own")
    origin = headers.get("origin")
    if origin is not None and not is_loopback(urlsplit(origin).hostname or ""):
        raise Denied("a web page from elsewhere may not use the gateway")
