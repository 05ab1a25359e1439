"""A question and its candidate sentences -> numbers that tell how well each fits: what the learned ranking weighs.

Each is 0 to 1 or nearly so. Scores that depend on the shelf or the model are stretched over the candidates of the
question, so that weights learned on one shelf serve another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.analysis import distinct_terms
from index.documents import Document, Span
from index.embedding import Vectors
from index.snapshot import Snapshot
from rag.searching.coverage import coverage
from rag.searching.fusion import min_max
from rag.searching.retrieval import RankedPassage, RankedSentence
from rag.understanding.question import Question

NAMES = (
    "cosine",
    "coverage with the sentence before",
    "coverage with the title",
    "passage's cosine",
    "passage's bm25",
    "neighbours' cosine",
    "whole sentence",
    "length",
    "number asked for",
)

_END = re.compile(r"[.?!…]['\"”’)\]\d,\s]*$")
_LONG = 4.0  # natural logarithm of a long sentence's words


@dataclass(frozen=True, slots=True)
class Seen:
    """A candidate sentence where it stands: in the best of its passages, after the sentence `before`."""

    sentence: RankedSentence
    passage: RankedPassage
    document: Document
    span: Span
    words: str
    before: str


def look(snapshot: Snapshot, ranked: Sequence[RankedPassage]) -> list[Seen]:
    """The sentences of some passages, best passage first: each once."""
    found: dict[int, Seen] = {}
    for passage in ranked:
        document = snapshot.document(passage.document)
        spans = snapshot.spans(passage.passage.first, passage.passage.last)
        before = ""
        for sentence in passage.sentences:
            span = spans[sentence.id]
            words = span.of(document.text)
            if sentence.id not in found:
                found[sentence.id] = Seen(sentence, passage, document, span, words, before)
            before = words
    return list(found.values())


def measure(question: Question, weights: Sequence[float], seen: Sequence[Seen]) -> Vectors:
    """The features of sentences, shape (sentences, features), columns in the order of `NAMES`.

    Args:
        question: What was asked.
        weights: How much each of its concepts tells; see `rag.searching.coverage.concept_weights`.
        seen: The candidates: at least one.
    """
    concepts = question.concepts
    titles = {one.document.name: distinct_terms(one.document.bibliography.title) for one in seen}
    cosines = {one.sentence.id: one.sentence.cosine for one in seen}
    rows = []
    for one in seen:
        words, at = distinct_terms(one.words), one.sentence.id
        own = one.passage.passage
        near = [cosines[other] for other in (at - 1, at + 1) if own.first <= other <= own.last]
        rows.append(
            (
                one.sentence.cosine,
                coverage(concepts, weights, words | distinct_terms(one.before)),
                coverage(concepts, weights, words | titles[one.document.name]),
                one.passage.cosine,
                one.passage.bm25,
                max(near, default=0.0),
                float(is_sentence(one.words)),
                min(math.log1p(len(one.words.split())) / _LONG, 1.5),
                float(question.wants_quantity and any(letter.isdigit() for letter in one.words)),
            )
        )
    found = np.array(rows, dtype=np.float32)
    for name in ("cosine", "passage's bm25"):
        column = NAMES.index(name)
        found[:, column] = min_max(found[:, column])
    return found


def is_sentence(words: str) -> bool:
    """Whether words read as a sentence: they end as one, and there are enough of them."""
    return bool(_END.search(words)) and len(words.split()) >= 4
