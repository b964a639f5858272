"""One SQLite file: who may read it, what happens when it cannot be used, many processes on it."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from memveil.errors import NewerVault, Tampered, VaultError, WrongKey
from memveil.spans import PrivacyLevel
from memveil.vault import sqlite
from memveil.vault.base import NewValue
from memveil.vault.crypto import new_key
from memveil.vault.keys import RawKey
from memveil.vault.sqlite import SqliteDatabase, open_sqlite, open_sqlite_read_only, stored_header
from memveil.vault.table import TableVault

KEY = RawKey(b"k" * 32)


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


@pytest.fixture(name="path")
def _path(tmp_path: Path) -> Path:
    """A closed vault with one value."""
    path = tmp_path / "data" / "vault.db"
    vault = open_sqlite(path, KEY)
    vault.assign("a", [mail("x")])
    vault.close()
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing on Windows")
def test_file_log_and_folder_are_the_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        vault = open_sqlite(tmp_path / "new" / "folder" / "vault.db", KEY)
        vault.assign("a", [mail("x")])
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "new" / "folder").iterdir()}
        vault.close()
    finally:
        os.umask(before)

    assert modes == {"vault.db": 0o600, "vault.db-wal": 0o600, "vault.db-shm": 0o600}
    assert stat.S_IMODE((tmp_path / "new" / "folder").stat().st_mode) == 0o700


def test_a_vault_is_there_again_after_closing(path: Path) -> None:
    vault = open_sqlite(path, KEY)

    assert vault.lookup("a", ["<Email_1>"]) == {"<Email_1>": "x"}
    assert [file.name for file in path.parent.iterdir()].count("vault.db") == 1
    vault.close()


def test_a_wrong_key_opens_nothing_and_changes_nothing(path: Path) -> None:
    before = path.read_bytes()

    with pytest.raises(WrongKey):
        open_sqlite(path, RawKey(new_key()))
    assert path.read_bytes() == before


def test_a_newer_format_is_refused(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 2")
    raw.close()

    with pytest.raises(NewerVault, match="format 2, this memveil reads up to 1: upgrade"):
        open_sqlite(path, KEY)


def test_another_database_is_not_taken_for_a_vault(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE notes (text)")
    raw.close()

    with pytest.raises(VaultError, match="not a memveil vault"):
        open_sqlite(path, KEY)


@pytest.mark.parametrize("content", [b"hello, this is a letter", b"SQLite format 3\0" + b"\xff" * 4080])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "vault.db"
    path.write_bytes(content)

    with pytest.raises(Tampered, match="damaged"):
        open_sqlite(path, KEY)
    assert path.read_bytes() == content


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(VaultError):
        open_sqlite(tmp_path, KEY)
    (tmp_path / "file").write_text("")
    with pytest.raises(VaultError, match="cannot be made"):
        open_sqlite(tmp_path / "file" / "vault.db", KEY)


def test_a_format_number_set_to_zero_is_tampering(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 0")
    raw.close()

    with pytest.raises(Tampered):
        open_sqlite(path, KEY)


def test_reading_only_reads(path: Path) -> None:
    vault = open_sqlite_read_only(path, KEY)

    assert vault.lookup("a", ["<Email_1>"]) == {"<Email_1>": "x"}
    for change in (
        lambda: vault.assign("a", [mail("y")]),
        lambda: vault.reserve("a", "Email", 1),
        lambda: vault.forget("a"),
        lambda: vault.forget_value("a", "x"),
    ):
        with pytest.raises(VaultError, match="reading only"):
            change()
    vault.close()


def test_reading_only_sees_what_others_write(path: Path) -> None:
    writer, reader = open_sqlite(path, KEY), open_sqlite_read_only(path, KEY)
    writer.assign("a", [mail("y")])

    assert reader.lookup("a", ["<Email_2>"]) == {"<Email_2>": "y"}
    writer.close()
    reader.close()


def test_reading_only_makes_no_vault(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="no such file"):
        open_sqlite_read_only(tmp_path / "vault.db", KEY)
    (tmp_path / "empty.db").write_bytes(b"")
    with pytest.raises(VaultError, match="empty"):
        open_sqlite_read_only(tmp_path / "empty.db", KEY)


# As another user than root, because root writes everywhere.
SCRIPT = """
import os, sys
from pathlib import Path
from memveil.vault.base import NewValue
from memveil.vault.keys import RawKey
from memveil.vault.sqlite import open_sqlite, open_sqlite_read_only
from memveil.errors import VaultError
if os.geteuid() == 0:
    os.setgid(65534); os.setuid(65534)
path, key = Path(sys.argv[1]), RawKey(b"k" * 32)
vault = open_sqlite_read_only(path, key)
print(vault.lookup("a", ["<Email_1>"]))
try:
    open_sqlite(path, key).assign("a", [NewValue("y", "Email", 2, "Email")])
except VaultError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="modes say nothing on Windows")
def test_a_read_only_disk_can_be_read_and_says_that_it_cannot_be_written(path: Path, tmp_path: Path) -> None:
    for folder in (tmp_path, *tmp_path.parents):
        if os.access(folder, os.W_OK) and folder != Path("/tmp") and folder.owner() != "nobody":
            folder.chmod(folder.stat().st_mode | 0o055)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        done = subprocess.run([sys.executable, "-c", SCRIPT, str(path)], capture_output=True, text=True)
    finally:
        path.parent.chmod(0o700)

    assert "{'<Email_1>': 'x'}" in done.stdout, done.stderr
    assert "VaultError" in done.stdout
    assert "cannot be" in done.stdout


def test_a_busy_file_gives_up_after_its_patience(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_PATIENCE", 0.05)
    other = sqlite3.connect(path, isolation_level=None)
    vault = open_sqlite(path, KEY)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(VaultError, match="another process kept it locked"):
        vault.assign("a", [mail("y")])
    assert vault.assign("a", [mail("x")]) == ["<Email_1>"]
    assert vault.lookup("a", ["<Email_1>"]) == {"<Email_1>": "x"}
    other.execute("ROLLBACK")
    other.close()
    assert vault.assign("a", [mail("y")]) == ["<Email_2>"]
    vault.close()


def test_a_file_that_vanished_is_not_made_again(path: Path) -> None:
    vault = open_sqlite(path, KEY)
    vault.close()
    database = SqliteDatabase(path, read_only=False)
    path.unlink()

    with pytest.raises(VaultError, match="gone"):
        database.prepare()


@pytest.fixture(name="small_disk")
def _small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.decode().strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk_loses_nothing(small_disk: Path) -> None:
    vault = open_sqlite(small_disk / "vault.db", KEY)
    meant: dict[str, str] = {}

    def fill_up() -> None:
        for number in range(0, 5_000, 20):
            values = [mail(f"user{number + step}@y.example") for step in range(20)]
            meant.update(zip(vault.assign("a", values), (value.value for value in values), strict=True))

    with pytest.raises(VaultError, match="disk") as caught:
        fill_up()

    assert str(small_disk / "vault.db") in str(caught.value)
    assert meant
    assert vault.lookup("a", meant) == meant
    vault.close()
    again = open_sqlite_read_only(small_disk / "vault.db", KEY)
    assert again.lookup("a", meant) == meant
    again.close()


def test_a_full_disk_at_the_very_beginning_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = sqlite3.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"

    def fail(*_: object) -> None:
        raise full

    vault = open_sqlite(tmp_path / "vault.db", KEY)
    monkeypatch.setattr(sqlite, "SqliteRows", fail)

    with pytest.raises(VaultError, match=r"vault\.db: the disk is full; nothing was stored"):
        vault.assign("a", [mail("x")])
    vault.close()


def write_many(path: Path, seed: int, count: int) -> None:
    vault = open_sqlite(path, KEY)
    turn = Random(seed)
    for _ in range(count):
        vault.assign(turn.choice("ab"), [mail(f"user{turn.randrange(60)}") for _ in range(3)])
    vault.close()


def test_processes_agree_on_one_placeholder_for_a_value(tmp_path: Path) -> None:
    """Also that several processes may make the same new vault at once."""
    path = tmp_path / "vault.db"
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=write_many, args=(path, seed, 40)) for seed in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    vault = open_sqlite(path, KEY)

    assert [process.exitcode for process in processes] == [0] * 4
    for scope in "ab":
        entries = list(vault.known(scope))
        assert len({entry.value for entry in entries}) == len(entries)
        assert sorted(entry.placeholder for entry in entries) == sorted(
            f"<Email_{number}>" for number in range(1, len(entries) + 1)
        )
    vault.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_process_uses_connections_of_its_own(path: Path) -> None:
    vault = open_sqlite(path, KEY)
    vault.lookup("a", ["<Email_1>"])
    child = os.fork()
    if child == 0:
        outcome = 1
        try:
            outcome = 0 if vault.assign("a", [mail("child")]) == ["<Email_2>"] else 2
            vault.close()
        finally:
            os._exit(outcome)
    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert vault.lookup("a", ["<Email_1>", "<Email_2>"]) == {"<Email_1>": "x", "<Email_2>": "child"}
    vault.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_closing_in_a_forked_process_leaves_the_parent_alone(path: Path) -> None:
    vault = open_sqlite(path, KEY)
    vault.assign("a", [mail("y")])
    child = os.fork()
    if child == 0:
        try:
            vault.close()
        finally:
            os._exit(0)
    os.waitpid(child, 0)

    assert vault.assign("a", [mail("z")]) == ["<Email_3>"]
    vault.close()


def test_a_backup_is_one_whole_vault(path: Path, tmp_path: Path) -> None:
    vault = open_sqlite(path, KEY)
    vault.assign("a", [mail("y")])
    database = vault.database
    assert isinstance(database, SqliteDatabase)
    database.back_up(tmp_path / "copies" / "backup.db")
    vault.assign("a", [mail("z")])
    vault.close()

    assert [file.name for file in (tmp_path / "copies").iterdir()] == ["backup.db"]
    assert stat.S_IMODE((tmp_path / "copies" / "backup.db").stat().st_mode) == 0o600
    copy = open_sqlite(tmp_path / "copies" / "backup.db", KEY)
    assert [entry.value for entry in copy.known("a")] == ["x", "y"]
    assert copy.assign("a", [mail("w")]) == ["<Email_3>"]
    copy.close()
    with pytest.raises(VaultError, match="file already"):
        database.back_up(tmp_path / "copies" / "backup.db")


def test_the_header_can_be_read_without_a_key(path: Path, tmp_path: Path) -> None:
    assert stored_header(path) is not None
    assert stored_header(tmp_path / "none.db") is None
    (tmp_path / "empty.db").write_bytes(b"")
    assert stored_header(tmp_path / "empty.db") is None


def test_threads_share_one_vault(open_file: Callable[..., TableVault]) -> None:
    import threading

    vault = open_file()
    failures: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for step in range(15):
                (placeholder,) = vault.assign(f"scope{number % 3}", [mail(f"{number}-{step}")])
                assert vault.lookup(f"scope{number % 3}", [placeholder]) == {placeholder: f"{number}-{step}"}
        except BaseException as error:  # noqa: BLE001 - whatever it is, the main thread reports it
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert sum(sum(vault.stats(f"scope{number}").by_type.values()) for number in range(3)) == 180
