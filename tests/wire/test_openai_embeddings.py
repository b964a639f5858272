from __future__ import annotations

import pytest

from memveil.errors import UnsupportedFormat
from memveil.wire import openai_embeddings as embeddings
from tests.wire.veil import inbound, outbound


def test_texts_are_protected_and_vectors_come_home() -> None:
    body = {
        "model": "m",
        "input": ["Ines Larsen", "x"],
        "dimensions": 8,
        "encoding_format": "base64",
        "user": "Ines Larsen",
    }
    answer = {"object": "list", "data": [{"embedding": [0.5], "index": 0}], "usage": {"total_tokens": 3}}

    assert embeddings.map_request(body, outbound()) == {**body, "input": ["<Person_1>", "x"], "user": "<Person_1>"}
    assert embeddings.map_request({"input": "Ines Larsen"}, outbound()) == {"input": "<Person_1>"}
    assert embeddings.map_response(answer, inbound()) == answer
    assert embeddings.add_note(body, "note") is body
    assert embeddings.user_of(body) == "Ines Larsen"


@pytest.mark.parametrize("tokens", [[1, 2], [[1, 2], [3]]])
def test_arrays_of_tokens_are_refused(tokens: object) -> None:
    with pytest.raises(UnsupportedFormat, match=r"at input\[0\] where text is expected"):
        embeddings.map_request({"input": tokens}, outbound())
