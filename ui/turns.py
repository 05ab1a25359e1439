"""A question and what came of it; a conversation as a list of these, and as the browser keeps it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import PinciteError
from index.snapshot import Snapshot
from rag.answers import Answer, Citation
from rag.assistant import Assistant
from ui.choosing import Choice
from ui.sources import card, nearest_card

MOST_TURNS = 60
"""Turns taken back from a browser; older ones stay in it and are not shown."""

_BUG = "Something went wrong inside Pincite, and this question was not answered. The terminal says more."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it: an answer with its sources' cards, or a problem in words.

    `asked` says which reviews were asked, where not all were.
    """

    number: int
    question: str
    answer: Answer | None = None
    cards: str = ""
    problem: str = ""
    asked: str = ""


class Kept(BaseModel):
    """A turn as the browser keeps it."""

    model_config = ConfigDict(extra="ignore")

    question: str = Field(max_length=20_000)
    answer: Answer
    asked: str = Field("", max_length=1000)


def ask(assistant: Assistant, question: str, before: Sequence[Turn], chosen: Callable[[], Choice] = Choice) -> Turn:
    """Put a question, in the light of the turns before; what goes wrong comes back in words.

    Args:
        assistant: Who is asked.
        question: In plain words.
        before: The conversation so far.
        chosen: Tells which reviews to ask; may find that what was typed chooses none.
    """
    number = len(before) + 1
    try:
        choice = chosen()
        documents = choice.documents(assistant)
        answer = assistant.answer(question, history=history(before), documents=documents)
        return Turn(number, question, answer, cards(assistant, answer, number), asked=choice.in_words())
    except PinciteError as error:
        return Turn(number, question, problem=str(error))
    except Exception:  # noqa: BLE001  the page must stay usable, whatever one question did
        _log.exception("A question could not be answered")
        return Turn(number, question, problem=_BUG)


def history(turns: Sequence[Turn]) -> list[dict[str, str]]:
    """The turns as the assistant takes them; those that failed are not part of the conversation."""
    told = []
    for turn in turns:
        if turn.answer is not None:
            told += [
                {"role": "user", "content": turn.question},
                {"role": "assistant", "content": turn.answer.text},
            ]
    return told


def answers(turns: Sequence[Turn]) -> list[Answer]:
    """What was answered, problems left out."""
    return [turn.answer for turn in turns if turn.answer is not None]


def keep(turn: Turn) -> dict[str, Any] | None:
    """A turn in plain values, for the browser to keep; a problem is not kept."""
    if turn.answer is None:
        return None
    # Where the words stand on their pages is found again when it is needed.
    bare = {"citations": {"__all__": {"rectangles"}}, "nearest": {"__all__": {"rectangles"}}}
    return {
        "question": turn.question,
        "asked": turn.asked,
        "answer": turn.answer.model_dump(mode="json", exclude=bare),
    }


def restore(assistant: Assistant, kept: object) -> list[Turn]:
    """The turns that a browser kept, with their cards as the shelf is now; what is not one is passed over."""
    found: list[Turn] = []
    for one in kept[-MOST_TURNS:] if isinstance(kept, list) else ():
        try:
            turn = Kept.model_validate(one)
        except ValidationError:  # of another version, or tampered with
            continue
        number = len(found) + 1
        try:
            shown = cards(assistant, turn.answer, number)
        except PinciteError:  # the index cannot be opened now; the words of the answer are kept all the same
            shown = "".join(_cards(None, turn.answer, number))
        found.append(Turn(number, turn.question, turn.answer, shown, asked=turn.asked))
    return found


def cards(assistant: Assistant, answer: Answer, turn: int) -> str:
    """The cards of an answer, or of the passages nearest to an abstention."""
    with assistant.snapshot() as snapshot:
        return "".join(_cards(snapshot, answer, turn))


def _cards(snapshot: Snapshot | None, answer: Answer, turn: int) -> Iterator[str]:
    if answer.abstained:
        yield from (nearest_card(citation, turn) for citation in answer.nearest)
        return
    for citation in answer.citations:
        yield _card(snapshot, citation, turn)


def _card(snapshot: Snapshot | None, citation: Citation, turn: int) -> str:
    # A sync may have changed the shelf since the answer: the quote then stands alone.
    if snapshot is None or citation.document not in snapshot.contents:
        return card(citation, turn)
    return card(citation, turn, snapshot.document(citation.document), snapshot.sentences_of(citation.document))
