"""Do the reviews say? How sure an answer is.

An answer is as sure as the surest of its sentences. How sure a sentence is, is a logistic regression over a few of
its features; the weights stand in `confidence.json`, and `benchmarks/fit_confidence.py` fits them. What a reader thinks
of the sentence is not among them: it tells right from wrong somewhat better on the sets (the script prints both), but
refuses right answers to questions that are put otherwise, and every reader has a scale of its own.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.analysis import distinct_terms
from index.snapshot import Snapshot
from rag.searching.candidates import Choice
from rag.searching.coverage import coverage
from rag.searching.retrieval import RankedPassage
from rag.understanding.question import Question

_NEAREST = 3  # passages that show whether the shelf speaks of what was asked at all


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well a sentence of an answer fits the question.

    `cosine` of the two; the share of the question's words, weighted by rarity, that the `sentence` has, and that its
    passage and title have with the `nearest` passages; each 0 to 1.
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
) -> list[Evidence]:
    """The evidence for each sentence of an answer.

    Args:
        snapshot: The index.
        question: What was asked.
        weights: How much each of its concepts tells; see `rag.searching.coverage.concept_weights`.
        passages: What was found, best first.
        chosen: The sentences of the answer, best first.
    """
    owns = [next(one for one in passages if one.passage.first <= choice.id <= one.passage.last) for choice in chosen]
    terms = _terms(snapshot, [*passages[:_NEAREST], *owns])
    nearest = frozenset[str]().union(*(terms[one.passage.id] for one in passages[:_NEAREST]))

    def share(words: frozenset[str]) -> float:
        return coverage(question.concepts, weights, words)

    found = []
    for choice, own in zip(chosen, owns, strict=True):
        around = nearest.union(distinct_terms(choice.document.bibliography.title), terms[own.passage.id])
        found.append(Evidence(max(0.0, choice.cosine), share(distinct_terms(choice.words)), share(around)))
    return found


def confidence(evidence: Sequence[Evidence]) -> float:
    """The chance that one of the sentences answers the question, taken as that of the surest; 0 of none."""
    return max((_chance(one) for one in evidence), default=0.0)


def _chance(evidence: Evidence) -> float:
    weights = _weights()
    total = weights["intercept"]
    for name, weight in weights.items():
        if name != "intercept":
            total += weight * getattr(evidence, name)
    return 1.0 / (1.0 + math.exp(-total))


def _terms(snapshot: Snapshot, passages: Iterable[RankedPassage]) -> dict[int, frozenset[str]]:
    """The index terms of some passages, by their ids."""
    named = {one.passage.id: one for one in passages}
    spans = snapshot.spans(at for one in named.values() for at in one.sentences)
    found: dict[int, frozenset[str]] = {}
    for at, one in named.items():
        text = snapshot.document(one.document).text
        found[at] = frozenset().union(*(distinct_terms(spans[sentence].of(text)) for sentence in one.sentences))
    return found


@cache
def _weights() -> dict[str, float]:
    stored = json.loads((files("rag.abstaining") / "confidence.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in stored["weights"].items()}
