"""Ranked passages -> the sentences that answer, in the documents' own words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.analysis import terms
from index.documents import Document, Span
from index.snapshot import Snapshot
from rag.question import Question
from rag.retrieval import RankedPassage

PASSAGES_READ = 8
"""The best passages, from which sentences are chosen."""

_PASSAGE_SHARE = 0.5  # a sentence's own score, and this much of its passage's
_FRAGMENT = 0.5  # what is no sentence (a heading, a keyword, an address) answers less often
_ALIKE = 0.7  # share of words from which two sentences say the same
_NEXT_BEST = 0.85  # a further sentence must come this close to the best one
_NEXT_BEST_OF_LIST = 0.75  # and this close where several things are asked for

_END = re.compile(r"[.?!…]['\"”’)\]\d,\s]*$")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|half|twice"
    r"|none|no one|majority|minority|all)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence chosen: where it stands, how good it is (0 to 1), and, of one that was searched for, its id and cosine."""

    document: Document
    span: Span
    score: float
    id: int = 0
    cosine: float = 0.0

    @property
    def words(self) -> str:
        """The sentence's words."""
        return self.span.of(self.document.text)


def candidates(
    snapshot: Snapshot, ranked: Sequence[RankedPassage], documents: Sequence[str] | None = None
) -> list[Choice]:
    """The sentences of the best passages, best first: each once, with the best of its passages."""
    found: dict[int, Choice] = {}
    for passage in ranked[:PASSAGES_READ]:
        document = snapshot.document(snapshot.name_of(passage.passage.content, documents))
        spans = snapshot.spans(passage.passage.first, passage.passage.last)
        for sentence in passage.sentences:
            span = spans[sentence.id]
            score = (sentence.score + _PASSAGE_SHARE * passage.score) / (1 + _PASSAGE_SHARE)
            if not is_sentence(span.of(document.text)):
                score *= _FRAGMENT
            if sentence.id not in found or found[sentence.id].score < score:
                found[sentence.id] = Choice(document, span, score, sentence.id, sentence.cosine)
    return sorted(found.values(), key=lambda one: (-round(one.score, 6), one.document.name, one.span.start))


def choose(question: Question, found: Sequence[Choice], most: int) -> list[Choice]:
    """The one to `most` sentences that make the answer, best first.

    A comparison takes the best sentence of each document; a question for several things is freer with further
    sentences than a question for one.
    """
    able = [choice for choice in found if able_to_answer(question, choice)]
    if not able:
        return []
    if question.compares:
        return _distinct(_best_of_each(able), most)
    share = _NEXT_BEST_OF_LIST if question.lists else _NEXT_BEST
    return _distinct((choice for choice in able if choice.score >= share * able[0].score), most)


def able_to_answer(question: Question, choice: Choice) -> bool:
    """Whether a sentence could answer at all: not the title or byline, and a quantity needs a number."""
    if any(span.start < choice.span.end and choice.span.start < span.end for span in _front_matter(choice.document)):
        return False
    return not question.wants_quantity or bool(_NUMBER.search(choice.words))


def is_sentence(words: str) -> bool:
    """Whether words read as a sentence: they end as one, and there are enough of them."""
    return bool(_END.search(words)) and len(words.split()) >= 4


def _front_matter(document: Document) -> Iterable[Span]:
    return (span for spans in document.bibliography.stated.values() for span in spans)


def _best_of_each(found: Sequence[Choice]) -> list[Choice]:
    best: dict[str, Choice] = {}
    for choice in found:
        best.setdefault(choice.document.name, choice)
    return list(best.values())


def _distinct(found: Iterable[Choice], most: int) -> list[Choice]:
    """The first `most` that say different things."""
    kept: list[tuple[Choice, set[str]]] = []
    for choice in found:
        words = set(terms(choice.words))
        if all(len(words & other) < _ALIKE * min(len(words), len(other)) for _, other in kept):
            kept.append((choice, words))
        if len(kept) == most:
            break
    return [choice for choice, _ in kept]
