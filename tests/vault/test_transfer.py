"""Export and import: one encrypted file, whole or not at all."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from memveil.errors import InputError, NewerVault, Tampered, VaultError, WrongKey
from memveil.spans import PrivacyLevel
from memveil.vault.base import NewValue
from memveil.vault.crypto import new_key
from memveil.vault.keys import Argon2, Passphrase, RawKey
from memveil.vault.table import TableVault
from memveil.vault.transfer import GAP, Moved, export_scopes, import_scopes

PASSPHRASE = Passphrase("correct horse", Argon2(iterations=1, lanes=1, memory=8))
OTHER = RawKey(new_key())


def mail(value: str) -> NewValue:
    return NewValue(value, "Email", PrivacyLevel.PL2, "Email")


@pytest.fixture(name="source")
def _source(open_file: Callable[..., TableVault]) -> TableVault:
    vault = open_file()
    vault.assign("a", [mail(f"user{number}") for number in range(3_000)])
    vault.assign("爱丽丝", [mail("\ud800\0苏婉"), NewValue("z" * 200_000, "School", PrivacyLevel.PL3, "School")])
    vault.reserve("a", "Password", 5)
    vault.forget_value("a", "user7")
    return vault


@pytest.fixture(name="file")
def _file(source: TableVault, tmp_path: Path) -> Path:
    path = tmp_path / "export"
    assert export_scopes(source, path, PASSPHRASE) == Moved(2, 3_001)
    return path


def content(vault: TableVault) -> dict[str, list[tuple[str, str, str, PrivacyLevel]]]:
    return {
        scope: [(e.placeholder, e.value, e.privacy_type, e.level) for e in vault.known(scope)]
        for scope in vault.scopes()
    }


def test_every_placeholder_keeps_its_meaning(
    source: TableVault, file: Path, open_file: Callable[..., TableVault]
) -> None:
    target = open_file(OTHER, "target.db")
    target.assign("other", [mail("x")])

    assert import_scopes(target, file, PASSPHRASE) == Moved(2, 3_001)
    assert content(target).pop("other")
    assert {scope: rows for scope, rows in content(target).items() if scope != "other"} == content(source)


def test_numbers_go_on_above_what_the_old_vault_may_have_given(
    file: Path, open_file: Callable[..., TableVault]
) -> None:
    target = open_file(OTHER, "target.db")
    import_scopes(target, file, PASSPHRASE)

    assert target.assign("a", [mail("user3"), mail("new")]) == ["<Email_4>", f"<Email_{3_001 + GAP}>"]
    assert list(target.reserve("a", "Password", 1)) == [6 + GAP]
    assert target.assign("a", [mail("user7")]) != ["<Email_8>"]


def test_single_scopes_can_be_exported(
    source: TableVault, tmp_path: Path, open_file: Callable[..., TableVault]
) -> None:
    assert export_scopes(source, tmp_path / "one", PASSPHRASE, scopes=["爱丽丝"]) == Moved(1, 2)
    target = open_file(OTHER, "target.db")
    import_scopes(target, tmp_path / "one", PASSPHRASE)

    assert target.scopes() == ["爱丽丝"]
    with pytest.raises(VaultError, match="no scope"):
        export_scopes(source, tmp_path / "none", PASSPHRASE, scopes=["bob"])
    assert not (tmp_path / "none").exists()


def test_an_empty_vault_can_be_moved(tmp_path: Path, open_file: Callable[..., TableVault]) -> None:
    vault = open_file()

    assert export_scopes(vault, tmp_path / "empty", PASSPHRASE) == Moved(0, 0)
    assert import_scopes(vault, tmp_path / "empty", PASSPHRASE) == Moved(0, 0)


def test_the_file_is_its_owners_alone_and_shows_nothing(file: Path) -> None:
    data = file.read_bytes()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert data.startswith(b"memveil-export 1\n")
    for text in ("user12", "Email", "爱丽丝", "School"):
        assert text.encode() not in data


def test_a_file_is_never_replaced(source: TableVault, file: Path) -> None:
    before = file.read_bytes()

    with pytest.raises(VaultError, match="file already"):
        export_scopes(source, file, PASSPHRASE)
    assert file.read_bytes() == before


def test_a_failed_export_leaves_no_file(source: TableVault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    monkeypatch.setattr(TableVault, "reading", lambda *_: (_ for _ in ()).throw(VaultError("stop")))

    with pytest.raises(VaultError, match="stop"):
        export_scopes(source, folder / "export", PASSPHRASE)
    assert list(folder.iterdir()) == []
    with pytest.raises(VaultError, match="cannot be written"):
        export_scopes(source, folder / "missing" / "export", PASSPHRASE)


def test_another_passphrase_is_a_wrong_key(file: Path, open_file: Callable[..., TableVault]) -> None:
    target = open_file(OTHER, "target.db")

    with pytest.raises(WrongKey):
        import_scopes(target, file, Passphrase("correct horsf"))
    assert target.scopes() == []


def test_a_scope_that_exists_is_not_mixed(file: Path, open_file: Callable[..., TableVault]) -> None:
    target = open_file(OTHER, "target.db")
    target.assign("爱丽丝", [mail("x")])
    before = content(target)

    with pytest.raises(VaultError, match="nothing was imported"):
        import_scopes(target, file, PASSPHRASE)
    assert content(target) == before


def test_a_cut_changed_or_rearranged_file_imports_nothing(file: Path, open_file: Callable[..., TableVault]) -> None:
    target = open_file(OTHER, "target.db")
    data = file.read_bytes()
    start = data.index(b"\n", data.index(b"\n") + 1) + 1
    chunk = 64 * 1024 + 16
    first = start + 32
    changed = [data[:cut] for cut in (first, first + 10, first + chunk, len(data) - 1)]
    changed += [data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :] for at in (30, start, first, first + chunk, -17)]
    changed.append(data[:first] + data[first + chunk : first + 2 * chunk] + data[first : first + chunk])
    changed.append(data + b"x")
    for bad in changed:
        file.write_bytes(bad)
        with pytest.raises((Tampered, WrongKey)):
            import_scopes(target, file, PASSPHRASE)
    assert target.scopes() == []


def test_other_files_are_refused(tmp_path: Path, open_file: Callable[..., TableVault]) -> None:
    target = open_file()
    path = tmp_path / "file"
    for content_, error in (
        (b"", InputError),
        (b"hello\nworld\n", InputError),
        (b"memveil-export x\n{}\n", InputError),
        (b"memveil-export 2\n{}\n", NewerVault),
        (b"memveil-export 1\n{}\n", Tampered),
        (b"memveil-export 1\n\xff\n", Tampered),
        (b'memveil-export 1\n{"salt":"","iterations":1,"lanes":1,"memory":99999999999}\n', Tampered),
    ):
        path.write_bytes(content_)
        with pytest.raises(error):
            import_scopes(target, path, PASSPHRASE)
    with pytest.raises(InputError, match="cannot be read"):
        import_scopes(target, tmp_path / "missing", PASSPHRASE)


def test_a_forgotten_scope_can_be_brought_back(source: TableVault, file: Path) -> None:
    before = content(source)["a"]
    source.forget("a")
    source.forget("爱丽丝")
    import_scopes(source, file, PASSPHRASE)

    assert content(source)["a"] == before


def test_a_vault_can_move_to_a_server(source: TableVault, file: Path, open_server: Callable[..., TableVault]) -> None:
    target = open_server(OTHER)

    assert import_scopes(target, file, PASSPHRASE) == Moved(2, 3_001)
    assert content(target) == content(source)
    with pytest.raises(VaultError, match="nothing was imported"):
        import_scopes(target, file, PASSPHRASE)
