"""A conversation, as chat messages and as the panel of sources beside them."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypedDict

from index.errors import PinciteError
from rag.abstaining.reasons import ABSTAINED
from rag.answers import Answer, Sentence
from rag.assistant import Assistant
from ui.sources import anchor, card, escape, nearest_card, tidy

WORKING = "Reading the reviews"
NO_SOURCES = '<div class="pc-sources pc-idle"><p>The passages that an answer quotes appear here.</p></div>'

_BUG = "Something went wrong inside Pincite, and this question was not answered. The terminal says more."
_log = logging.getLogger(__name__)


class Message(TypedDict):
    """One message as the chat shows it; its content is HTML."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what came of it: an answer with its sources' cards, or a problem in words."""

    number: int
    question: str
    answer: Answer | None = None
    cards: str = ""
    problem: str = ""


def ask(assistant: Assistant, question: str, before: Sequence[Turn]) -> Turn:
    """Put a question, in the light of the turns before; what goes wrong comes back in words."""
    number = len(before) + 1
    try:
        answer = assistant.answer(question, history=history(before))
        return Turn(number, question, answer, _cards(assistant, answer, number))
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


def messages(turns: Sequence[Turn], waiting: str = "") -> list[Message]:
    """The conversation as chat messages, and at its end the question being worked on, if there is one."""
    shown: list[Message] = []
    for turn in turns:
        shown += [_said(turn.question), {"role": "assistant", "content": reply(turn)}]
    if waiting:
        working = f'<div class="pc-working" role="status">{WORKING}<span aria-hidden="true"></span></div>'
        shown += [_said(waiting), {"role": "assistant", "content": working}]
    return shown


def _said(question: str) -> Message:
    return {"role": "user", "content": f'<div class="pc-question">{escape(tidy(question))}</div>'}


def reply(turn: Turn) -> str:
    """What is said to a turn's question: an answer, an abstention or a problem; each looks its own way."""
    answer = turn.answer
    if answer is None:
        return f'<div class="pc-problem"><p>{escape(tidy(turn.problem))}</p></div>'
    if answer.abstained:
        hint = "<p>The passages that come nearest are shown as well.</p>" if answer.nearest else ""
        # An instruction, say, is not something that reviews could answer.
        verdict = f'<p class="pc-verdict">{ABSTAINED}</p>' if answer.text.startswith(ABSTAINED) else ""
        return (
            f'<div class="pc-abstention">{_understood(answer)}{_notes(answer)}{verdict}'
            f'<p class="pc-reason">{escape(tidy(answer.reason))}</p>{hint}</div>'
        )
    said = "".join(_quotes(answer, turn.number))
    return f'<div class="pc-answer">{_understood(answer)}{_notes(answer)}{said}</div>'


def _understood(answer: Answer) -> str:
    """How a follow-up was read, where that is not word for word."""
    if tidy(answer.standalone_question) == tidy(answer.question):
        return ""
    return f'<p class="pc-understood">Read as: {escape(tidy(answer.standalone_question))}</p>'


def _notes(answer: Answer) -> str:
    """What Pincite itself has to say: it is no quote, and does not look like one."""
    return "".join(f'<p class="pc-understood">{escape(tidy(note))}</p>' for note in answer.notes)


def _quotes(answer: Answer, turn: int) -> Iterator[str]:
    quotes = {citation.number: f"“{tidy(citation.quote)}”" for citation in answer.citations}
    for sentence in answer.sentences:
        text = tidy(sentence.text)
        quote = next((quotes[n] for n in sentence.citations if n in quotes and text.endswith(quotes[n])), "")
        lead = text[: len(text) - len(quote)].strip()
        if quote and lead:
            yield f'<p class="pc-who">{escape(lead)}</p>'
        body = quote or text
        kind = "blockquote" if quote else "p"
        yield f'<{kind} class="pc-said">{escape(body)} {_numbers(sentence, turn)}</{kind}>'


def _numbers(sentence: Sentence, turn: int) -> str:
    return "".join(
        f'<a class="pc-cite" href="#{anchor(turn, n)}" aria-label="Source {n}">[{n}]</a>' for n in sentence.citations
    )


def _cards(assistant: Assistant, answer: Answer, turn: int) -> str:
    """The cards of an answer, or of the passages nearest to an abstention."""
    if answer.abstained:
        return "".join(nearest_card(citation, turn) for citation in answer.nearest)
    cards = []
    with assistant.snapshot() as snapshot:
        for citation in answer.citations:
            # A sync may have changed the shelf since the answer: the quote then stands alone.
            known = citation.document in snapshot.contents
            document = snapshot.document(citation.document) if known else None
            cards.append(card(citation, turn, document, snapshot.sentences_of(citation.document) if known else ()))
    return "".join(cards)


def panel(turns: Sequence[Turn]) -> str:
    """The sources of all answers, the newest first: no number in the chat ever loses its card."""
    shown = [turn for turn in reversed(turns) if turn.cards]
    if not shown:
        return NO_SOURCES
    return f'<div class="pc-sources">{"".join(_group(turn) for turn in shown)}</div>'


def _group(turn: Turn) -> str:
    abstained = turn.answer is not None and turn.answer.abstained
    heading = "Nearest passages" if abstained else "Sources"
    note = '<p class="pc-note">They come near the question, but do not answer it.</p>' if abstained else ""
    asked = f'<p class="pc-asked">{escape(tidy(turn.question))}</p>'
    return f'<section aria-label="{heading}"><h2>{heading}</h2>{asked}{note}{turn.cards}</section>'
