"""Writes the vectors of vault format v1, once: `python -m tests.vault.write_vectors FOLDER`.

The committed files are read by the tests for ever and never written again; a new
format gets a folder of its own.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.keys import Argon2, Passphrase, RawKey
from memveil.vault.rekey import rekey
from memveil.vault.sqlite import SqliteDatabase, open_sqlite
from memveil.vault.transfer import export_scopes

KEY = RawKey(bytes(range(32)))
PASSPHRASE = Passphrase("correct horse battery staple", Argon2(iterations=2, lanes=2, memory=1024))
VALUES = [
    NewValue("lena@hartwig.example", "Email", PrivacyLevel.PL2, "Email"),
    NewValue("苏婉", "Third-Party Identifiable Info", PrivacyLevel.PL2, "Person"),
    NewValue("metformin 500 mg", "Medical Health", PrivacyLevel.PL3, "Health"),
    NewValue("metformin 500 mg", "Medical Health", PrivacyLevel.PL3, "Private"),
    NewValue("", "Message", PrivacyLevel.PL3, "Message"),
    NewValue("\ud800\0\r\n😀", "Communication Content", PrivacyLevel.PL3, "Message"),
    NewValue("x" * 5_000, "Detailed Address", PrivacyLevel.PL2, "Address"),
]


def main(folder: Path) -> None:
    for name, key in (("raw-key", KEY), ("passphrase", PASSPHRASE)):
        vault = open_sqlite(folder / f"{name}.work", RawKey(bytes(32)) if key is KEY else key)
        for scope in ("alice", "爱丽丝", ""):
            vault.assign(scope, VALUES)
            vault.assign(scope, [NewValue("gone", "Email", PrivacyLevel.PL2, "Email")])
            vault.reserve(scope, "Password", 3)
            vault.forget_value(scope, "gone")
        vault.assign("forgotten", VALUES)
        vault.forget("forgotten")
        if key is KEY:
            rekey(vault, KEY)
        database = vault.database
        assert isinstance(database, SqliteDatabase)
        database.back_up(folder / f"{name}.db")
        if key is KEY:
            export_scopes(vault, folder / "export", PASSPHRASE)
            write_expected(
                folder / "expected.json", vault.scopes(), {name: list(vault.known(name)) for name in vault.scopes()}
            )
        vault.close()
        for leftover in folder.glob(f"{name}.work*"):
            leftover.unlink()


def write_expected(path: Path, scopes: list[str], entries: dict[str, list]) -> None:
    expected = {
        "key": KEY.key.hex(),
        "passphrase": PASSPHRASE.text,
        "scopes": {
            scope: [
                {
                    "placeholder": entry.placeholder,
                    "value": entry.value,
                    "type": entry.privacy_type,
                    "level": int(entry.level),
                    "position": entry.position,
                }
                for entry in entries[scope]
            ]
            for scope in scopes
        },
        "next": {"Email": 3, "Password": 4, "Person": 2, "School": 1},
        "forgotten": {"scope": "forgotten", "first_number": 8},
    }
    path.write_text(json.dumps(expected, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
