"""Generated answers against a scripted endpoint on loopback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evaluation.answering import Answering, Endpoint, EndpointError, credit_of
from evaluation.cells import UNPROTECTED, Cell
from evaluation.results import read_one
from evaluation.run import Bench
from memveil.testing import RecordingServer
from tests.evaluation.invented import data_set

MAIL = "o.quimby@mailbox.example"


def scripted(path: str, body: Any) -> object:
    assert path == "/v1/chat/completions"
    prompt = body["messages"][0]["content"]
    if body["model"] == "judge":
        said = "CORRECT." if f"Expected: {MAIL}\nGiven: It is {MAIL}" in prompt else "Wrong, I think"
    elif "Options:" in prompt:
        said = "B"
    else:
        said = "It is <Email_1>"
    return {"choices": [{"message": {"role": "assistant", "content": said}}]}


def test_answers_are_restored_before_they_are_judged_and_the_model_sees_no_value(tmp_path: Path) -> None:
    data = data_set().first(1)
    cell = Cell("invented", "bm25", "reference", "PL2", "typed")
    with RecordingServer(scripted) as cloud:
        answering = Answering(Endpoint(f"{cloud.url}/v1", "model", "k"), Endpoint(f"{cloud.url}/v1/", "judge"))
        bench = Bench({"invented": data}, cache=None, results=tmp_path, answering=answering)
        bench.measure(Cell("invented", "bm25", UNPROTECTED, UNPROTECTED, UNPROTECTED))
        before = len(cloud.received)
        bench.measure(cell)
        asked = [body for body in cloud.received[before:] if b'"model":"model"' in body.replace(b": ", b":")]
    result = read_one(cell, tmp_path)

    assert result is not None
    assert result.outcomes("judged") == [1.0, 0.0, 1.0]
    assert result.document["answered_by"] == "model judged by judge"
    assert bench.is_fresh(cell)
    private = [body for body in asked if b"Options:" not in body]
    assert len(private) == 2
    assert not any(MAIL.encode() in body for body in private)


def test_a_key_never_shows() -> None:
    assert "secret" not in repr(Endpoint("http://127.0.0.1:9", "m", "secret"))


@pytest.mark.parametrize(
    "reply",
    [{}, {"choices": []}, {"choices": [{"message": {}}]}, [], "text"],
    ids=["no", "none", "empty", "list", "str"],
)
def test_what_is_no_completion_is_an_error(reply: object) -> None:
    with RecordingServer(lambda _path, _body: reply) as cloud, pytest.raises(EndpointError, match="no chat completion"):
        Endpoint(cloud.url, "m").ask("hello")


def test_an_endpoint_that_is_not_there_is_an_error() -> None:
    with pytest.raises(EndpointError, match="failed"):
        Endpoint("http://127.0.0.1:9", "m", seconds=2).ask("hello")


@pytest.mark.parametrize(
    ("verdict", "credit"), [("CORRECT", 1.0), ("partly", 0.5), ("It is Wrong.", 0.0), ("correct, not wrong", 1.0)]
)
def test_the_first_word_of_the_judge_counts(verdict: str, credit: float) -> None:
    assert credit_of(verdict) == credit


def test_a_judge_without_a_verdict_is_an_error() -> None:
    with pytest.raises(EndpointError, match="no verdict"):
        credit_of("maybe")
