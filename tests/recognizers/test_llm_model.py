"""What models have in common: nothing that they say or are asked is shown."""

from __future__ import annotations

from memveil.errors import DetectionError
from memveil.recognizers.llm_model import Completion, Decoding, ModelFailed


def test_a_completion_does_not_show_what_was_said() -> None:
    assert "Thessaly" not in repr(Completion("Thessaly Quorumbe"))


def test_a_model_that_fails_stops_the_text_like_any_recognizer() -> None:
    assert issubclass(ModelFailed, DetectionError)


def test_decoding_is_that_of_the_reference() -> None:
    assert (Decoding().temperature, Decoding().top_p) == (0.1, 0.1)
