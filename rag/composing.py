"""Chosen quotes -> the text of an answer, its sentences and their citations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.bibliography import short_attribution
from index.snapshot import Snapshot
from rag.answers import Citation, QuoteMismatchError, Sentence, cite
from rag.candidates import Choice
from rag.question import Question

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer put together; empty where no quote could be verified."""

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]


def compose(snapshot: Snapshot, question: Question, chosen: Sequence[Choice]) -> Composed:
    """Put quotes together, as a reader of this kind of question expects.

    Quotes of one document stand together, under its name; documents in the order of their best quote.
    """
    del question  # not yet
    order = {choice.document.name: at for at, choice in reversed(list(enumerate(chosen)))}
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    for choice in sorted(chosen, key=lambda one: order[one.document.name]):
        try:
            where = snapshot.rectangles(choice.document.name, choice.span)
            citation = cite(choice.document, choice.span, len(citations) + 1, choice.score, where)
        except QuoteMismatchError:  # never shown; the others stand
            continue
        same = bool(citations) and citations[-1].document == citation.document
        citations.append(citation)
        quote = f"“{_SPACE.sub(' ', citation.quote)}”"
        name = short_attribution(choice.document.bibliography, citation.document)
        sentences.append(Sentence(text=quote if same else f"{name}: {quote}", citations=(citation.number,)))
    return Composed(_text(sentences, citations), tuple(sentences), tuple(citations))


def _text(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> str:
    """The answer as one text: a paragraph a document, each quote followed by its number."""
    paragraphs: list[list[str]] = []
    before = ""
    for sentence, citation in zip(sentences, citations, strict=True):
        if citation.document != before:
            paragraphs.append([])
        before = citation.document
        paragraphs[-1].append(f"{sentence.text} [{citation.number}]")
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
