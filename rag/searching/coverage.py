"""How much of what was asked a text speaks of."""

from __future__ import annotations

import math
from collections.abc import Sequence

from index.searcher import Searcher
from rag.understanding.question import Concept

_BACKGROUND = 50


def concept_weights(concepts: Sequence[Concept], searcher: Searcher) -> tuple[float, ...]:
    """How much each concept tells: the rarer its commonest form on the shelf, the more."""
    count = searcher.passage_count()
    return tuple(
        min(sum(_rarity(searcher.document_frequency(term), count) for term in form) for form in concept.forms)
        for concept in concepts
    )


def spoken_of(concepts: Sequence[Concept], words: set[str] | frozenset[str]) -> tuple[float, ...]:
    """How much of each concept is among some index terms, 0 to 1.

    It is there whole in any of its forms; in part, as the share of what was asked: half of another form ("cell" and
    "antigen" for "BCMA") says nothing.
    """
    return tuple([_share(concept.forms, words) for concept in concepts])


def coverage(concepts: Sequence[Concept], weights: Sequence[float], words: set[str] | frozenset[str]) -> float:
    """The share of what was asked, by weight, that some index terms speak of, 0 to 1."""
    total = sum(weights)
    shares = spoken_of(concepts, words)
    return sum(share * weight for share, weight in zip(shares, weights, strict=True)) / total if total else 0.0


def _share(forms: Sequence[Sequence[str]], words: set[str] | frozenset[str]) -> float:
    for form in forms:
        if words.issuperset(form):
            return 1.0
    asked = forms[0]
    return sum([term in words for term in asked]) / len(asked)


def _rarity(frequency: int, count: int) -> float:
    """Inverse document frequency as BM25 has it (Robertson and Zaragoza 2009, with the +1 that keeps it above 0).

    A small shelf says little of how rare a word is, so it is taken together with a background in which each word
    stands in one passage of `_BACKGROUND`. On a large shelf that changes nothing.
    """
    count, frequency = count + _BACKGROUND, frequency + 1
    return math.log(1 + (count - frequency + 0.5) / (frequency + 0.5))
