"""Question -> ranked passages.

Candidates come from three searches: sentences near in meaning, passages and sentences by BM25. Each candidate
then gets all three scores exactly, and the scores (not the ranks) are fused: a passage is as good as its best
sentence, helped by the words of the whole passage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from index.embedding import Vectors
from index.rows import StoredPassage
from index.snapshot import Snapshot
from rag.searching.fusion import Weights, fuse


class RankedSentence(NamedTuple):
    """A candidate sentence: its cosine to the question, and its BM25."""

    id: int
    cosine: float
    bm25: float


class RankedPassage(NamedTuple):
    """A candidate passage of a document, its fused score and what it was made of; its sentences in reading order."""

    document: str
    passage: StoredPassage
    score: float
    cosine: float
    bm25: float
    sentence_bm25: float
    sentences: tuple[RankedSentence, ...]


def retrieve(
    snapshot: Snapshot,
    vector: Vectors,
    terms: Sequence[str],
    *,
    candidates: int,
    documents: Sequence[str] | None = None,
    weights: Weights | None = None,
) -> list[RankedPassage]:
    """Rank passages for a question, best first.

    Args:
        snapshot: The index.
        vector: The question's vector, shape (dimension,).
        terms: The question's index terms.
        candidates: How many each of the three searches brings.
        documents: Names of the documents to search, or None for all.
        weights: Of the fusion; the default ones if None.
    """
    weights = weights or Weights()
    names = snapshot.names_within(documents)
    passages = _candidates(snapshot, vector, terms, candidates, None if documents is None else sorted(names))
    if not passages:
        return []
    searcher = snapshot.searcher
    ids = np.unique(np.concatenate([np.arange(passage.first, passage.last + 1) for passage in passages]))
    cosines = searcher.cosines(vector, ids)
    by_words = searcher.sentence_scores(terms, ids.tolist()) if terms else {}
    bm25 = np.array([by_words.get(at, 0.0) for at in ids.tolist()], dtype=np.float32)
    of_passages = searcher.passage_scores(terms, [passage.id for passage in passages]) if terms else {}
    # Every sentence of a passage is among them, and so each passage is a stretch of them.
    starts = np.searchsorted(ids, [passage.first for passage in passages])
    lengths = np.array([passage.last + 1 - passage.first for passage in passages])
    starts_of = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    every = np.arange(lengths.sum()) + np.repeat(starts - starts_of, lengths)
    features = np.column_stack(
        [
            np.maximum.reduceat(cosines[every], starts_of),
            np.array([of_passages.get(passage.id, 0.0) for passage in passages], dtype=np.float32),
            np.maximum.reduceat(bm25[every], starts_of),
        ]
    )
    scores = fuse(features, weights).tolist()
    sentences = list(map(RankedSentence, ids.tolist(), cosines.tolist(), bm25.tolist()))
    ranked = [
        RankedPassage(names[passage.content], passage, score, a, b, c, tuple(sentences[at : at + count]))
        for passage, score, (a, b, c), at, count in zip(
            passages, scores, features.tolist(), starts.tolist(), lengths.tolist(), strict=True
        )
    ]
    # Equal scores in the order of the shelf, so that the same question always has the same answer.
    return sorted(ranked, key=lambda one: (-round(one.score, 6), one.document, one.passage.first))


def _candidates(
    snapshot: Snapshot, vector: Vectors, terms: Sequence[str], k: int, within: Sequence[int] | None
) -> list[StoredPassage]:
    searcher = snapshot.searcher
    among = None if within is None else snapshot.sentence_ids(within)
    sentences = [hit.id for hit in searcher.nearest_sentences(vector, k, among)]
    matching: list[StoredPassage] = []
    if terms:
        sentences += [hit.id for hit in searcher.matching_sentences(terms, k, within)]
        matching = snapshot.passages([hit.id for hit in searcher.matching_passages(terms, k, within)])
    found = {passage.id: passage for passage in (*matching, *snapshot.passages_holding(sentences))}
    return [found[at] for at in sorted(found)]
