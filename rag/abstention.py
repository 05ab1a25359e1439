"""Do the reviews say? How sure an answer is.

The confidence is a logistic regression over three features of the best sentence; its weights stand in
`confidence.json`, and `benchmarks/fit_confidence.py` fits them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.analysis import terms
from rag.coverage import coverage
from rag.question import Concept


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the best sentence fits the question; each 0 to 1.

    `cosine` of sentence and question; the share of the question's words, weighted by rarity, that the
    `sentence` has, and that its `passage` has.
    """

    cosine: float
    sentence: float
    passage: float


def weigh(
    concepts: Sequence[Concept], weights: Sequence[float], cosine: float, sentence: str, passage: str
) -> Evidence:
    """The evidence for a sentence, in its passage."""
    return Evidence(
        max(cosine, 0.0),
        coverage(concepts, weights, set(terms(sentence))),
        coverage(concepts, weights, set(terms(passage))),
    )


def confidence(evidence: Evidence) -> float:
    """The chance that the sentence answers the question, 0 to 1."""
    weights = _weights()
    total = weights["intercept"] + sum(weights[name] * getattr(evidence, name) for name in Evidence.__slots__)
    return 1.0 / (1.0 + math.exp(-total))


@cache
def _weights() -> dict[str, float]:
    stored = json.loads((files("rag") / "confidence.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in stored["weights"].items()}
