"""Scores of different kinds -> one score.

Each score is stretched to 0..1 over the candidates of a question (min-max) and the sum is weighted. Ranks alone
(reciprocal rank fusion) throw away how much better one candidate is than the next.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from index.embedding import Vectors


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of a passage's scores: its best sentence's cosine, its BM25, its best sentence's BM25."""

    cosine: float = 1.0
    bm25: float = 1.0
    sentence_bm25: float = 0.5


def min_max(values: Vectors) -> Vectors:
    """Stretch to 0..1; all zero where all values are equal. Shape kept, along the first axis."""
    low, high = values.min(axis=0), values.max(axis=0)
    return np.asarray((values - low) / np.maximum(high - low, 1e-9), dtype=np.float32)


def fuse(features: Vectors, weights: Weights) -> Vectors:
    """The weighted mean of the stretched scores, 0..1.

    Args:
        features: Shape (candidates, 3), columns in the order of `Weights`.
        weights: Of the columns.
    """
    shares = np.array(astuple(weights), dtype=np.float32)
    return np.asarray(min_max(features) @ (shares / shares.sum()), dtype=np.float32)
