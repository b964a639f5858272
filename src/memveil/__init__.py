"""memveil: a local privacy layer for LLM agents and their memory."""

from __future__ import annotations

from memveil.errors import (
    ConfigError,
    DetectionError,
    InputError,
    MemveilError,
    NewerVault,
    PolicyError,
    Tampered,
    UnsupportedFormat,
    VaultError,
    WrongKey,
)
from memveil.guard import Guard, Protected
from memveil.policy import Policy, Style, ValueRule
from memveil.privacy_types import PRIVACY_TYPES, PrivacyType
from memveil.restore import StreamRestorer
from memveil.spans import Action, PrivacyLevel, Span
from memveil.version import __version__

__all__ = [
    "PRIVACY_TYPES",
    "Action",
    "ConfigError",
    "DetectionError",
    "Guard",
    "InputError",
    "MemveilError",
    "NewerVault",
    "Policy",
    "PolicyError",
    "PrivacyLevel",
    "PrivacyType",
    "Protected",
    "Span",
    "StreamRestorer",
    "Style",
    "Tampered",
    "UnsupportedFormat",
    "ValueRule",
    "VaultError",
    "WrongKey",
    "__version__",
]
