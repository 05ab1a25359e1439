"""Why there is no answer: the category of an abstention, and a sentence that a person can use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.analysis import terms
from index.searcher import Searcher
from rag.question import Question


class Why(StrEnum):
    """Categories of an abstention."""

    NOT_THE_SUBJECT = "not the subject"
    NOT_THIS_FACT = "not this fact"
    FALSE_PREMISE = "false premise"
    WEB_PAGE = "web page"
    INSTRUCTION = "instruction"
    LANGUAGE = "language"
    UNSTATED = "unstated"
    NO_QUESTION = "no question"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why there is no answer: its category, and in words."""

    why: Why
    words: str


def reason(question: Question, searcher: Searcher, number_missing: bool) -> Reason:
    """Why nothing that was found answers a question."""
    missing = [word for word in question.words if not any(searcher.document_frequency(term) for term in terms(word))]
    if number_missing:
        return Reason(
            Why.NOT_THIS_FACT, "The reviews touch on this, but the passages nearest to the question state no number."
        )
    if missing and len(missing) == len(question.words):
        return Reason(Why.NOT_THE_SUBJECT, "Nothing in the reviews touches on this.")
    if missing:
        return Reason(Why.NOT_THIS_FACT, f"The reviews nowhere use the {_listed(missing)}.")
    return Reason(Why.NOT_THIS_FACT, "The reviews come near this, but no sentence in them answers it.")


def _listed(words: Sequence[str]) -> str:
    named = [f"“{word}”" for word in dict.fromkeys(words)][:4]
    return f"word {named[0]}" if len(named) == 1 else f"words {', '.join(named[:-1])} or {named[-1]}"
