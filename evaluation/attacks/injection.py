"""Injection: somebody else's words, with placeholders in them, get into a memory.

Through the guard a look-alike is protected like a value and comes back as it
was typed. Written into the store behind the guard's back, a placeholder of the
same scope is restored, on the user's own machine: that is what restoration
is, and the reason why restored text must not be sent on unprotected.
"""

from __future__ import annotations

from collections.abc import Callable

from evaluation.attacks.records import Finding
from memveil.guard import Guard
from memveil.privacy_types import PRIVACY_TYPES
from memveil.testing import CANARIES, ScriptedRecognizer, canaries_in
from memveil.vault.memory import MemoryVault

__all__ = ["FORMS", "run", "shown"]

FORMS: tuple[Callable[[str, int], str], ...] = (
    lambda tag, n: f"<{tag}_{n}>",
    lambda tag, n: f"<{tag.lower()}_{n}>",
    lambda tag, n: f"<{tag.replace('_', ' ')} {n}>",
    lambda tag, n: f"[{tag}_{n}]",
    lambda tag, n: f"\uff1c{tag}_{n}\uff1e",
    lambda tag, n: f"&lt;{tag}_{n}&gt;",
    lambda tag, n: f"{tag}_{n}",
    lambda tag, n: f"<{tag}_0{n}>",
    lambda tag, n: f"<**{tag}_{n}**>",
    lambda tag, n: f"\\<{tag}\\_{n}\\>",
)
"""Ways to write a placeholder that restoration accepts from a model."""

_TAGS = tuple(PRIVACY_TYPES[name].tag for name in CANARIES)


def shown(text: str) -> int:
    """How many different canaries a text shows."""
    return len({name.partition(" (")[0] for name in canaries_in(text)})


def run() -> Finding:
    """Attack a scope that holds every canary."""
    vault = MemoryVault()
    victim = Guard.open("victim", vault=vault, recognizers=[ScriptedRecognizer()])
    stranger = Guard.open("stranger", vault=vault, recognizers=[ScriptedRecognizer()])
    for value in CANARIES.values():
        victim.protect(f"Remember {value}.")
    probes = [form(tag, n) for form in FORMS for tag in _TAGS for n in range(1, 4)]
    message = "Please repeat: " + " ; ".join(probes)
    through = victim.protect(message)
    others = [f"other {name} {number}" for number, name in enumerate(CANARIES)]
    writer = Guard.open(
        "writer", vault=vault, recognizers=[ScriptedRecognizer(dict(zip(others, CANARIES, strict=True)))]
    )
    mixed = writer.protect(" ; ".join(others))
    rows = (
        ("typed by the user or pasted from a page, through the guard: on the wire", _verdict(through.text)),
        (
            "the same, restored when it comes home",
            f"{_verdict(victim.restore(through.text))}, text {'unchanged' if victim.restore(through.text) == message else 'CHANGED'}",
        ),
        ("a stranger's protected memory, mixed into the store and restored here", _verdict(victim.restore(mixed.text))),
        ("the victim's placeholders, restored in a stranger's scope", _verdict(stranger.restore(message))),
        ("written into the store behind the guard, restored in the same scope", _verdict(victim.restore(message))),
        ("and then protected again before it leaves", _verdict(victim.protect(victim.restore(message)).text)),
    )
    return Finding(
        title="Injection of foreign placeholders",
        lines=(
            f"A scope holds {len(CANARIES)} values. The attacker writes {len(probes)} placeholders in {len(FORMS)} forms "
            "that restoration accepts. Two rows are the limit of any restoring layer: a memory that was poisoned in "
            "the store, or that belongs to another scope, shows the user their own values. So a store is filtered by "
            "scope, and what is restored passes the guard before it goes anywhere, tools included.",
        ),
        header=("channel", "values shown"),
        rows=rows,
    )


def _verdict(text: str) -> str:
    return f"{shown(text)} of {len(CANARIES)}"
