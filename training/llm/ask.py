"""A trained model in its place: the recognizer of the package, on one text.

    python -m training.llm.ask --model runs/smollm2-grpo --user "Odile Tarnow" --text "The gate opens with 51-08-K."

Prints how much the model wrote and what is marked. An answer that is of no use is said to be so, as in the guard. A
model that cannot be loaded or does not write at all ends this with an error.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from memveil.detect import Context
from memveil.errors import DetectionError
from memveil.recognizers.llm import LanguageModelRecognizer
from memveil.recognizers.llm_model import Completion, Decoding
from memveil.recognizers.llm_transformers import TransformersModel
from training.llm.samples import INSTRUCTIONS


class Counting:
    """A model, and how many characters it wrote: no answer at all is another thing than a bad one."""

    def __init__(self, model: TransformersModel) -> None:
        self._model = model
        self.name = model.name
        self.written: int | None = None

    def complete(self, prompt: str, schema: Mapping[str, Any]) -> Completion:
        completion = self._model.complete(prompt, schema)
        self.written = (self.written or 0) + len(completion.text)
        return completion

    def close(self) -> None:
        self._model.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--text", required=True)
    parser.add_argument("--user", help="the user's real name")
    parser.add_argument("--prompt", choices=list(INSTRUCTIONS), default="compact")
    parser.add_argument("--answer-tokens", type=int, default=256)
    args = parser.parse_args()
    decoding = Decoding(temperature=0, max_tokens=args.answer_tokens)
    model = Counting(TransformersModel(args.model, decoding=decoding))
    recognizer = LanguageModelRecognizer(model, instructions=INSTRUCTIONS[args.prompt])
    try:
        spans = list(recognizer.recognize(args.text, Context(user_name=args.user)))
    except DetectionError as error:
        if model.written is None:
            raise
        print(f"{model.written} characters, no usable answer: {error}")
        return
    print(f"{model.written} characters")
    for span in spans:
        print(span.start, span.end, args.text[span.start : span.end], span.privacy_type, span.level)
    print(recognizer.counts)


if __name__ == "__main__":
    main()
