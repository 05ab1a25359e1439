"""A question and its candidate sentences -> numbers that tell how well each fits: what the learned ranking weighs.

Each is 0 to 1 or nearly so. Scores that depend on the shelf or the model are stretched over the candidates of the
question, so that weights learned on one shelf serve another.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from index.analysis import distinct_terms
from index.documents import Document, Span
from index.embedding import Vectors
from index.snapshot import Snapshot
from rag.searching.coverage import coverage
from rag.searching.fusion import min_max
from rag.searching.retrieval import RankedPassage
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

    id: int
    cosine: float
    passage: RankedPassage
    document: Document
    span: Span
    words: str
    before: str


def look(snapshot: Snapshot, ranked: Sequence[RankedPassage]) -> list[Seen]:
    """The sentences of some passages, best passage first: each once."""
    found: dict[int, Seen] = {}
    spans = snapshot.spans(at for passage in ranked for at in passage.sentences)
    for passage in ranked:
        document = snapshot.document(passage.document)
        before = ""
        for at, cosine in zip(passage.sentences, passage.cosines, strict=True):
            span = spans[at]
            words = span.of(document.text)
            if at not in found:
                found[at] = Seen(at, cosine, passage, document, span, words, before)
            before = words
    return list(found.values())


def measure(question: Question, weights: Sequence[float], seen: Sequence[Seen]) -> Vectors:
    """The features of sentences, shape (sentences, features), columns in the order of `NAMES`.

    Args:
        question: What was asked.
        weights: How much each of its concepts tells; see `rag.searching.coverage.concept_weights`.
        seen: The candidates: at least one.
    """
    asked = frozenset(term for concept in question.concepts for form in concept.forms for term in form)

    def there(words: str) -> frozenset[str]:
        return distinct_terms(words) & asked

    @cache  # few sentences have words of the question that no other has
    def covered(words: frozenset[str]) -> float:
        return coverage(question.concepts, weights, words)

    titles = {one.document.name: there(one.document.bibliography.title) for one in seen}
    cosines = {one.id: one.cosine for one in seen}
    there_is = {one.words: there(one.words) for one in seen} | {"": frozenset()}
    rows = []
    for one in seen:
        words, at, count = there_is[one.words], one.id, len(one.words.split())
        own = one.passage.passage
        near = [cosines[other] for other in (at - 1, at + 1) if own.first <= other <= own.last]
        rows.append(
            (
                one.cosine,
                covered(words | there_is[one.before]),
                covered(words | titles[one.document.name]),
                one.passage.cosine,
                one.passage.bm25,
                max(near, default=0.0),
                float(_is_sentence(one.words, count)),
                min(math.log1p(count) / _LONG, 1.5),
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
    return _is_sentence(words, len(words.split()))


def _is_sentence(words: str, count: int) -> bool:
    return count >= 4 and bool(_END.search(words))
