"""Any LangChain Embeddings can stand in for the model."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from index_helpers import KIDNEY, LIVER, write
from langchain_core.embeddings import DeterministicFakeEmbedding, Embeddings
from tiny_embedder import TinyEmbedder

from index.errors import IndexMismatchError
from index.langchain import LangChainEmbedder
from index.settings import IndexSettings, same_shape, shape
from rag import Assistant
from rag.settings import Settings


class Bags(Embeddings):
    """The tiny embedder as LangChain would have it: not of length one, and counted."""

    def __init__(self, seed: str = "bags") -> None:
        self.model = seed
        self._tiny = TinyEmbedder(seed)
        self.calls: list[int] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.calls.append(len(texts))
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [7 * float(number) for number in self._tiny.embed_question(text)]


@pytest.fixture
def folders(tmp_path: Path) -> dict[str, Path]:
    return {"seeds": write(tmp_path / "seeds", {"kidney.txt": KIDNEY, "liver.txt": LIVER}), "index": tmp_path / "index"}


@pytest.fixture
def assistant(folders: dict[str, Path]) -> Iterator[Assistant]:
    with Assistant(**folders, embeddings=Bags()) as made:
        yield made


def test_vectors_are_made_of_length_one() -> None:
    embedder = LangChainEmbedder(Bags())
    vectors = embedder.embed([KIDNEY, LIVER])
    assert vectors.shape == (2, 64)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1], abs=1e-6)
    assert embedder.embed_question(KIDNEY) == pytest.approx(vectors[0], abs=1e-6)
    assert embedder.embed([]).shape == (0, 64)


def test_a_vector_of_nothing_but_zeros_stays_finite() -> None:
    class Zeros(Bags):
        def embed_query(self, text: str) -> list[float]:
            return [0.0] * 8

    assert np.isfinite(LangChainEmbedder(Zeros()).embed(["words"])).all()


def test_texts_are_sent_in_parts_and_told() -> None:
    bags, told = Bags(), []
    LangChainEmbedder(bags).embed(["words"] * 600, told.append)
    assert bags.calls == told == [256, 256, 88]


def test_a_model_is_known_by_what_it_does() -> None:
    assert LangChainEmbedder(Bags()).identity == LangChainEmbedder(Bags()).identity
    assert LangChainEmbedder(Bags()).identity.name == "Bags:bags"
    assert LangChainEmbedder(Bags(), name="mine").identity.name == "Bags:mine"
    fake = LangChainEmbedder(DeterministicFakeEmbedding(size=32)).identity
    assert (fake.name, fake.dimension) == ("DeterministicFakeEmbedding", 32)
    smaller = LangChainEmbedder(DeterministicFakeEmbedding(size=16)).identity
    assert (smaller.dimension, smaller.digest != fake.digest) == (16, True)


def test_another_model_of_the_same_name_is_another() -> None:
    class Shuffled(Bags):
        def embed_query(self, text: str) -> list[float]:
            return super().embed_query(text)[::-1]

    Shuffled.__name__ = "Bags"
    one, other = LangChainEmbedder(Bags()).identity, LangChainEmbedder(Shuffled()).identity
    assert one.name == other.name
    assert not same_shape(shape(IndexSettings(), one), shape(IndexSettings(), other))


def test_a_service_whose_vectors_waver_in_the_fourth_decimal_is_one_model() -> None:
    class Wavering(DeterministicFakeEmbedding):
        def embed_query(self, text: str) -> list[float]:
            vector = np.asarray(super().embed_query(text))
            vector /= np.linalg.norm(vector)
            return [float(number) for number in vector + 1e-4 * chance.standard_normal(len(vector))]

    chance = np.random.default_rng(1)
    service = Wavering(size=384)
    one, other = (np.asarray(service.embed_query("words")) for _ in range(2))
    assert float(one @ other) == pytest.approx(1, abs=1e-3)
    shapes = [shape(IndexSettings(), LangChainEmbedder(service).identity) for _ in range(10)]
    assert all(same_shape(shapes[0], other) for other in shapes)
    stranger = LangChainEmbedder(DeterministicFakeEmbedding(size=384), name="Wavering").identity
    assert not same_shape(shapes[0], shape(IndexSettings(), stranger))


def test_tokens_are_estimated_at_four_characters() -> None:
    assert LangChainEmbedder(Bags()).count_tokens(["", "a", "four", "seven", "x" * 400]) == [0, 1, 1, 2, 100]


def test_an_assistant_indexes_and_finds_with_them(assistant: Assistant) -> None:
    report = assistant.sync()
    assert (report.added, report.embedded) == (["kidney.txt", "liver.txt"], 4)
    found = assistant.search("kidney recovered in patients", k=2)
    assert [citation.document for citation in found] == ["kidney.txt", "liver.txt"]
    assert assistant.document("kidney.txt").text[found[0].start : found[0].end] == found[0].quote
    with assistant.snapshot() as snapshot:
        assert snapshot.shape["model"] == "Bags:bags"
        assert snapshot.shape["dimension"] == 64
    assert assistant.sync().embedded == 0


def test_the_fake_of_langchain_itself_works_too(folders: dict[str, Path]) -> None:
    with Assistant(**folders, embeddings=DeterministicFakeEmbedding(size=24)) as assistant:
        assert assistant.sync().embedded == 4
        assert assistant.search("kidney", k=1)[0].document == "kidney.txt"


def test_an_index_is_never_searched_with_another_model(folders: dict[str, Path], assistant: Assistant) -> None:
    assistant.sync()
    others = [Bags("other"), DeterministicFakeEmbedding(size=64)]
    for other in others:
        with Assistant(**folders, embeddings=other) as stranger:
            for use in (
                lambda at: at.search("kidney"),
                lambda at: at.answer("Did the kidney recover?"),
                lambda at: at.sync(),
            ):
                with pytest.raises(IndexMismatchError, match=r"model \(Bags:bags in the index, ") as mismatch:
                    use(stranger)
                assert mismatch.value.mend == "pincite index --rebuild"
    with Assistant(**folders, embeddings=Bags()) as same:
        assert same.search("kidney", k=1)[0].document == "kidney.txt"


def test_other_settings_are_told_too(folders: dict[str, Path], assistant: Assistant) -> None:
    assistant.sync()
    settings = Settings(**folders, passage_tokens=64)
    with (
        Assistant(settings=settings, embeddings=Bags()) as other,
        pytest.raises(IndexMismatchError, match=r"passage_tokens \(256 in the index, 64 asked for\)"),
    ):
        other.search("kidney")


def test_the_first_question_makes_the_index(folders: dict[str, Path], assistant: Assistant) -> None:
    assert not folders["index"].exists()
    assert assistant.search("kidney", k=1)[0].document == "kidney.txt"
    assert (folders["index"] / "index.sqlite").exists()
