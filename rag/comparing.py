"""A question put to every review separately."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from index.snapshot import Snapshot
from rag.abstaining.reasons import Why
from rag.answering import answer_question, nearest_documents
from rag.answers import Answer, Frozen
from rag.searching.finding import Tools
from rag.understanding.turns import Turn

LIMIT = 8
"""Documents asked where none are named."""

_SAID_ONCE = frozenset({Why.NO_QUESTION, Why.INSTRUCTION})


class Compared(Frozen):
    """One document, and what it alone answers; what is not known of it is empty or None."""

    document: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    labels: tuple[str, ...]
    answer: Answer


class Comparison(Frozen):
    """What each document says to a question: first those that answer, the surest first, then those that do not say.

    `not_asked` is how many documents of the shelf were left out. Where nobody could be asked (an empty question or
    shelf), `compared` is empty and `reason` says why. All answers are of one generation of the index.
    """

    question: str
    standalone_question: str
    compared: tuple[Compared, ...]
    not_asked: int
    reason: str = ""

    @property
    def answered(self) -> bool:
        """Whether any of the documents answers."""
        return any(not one.answer.abstained for one in self.compared)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain JSON values."""
        return self.model_dump(mode="json")


def compare_documents(
    tools: Tools,
    question: str,
    history: Sequence[Turn] = (),
    documents: Sequence[str] | None = None,
    limit: int = LIMIT,
) -> Iterator[Comparison]:
    """Put a question to each document of one generation of an index: a comparison after each; see `Assistant`."""
    snapshot = tools.snapshot
    asked = list(dict.fromkeys(documents)) if documents is not None else _nearest(tools, question, history, limit)
    # Where there is nothing to ask, or nobody, it is said once.
    first = answer_question(tools, question, history, asked[:1])
    if first.why in _SAID_ONCE:
        asked = []
    found: list[Compared] = []
    for name in asked:
        answer = answer_question(tools, question, history, [name]) if found else first
        found.append(_compared(snapshot, name, answer))
        yield _comparison(first, found, len(snapshot.names), "")
    if not asked:
        yield _comparison(first, found, len(snapshot.names), first.reason)


def _comparison(first: Answer, found: Sequence[Compared], shelf: int, reason: str) -> Comparison:
    return Comparison(
        question=first.question,
        standalone_question=first.standalone_question,
        # Sorting keeps the order of equals: those that do not say stay as they were asked.
        compared=tuple(sorted(found, key=lambda one: 1.0 if one.answer.abstained else -one.answer.confidence)),
        not_asked=shelf - len(found),
        reason=reason,
    )


def _nearest(tools: Tools, question: str, history: Sequence[Turn], limit: int) -> list[str]:
    """The documents that a search brings, the nearest first; of a small shelf all, for silence is told as well."""
    names = tools.snapshot.names
    nearest = nearest_documents(tools, question, history)
    if len(names) <= limit:
        nearest += [name for name in names if name not in nearest]
    return nearest[:limit]


def _compared(snapshot: Snapshot, name: str, answer: Answer) -> Compared:
    about = snapshot.bibliographies()[name]
    return Compared(
        document=name, title=about.title, authors=about.authors, year=about.year, labels=about.labels, answer=answer
    )
