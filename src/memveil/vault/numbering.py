"""Placeholders as the vault sees them: a tag and a number.

The vault writes only the canonical form and reads only the canonical form;
rewrites by language models are undone before (``memveil.placeholders``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from memveil.errors import VaultError
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue

__all__ = ["HIGHEST", "check_count", "check_values", "placeholder_of", "split_placeholder"]

HIGHEST = 999_999_999
"""No counter goes beyond: placeholder grammar v1 reads nine digits; and it shows a damaged counter."""

_TAG = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_PLACEHOLDER = re.compile(r"<([A-Za-z][A-Za-z0-9_]*)_([1-9][0-9]{0,8})>", re.ASCII)
# Grammar v1 allows 64 characters: brackets, underscore and 9 digits are not the tag's.
_LONGEST_TAG = 64 - 3 - 9


def placeholder_of(tag: str, number: int) -> str:
    """The canonical placeholder."""
    return f"<{tag}_{number}>"


def split_placeholder(text: str) -> tuple[str, int] | None:
    """Tag and number of a canonical placeholder; ``None`` for any other text."""
    match = _PLACEHOLDER.fullmatch(text)
    return None if match is None else (match[1], int(match[2]))


def check_values(values: Sequence[NewValue]) -> None:
    """Refuse what may not be stored: PL4, and tags outside the grammar."""
    for value in values:
        if value.level == PrivacyLevel.PL4:
            raise VaultError(f"a PL4 value ({value.privacy_type}) is never stored; keep it in process memory")
        _check_tag(value.tag)


def check_count(tag: str, count: int) -> None:
    """Refuse a reservation that makes no sense."""
    _check_tag(tag)
    if not 0 <= count <= HIGHEST:
        raise VaultError(f"cannot reserve {count} numbers")


def _check_tag(tag: str) -> None:
    if len(tag) > _LONGEST_TAG or _TAG.fullmatch(tag) is None:
        raise VaultError("a tag has at most 52 ASCII letters, digits and underscores, and begins with a letter")
