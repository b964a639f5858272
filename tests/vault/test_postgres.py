"""Opening a vault on a server: what is missing is named."""

from __future__ import annotations

import builtins

import pytest

from memveil.errors import ConfigError
from memveil.vault.keys import RawKey
from memveil.vault.postgres import open_postgres, open_postgres_read_only


def test_without_psycopg_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    original = builtins.__import__

    def without(name: str, *arguments: object) -> object:
        if name.partition(".")[0] == "psycopg":
            raise ImportError(f"No module named {name!r}", name=name)
        return original(name, *arguments)  # type: ignore[arg-type]

    for name in [each for each in sys.modules if "postgres_" in each and each.startswith("memveil")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)

    for opener in (open_postgres, open_postgres_read_only):
        with pytest.raises(ConfigError, match=r"pip install 'memveil\[postgres\]'"):
            opener("host=nowhere", RawKey(b"k" * 32))
