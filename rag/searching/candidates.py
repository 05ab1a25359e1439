"""Passages found -> candidate sentences with how well each answers, and the passages in the order of their best."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.documents import Document, Span
from index.snapshot import Snapshot
from rag.searching import ranking
from rag.searching.features import Seen, look, measure
from rag.searching.reading import Reader
from rag.searching.retrieval import RankedPassage
from rag.understanding.question import Question

PASSAGES_READ = 8
"""The best passages, whose sentences are candidates."""

_AUTHOR_MATTER = re.compile(
    r"fund|compet|conflict|disclos|editor|correspond|contribut|provenance|peer review|acknowledg|public involvement"
    r"|ethic|availability|affiliation|key ?words?",
    re.IGNORECASE,
)
_OF_THE_AUTHORS = 1.0  # so much less, on the scale of the scores, a sentence about the authors counts as an answer


@dataclass(frozen=True, slots=True)
class Choice:
    """A sentence that may answer: where it stands, and how near it comes to the best, 0 to 1.

    One that was searched for has its id, its cosine to the question, and the chance that a reader gave it, if one
    read it. `twins` are the same words in other documents.
    """

    document: Document
    span: Span
    score: float
    id: int = 0
    cosine: float = 0.0
    chance: float | None = None
    twins: tuple[Choice, ...] = ()

    @property
    def words(self) -> str:
        """The sentence's words."""
        return self.span.of(self.document.text)


def read_as(question: Question) -> str:
    """A question as a reader is asked it."""
    return question.meant or question.text


def candidates(
    snapshot: Snapshot,
    question: Question,
    weights: Sequence[float],
    passages: Sequence[RankedPassage],
    reader: Reader | None,
) -> list[Choice]:
    """The sentences of the best passages, best first.

    Args:
        snapshot: The index.
        question: What was asked.
        weights: How much each of its concepts tells; see `rag.searching.coverage.concept_weights`.
        passages: The best ones, of which the first are looked at.
        reader: Reads the best sentences again, if given.
    """
    seen = look(snapshot, passages[:PASSAGES_READ])
    if not seen:
        return []
    features = measure(question, weights, seen)
    scores = first = ranking.first_scores(features)
    chances: dict[int, float] = {}
    if reader is not None:
        read = ranking.worth_reading(first)
        said = reader.read(read_as(question), [seen[at].words for at in read])
        scores = ranking.final_scores(features, first, read.tolist(), said)
        chances = dict(zip(read.tolist(), map(float, said), strict=True))
    scores = scores - _OF_THE_AUTHORS * np.array([_is_of_the_authors(one) for one in seen], dtype=np.float32)
    found = [
        Choice(one.document, one.span, float(score), one.id, one.cosine, chances.get(at))
        for at, (one, score) in enumerate(zip(seen, ranking.nearness(scores), strict=True))
    ]
    return sorted(found, key=lambda one: (-round(one.score, 6), one.document.name, one.span.start))


def by_best_sentence(passages: Sequence[RankedPassage], found: Sequence[Choice]) -> list[RankedPassage]:
    """Passages in the order of the best sentence of each; those not looked at after them, as they were."""
    scores = {choice.id: choice.score for choice in found}
    looked_at = [
        passage._replace(score=max(map(scores.__getitem__, passage.sentences)))
        for passage in passages
        if passage.passage.first in scores and all(map(scores.__contains__, passage.sentences))
    ]
    # Neighbours share a sentence: where it is the best of both, the passage that was ahead stays ahead.
    looked_at.sort(key=lambda one: -round(one.score, 6))
    known = {passage.passage.id for passage in looked_at}
    lowest = looked_at[-1].score if looked_at else 1.0
    rest = [
        # Made anew: `_replace` takes five times as long, and these are many.
        RankedPassage(one.document, one.passage, one.score * lowest, one.cosine, one.bm25, one.cosines)
        for one in passages
        if one.passage.id not in known
    ]
    return looked_at + rest


def _is_of_the_authors(one: Seen) -> bool:
    return bool(_AUTHOR_MATTER.search(one.document.section_at(one.span.start)))
