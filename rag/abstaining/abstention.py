"""Do the reviews say? How sure an answer is.

The confidence is a logistic regression over a few features of its sentences; its weights stand in
`confidence.json`, and `benchmarks/fit_confidence.py` fits them. What a reader thinks of the sentence is not among
them: it ranks well, but told what is answerable no better (the script prints both), and every reader its own way.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.analysis import terms
from index.snapshot import Snapshot
from rag.searching.candidates import Choice
from rag.searching.coverage import coverage
from rag.searching.retrieval import RankedPassage
from rag.understanding.question import Question

_NEAREST = 3  # passages that show whether the shelf speaks of what was asked at all


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the sentences of an answer fit the question.

    `cosine` of the nearest of them and the question; the share of the question's words, weighted by rarity, that they
    have together (`sentence`), and that the passage and title of the first have with the `nearest` passages; each
    0 to 1.
    """

    cosine: float
    sentence: float
    nearest: float


def weigh(
    snapshot: Snapshot,
    question: Question,
    weights: Sequence[float],
    passages: Sequence[RankedPassage],
    chosen: Sequence[Choice],
) -> Evidence:
    """The evidence for an answer.

    Args:
        snapshot: The index.
        question: What was asked.
        weights: How much each of its concepts tells; see `rag.searching.coverage.concept_weights`.
        passages: What was found, best first.
        chosen: The sentences of the answer, best first: at least one.
    """
    best = chosen[0]
    own = next(one for one in passages if one.passage.first <= best.id <= one.passage.last)
    title = terms(best.document.bibliography.title)

    def share(words: Iterable[str]) -> float:
        return coverage(question.concepts, weights, set(words))

    return Evidence(
        max(0.0, *(one.cosine for one in chosen)),
        share(term for one in chosen for term in terms(one.words)),
        share([*title, *_terms(snapshot, [own, *passages[:_NEAREST]])]),
    )


def confidence(evidence: Evidence) -> float:
    """The chance that the sentence answers the question, 0 to 1."""
    weights = _weights()
    total = weights["intercept"]
    for name, weight in weights.items():
        if name != "intercept":
            total += weight * getattr(evidence, name)
    return 1.0 / (1.0 + math.exp(-total))


def _terms(snapshot: Snapshot, passages: Iterable[RankedPassage]) -> Iterable[str]:
    for one in passages:
        text = snapshot.document(one.document).text
        for span in snapshot.spans(one.passage.first, one.passage.last).values():
            yield from terms(span.of(text))


@cache
def _weights() -> dict[str, float]:
    stored = json.loads((files("rag.abstaining") / "confidence.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in stored["weights"].items()}
