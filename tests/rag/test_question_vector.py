"""A question's vector is begun while the question is understood, where that costs nothing but a core."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from tiny_embedder import TinyEmbedder

from index.beside import Beside
from index.embedding import SentenceTransformerEmbedder, Vectors
from rag.searching.question_vector import QuestionVector

QUESTION, OTHER = "Does rituximab deplete B cells?", "Is nephritis a sign of lupus?"


class Watched(SentenceTransformerEmbedder):
    """Notes in which thread each question is embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.threads: list[int] = []

    def embed_question(self, text: str) -> Vectors:
        self.threads.append(threading.get_ident())
        return super().embed_question(text)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory, model: SentenceTransformerEmbedder) -> Watched:
    made = Watched()
    made._loaded = model._model()
    assert made.keep_copy(tmp_path_factory.mktemp("copy")) == ""
    return made


@pytest.fixture
def watched(embedder: Watched) -> Iterator[Watched]:
    embedder.threads.clear()
    yield embedder


def test_what_was_begun_is_made_once_and_by_another_thread(watched: Watched) -> None:
    vector = QuestionVector(watched, Beside())
    vector.begin(QUESTION)
    assert vector.is_begun(QUESTION)
    until = time.monotonic() + 60
    while not watched.threads and time.monotonic() < until:  # whoever asks before it was begun makes it
        time.sleep(0.01)
    made = vector.of(QUESTION)
    assert len(watched.threads) == 1
    assert threading.get_ident() not in watched.threads
    assert np.array_equal(made, watched.embed_question(QUESTION))


def test_what_is_asked_otherwise_in_the_end_is_made_of_what_is_asked(watched: Watched) -> None:
    vector = QuestionVector(watched, Beside())
    vector.begin(QUESTION)
    assert not vector.is_begun(OTHER)
    assert np.array_equal(vector.of(OTHER), watched.embed_question(OTHER))


def test_nobody_waits_for_threads_that_are_at_work(watched: Watched) -> None:
    beside, done = Beside(1), threading.Event()
    beside.begin(lambda: done.wait(60))
    try:
        vector = QuestionVector(watched, beside)
        began = time.monotonic()
        vector.begin(QUESTION)
        made = vector.of(QUESTION)
        assert time.monotonic() - began < 30
        assert watched.threads == [threading.get_ident()]
        assert np.array_equal(made, watched.embed_question(QUESTION))
    finally:
        done.set()


def test_a_model_that_may_take_a_network_or_a_fee_is_not_asked_before_it_must() -> None:
    tiny = TinyEmbedder()
    vector = QuestionVector(tiny, Beside())
    vector.begin(QUESTION)
    assert not vector.is_begun(QUESTION)
    assert np.array_equal(vector.of(QUESTION), tiny.embed_question(QUESTION))


def test_an_exception_reaches_who_asks(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: str) -> Vectors:
        raise OSError("the model is gone")

    monkeypatch.setattr(watched, "embed_question", broken)
    vector = QuestionVector(watched, Beside())
    vector.begin(QUESTION)
    with pytest.raises(OSError, match="the model is gone"):
        vector.of(QUESTION)
