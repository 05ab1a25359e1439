"""What the tests share: the shelf, a tiny embedder where the model is not the point, and ready indexes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_embedder import TinyEmbedder

from index.embedding import SentenceTransformerEmbedder
from rag import Assistant

__all__ = ["TinyEmbedder"]

os.environ["HF_HUB_OFFLINE"] = "1"

SEEDS = Path(__file__).parent.parent / "seeds"


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


@pytest.fixture(scope="session")
def assistant(tmp_path_factory: pytest.TempPathFactory, model: SentenceTransformerEmbedder) -> Iterator[Assistant]:
    """One assistant over the two reviews, with the real model, for all tests that only ask."""
    with Assistant(seeds=SEEDS, index=tmp_path_factory.mktemp("index"), embedder=model) as made:
        made.sync()
        yield made
