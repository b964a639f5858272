"""The attacks find what is there to be found, on small invented data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from evaluation.attacks import blind_index, inference, injection, linkage
from evaluation.attacks.records import Finding, attack_lines, store
from evaluation.attacks.running import run_attacks
from evaluation.detection_cache import DetectionCache, Found
from evaluation.detectors import AnnotationDetector
from evaluation.embedding import Array
from evaluation.material import Person
from evaluation.scores import terms
from tests.evaluation.invented import data_set


def found(person: Person) -> Mapping[str, Found]:
    return AnnotationDetector().detect(person, cache=DetectionCache(None), tick=lambda: None)


def bag_of_words(texts: Sequence[str]) -> Array:
    """An embedding that everybody can follow: which of 64 buckets the words fall into."""
    rows = np.zeros((len(texts), 64), np.float32)
    for row, text in zip(rows, texts, strict=True):
        for term in terms(text):
            row[sum(map(ord, term)) % 64] += 1
        np.divide(row, max(1.0, float(np.linalg.norm(row))), out=row)
    return rows


def conversation(owner: int, text: str) -> linkage.Conversation:
    return linkage.Conversation(owner, text, frozenset({f"{owner} {text}"}))


def test_conversations_that_share_rare_placeholders_are_linked() -> None:
    some = [
        conversation(0, "<Email_7> and <Phone_2>"),
        conversation(0, "again <Email_7>"),
        conversation(1, "<School_4>"),
        conversation(1, "<School_4> once more"),
    ]
    linked = linkage.link(some, linkage.placeholders)

    assert (linked.right, linked.joined, linked.foreign) == (100.0, 100.0, 0.0)
    assert round(linked.chance, 1) == 33.3


def test_conversations_with_nothing_in_common_are_linked_by_guessing_only() -> None:
    some = [conversation(n % 2, f"<Email_{n}>") for n in range(4)]
    linked = linkage.link(some, linkage.placeholders)

    assert linked.right == linked.chance
    assert linked.joined == 50.0


def test_words_and_placeholders_are_told_apart() -> None:
    assert linkage.placeholders("call <Email_1> now") == ["<Email_1>"]
    assert linkage.other_words("call <Email_1> now") == ["call", "now"]


def test_dates_part_conversations_else_chunks_do() -> None:
    person = data_set().people[0]

    assert [len(part) for part in linkage.conversations_of(person)] == [3, 2, 1]


def test_linkage_compares_one_scope_a_user_with_one_a_conversation() -> None:
    finding = linkage.run(data_set(), found)

    assert [row[0] for row in finding.rows][:2] == [
        "one scope a user: placeholders alone",
        "a scope a conversation: placeholders alone",
    ]
    assert all(len(row) == len(finding.header) for row in finding.rows)


def test_a_value_that_its_context_repeats_is_guessed_and_its_words_are_readable() -> None:
    right = inference.Target("brass harpsichord", "Job Title/Rank", ("the harpsichord of brass",), "ann")
    other = inference.Target("silver kettle", "Job Title/Rank", ("rain all day",), "ann")
    guessed = inference.guess([right], ["brass harpsichord", "silver kettle"], bag_of_words)

    assert (guessed.first, guessed.chance) == (100.0, 50.0)
    assert inference.readable_words([right, other], {"ann": ["the harpsichord <Kettle_1>", "rain"]}) == 50.0
    assert inference.guess([], ["x"], bag_of_words).targets == 0


def test_targets_are_the_placeholders_that_left_without_their_values() -> None:
    person = data_set().people[0]
    targets, sent = inference.targets_of(person, found(person))

    assert {target.value for target in targets} == {item.value for item in person.values}
    assert [len(target.contexts) for target in targets if target.privacy_type == "Email"] == [2]
    for target in targets:
        assert all(target.value not in text for text in (*target.contexts, *sent))
        assert target.value not in repr(target)


def test_a_blind_index_tells_nothing_without_its_key_and_all_with_it() -> None:
    rows = dict(blind_index.run(listed=400, stored=20).rows)

    assert [rows[name] for name in rows if "plain SHA-256 in its place" in name or "with the scope's key" in name] == [
        "20 of 20",
        "20 of 20",
    ]
    assert sum(figure == "0 of 20" for figure in rows.values()) == len(rows) - 2


def test_foreign_placeholders_show_no_value_except_behind_the_guard() -> None:
    rows = dict(injection.run().rows)

    for name, verdict in rows.items():
        behind = name.startswith(("written into the store", "a stranger's protected memory"))
        assert verdict.startswith("0 of") is not behind, name
    assert any("text unchanged" in verdict for verdict in rows.values())


def test_findings_are_stored_and_written_into_the_report(tmp_path: Path) -> None:
    store("linkage", Finding("A title", ("A line.",), ("what", "figure"), (("x", "1"),)), tmp_path)

    assert list(attack_lines(tmp_path)) == [
        "## Attacks", "", "### A title", "", "A line.", "", "| what | figure |", "|---|---:|", "| x | 1 |", "",
    ]  # fmt: skip
    assert list(attack_lines(tmp_path / "none")) == []


def test_attacks_run_on_the_first_annotated_data_that_is_here(tmp_path: Path) -> None:
    names = list(
        run_attacks(
            {"memveil-bench": data_set()}, lambda _, person: found(person), bag_of_words, folder=tmp_path / "found"
        )
    )

    assert set(names) >= {"linkage", "blind_index", "injection"}
    assert {path.stem for path in (tmp_path / "found").iterdir()} == set(names)
    assert "quimby" not in "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "found").iterdir()).lower()
