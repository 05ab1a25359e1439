"""The verifier: rules, likeness by the local model, and if one is named a model that judges entailment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.embedding import Embedder, Vectors
from rag.verifying.carrying import Why, objection
from rag.verifying.entailment import EntailmentJudge
from rag.verifying.quoted import Longs
from rag.verifying.words import content, words_of

_ALIKE = 0.55
"""Cosine of a sentence and its quote, below which they speak of something else."""
NO_JUDGE = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a quote carries a sentence; `why` says in words why not, "" if it does. `likeness` is their cosine."""

    supported: bool
    why: str = ""
    likeness: float = 0.0


class Verifier:
    """Says whether a quote carries a sentence. Safe to use from many threads.

    Args:
        embedder: Tells how alike sentence and quote are.
        judge: Must agree as well, if given.
    """

    def __init__(self, embedder: Embedder, judge: EntailmentJudge | None = None) -> None:
        self._embedder = embedder
        self._judge = judge

    def load(self) -> None:
        """Load the judge now, if there is one; raises as `EntailmentJudge.load` does."""
        if self._judge is not None:
            self._judge.load()

    def judge(self, claim: str, quote: str, longs: Longs | None = None) -> Verdict:
        """Whether a quote carries a sentence; `longs` as `rag.verifying.carrying.objection` takes them."""
        if why := objection(claim, quote, longs):
            return Verdict(False, why)
        likeness = float(self.likeness(claim, [quote])[0])
        if likeness < _ALIKE:
            return Verdict(False, Why.MEANING, likeness)
        if self._judge is not None and not self._judge.entails(quote, claim):
            return Verdict(False, Why.ENTAILMENT, likeness)
        return Verdict(True, "", likeness)

    def likeness(self, claim: str, quotes: Sequence[str]) -> Vectors:
        """The cosine of a sentence and each quote, shape (quotes,)."""
        vectors = np.stack([self._embedder.embed_question(text) for text in (claim, *quotes)])
        return np.asarray(vectors[1:] @ vectors[0], dtype=np.float32)

    @staticmethod
    def share(claim: str, quote: str) -> float:
        """The share of a sentence's words that a quote has: what is worth judging."""
        told = {word.stem for word in content(words_of(claim))}
        known = {word.stem for word in words_of(quote)}
        return len(told & known) / len(told) if told else 0.0


def open_judge(name: str) -> EntailmentJudge | None:
    """The judge that a setting names, not loaded yet; None for "none"."""
    return None if name == NO_JUDGE else EntailmentJudge(name)
