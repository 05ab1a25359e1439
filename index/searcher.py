"""What any index backend must offer: nearest sentences by vector, best sentences and passages by BM25.

`tests/index/searcher_conformance.py` holds the suite that every backend must pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors

Ids = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hit:
    """A sentence or passage found, with its score."""

    id: int
    score: float


@dataclass(frozen=True, slots=True)
class Entry:
    """A sentence or passage as a backend indexes its words; the text of a passage is its sentences joined."""

    id: int
    content: int
    text: str


class Searcher(Protocol):
    """The searchable side of one generation of an index. Safe to use from many threads.

    `among` restricts a search to the sentences named, `within` to the contents named; None searches all.
    Hits come best first, equal scores by id. Terms are index terms (see `index.analysis`).
    """

    def nearest_sentences(self, vector: Vectors, k: int, among: Ids | None = None) -> list[Hit]:
        """The `k` sentences with the highest cosine to `vector`."""

    def cosines(self, vector: Vectors, sentences: Ids) -> Vectors:
        """The cosine of each of `sentences` to `vector`, in their order."""

    def matching_passages(self, terms: Sequence[str], k: int, within: Sequence[int] | None = None) -> list[Hit]:
        """The `k` passages with the highest BM25 for `terms`; those with none of the terms are left out."""

    def matching_sentences(self, terms: Sequence[str], k: int, within: Sequence[int] | None = None) -> list[Hit]:
        """The same for sentences."""

    def passage_scores(self, terms: Sequence[str], passages: Iterable[int]) -> dict[int, float]:
        """BM25 of the passages named; those with none of the terms are left out."""

    def sentence_scores(self, terms: Sequence[str], sentences: Iterable[int]) -> dict[int, float]:
        """BM25 of the sentences named; those with none of the terms are left out."""

    def document_frequency(self, term: str) -> int:
        """The number of passages that hold `term`."""

    def passage_count(self) -> int:
        """The number of passages indexed."""

    def close(self) -> None:
        """Let go of files."""
