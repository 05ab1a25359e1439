"""Asking an assistant the questions of a set, and noting what came back."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.report import Progress, ProgressCallback
from rag.answers import Answer, Citation
from rag.assistant import Assistant
from rag.evaluation.places import Found, Place, passage_ranks, sentence_ranks, touches
from rag.evaluation.questions import Asked

SENTENCES = 10  # sentences looked at


@dataclass(frozen=True, slots=True)
class Given:
    """The answer that was given. `right` tells of its first citation, `right_any` of any; None where none can tell."""

    answer: Answer
    right: bool | None
    right_any: bool | None
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: the ranks of what was right, and the answer; None where it was not asked for."""

    asked: Asked
    passages: tuple[int, ...] | None = None
    sentences: tuple[int, ...] | None = None
    given: Given | None = None


def run(
    assistant: Assistant, asked: Sequence[Asked], k: int, progress: ProgressCallback | None = None
) -> list[Outcome]:
    """Ask every question: for its `k` best passages, its best sentences, as far as gold is known, and its answer."""
    asked = cited_names(assistant, asked)
    names = [listed.name for listed in assistant.documents()]
    outcomes: list[Outcome] = []
    if asked:
        assistant.answer(asked[0].question)  # loads the model, which is no part of any answer's time
    for done, one in enumerate(asked):
        if progress is not None:
            progress(Progress("Asking", done, len(asked), one.question[:60]))
        shelf = [name for name in names if name not in one.without] if one.without else None
        outcomes.append(_ask(assistant, one, k, shelf))
    return outcomes


def sample(asked: Sequence[Asked], limit: int | None) -> list[Asked]:
    """At most `limit` of the questions, drawn with a fixed seed, in their order."""
    if limit is None or limit >= len(asked):
        return list(asked)
    return [asked[at] for at in sorted(random.Random(0).sample(range(len(asked)), limit))]  # noqa: S311


def cited_names(assistant: Assistant, asked: Sequence[Asked]) -> list[Asked]:
    """The questions with documents under the name they are cited by: equal files are cited as one.

    A file is off the shelf only if its equals are.
    """
    with assistant.snapshot() as snapshot:
        cited = {name: snapshot.name_of(content) for name, content in snapshot.contents.items()}
    equals: dict[str, list[str]] = {}
    for name, first in cited.items():
        equals.setdefault(first, []).append(name)

    def renamed(places: tuple[Place, ...]) -> tuple[Place, ...]:
        return tuple(replace(place, document=cited.get(place.document, place.document)) for place in places)

    return [
        replace(
            one,
            gold=renamed(one.gold),
            sentences=renamed(one.sentences),
            without=tuple(other for name in one.without for other in equals.get(cited.get(name, name), ())),
        )
        for one in asked
    ]


def _ask(assistant: Assistant, one: Asked, k: int, shelf: Sequence[str] | None) -> Outcome:
    started = time.perf_counter()
    answer = assistant.answer(one.question, one.history, shelf)
    seconds = time.perf_counter() - started
    query = answer.standalone_question if one.history else one.question
    passages = sentences = None
    if one.gold:
        passages = passage_ranks(_found(assistant.search(query, k, shelf)), one.gold)
    if one.sentences:
        sentences = sentence_ranks(_found(assistant.sentences(query, SENTENCES, shelf)), one.sentences)
    return Outcome(one, passages, sentences, _judged(one, answer, seconds))


def _judged(one: Asked, answer: Answer, seconds: float) -> Given:
    gold = one.sentences or one.gold
    if answer.abstained or (one.answerable and not gold):
        return Given(answer, None, None, seconds)
    right = [any(touches(place, found) for place in gold) for found in _found(answer.citations)]
    return Given(answer, right[:1] == [True], any(right), seconds)


def _found(citations: Sequence[Citation]) -> list[Found]:
    return [(one.document, one.start, one.end) for one in citations]
