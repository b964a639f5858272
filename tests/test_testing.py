"""The canaries sing: whatever leaves in whatever form is seen, and never shown."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from memveil.detect import Context
from memveil.privacy_types import PRIVACY_TYPES
from memveil.testing import (
    CANARIES,
    RecordingServer,
    ScriptedRecognizer,
    assert_no_canary,
    assert_nothing_left,
    canaries_in,
    canaries_under,
)

VALUE = CANARIES["Email"]


@pytest.mark.parametrize(
    "data",
    [
        VALUE,
        f"x{VALUE}y".encode(),
        VALUE.encode("utf-16-le"),
        base64.b64encode(VALUE.encode()),
        VALUE.encode().hex(),
        json.dumps({"name": CANARIES["Real Name"]}),
    ],
)
def test_a_value_is_seen_in_every_form(data: str | bytes) -> None:
    assert canaries_in(data)


def test_the_failure_names_types_and_no_value() -> None:
    with pytest.raises(AssertionError, match=r"Email \(utf-8\)") as caught:
        assert_no_canary(f"mail {VALUE}")

    assert VALUE not in str(caught.value)


def test_values_of_ones_own_can_be_looked_for() -> None:
    assert canaries_in("nothing to see", ["see"]) == ["value 0 (utf-8)"]
    assert canaries_in("nothing to see") == []


def test_files_are_searched_below_a_folder(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "log.txt").write_text(f"hello {VALUE}")

    assert canaries_under(tmp_path) == ["deep/log.txt: Email (utf-8)"]


def test_every_canary_has_a_type_of_the_table() -> None:
    assert set(CANARIES) <= set(PRIVACY_TYPES)


def test_a_scripted_recognizer_finds_what_it_was_told_and_fails_when_told() -> None:
    spans = ScriptedRecognizer({"ab": "Email"}).recognize("ab cab", Context())
    assert [(s.start, s.end) for s in spans] == [(0, 2), (4, 6)]

    with pytest.raises(RuntimeError):
        ScriptedRecognizer(error=RuntimeError()).recognize("x", Context())


def test_a_recording_server_keeps_bodies_headers_and_addresses() -> None:
    with RecordingServer(lambda path, body: {"path": path, "got": body}) as cloud:
        for where in ("body", "header", "address"):
            request = urllib.request.Request(
                f"{cloud.url}/{urllib.parse.quote(VALUE, safe='') if where == 'address' else 'x'}",
                data=json.dumps({"mail": VALUE if where == "body" else "none"}).encode(),
                headers={"x-mail": VALUE} if where == "header" else {},
            )
            with urllib.request.urlopen(request) as response:
                assert "got" in json.load(response)

            assert canaries_in(cloud.received[-1]) == ["Email (utf-8)"], where


def test_a_recording_server_streams_and_refuses_what_it_cannot_search() -> None:
    with RecordingServer(lambda _path, _body: iter(["data: 1\n\n", "data: 2\n\n"])) as cloud:
        with urllib.request.urlopen(cloud.url) as response:
            assert response.read() == b"data: 1\n\ndata: 2\n\n"
        request = urllib.request.Request(cloud.url, data=b"x", headers={"content-encoding": "gzip"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request)
        refused.value.close()

        assert refused.value.code == 415


def test_all_places_are_searched_at_once(tmp_path: Path) -> None:
    assert_nothing_left(requests=[b"x"], folders=[tmp_path], logs=["x"])

    with pytest.raises(AssertionError, match=r"request: Email .*; log: Email") as caught:
        assert_nothing_left(requests=[VALUE], logs=[VALUE], folders=[tmp_path])
    (tmp_path / "db").write_text(VALUE)
    with pytest.raises(AssertionError, match=r"file db: value 0"):
        assert_nothing_left([VALUE], folders=[tmp_path])
    assert VALUE not in str(caught.value)
