"""A backend without any library for search: every entry is looked at. Slow, plain, and the oracle of the others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from index.analysis import terms as terms_of
from index.embedding import Vectors
from index.searcher import Entry, Hit, Ids

K1, B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class EmbeddedEntry(Entry):
    """A sentence with its vector."""

    vector: Vectors


class PlainLexicon:
    """BM25 over a list of (id, content, text)."""

    def __init__(self, entries: Iterable[tuple[int, int, str]]) -> None:
        self._contents: dict[int, int] = {}
        self._counts: dict[int, Counter[str]] = {}
        for at, content, text in entries:
            self._contents[at] = content
            self._counts[at] = Counter(terms_of(text))
        self._length = sum(count.total() for count in self._counts.values()) / max(1, len(self._counts))

    def __len__(self) -> int:
        return len(self._counts)

    def document_frequency(self, term: str) -> int:
        return sum(term in count for count in self._counts.values())

    def search(self, words: Sequence[str], k: int, within: Sequence[int] | None = None) -> list[Hit]:
        named = [at for at, content in self._contents.items() if within is None or content in within]
        hits = [Hit(at, score) for at, score in self.scores(words, named).items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[: max(k, 0)]

    def scores(self, words: Sequence[str], ids: Iterable[int]) -> dict[int, float]:
        weights = {word: self._weight(word) for word in words}
        found = {}
        for at in ids:
            count = self._counts[at]
            if any(word in count for word in words):
                norm = K1 * (1 - B + B * count.total() / self._length)
                found[at] = sum(weights[word] * (K1 + 1) * count[word] / (count[word] + norm) for word in words)
        return found

    def _weight(self, word: str) -> float:
        frequency = self.document_frequency(word)
        return math.log(1 + (len(self) - frequency + 0.5) / (frequency + 0.5))


class PlainSearcher:
    """A `Searcher` in memory."""

    def __init__(self, sentences: Sequence[EmbeddedEntry], passages: Sequence[Entry], dimension: int) -> None:
        self._dimension = dimension
        self._vectors = {entry.id: np.asarray(entry.vector, dtype=np.float64) for entry in sentences}
        self._sentences = PlainLexicon((entry.id, entry.content, entry.text) for entry in sentences)
        self._passages = PlainLexicon((entry.id, entry.content, entry.text) for entry in passages)

    def nearest_sentences(self, vector: Vectors, k: int, among: Ids | None = None) -> list[Hit]:
        named = list(self._vectors) if among is None else [int(at) for at in among]
        hits = [Hit(at, float(self._vectors[at] @ vector)) for at in named]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[: max(k, 0)]

    def cosines(self, vector: Vectors, sentences: Ids) -> Vectors:
        return np.asarray([self._vectors[int(at)] @ vector for at in sentences], dtype=np.float32)

    def matching_passages(self, terms: Sequence[str], k: int, within: Sequence[int] | None = None) -> list[Hit]:
        return self._passages.search(terms, k, within)

    def matching_sentences(self, terms: Sequence[str], k: int, within: Sequence[int] | None = None) -> list[Hit]:
        return self._sentences.search(terms, k, within)

    def passage_scores(self, terms: Sequence[str], passages: Iterable[int]) -> dict[int, float]:
        return self._passages.scores(terms, passages)

    def sentence_scores(self, terms: Sequence[str], sentences: Iterable[int]) -> dict[int, float]:
        return self._sentences.scores(terms, sentences)

    def document_frequency(self, term: str) -> int:
        return self._passages.document_frequency(term)

    def passage_count(self) -> int:
        return len(self._passages)

    def close(self) -> None:
        """Nothing is held."""
