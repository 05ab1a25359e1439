"""A question and what came of it; a conversation of these, here and as the browser keeps it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from index.errors import PinciteError
from index.snapshot import Snapshot
from rag.answers import Answer, Citation, Draft
from rag.assistant import Assistant
from ui.choosing import Choice
from ui.keeping import StillReadingError
from ui.sources import card, nearest_card

MOST_TURNS = 60
"""Turns taken back from a browser; older ones stay in it and are not shown."""
_MOST_CITED = 100  # citations of a kept answer
_LONGEST = 400_000  # characters of a kept answer

_BUG = "Something went wrong inside Pincite, and this question was not answered. The terminal says more."
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it: an answer with its sources' cards, or a problem in words.

    `asked` says which reviews were asked, where not all were; `early` that there was no index yet, which is no failure;
    `failure` is the class of what went wrong.
    """

    number: int
    question: str
    answer: Answer | None = None
    cards: str = ""
    problem: str = ""
    asked: str = ""
    early: bool = False
    failure: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as the page has it.

    Args:
        id: What the browser keeps it under; "" before the first answer.
        turns: What was asked and answered.
        waiting: The question being worked on.
        replaces: The number of the turn that the next question is asked in place of; 0 for none.
    """

    id: str = ""
    turns: tuple[Turn, ...] = ()
    waiting: str = ""
    replaces: int = 0

    def asking(self, question: str, replaces: int = 0) -> Conversation:
        """The conversation with a question under way, and without the turns that it replaces.

        Where answers would be lost to that, it goes on as another conversation, and the browser keeps this one.
        """
        number = replaces or self.replaces
        if not number:
            return replace(self, waiting=question)
        again = number == len(self.turns) and self.turns[-1].question == question
        return Conversation(self.id if again else "", self.turns[: number - 1], question)

    def answered(self, turn: Turn) -> Conversation:
        """The conversation with an answer to the question under way."""
        return Conversation(self.id or secrets.token_hex(8), (*self.turns, turn))


class Kept(BaseModel):
    """A turn as the browser keeps it."""

    model_config = ConfigDict(extra="ignore")

    question: str = Field(max_length=20_000)
    answer: Answer
    asked: str = Field("", max_length=1000)

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        cited = (*self.answer.citations, *self.answer.nearest)
        if len(cited) > _MOST_CITED or len(self.answer.model_dump_json()) > _LONGEST:
            raise ValueError("too long for an answer")
        return self


def ask(
    assistant: Assistant,
    question: str,
    before: Sequence[Turn],
    chosen: Callable[[], Choice] = Choice,
    *,
    quoted: bool = False,
) -> Turn:
    """Put a question, in the light of the turns before; see `asking`."""
    *_, last = asking(assistant, question, before, chosen, quoted=quoted)
    assert isinstance(last, Turn)  # noqa: S101  the last always is
    return last


def asking(
    assistant: Assistant,
    question: str,
    before: Sequence[Turn],
    chosen: Callable[[], Choice] = Choice,
    *,
    quoted: bool = False,
) -> Generator[Draft | Turn, None, None]:
    """Put a question, in the light of the turns before: drafts while a language model writes, the turn last.

    What goes wrong comes back in words. Closing the iterator calls the model off.

    Args:
        assistant: Who is asked.
        question: In plain words.
        before: The conversation so far.
        chosen: Tells which reviews to ask; may find that what was typed chooses none.
        quoted: In the reviews' own words, also where a language model is set.
    """
    number = len(before) + 1
    try:
        choice = chosen()
        documents = choice.documents(assistant)
        with closing(assistant.answering(question, history(before), documents, quoted=quoted)) as coming:
            for one in coming:
                if isinstance(one, Draft):
                    yield one
                else:
                    yield Turn(number, question, one, cards(assistant, one, number), asked=choice.in_words())
    except PinciteError as error:
        early = isinstance(error, StillReadingError)
        yield Turn(number, question, problem=str(error), early=early, failure=type(error).__name__)
    except Exception as error:  # noqa: BLE001  the page must stay usable, whatever one question did
        _log.exception("A question could not be answered")
        yield Turn(number, question, problem=_BUG, failure=type(error).__name__)


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


def restore(assistant: Assistant, kept: object) -> tuple[list[Turn], list[int]]:
    """The turns that a browser kept, with their cards as the shelf is now, and which of those kept they are.

    What is none, of another version, or tampered with is passed over.
    """
    found: list[Turn] = []
    taken: list[int] = []
    listed = kept if isinstance(kept, list) else []
    for at in range(max(0, len(listed) - MOST_TURNS), len(listed)):
        number = len(found) + 1
        try:
            turn = Kept.model_validate(listed[at])
            found.append(
                Turn(number, turn.question, turn.answer, _restored(assistant, turn.answer, number), asked=turn.asked)
            )
        except Exception as error:  # noqa: BLE001  whatever a browser sends, the others are shown
            _log.debug("A kept turn was passed over: %s", error)
            continue
        taken.append(at)
    return found, taken


def _restored(assistant: Assistant, answer: Answer, number: int) -> str:
    try:
        return cards(assistant, answer, number)
    except PinciteError:  # the index cannot be opened now; the words of the answer are kept all the same
        return "".join(_cards(None, answer, number))


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
    document = snapshot.document(citation.document)
    said = document.bibliography
    about = {name: getattr(said, name) for name in ("title", "authors", "year", "journal", "doi", "labels")}
    # It may have been retracted since.
    return card(citation.model_copy(update=about), turn, document, snapshot.sentences_of(citation.document))
