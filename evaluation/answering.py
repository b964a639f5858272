"""Generated answers and a judge, over an OpenAI-style endpoint: the reference's protocol, optional.

The model answers from protected memories to a protected question; its answer is
restored on the user's side and judged against the accepted answer: correct 1,
partly correct 0.5, wrong 0. For multiple choice the memories are restored
before the model reads them, as in the reference, and the letter must match.
Our prompts are our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
import msgspec

from evaluation.material import Question

__all__ = ["Answering", "Endpoint", "EndpointError", "credit_of"]

_ANSWER = (
    "You answer questions about a user from notes of earlier conversations. Words like <Email_1> stand for private "
    "values: copy them exactly where they belong. Answer in one short sentence, from the notes alone.\n\n"
    "Notes:\n{notes}\n\nQuestion: {question}"
)
_CHOOSE = (
    "You choose the option that fits the user best, from notes of earlier conversations. "
    "Reply with the letter alone.\n\nNotes:\n{notes}\n\nQuestion: {question}\n\nOptions:\n{options}"
)
_JUDGE = (
    "Does the given answer say what the expected answer says? Reply with one word: CORRECT, PARTLY or WRONG.\n\n"
    "Question: {question}\nExpected: {expected}\nGiven: {given}"
)
_CREDITS = {"CORRECT": 1.0, "PARTLY": 0.5, "WRONG": 0.0}
_LETTERS = "ABCDEFGH"


class EndpointError(Exception):
    """The endpoint failed or answered something else; the message holds no text of it."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-style chat endpoint.

    Args:
        url: up to and without ``/chat/completions``.
        model: name of the model.
        key: sent as bearer token; empty for none.
        seconds: given to one request.
    """

    url: str
    model: str
    key: str = ""
    seconds: float = 120.0

    def __repr__(self) -> str:
        return f"Endpoint({self.model!r})"

    def ask(self, prompt: str) -> str:
        """One prompt, one answer, temperature 0.

        Raises:
            EndpointError: no answer, or not of the known shape.
        """
        body = {"model": self.model, "temperature": 0, "messages": [{"role": "user", "content": prompt}]}
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        try:
            reply = httpx2.post(
                f"{self.url.rstrip('/')}/chat/completions", json=body, headers=headers, timeout=self.seconds
            )
            reply.raise_for_status()
            document: Any = msgspec.json.decode(reply.content)
            return str(document["choices"][0]["message"]["content"])
        except httpx2.HTTPError as error:
            raise EndpointError(f"the endpoint failed ({type(error).__name__})") from None
        except (msgspec.DecodeError, KeyError, IndexError, TypeError):
            raise EndpointError("the endpoint's answer is no chat completion") from None


@dataclass(frozen=True, slots=True)
class Answering:
    """Asks for answers and judges them.

    Args:
        model: answers; it sees protected texts only, except for multiple choice.
        judge: compares; it sees the question and both answers in clear.
    """

    model: Endpoint
    judge: Endpoint

    @property
    def name(self) -> str:
        """Which models they are."""
        return f"{self.model.model} judged by {self.judge.model}"

    def credit(
        self, question: Question, sent: str, memories: Sequence[str], restore: Callable[[str], str]
    ) -> float | None:
        """Credit for one question; ``None`` where no answer is known.

        Args:
            question: the original one.
            sent: the question as it left.
            memories: as they came back, not restored.
            restore: puts values back.

        Raises:
            EndpointError: one of the two failed.
        """
        notes = "\n".join(f"- {memory}" for memory in memories)
        if question.options and question.right is not None:
            options = "\n".join(f"{letter}. {text}" for letter, text in zip(_LETTERS, question.options, strict=False))
            prompt = _CHOOSE.format(notes=restore(notes), question=question.text, options=options)
            letter = re.search(r"\b[A-H]\b", self.model.ask(prompt).upper())
            return float(letter is not None and letter.group() == _LETTERS[question.right])
        if not question.accepted:
            return None
        given = restore(self.model.ask(_ANSWER.format(notes=notes, question=sent)))
        expected = " / ".join(question.accepted)
        return credit_of(self.judge.ask(_JUDGE.format(question=question.text, expected=expected, given=given)))


def credit_of(verdict: str) -> float:
    """The credit that a judge's words mean; the first of its three words counts.

    Raises:
        EndpointError: none of them is there.
    """
    found = re.search("|".join(_CREDITS), verdict.upper())
    if found is None:
        raise EndpointError("the judge gave no verdict")
    return _CREDITS[found.group()]
