from __future__ import annotations

from pathlib import Path

import pytest

from memveil.cli import doctor as doctor_module
from memveil.cli.doctor import SAMPLE, examine
from memveil.cli.workspace import Workspace
from memveil.guard import Guard
from tests.cli.terminal import memveil
from tests.recognizers.model_server import ModelServer, Reply, lists, serving


def test_every_check_of_a_fresh_machine_is_sound(tmp_path: Path) -> None:
    with Workspace({"MEMVEIL_VAULT": str(tmp_path / "vault.db")}) as workspace:
        findings = list(examine(workspace))

    assert [finding.check for finding in findings if not finding.sound] == []
    assert len({finding.check for finding in findings}) == 8


def test_on_a_terminal_the_findings_are_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = memveil(monkeypatch, "doctor", terminal="stdout")

    assert ran.code == 0
    assert ran.stdout.count("good") >= 7
    assert "\t" not in ran.stdout


def test_a_policy_of_ones_own_is_described(tmp_path: Path) -> None:
    path = tmp_path / "memveil.toml"
    path.write_text(
        '[policy]\npreset = "strict"\ntypes = { School = "keep" }\nnever = [{ literal = "Contoso" }]', "utf-8"
    )

    with Workspace({"MEMVEIL_CONFIG": str(path), "MEMVEIL_VAULT": str(tmp_path / "v.db")}) as workspace:
        (policy,) = (finding for finding in examine(workspace) if finding.check == "policy")

    assert policy.detail == "PL2 and above, typed, PL4 redact, School keep, 1 values never"


def test_a_detector_that_misses_the_sample_is_found_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Guard, "detect", lambda self, text, previous=(): ())

    with Workspace({"MEMVEIL_VAULT": str(tmp_path / "vault.db")}) as workspace:
        wrong = {finding.check: finding.detail for finding in examine(workspace) if not finding.sound}

    assert set(wrong) == {"recognizers"}
    assert "miss Email, Financial Account, Phone Number, Real Name" in wrong["recognizers"]


def test_a_text_that_does_not_come_home_is_found_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Guard, "restore", lambda self, text: text)

    with Workspace({"MEMVEIL_VAULT": str(tmp_path / "vault.db")}) as workspace:
        wrong = [finding.check for finding in examine(workspace) if not finding.sound]

    assert wrong == ["new vault"]


def test_a_value_in_the_file_is_found_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As if the vault had been written in clear."""
    real = Guard.protect

    def careless(self: Guard, text: str, *, previous: tuple[str, ...] = ()) -> object:
        for folder in Path(doctor_module.tempfile.gettempdir()).glob("memveil-doctor-*"):
            (folder / "vault.db-log").write_text(SAMPLE, "utf-8")
        return real(self, text, previous=previous)

    monkeypatch.setattr(doctor_module.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(Guard, "protect", careless)

    with Workspace({"MEMVEIL_VAULT": str(tmp_path / "vault.db")}) as workspace:
        wrong = [finding.detail for finding in examine(workspace) if not finding.sound]

    assert wrong == ["a value can be read in the vault file, do not use this installation"]


def test_a_disk_that_cannot_be_written_is_a_finding(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor_module.tempfile, "tempdir", str(tmp_path / "missing"))

    with Workspace({"MEMVEIL_VAULT": str(tmp_path / "vault.db")}) as workspace:
        wrong = [finding.detail for finding in examine(workspace) if not finding.sound]

    assert wrong == ["reading or writing failed (No such file or directory)"]


def with_language_model(folder: Path, server: ModelServer, on_failure: str) -> dict[str, str]:
    (folder / "memveil.toml").write_text(
        f"[recognizers.llm]\nurl = '{server.url}'\nmodel = 'm'\non_failure = '{on_failure}'", encoding="utf-8"
    )
    return {"MEMVEIL_CONFIG": str(folder / "memveil.toml"), "MEMVEIL_VAULT": str(folder / "v.db")}


def test_a_language_model_is_asked_about_the_sample(tmp_path: Path) -> None:
    reply = lists(("lena@hartwig.no", "Email", "PL2"), ("somebody else", "Real Name", "PL2"))
    with serving(reply) as server, Workspace(with_language_model(tmp_path, server, "fail")) as workspace:
        findings = {finding.check: finding for finding in examine(workspace)}

    found = findings["language model"]
    assert found.sound
    assert found.detail.endswith("marks 1 places in a sample, 1 of 2 values invented")
    assert all(finding.sound for finding in findings.values())


@pytest.mark.filterwarnings("ignore::memveil.recognizers.llm.DegradedWarning")
@pytest.mark.parametrize("on_failure", ["fail", "degrade"])
def test_a_language_model_that_gives_no_answer_is_found_out(tmp_path: Path, on_failure: str) -> None:
    with (
        serving(Reply(status=503)) as server,
        Workspace(with_language_model(tmp_path, server, on_failure)) as workspace,
    ):
        wrong = {finding.check: finding.detail for finding in examine(workspace) if not finding.sound}

    assert "answers with status 503" in wrong["language model"]
    assert ("texts go on without it" in wrong["language model"]) == (on_failure == "degrade")
    assert ("recognizers" in wrong) == (on_failure == "fail")


def test_a_language_model_that_finds_nothing_is_found_out(tmp_path: Path) -> None:
    with serving(lists()) as server, Workspace(with_language_model(tmp_path, server, "fail")) as workspace:
        wrong = {finding.check: finding.detail for finding in examine(workspace) if not finding.sound}

    assert set(wrong) == {"language model"}
    assert "finds nothing in a sample" in wrong["language model"]
