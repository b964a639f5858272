"""Checks memveil-bench: ``python bench/check.py [NAME...]``; prints problems, then counts; exit 1 on any problem.

What the guideline and the schema ask and a program can see.
"""

from __future__ import annotations

import collections
import datetime as dt
import itertools
import sys
from collections.abc import Iterator

from bench import KINDS, Question, User, names, read_user
from corpus import LANGUAGES, problems

LEAST_MESSAGES, LEAST_QUESTIONS, LEAST_OF_A_KIND = 40, 12, 2


def conversation_problems(user: User) -> Iterator[str]:
    """Form of the conversations, and labels that one conversation has and another lacks."""
    last = dt.date.min
    for number, conversation in enumerate(user.conversations, 1):
        where = f"{user.name} conversation {number}"
        yield from problems(conversation)
        if (conversation.user, conversation.language) != (user.full_name, user.language):
            yield f"{where}: user or language differs from the questions' file"
        try:
            date = dt.date.fromisoformat(conversation.date)
        except ValueError:
            yield f"{where}: no date"
            continue
        if date < last:
            yield f"{where}: dates go back"
        last = date
        roles = [message.role for message in conversation.messages]
        if roles != ["user", "assistant"] * (len(roles) // 2):
            yield f"{where}: roles do not alternate from user to assistant"


def unlabelled(user: User) -> Iterator[str]:
    """Values labelled in one conversation that stand bare in another."""
    known = {m.text[s:e] for c in user.conversations for m in c.messages for s, e, _ in m.spans if e - s >= 5}
    for number, conversation in enumerate(user.conversations, 1):
        for place, message in enumerate(conversation.messages, 1):
            rest = list(message.text)
            for start, end, _ in message.spans:
                rest[start:end] = "\0" * (end - start)
            for value in known:
                if value in "".join(rest):
                    yield f"{user.name} conversation {number} #{place}: unlabelled mention of {value!r}"


def question_problems(user: User) -> Iterator[str]:
    """Form of the questions; evidence and forbidden values must stand in the conversations."""
    texts = [message.text for conversation in user.conversations for message in conversation.messages]
    kinds = collections.Counter(question.kind for question in user.questions)
    for kind in KINDS:
        if kinds[kind] < LEAST_OF_A_KIND:
            yield f"{user.name}: {kinds[kind]} questions of kind {kind}"
    if user.language not in LANGUAGES or not user.seed:
        yield f"{user.name}: language or seed missing"
    for number, question in enumerate(user.questions, 1):
        for problem in problems_of(question, texts):
            yield f"{user.name} question {number}: {problem}"


def problems_of(question: Question, texts: list[str]) -> Iterator[str]:
    """What is wrong with one question."""
    together = "\n".join(texts)
    if question.kind not in KINDS:
        yield f"unknown kind {question.kind!r}"
    if not question.question or not question.answer or not question.evidence:
        yield "question, answer and evidence are needed"
    adversarial = question.kind == "Adversarial Questioning"
    if adversarial and not question.forbidden:
        yield "an adversarial question needs what it tries to pull out"
    if not adversarial and not question.accepted:
        yield "accepted answers are missing"
    for fragment in question.evidence:
        if not any(fragment in text for text in texts):
            yield f"evidence not in any message: {fragment!r}"
    for value in question.forbidden:
        if value not in together:
            yield f"forbidden value not in the conversations: {value!r}"
        if value in question.question:
            yield f"the question tells the forbidden value {value!r}"


def size_problems(user: User) -> Iterator[str]:
    messages = sum(len(conversation.messages) for conversation in user.conversations)
    if messages < LEAST_MESSAGES:
        yield f"{user.name}: {messages} messages"
    if len(user.questions) < LEAST_QUESTIONS:
        yield f"{user.name}: {len(user.questions)} questions"


LAWS = (conversation_problems, unlabelled, question_problems, size_problems)


def main(wanted: list[str]) -> int:
    bad = 0
    count: collections.Counter[str] = collections.Counter()
    for name in wanted or names():
        try:
            user = read_user(name)
        except (OSError, KeyError, ValueError) as error:
            print(f"{name}: {type(error).__name__}: {error}")
            bad += 1
            continue
        for problem in itertools.chain(*(law(user) for law in LAWS)):
            print(problem)
            bad += 1
        messages = [message for conversation in user.conversations for message in conversation.messages]
        count["users"] += 1
        count["conversations"] += len(user.conversations)
        count["messages"] += len(messages)
        count["messages without a span"] += sum(not message.spans for message in messages)
        count["spans"] += sum(len(message.spans) for message in messages)
        count["questions"] += len(user.questions)
    print(dict(count))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
