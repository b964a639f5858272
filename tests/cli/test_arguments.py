from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from memveil.cli.arguments import open_input, size_of
from memveil.errors import InputError
from tests.cli.terminal import Stream


def test_a_file_is_opened_and_has_a_size(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_bytes(b"abc")

    with open_input(path) as stream:
        assert size_of(stream) == 3
        assert stream.read() == b"abc"


def test_a_dash_is_standard_input_without_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Stream(b"abc"))

    with open_input(Path("-")) as stream:
        assert size_of(stream) is None
        assert stream.read() == b"abc"


def test_a_pipe_has_no_size() -> None:
    reading, writing = os.pipe()
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        assert size_of(stream) is None


@pytest.mark.parametrize("name", ["missing", ".", "a\0b", "x" * 5000])
def test_a_path_that_cannot_be_read_is_not_repeated(name: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught, open_input(tmp_path / name):
        pass

    assert str(caught.value).startswith("the input file cannot be read (")
    assert str(tmp_path) not in str(caught.value)


def test_an_error_while_reading_is_not_taken_for_one_of_opening(tmp_path: Path) -> None:
    path = tmp_path / "note"
    path.write_bytes(b"abc")

    with pytest.raises(PermissionError), open_input(path):
        raise PermissionError("of somebody else")
