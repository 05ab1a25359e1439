"""Models loaded ahead answer as others do, and hide nothing that goes wrong."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from index.errors import ModelMissingError
from rag import Assistant
from rag.searching.onnx_reader import OnnxReader
from rag.settings import Settings
from rag.warming import load_ahead

QUESTION = "What do the cells do in mice?"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "review.txt").write_text("Engineered cells deplete B cells in mice. They last for weeks in the blood.")
    return Settings(seeds=seeds, index=tmp_path / "index")


def loaded() -> None:
    for thread in threading.enumerate():
        if thread.name.startswith("loading"):
            thread.join(60)


def test_an_assistant_with_models_loaded_ahead_answers_as_one_that_loads_them(settings: Settings) -> None:
    with Assistant(settings=settings) as assistant:
        assistant.sync()
        own = assistant.answer(QUESTION)
    models = load_ahead(settings)
    with Assistant(settings=settings, embedder=models.embedder, reader=models.reader) as assistant:
        answer = assistant.answer(QUESTION)
    assert answer.sentences
    assert answer.model_dump(exclude={"seconds"}) == own.model_dump(exclude={"seconds"})


def test_the_models_are_there_before_they_are_asked_for(settings: Settings) -> None:
    with Assistant(settings=settings) as assistant:
        assistant.sync()
    models = load_ahead(settings)
    loaded()
    assert models.embedder is not None
    assert isinstance(models.reader, OnnxReader)
    assert models.embedder._copy is not None
    assert models.embedder._loaded is None  # PyTorch is not needed
    assert "_session" in vars(models.reader)


def test_where_there_is_no_index_yet_nothing_is_told(settings: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    models = load_ahead(settings)
    loaded()
    assert capfd.readouterr() == ("", "")
    assert models.embedder is not None
    assert "folder" not in vars(models.embedder)  # no model was looked for, which might mean to fetch it
    assert "_session" in vars(models.reader)
    with Assistant(settings=settings, embedder=models.embedder, reader=models.reader) as assistant:
        assert assistant.answer(QUESTION).sentences


def test_a_model_that_is_missing_is_told_of_where_it_is_used(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    wrong = settings.model_copy(update={"model": str(tmp_path / "empty")})
    models = load_ahead(wrong)
    loaded()
    with (
        Assistant(settings=wrong, embedder=models.embedder, reader=models.reader) as assistant,
        pytest.raises(ModelMissingError, match="no model in that folder"),
    ):
        assistant.answer(QUESTION)
