from __future__ import annotations

from pathlib import Path

import pytest

from memveil.cli.workspace import Workspace
from memveil.errors import ConfigError
from memveil.policy import Style
from memveil.spans import Action, PrivacyLevel
from memveil.vault.keys import KeyFile, KeyringKey, Passphrase


def configured(folder: Path, text: str) -> Workspace:
    path = folder / "memveil.toml"
    path.write_text(text, encoding="utf-8")
    return Workspace({"MEMVEIL_CONFIG": str(path)})


def test_without_a_file_everything_has_its_default(tmp_path: Path) -> None:
    workspace = Workspace({})

    assert workspace.config_path is None
    assert workspace.scope == "default"
    assert workspace.key() is None
    assert workspace.vault_path.name == "vault.db"
    assert [recognizer.name for recognizer in workspace.recognizers()]


def test_the_file_in_the_configuration_folder_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "xdg_config_home" / "memveil"
    folder.mkdir(parents=True)
    (folder / "memveil.toml").write_text("scope = 'ines'", encoding="utf-8")

    assert Workspace({}).scope == "ines"


def test_a_file_in_the_current_folder_is_not_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "memveil.toml").write_text("scope = 'stranger'", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    assert Workspace({}).scope == "default"


def test_an_option_takes_the_place_of_the_level_and_leaves_the_lists(tmp_path: Path) -> None:
    workspace = configured(
        tmp_path,
        """
        [policy]
        threshold = "PL2"
        levels = { PL4 = "block" }
        types = { "School" = "keep" }
        [[policy.never]]
        literal = "Contoso"
        """,
    )

    policy = workspace.policy(preset="strict", style="generic")

    assert policy.threshold is PrivacyLevel.PL2
    assert policy.by_level == {PrivacyLevel.PL4: Action.REDACT}
    assert policy.by_type == {"School": Action.KEEP}
    assert len(policy.never) == 1
    assert policy.style is Style.GENERIC
    assert workspace.policy().by_level == {PrivacyLevel.PL4: Action.BLOCK}


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    workspace = configured(tmp_path, "[vault]\npath = '/a/vault.db'\nkey = 'file'\nkey_file = '/a/key'")
    named = Workspace(
        {
            "MEMVEIL_CONFIG": str(tmp_path / "memveil.toml"),
            "MEMVEIL_VAULT": "/b/vault.db",
            "MEMVEIL_PASSPHRASE": "larch door",
        }
    )

    assert workspace.vault_path == Path("/a/vault.db")
    assert workspace.key() == KeyFile(Path("/a/key"))
    assert named.vault_path == Path("/b/vault.db")
    assert named.key() == Passphrase("larch door")
    assert Workspace({"MEMVEIL_KEY_FILE": "/c/key"}).key() == KeyFile(Path("/c/key"))


def test_a_keyring_and_a_passphrase_may_be_configured(tmp_path: Path) -> None:
    assert configured(tmp_path, "[vault]\nkey = 'keyring'").key() == KeyringKey()
    with pytest.raises(ConfigError, match="nobody is there to ask"):
        configured(tmp_path, "[vault]\nkey = 'passphrase'").key()


def test_the_error_of_a_file_names_the_file(tmp_path: Path) -> None:
    workspace = configured(tmp_path, "colour = 1")

    with pytest.raises(ConfigError, match=r"^colour: unknown key, in .*memveil\.toml, mend it there$"):
        _ = workspace.config


def test_the_cascade_is_the_configured_one(tmp_path: Path) -> None:
    assert configured(tmp_path, "[recognizers]\ncascade = []").recognizers() == ()
    names = [r.name for r in configured(tmp_path, "[recognizers]\ncascade = ['rules']").recognizers()]
    assert "patterns" in names


def test_a_language_model_runs_last_and_is_one_for_all(tmp_path: Path) -> None:
    table = "[recognizers.llm]\nurl = 'http://127.0.0.1:9/v1'\nmodel = 'm'\n"
    with configured(tmp_path, table) as workspace:
        last = workspace.recognizers()[-1]

        assert last.name == "llm"
        assert last is workspace.recognizers()[-1] is workspace.language_model
        assert workspace.has_language_model
    with configured(tmp_path, f"[recognizers]\ncascade = ['rules']\n{table}") as workspace:
        assert [r.name for r in workspace.recognizers()] == ["patterns", "personal", "phones", "user_name", "llm"]
    with configured(tmp_path, f"{table}only_when_unsure = true") as workspace:
        assert [r.name for r in workspace.recognizers()] == ["patterns+personal+phones+user_name+onnx+llm"]
    with configured(tmp_path, "[recognizers]\ncascade = 3") as workspace:
        assert not workspace.has_language_model


def test_key_and_instructions_of_a_language_model_come_from_outside_the_file(tmp_path: Path) -> None:
    (tmp_path / "prompt.txt").write_text("Find it all.", encoding="utf-8")
    (tmp_path / "memveil.toml").write_text(
        "[recognizers.llm]\nmodel = 'm'\nurl = 'http://127.0.0.1:9/v1'\napi_key_env = 'MY_KEY'\n"
        f"instructions = '{tmp_path / 'prompt.txt'}'",
        encoding="utf-8",
    )
    settings = {"MEMVEIL_CONFIG": str(tmp_path / "memveil.toml")}

    with Workspace({**settings, "MY_KEY": "k-1"}) as workspace:
        assert workspace.language_model is not None
        assert workspace.language_model._instructions == "Find it all."
    with pytest.raises(ConfigError, match=r"^recognizers\.llm\.api_key_env: "):
        _ = Workspace(settings).language_model
    (tmp_path / "prompt.txt").write_bytes(b"\xff")
    with pytest.raises(ConfigError, match=r"^recognizers\.llm\.instructions: "):
        _ = Workspace({**settings, "MY_KEY": "k-1"}).language_model


def test_guards_of_one_run_share_what_is_secret(tmp_path: Path) -> None:
    with Workspace({}) as workspace:
        vault = workspace.no_vault
        first = workspace.guard(vault, "ines", user_name="Ines")
        second = workspace.guard(vault, "ines", user_name="Mara")

        sent = first.protect("My password is gull-Harbour-71").text

        assert first is workspace.guard(vault, "ines", user_name="Ines")
        assert first is not second
        assert second.restore(sent) == "My password is gull-Harbour-71"


def test_a_batch_of_many_users_keeps_few_guards() -> None:
    with Workspace({}) as workspace:
        guards = {id(workspace.guard(workspace.no_vault, "s", user_name=str(n))) for n in range(400)}

        assert len(workspace._guards) == 256
        assert len(guards) <= 400
