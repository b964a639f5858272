"""A language model as one more recognizer: MemPrivacy-4B, or any other that runs at home.

The text is cut into windows, each is asked about in one prompt, and what the
answer names is marked where it stands in the text. The model can add spans and
raise levels, never take anything away: the other recognizers stand beside it,
and ``memveil.resolve`` keeps the higher level. So a text that talks the model
into silence hides nothing from the rules.

What happens where the model gives no usable answer is the user's choice:
``FAIL`` stops the text, ``DEGRADE`` goes on with the rest of the cascade and says
so, in ``Context.degraded`` and as a :class:`DegradedWarning`.
"""

from __future__ import annotations

import enum
import threading
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace

from memveil.detect import Context
from memveil.recognizers.llm_answer import Item, locate, read_answer
from memveil.recognizers.llm_model import LanguageModel, ModelFailed
from memveil.recognizers.llm_prompt import ANSWER_SCHEMA, build_prompt
from memveil.recognizers.llm_windows import windows
from memveil.spans import Span

__all__ = ["Counts", "DegradedWarning", "LanguageModelRecognizer", "OnFailure"]


class DegradedWarning(UserWarning):
    """A text went on without the language model, because the user chose ``degrade``."""


class OnFailure(enum.Enum):
    """What happens to a text that the language model did not read properly."""

    FAIL = "fail"
    DEGRADE = "degrade"


@dataclass(frozen=True, slots=True)
class Counts:
    """What happened so far. Holds no value.

    Args:
        asked: prompts.
        failed: prompts without a usable answer.
        items: items of all answers.
        invented: items among them that stand nowhere in their text.
    """

    asked: int = 0
    failed: int = 0
    items: int = 0
    invented: int = 0


class LanguageModelRecognizer:
    """Recognizes what a language model says is private. Thread-safe.

    Args:
        model: who is asked.
        on_failure: what happens where it gives no usable answer.
        previous: how many turns before the text are shown to it.
        window: characters of a text that are asked about at once.
        overlap: characters that neighbouring windows share; a longer fact may be cut.
        instructions: instead of our own; see ``memveil.recognizers.llm_prompt``.
    """

    name = "llm"

    def __init__(
        self,
        model: LanguageModel,
        *,
        on_failure: OnFailure = OnFailure.FAIL,
        previous: int = 0,
        window: int = 3000,
        overlap: int = 200,
        instructions: str | None = None,
    ) -> None:
        self._model = model
        self._on_failure = on_failure
        self._previous = previous
        self._window = window
        self._overlap = overlap
        self._instructions = instructions
        self._lock = threading.Lock()
        self._counts = Counts()

    @property
    def model_name(self) -> str:
        """What the model is called: a host, a file."""
        return self._model.name

    @property
    def counts(self) -> Counts:
        """What happened so far, in all threads."""
        return self._counts

    def recognize(self, text: str, context: Context) -> Iterable[Span]:
        """Spans of everything the model names, everywhere it stands in the text; they may overlap.

        Raises:
            ModelFailed: no usable answer, and the policy is to fail.
        """
        if not text.strip():
            return ()
        items: dict[Item, None] = {}
        for start, end in windows(text, size=self._window, overlap=self._overlap):
            try:
                items |= dict.fromkeys(self._ask(text[start:end], context))
            except _Unusable as unusable:
                items |= dict.fromkeys(unusable.items)
                self._give_up(unusable.failure, context)
            except ModelFailed as failure:
                self._count(asked=1, failed=1)
                self._give_up(failure, context)
                # Who is not there for one window is not there for the next.
                break
        # A value that one window shows is private in all the text.
        located = locate(text, items, recognizer=self.name)
        self._count(items=len(items), invented=located.invented)
        if not located.is_plausible:
            self._count(failed=1)
            self._give_up(
                ModelFailed(f"the language model at {self._model.name} marks more than can be meant"), context
            )
        return located.spans

    def close(self) -> None:
        """Close the model."""
        self._model.close()

    def _ask(self, text: str, context: Context) -> Iterable[Item]:
        turns = context.previous[-self._previous :] if self._previous else ()
        prompt = build_prompt(text, user_name=context.user_name, previous=turns, instructions=self._instructions)
        completion = self._model.complete(prompt, ANSWER_SCHEMA)
        reading = read_answer(completion.text)
        if reading.is_complete and not completion.is_cut:
            self._count(asked=1)
            return reading.items
        self._count(asked=1, failed=1)
        what = "was cut off at its greatest length" if completion.is_cut else "is not the list it was asked for"
        raise _Unusable(ModelFailed(f"the answer of the language model at {self._model.name} {what}"), reading.items)

    def _give_up(self, failure: ModelFailed, context: Context) -> None:
        if self._on_failure is OnFailure.FAIL:
            raise failure from None
        if context.degraded is not None:
            context.degraded.append(f"{self.name}: {failure}")
        warnings.warn(f"{failure}; the text went on without it", DegradedWarning, stacklevel=2)

    def _count(self, *, asked: int = 0, failed: int = 0, items: int = 0, invented: int = 0) -> None:
        with self._lock:
            before = self._counts
            self._counts = replace(
                before,
                asked=before.asked + asked,
                failed=before.failed + failed,
                items=before.items + items,
                invented=before.invented + invented,
            )


class _Unusable(Exception):
    """An answer that was not read to its end, with what could be read of it."""

    def __init__(self, failure: ModelFailed, items: Iterable[Item]) -> None:
        super().__init__()
        self.failure = failure
        self.items = items
