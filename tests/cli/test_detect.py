from __future__ import annotations

import pytest

from memveil.cli.detect import Request, items, read_request
from memveil.errors import InputError
from memveil.spans import PrivacyLevel, Span
from tests.cli.terminal import memveil


def test_a_request_is_a_text_with_a_name_and_a_scope() -> None:
    line = '{"text": "hi", "user_name": "Ines Larsen", "scope": "ines"}'

    request = read_request(line, line=1)

    assert request == Request("hi", "Ines Larsen", "ines")
    assert "Ines" not in repr(request)
    assert read_request('{"text": "", "scope": null}', line=1) == Request("")


@pytest.mark.parametrize("line", ['{"text": null}', '{"text": "a", "scope": 1}', '{"text": "a", "user_name": []}'])
def test_what_is_no_text_is_refused(line: str) -> None:
    with pytest.raises(InputError, match=r"line 5: .* where text is expected"):
        read_request(line, line=5)


def test_items_have_the_keys_of_the_interface_in_order() -> None:
    span = Span(4, 8, "Password", PrivacyLevel.PL4, 0.5, "patterns")

    assert items("it: gate", [span]) == [
        {
            "original_text": "gate",
            "privacy_type": "Password",
            "privacy_level": "PL4",
            "start": 4,
            "end": 8,
            "score": 0.5,
            "recognizer": "patterns",
        }
    ]


def test_on_a_terminal_spans_are_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = memveil(monkeypatch, "detect", stdin="Mail lena@hartwig.no", terminal="stdout")

    assert ran.code == 0
    assert ran.stderr == ""
    assert "found by" in ran.stdout
    assert "\t" not in ran.stdout
    assert "lena@hartwig.no" in ran.stdout


def test_a_terminal_is_told_that_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    ran = memveil(monkeypatch, "detect", stdin="hello", terminal="stdin")

    assert ran.stderr == "memveil: reading from the terminal, end with ctrl-d\n"
