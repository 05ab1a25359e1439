"""What the tests share: the shelf, a tiny embedder where the model is not the point, and ready indexes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from harm import beside_tally, fuzzing, often, pytest_addoption, pytest_terminal_summary, tally
from hypothesis import settings
from index_helpers import reading_pool
from tiny_embedder import TinyEmbedder

from index.embedding import SentenceTransformerEmbedder
from index.limits import Limits
from index.model_files import DEFAULT_MODEL
from index.report import SyncReport
from index.sync import sync
from rag import Assistant
from rag.searching.reading import open_reader

__all__ = ["TinyEmbedder", "beside_tally", "fuzzing", "often", "pytest_addoption", "pytest_terminal_summary", "tally"]

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("OMP_NUM_THREADS", "1")  # read when torch is loaded: tests run side by side, a core for each
settings.register_profile("side by side", deadline=None)  # what an example takes depends on what else is running
settings.load_profile("side by side")

SEEDS = Path(__file__).parent.parent / "seeds"


@pytest.fixture
def tiny() -> TinyEmbedder:
    return TinyEmbedder()


_embedder = cache(SentenceTransformerEmbedder)


@pytest.fixture(scope="session")
def model() -> SentenceTransformerEmbedder:
    """The real default model, loaded once."""
    return _embedder(DEFAULT_MODEL)


@pytest.fixture(scope="session", autouse=True)
def loaded_once() -> Iterator[None]:
    """Assistants share models and reading processes: starting them for each would take most of the tests' time."""

    def sync_in_shared_pool(*folders: Any, limits: Limits, **options: Any) -> SyncReport:
        pool = reading_pool() if limits == Limits() else None
        return sync(*folders, limits=limits, pool=pool, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("rag.assistant.SentenceTransformerEmbedder", _embedder)
        patch.setattr("rag.assistant.open_reader", cache(open_reader))
        patch.setattr("index.sync.sync", sync_in_shared_pool)
        yield


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
