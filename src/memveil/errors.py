"""The errors of memveil, one leaf for each thing the caller can do about it.

::

    MemveilError
    ├── ConfigError        fix the file or the argument; names the key
    ├── InputError         fix the input; names the place
    ├── PolicyError        the policy forbids that the text leaves
    ├── DetectionError     a recognizer failed; nothing was sent
    ├── UnsupportedFormat  the shape of the request is unknown; nothing was sent
    └── VaultError         the vault cannot be used
        ├── WrongKey       the key does not open this vault
        ├── Tampered       stored bytes were changed
        └── NewerVault     written by a newer memveil; upgrade

No message, note or chained exception ever holds a value of the user: places,
privacy types, levels and placeholders only.
"""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "DetectionError",
    "InputError",
    "MemveilError",
    "NewerVault",
    "PolicyError",
    "Tampered",
    "UnsupportedFormat",
    "VaultError",
    "WrongKey",
]


class MemveilError(Exception):
    """Base of everything memveil raises on purpose."""


class ConfigError(MemveilError):
    """A setting is unknown or wrong. The message starts with the path of the key."""


class InputError(MemveilError):
    """The input cannot be read. The message says what, where and what to do."""


class PolicyError(MemveilError):
    """The policy forbids that this text leaves. Names types and levels only."""


class DetectionError(MemveilError):
    """A recognizer failed or answered with a span outside the text; nothing was sent."""


class UnsupportedFormat(MemveilError):
    """A message or request has a shape memveil does not know; nothing was sent."""


class VaultError(MemveilError):
    """The vault cannot be opened, read or written."""


class WrongKey(VaultError):
    """The key does not open this vault."""


class Tampered(VaultError):
    """Stored bytes fail their authentication: changed, swapped or torn."""


class NewerVault(VaultError):
    """The vault was written by a newer version of memveil."""
