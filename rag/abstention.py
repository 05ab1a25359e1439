"""Do the reviews say? How sure an answer is, and in which words an abstention gives its reason.

The confidence is a logistic regression over three features of the best sentence; its weights stand in
`confidence.json`, and `benchmarks/fit_confidence.py` fits them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.analysis import terms
from index.searcher import Searcher
from rag.question import Question

_BACKGROUND = 50


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well the best sentence fits the question; each 0 to 1.

    `cosine` of sentence and question; the share of the question's words, weighted by rarity, that the
    `sentence` has, and that its `passage` has.
    """

    cosine: float
    sentence: float
    passage: float


def term_weights(question: Question, searcher: Searcher) -> dict[str, float]:
    """How much each of a question's terms tells: the rarer on the shelf, the more."""
    return {term: _rarity(searcher.document_frequency(term), searcher.passage_count()) for term in question.terms}


def weigh(weights: Mapping[str, float], cosine: float, sentence: str, passage: str) -> Evidence:
    """The evidence for a sentence, in its passage."""
    total = sum(weights.values())

    def share(words: set[str]) -> float:
        return sum(weight for term, weight in weights.items() if term in words) / total if total else 0.0

    return Evidence(max(cosine, 0.0), share(set(terms(sentence))), share(set(terms(passage))))


def confidence(evidence: Evidence) -> float:
    """The chance that the sentence answers the question, 0 to 1."""
    weights = _weights()
    total = weights["intercept"] + sum(weights[name] * getattr(evidence, name) for name in Evidence.__slots__)
    return 1.0 / (1.0 + math.exp(-total))


def reason(question: Question, searcher: Searcher, number_missing: bool) -> str:
    """Why there is no answer, in a sentence a person can use."""
    missing = [word for word in question.words if not any(searcher.document_frequency(term) for term in terms(word))]
    if number_missing:
        return "The reviews touch on this, but the passages nearest to the question state no number."
    if missing and len(missing) == len(question.words):
        return "Nothing in the reviews touches on this."
    if missing:
        return f"The reviews nowhere use the {_listed(missing)}."
    return "The reviews come near this, but no sentence in them answers it."


def _rarity(frequency: int, count: int) -> float:
    """Inverse document frequency as BM25 has it (Robertson and Zaragoza 2009, with the +1 that keeps it above 0).

    A small shelf says little of how rare a word is, so it is taken together with a background in which each word
    stands in one passage of `_BACKGROUND`. On a large shelf that changes nothing.
    """
    count, frequency = count + _BACKGROUND, frequency + 1
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))


def _listed(words: Sequence[str]) -> str:
    named = [f"“{word}”" for word in dict.fromkeys(words)][:4]
    return f"word {named[0]}" if len(named) == 1 else f"words {', '.join(named[:-1])} or {named[-1]}"


@cache
def _weights() -> dict[str, float]:
    stored = json.loads((files("rag") / "confidence.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in stored["weights"].items()}
