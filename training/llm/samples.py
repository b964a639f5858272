"""Stage 1: corpus dialogues as questions and answers of a language model.

    python -m training.llm.samples --tokenizer runs/smollm2      how many samples fit how many tokens

The question is what the recognizer asks (``memveil.recognizers.llm_prompt``): instructions, the user's real name, the
message. The answer is the three-field JSON array. Whole personas are kept apart for validation, as for the tagger.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from memveil.privacy_types import PRIVACY_TYPES
from memveil.recognizers.llm_prompt import build_prompt
from training.corpus import Dialogue, Message, read_all

COMPACT = 'Find what is private. Answer with a JSON array of {"original_text", "privacy_type", "privacy_level"}, or [].'
"""Instructions for a model too small to read a page of them: what is private it learns from the samples alone."""

INSTRUCTIONS: dict[str, str | None] = {"compact": COMPACT, "full": None}


@dataclass(frozen=True, slots=True)
class Sample:
    """One message with its question and its true answer.

    ``spans`` are half-open ranges of characters of ``message`` with privacy types.
    """

    persona: str
    role: str
    message: str
    spans: tuple[tuple[int, int, str], ...]
    prompt: str
    answer: str


def true_answer(message: Message) -> str:
    """The array that a perfect model writes: every value once, in the order of the message."""
    items = dict.fromkeys((message.text[start:end], kind) for start, end, kind in message.spans)
    return json.dumps(
        [
            {"original_text": value, "privacy_type": kind, "privacy_level": str(PRIVACY_TYPES[kind].level)}
            for value, kind in items
        ],
        ensure_ascii=False,
    )


def samples_of(dialogue: Dialogue, instructions: str | None) -> Iterator[Sample]:
    """The samples of one dialogue. The answers of the assistant hold private values too, and are learned as well."""
    for message in dialogue.messages:
        prompt = build_prompt(message.text, user_name=dialogue.user, instructions=instructions)
        yield Sample(dialogue.user, message.role, message.text, message.spans, prompt, true_answer(message))


def split(
    folder: Path, *, languages: Iterable[str], instructions: str | None
) -> tuple[tuple[Sample, ...], tuple[Sample, ...]]:
    """Training and validation samples of the wanted languages; no persona is in both."""
    wanted = frozenset(languages)
    training: list[Sample] = []
    validation: list[Sample] = []
    for dialogue in read_all(folder):
        if dialogue.language in wanted:
            (validation if dialogue.held_out else training).extend(samples_of(dialogue, instructions))
    return tuple(training), tuple(validation)


def that_fit(samples: Iterable[Sample], length: Callable[[Sample], int], limit: int) -> tuple[Sample, ...]:
    """The samples of at most ``limit`` tokens. Cutting one would teach an answer without its end."""
    return tuple(sample for sample in samples if length(sample) <= limit)


def main() -> None:
    from transformers import AutoTokenizer

    from training.llm.chat import sample_length

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=Path("corpus/dialogues"))
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--languages", nargs="+", default=["en"], choices=["en", "zh"])
    parser.add_argument("--prompt", choices=list(INSTRUCTIONS), default="compact")
    args = parser.parse_args()
    tokenizer = AutoTokenizer.from_pretrained(args.tokenizer)
    parts = split(args.corpus, languages=args.languages, instructions=INSTRUCTIONS[args.prompt])
    for name, samples in zip(("training", "validation"), parts, strict=True):
        lengths = sorted(sample_length(tokenizer, sample) for sample in samples)
        marks = {
            f"{share} %": lengths[min(len(lengths) - 1, len(lengths) * share // 100)] for share in (50, 90, 95, 99, 100)
        }
        fit = {limit: sum(length <= limit for length in lengths) for limit in (256, 320, 384, 512, 1024)}
        print(f"{name}: {len(samples)} samples, {sum(lengths)} tokens, length at {marks}, samples within {fit}")


if __name__ == "__main__":
    main()
