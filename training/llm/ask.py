"""A trained model in its place: the recognizer of the package, on one text.

    python -m training.llm.ask --model runs/smollm2-grpo --user "Odile Tarnow" --text "The gate opens with 51-08-K."

Prints what is marked. A model that answers nothing usable is said to, as in the guard.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from memveil.detect import Context
from memveil.errors import DetectionError
from memveil.recognizers.llm import LanguageModelRecognizer
from memveil.recognizers.llm_model import Decoding
from memveil.recognizers.llm_transformers import TransformersModel
from training.llm.samples import INSTRUCTIONS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--text", required=True)
    parser.add_argument("--user", help="the user's real name")
    parser.add_argument("--prompt", choices=list(INSTRUCTIONS), default="compact")
    parser.add_argument("--answer-tokens", type=int, default=256)
    args = parser.parse_args()
    model = TransformersModel(args.model, decoding=Decoding(temperature=0, max_tokens=args.answer_tokens))
    recognizer = LanguageModelRecognizer(model, instructions=INSTRUCTIONS[args.prompt])
    try:
        spans = list(recognizer.recognize(args.text, Context(user_name=args.user)))
    except DetectionError as error:
        print(f"no usable answer: {error}")
        return
    for span in spans:
        print(span.start, span.end, args.text[span.start : span.end], span.privacy_type, span.level)
    print(recognizer.counts)


if __name__ == "__main__":
    main()
