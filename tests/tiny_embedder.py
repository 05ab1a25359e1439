"""An embedder for tests in which the model is not the point."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import numpy as np

from index.analysis import terms
from index.embedding import ModelIdentity, Vectors


class TinyEmbedder:
    """Hashed bags of words: quick, deterministic, and near where words are shared. Counts what it embeds."""

    def __init__(self, name: str = "tiny", dimension: int = 64) -> None:
        self.identity = ModelIdentity(name, hashlib.sha256(name.encode()).hexdigest(), dimension)
        self.max_tokens = 254
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        self.embedded += texts
        if progress is not None:
            progress(len(texts))
        return (
            np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, self.identity.dimension), "f4")
        )

    def embed_question(self, text: str) -> Vectors:
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.identity.dimension, 1e-3, dtype=np.float32)
        for term in terms(text):
            at = int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest(), "little")
            vector[at % self.identity.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)
