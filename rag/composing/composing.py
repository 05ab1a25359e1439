"""Chosen quotes -> the text of an answer, its sentences and their citations.

Every sentence of an answer is a quote with its citation, led by who says it and, where the quote plainly says so, by
"Yes." or "No.". What Pincite itself has to say, such as which review is silent, goes into the notes: it quotes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.bibliography import short_attribution
from index.documents import Span
from index.snapshot import Snapshot
from rag.answers import Citation, QuoteMismatchError, Sentence, cite
from rag.composing.choosing import says
from rag.composing.lists import whole_list
from rag.composing.openings import with_what_it_points_to
from rag.searching.candidates import Choice
from rag.understanding.kinds import Kind
from rag.understanding.question import Question

_SPACE = re.compile(r"\s+")
_ONE_PLACE = 2000  # characters within which quotes of a document are read in its order


@dataclass(frozen=True, slots=True)
class Composed:
    """An answer put together; empty where no quote could be verified. `notes` are Pincite's own words."""

    text: str
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    notes: tuple[str, ...] = ()


def compose(snapshot: Snapshot, question: Question, chosen: Sequence[Choice], asked: Sequence[str] = ()) -> Composed:
    """Put quotes together, as a reader of this kind of question expects.

    Quotes of one document stand together, under its name; documents in the order of their best quote.

    Args:
        snapshot: The index.
        question: What was asked.
        chosen: The quotes, best first.
        asked: The documents that a comparison sets side by side: those that are silent are named in the notes.
    """
    lead = _lead(question, chosen)
    quotes = _without_overlaps([_in_full(snapshot, question, choice) for choice in chosen])
    citations: list[Citation] = []
    sentences: list[Sentence] = []
    before: list[str] = []
    for choice in _in_order(quotes, by_relevance=bool(lead)):
        cited: list[Citation] = []
        for place in (choice, *choice.twins):
            citation = _cited(snapshot, place, len(citations) + len(cited) + 1)
            cited += [citation] if citation else []
        if not cited:
            continue
        citations += cited
        documents = [citation.document for citation in cited]
        quote = f"“{_SPACE.sub(' ', cited[0].quote)}”"
        who = "; ".join(_name(snapshot, document) for document in documents)
        numbers = tuple(citation.number for citation in cited)
        sentences.append(Sentence(text=quote if documents == before else f"{who}: {quote}", citations=numbers))
        before = documents
    if lead and sentences:
        sentences[0] = sentences[0].model_copy(update={"text": f"{lead} {sentences[0].text}"})
    silent = [name for name in asked if name not in {citation.document for citation in citations}]
    notes = [f"{_name(snapshot, name)}: nothing found on this." for name in silent if citations]
    return Composed(_text(sentences, citations), tuple(sentences), tuple(citations), tuple(notes))


def _lead(question: Question, chosen: Sequence[Choice]) -> str:
    """ "Yes." or "No." where the first quote plainly says so and none says otherwise."""
    if question.kind is not Kind.YES_NO or not chosen:
        return ""
    said = [says(question, choice) for choice in chosen]
    if said[0] is None or (not said[0]) in said:
        return ""
    return "Yes." if said[0] else "No."


def _in_full(snapshot: Snapshot, question: Question, choice: Choice) -> Choice:
    """A quote with what it cannot be read without: the list it leads in, the sentence its opening points to."""
    sentences = snapshot.sentences_of(choice.document.name)
    whole = whole_list(choice.document, sentences, choice.span) if question.kind is Kind.LIST else None
    span = whole or with_what_it_points_to(choice.document, sentences, choice.span)
    twins = [_in_full(snapshot, question, twin) for twin in choice.twins]
    made = replace(choice, span=span, twins=())
    return replace(made, twins=tuple(twin for twin in twins if _wording(twin) == _wording(made)))


def _wording(choice: Choice) -> str:
    return _SPACE.sub(" ", choice.words).casefold()


def _without_overlaps(quotes: Sequence[Choice]) -> list[Choice]:
    """The quotes, each word quoted once: one that another holds is dropped, two that overlap are one."""
    kept: list[Choice] = []
    for choice in quotes:
        for at, other in enumerate(kept):
            if _is_quoted(choice, [other]):
                joined = Span(min(other.span.start, choice.span.start), max(other.span.end, choice.span.end))
                kept[at] = replace(other, span=joined, twins=())
                break
        else:
            kept.append(choice)
    if len(kept) < len(quotes):
        return _without_overlaps(kept)
    return [replace(one, twins=tuple(twin for twin in one.twins if not _is_quoted(twin, kept))) for one in kept]


def _is_quoted(place: Choice, quotes: Sequence[Choice]) -> bool:
    return any(one.document.name == place.document.name and _overlap(one.span, place.span) for one in quotes)


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _in_order(quotes: Sequence[Choice], by_relevance: bool) -> list[Choice]:
    """Documents in the order of their best quote; quotes of one place in a document as they are read there."""
    ordered: list[Choice] = []
    for name in dict.fromkeys(choice.document.name for choice in quotes):
        own = [choice for choice in quotes if choice.document.name == name]
        starts = [choice.span.start for choice in own]
        if not by_relevance and max(starts) - min(starts) <= _ONE_PLACE:
            own.sort(key=lambda choice: choice.span.start)
        ordered += own
    return ordered


def _cited(snapshot: Snapshot, choice: Choice, number: int) -> Citation | None:
    """The citation of a quote; None for one that is not exact, which is never shown."""
    try:
        where = snapshot.rectangles(choice.document.name, choice.span)
        return cite(choice.document, choice.span, number, choice.score, where)
    except QuoteMismatchError:
        return None


def _name(snapshot: Snapshot, document: str) -> str:
    return short_attribution(snapshot.bibliographies()[document], document)


def _text(sentences: Sequence[Sentence], citations: Sequence[Citation]) -> str:
    """The answer as one text: a paragraph a document, each quote followed by its number."""
    paragraphs: list[list[str]] = []
    documents = {citation.number: citation.document for citation in citations}
    before: list[str] = []
    for sentence in sentences:
        of = [documents[number] for number in sentence.citations]
        if of != before:
            paragraphs.append([])
        before = of
        paragraphs[-1].append(f"{sentence.text} {''.join(f'[{number}]' for number in sentence.citations)}")
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
