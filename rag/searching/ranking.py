"""Features -> how well each sentence answers, and by that each passage: the learned part of the search.

The weights stand in `ranking.json`; `benchmarks/fit_ranking.py` fits them. They are those of a conditional logit
(McFadden 1974): of a question's candidates, the chance that one is the answer is proportional to the exponential of
its weighted features.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

from index.embedding import Vectors
from rag.searching.features import NAMES

READER = "reader"
"""The name of the feature that a reader adds: the chance it gives a sentence."""

_MOST_READ = 8  # sentences
_WITHIN = 3.0  # of the best first score; to read further behind did not put more right sentences first

_FALL = 3.0  # so much lower, a score is 1/e as near to the best


class Weights(NamedTuple):
    """Of the features alone, and of the features with the reader's (the last)."""

    alone: Vectors
    with_reader: Vectors


def first_scores(features: Vectors) -> Vectors:
    """How well sentences answer by their features alone, shape (sentences,); only differences mean anything."""
    return np.asarray(features @ weights().alone, dtype=np.float32)


def worth_reading(first: Vectors) -> np.ndarray[Any, np.dtype[np.intp]]:
    """Which sentences a reader is to read, by their first scores: the best, and those not far behind it."""
    best = np.argsort(-first, kind="stable")[:_MOST_READ]
    return np.asarray(best[first[best] >= first.max(initial=-np.inf) - _WITHIN])


def final_scores(features: Vectors, first: Vectors, read: Sequence[int], chances: Vectors) -> Vectors:
    """The same for those that a reader has read, which go before all others.

    Args:
        features: Shape (sentences, features).
        first: Their first scores.
        read: Which of them were read.
        chances: What the reader gave these, in their order.
    """
    if not len(read):
        return first
    scores = np.array(first, dtype=np.float32)
    scores[read] = np.column_stack([features[read], chances]) @ weights().with_reader
    others = np.ones(len(first), dtype=bool)
    others[read] = False
    if others.any():
        scores[others] += min(0.0, float(scores[read].min() - scores[others].max()))
    return scores


def nearness(scores: Vectors) -> Vectors:
    """Scores as how near each comes to the best: 1 for the best, falling to 0; shape kept."""
    return np.asarray(np.exp((scores - scores.max()) / _FALL), dtype=np.float32)


@cache
def weights() -> Weights:
    """The weights that come with Pincite."""
    stored = json.loads((files("rag.searching") / "ranking.json").read_text(encoding="utf-8"))
    return Weights(_column(stored["features alone"], NAMES), _column(stored["with a reader"], (*NAMES, READER)))


def _column(stored: Mapping[str, float], names: Sequence[str]) -> Vectors:
    return np.array([stored[name] for name in names], dtype=np.float32)
