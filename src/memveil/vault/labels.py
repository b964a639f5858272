"""Names that a memory system finds things by: user ids, namespaces, keys.

A name must be found again for ever, whatever the recognizers say of it later,
so it is replaced whole: ``lena@hartwig.example`` becomes
``memveil-3-5c1e90b2a7d4``. The end is drawn at random once for each scope and
kept in its vault: two scopes that share a memory system never meet, and nobody
can try whose scope it is. The number is given by the vault, which can therefore
turn the token back into the name. No token begins with another one, because
some stores compare beginnings.

A name that is a UUID says nothing about anybody and stays.
"""

from __future__ import annotations

import re
import secrets
import threading

from memveil.spans import PrivacyLevel
from memveil.vault.base import Entry, NewValue
from memveil.vault.numbering import split_placeholder
from memveil.vault.scope import ScopeVault

__all__ = ["Labels"]

_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-f]{32}")
_TOKEN = re.compile(r"memveil-([1-9][0-9]{0,8})-([0-9a-f]{12})")
# Neither is a privacy type: known values and restoration of texts never meet these entries.
_NAME, _NAME_TAG = "Label", "Label"
_MARK, _MARK_TAG = "Label Mark", "Label_Mark"


class Labels:
    """Names of one scope and their tokens. Thread-safe.

    Args:
        scope: where names and the scope's mark are kept.
    """

    def __init__(self, scope: ScopeVault) -> None:
        self._scope = scope
        self._lock = threading.Lock()
        self._seen: tuple[bytes, int] | None = None
        self._mark = ""

    def protect(self, name: str) -> str:
        """The token of ``name``: the same for ever in this scope, and in no other.

        Raises:
            VaultError: the vault failed; nothing may be sent.
        """
        if _UUID.fullmatch(name):
            return name
        mark = self._current_mark(create=True)
        [placeholder] = self._scope.assign([NewValue(name, _NAME, PrivacyLevel.PL2, _NAME_TAG)])
        parts = split_placeholder(placeholder)
        assert parts is not None, "vaults write canonical placeholders"  # noqa: S101
        return f"memveil-{parts[1]}-{mark}"

    def restore(self, token: str) -> str:
        """The name of ``token``; anything that is no token of this scope stays as it is."""
        match = _TOKEN.fullmatch(token)
        if match is None or match[2] != self._current_mark(create=False):
            return token
        placeholder = f"<{_NAME_TAG}_{match[1]}>"
        return self._scope.lookup([placeholder]).get(placeholder, token)

    def _current_mark(self, *, create: bool) -> str:
        with self._lock:
            revision = self._scope.revision()
            life = (revision.incarnation, revision.erasures)
            if not self._mark or life != self._seen:
                self._mark = self._stored_mark()
                if not self._mark and create:
                    self._scope.assign([_mark(secrets.token_hex(6))])
                    # Another process may have been first: the oldest mark counts.
                    self._mark = self._stored_mark()
                elif self._mark:
                    # Used again, so that retention does not take it.
                    self._scope.assign([_mark(self._mark)])
                revision = self._scope.revision()
                self._seen = (revision.incarnation, revision.erasures)
            return self._mark

    def _stored_mark(self) -> str:
        marks: list[Entry] = [entry for entry in self._scope.known() if entry.privacy_type == _MARK]
        return min(marks, key=lambda entry: entry.position).value if marks else ""


def _mark(value: str) -> NewValue:
    return NewValue(value, _MARK, PrivacyLevel.PL1, _MARK_TAG)
