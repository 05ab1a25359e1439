"""What the tests share: the shelf, a tiny embedder where the model is not the point, and ready indexes."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.analysis import terms
from index.embedding import ModelIdentity, SentenceTransformerEmbedder, Vectors

os.environ["HF_HUB_OFFLINE"] = "1"

SEEDS = Path(__file__).parent.parent / "seeds"


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
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, self.identity.dimension), "f4")

    def embed_question(self, text: str) -> Vectors:
        return self._vector(text)

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.identity.dimension, 1e-3, dtype=np.float32)
        for term in terms(text):
            at = int.from_bytes(hashlib.blake2b(term.encode(), digest_size=4).digest(), "little")
            vector[at % self.identity.dimension] += 1
        return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


@pytest.fixture
def tiny() -> TinyEmbedder:
    return TinyEmbedder()


@pytest.fixture(scope="session")
def model() -> SentenceTransformerEmbedder:
    """The real default model, loaded once."""
    return SentenceTransformerEmbedder()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A copy of the two reviews, to be changed at will."""
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    return folder


@pytest.fixture(autouse=True)
def clean_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the person who runs the tests reaches them, and nothing is written into the project."""
    for key in list(os.environ):
        if key.upper().startswith("PINCITE_"):
            monkeypatch.delenv(key)
    monkeypatch.chdir(tmp_path)
    yield
