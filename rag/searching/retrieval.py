"""Question -> ranked passages.

Candidates come from three searches: sentences near in meaning, passages and sentences by BM25. Each candidate
then gets all three scores exactly, and the scores (not the ranks) are fused: a passage is as good as its best
sentence, helped by the words of the whole passage.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from index.beside import Beside
from index.embedding import Vectors
from index.rows import StoredPassage
from index.snapshot import Snapshot
from rag.searching.fusion import Weights, fuse


class RankedPassage(NamedTuple):
    """A candidate passage of a document, its fused score and what it was made of, and the cosine of each sentence."""

    document: str
    passage: StoredPassage
    score: float
    cosine: float
    bm25: float
    cosines: tuple[float, ...]

    @property
    def sentences(self) -> range:
        """The ids of its sentences, in reading order."""
        return self.passage.sentences


def retrieve(
    snapshot: Snapshot,
    embed: Callable[[], Vectors],
    terms: Sequence[str],
    beside: Beside,
    *,
    candidates: int,
    documents: Sequence[str] | None = None,
    embedding: bool = False,
    weights: Weights | None = None,
) -> list[RankedPassage]:
    """Rank passages for a question, best first.

    Args:
        snapshot: The index.
        embed: Makes the question's vector, shape (dimension,).
        terms: The question's index terms.
        beside: Where they are searched for meanwhile.
        candidates: How many each of the three searches brings.
        documents: Names of the documents to search, or None for all.
        embedding: Whether the vector is being made already: then this thread searches for the terms meanwhile.
        weights: Of the fusion; the default ones if None.
    """
    searcher, names = snapshot.searcher, snapshot.names_within(documents)
    within = None if documents is None else sorted(names)

    def match() -> tuple[list[StoredPassage], dict[int, float]]:
        return _matching(snapshot, terms, candidates, within)

    by_terms = match() if embedding else beside.begin(match)
    vector = embed()
    among = None if within is None else snapshot.sentence_ids(within)
    near = [hit.id for hit in searcher.nearest_sentences(vector, candidates, among)]
    matched, known = by_terms() if callable(by_terms) else by_terms
    found = {passage.id: passage for passage in (*snapshot.passages_holding(near), *matched)}
    if not found:
        return []
    passages = [found[at] for at in sorted(found)]
    # Every sentence of a passage is among the ids, and so each passage is a stretch of them.
    firsts = np.array([passage.first for passage in passages], dtype=np.int64)
    lengths = np.array([passage.last for passage in passages], dtype=np.int64) + 1 - firsts
    begins = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    inside = np.arange(lengths.sum()) - np.repeat(begins, lengths)
    ids = np.unique(np.repeat(firsts, lengths) + inside)
    by_words = beside.begin(lambda: searcher.sentence_scores(terms, ids.tolist()) if terms else {})
    of_passages = known | searcher.passage_scores(terms, found.keys() - known) if terms else {}
    cosines = searcher.cosines(vector, ids)
    of_sentences = by_words()
    bm25 = np.zeros(len(ids), dtype=np.float32)
    bm25[np.searchsorted(ids, list(of_sentences))] = list(of_sentences.values())
    starts = np.searchsorted(ids, firsts)
    every = np.repeat(starts, lengths) + inside
    features = np.column_stack(
        [
            np.maximum.reduceat(cosines[every], begins),
            np.array([of_passages.get(passage.id, 0.0) for passage in passages], dtype=np.float32),
            np.maximum.reduceat(bm25[every], begins),
        ]
    )
    fused = fuse(features, weights or Weights()).tolist()
    each = cosines.tolist()
    ranked = [
        RankedPassage(names[passage.content], passage, score, cosine, words, tuple(each[at : at + count]))
        for passage, score, (cosine, words, _), at, count in zip(
            passages, fused, features.tolist(), starts.tolist(), lengths.tolist(), strict=True
        )
    ]
    # Equal scores in the order of the shelf, so that the same question always has the same answer.
    return sorted(ranked, key=lambda one: (-round(one.score, 6), one.document, one.passage.first))


def _matching(
    snapshot: Snapshot, terms: Sequence[str], k: int, within: Sequence[int] | None
) -> tuple[list[StoredPassage], dict[int, float]]:
    """The passages that BM25 brings: the best, and those of the best sentences; and the BM25 of the best, by id."""
    if not terms:
        return [], {}
    searcher = snapshot.searcher
    sentences = [hit.id for hit in searcher.matching_sentences(terms, k, within)]
    best = {hit.id: hit.score for hit in searcher.matching_passages(terms, k, within)}
    return [*snapshot.passages(best), *snapshot.passages_holding(sentences)], best
