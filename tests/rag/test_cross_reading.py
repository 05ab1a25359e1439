"""Readers: what reads a question and a sentence together."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding import SentenceTransformerEmbedder
from index.errors import ModelMissingError
from rag import Assistant
from rag.searching.onnx_reader import OnnxReader
from rag.searching.reading import open_reader

QUESTION = "What is given before CAR-T cells?"
ANSWER = "CAR-T cells have always been administered following a lymphodepletion regimen."
OTHER = "The authors thank the librarians of the university for their patience."


@pytest.fixture(scope="module")
def reader() -> OnnxReader:
    return OnnxReader()


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory, model: SentenceTransformerEmbedder) -> Path:
    """A sentence-transformers CrossEncoder that has learned nothing: small, and in a folder."""
    import torch
    from sentence_transformers import CrossEncoder
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("cross-encoder")
    torch.manual_seed(0)
    shape = BertConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16, num_labels=1)
    BertForSequenceClassification(shape).save_pretrained(folder)
    AutoTokenizer.from_pretrained(model.folder).save_pretrained(folder)
    CrossEncoder(str(folder)).save_pretrained(str(folder))
    return folder


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("How are CAR-T cells administered?", ANSWER, OTHER),
        ("Which regimen precedes CAR-T cells?", ANSWER, OTHER),
        ("How many patients relapsed?", "Two of fifteen patients relapsed.", "Patients came from three hospitals."),
        ("What causes the syndrome?", "The syndrome is caused by activated T cells.", "The committee approved it."),
        (QUESTION, ANSWER, OTHER),
        pytest.param(
            "Are B cells depleted in tissues?",
            "Rituximab did not deplete B cells in the tissues.",
            "B cells are lymphocytes.",
            marks=pytest.mark.xfail(strict=True, reason="Too small a model: it prefers what says what B cells are."),
        ),
    ],
)
def test_a_sentence_that_answers_is_likelier_than_one_that_does_not(
    reader: OnnxReader, question: str, answer: str, other: str
) -> None:
    right, wrong = reader.read(question, [answer, other])
    assert right > wrong


@settings(max_examples=25, deadline=None)
@given(sentences=st.lists(st.text(max_size=200), min_size=1, max_size=6))
def test_what_a_sentence_is_given_does_not_depend_on_the_others(reader: OnnxReader, sentences: list[str]) -> None:
    together = reader.read(QUESTION, [ANSWER, *sentences])
    assert together[0] == reader.read(QUESTION, [ANSWER])[0]


def test_no_sentences_no_chances(reader: OnnxReader) -> None:
    assert reader.read(QUESTION, []).shape == (0,)


@settings(max_examples=25, deadline=None)
@given(question=st.text(max_size=3000), sentences=st.lists(st.text(max_size=400), min_size=1, max_size=12))
def test_every_sentence_gets_a_chance_whatever_it_holds(
    reader: OnnxReader, question: str, sentences: list[str]
) -> None:
    chances = reader.read(question, sentences)
    assert chances.shape == (len(sentences),)
    assert ((chances >= 0) & (chances <= 1)).all()


def test_the_same_is_read_alike_from_many_threads(reader: OnnxReader) -> None:
    sentences = [ANSWER, OTHER] * 8
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: reader.read(QUESTION, sentences), range(8)))
    assert all((one == found[0]).all() for one in found)


@pytest.mark.parametrize("asked", [QUESTION, OTHER, ""])
def test_whether_it_was_told_which_question_comes_makes_no_difference(reader: OnnxReader, asked: str) -> None:
    fresh = OnnxReader()
    fresh.ask(asked)
    assert (fresh.read(QUESTION, [ANSWER, OTHER]) == reader.read(QUESTION, [ANSWER, OTHER])).all()
    fresh.ask(OTHER)
    assert (fresh.read(QUESTION, [ANSWER, OTHER]) == reader.read(QUESTION, [ANSWER, OTHER])).all()


def test_the_same_is_read_alike_by_any_number_of_threads(reader: OnnxReader) -> None:
    sentences = [f"{ANSWER} It was seen in {number} of them." * (1 + number % 4) for number in range(9)]
    found = [OnnxReader(threads=threads).read(QUESTION, sentences) for threads in (1, 2, 5)]
    assert all((one == reader.read(QUESTION, sentences)).all() for one in found)


def test_of_a_long_sentence_the_beginning_is_read(reader: OnnxReader) -> None:
    long = " ".join([ANSWER] * 12)
    assert reader.read(QUESTION, [long]) == reader.read(QUESTION, [f"{long} {OTHER}"])
    assert reader.read(QUESTION, [ANSWER]) != reader.read(QUESTION, [f"{ANSWER} {OTHER}"])


def test_a_sentence_is_read_with_its_question(reader: OnnxReader) -> None:
    questions = (QUESTION, "Whom do the authors thank?", "What is the price of oil?")
    assert len({float(reader.read(question, [ANSWER])[0]) for question in questions}) == len(questions)


def test_the_reader_that_comes_with_pincite_is_small(reader: OnnxReader) -> None:
    from importlib.resources import files

    size = sum(Path(str(file)).stat().st_size for file in (files("rag.searching") / "reader").iterdir())
    assert size <= 25e6
    assert reader.identity.startswith("reader:")


def test_any_cross_encoder_can_be_named(
    cross_encoder: Path, tmp_path: Path, model: SentenceTransformerEmbedder
) -> None:
    named = open_reader(str(cross_encoder))
    assert named is not None
    assert np.isfinite(named.read(QUESTION, [ANSWER, OTHER])).all()
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    (shelf / "a.txt").write_text(f"Title of a short review\n\n{ANSWER}\n\nAnother paragraph says more of it.\n")
    with Assistant(shelf, tmp_path / "index", embedder=model, reader=named) as assistant:
        answer = assistant.answer(QUESTION)
    assert [one.quote for one in answer.citations] == [ANSWER]


def test_an_answer_names_the_reader_it_depends_on(assistant: Assistant, cross_encoder: Path) -> None:
    other = open_reader(str(cross_encoder))
    with Assistant(
        assistant.settings.seeds, assistant.settings.index, embedder=assistant.embedder, reader=other
    ) as beside:
        assert beside.answer(QUESTION).fingerprint.settings_hash != assistant.answer(QUESTION).fingerprint.settings_hash


def test_without_a_reader_the_features_alone_decide(assistant: Assistant) -> None:
    plain = assistant.settings.model_copy(update={"reader": "none"})
    with Assistant(settings=plain, embedder=assistant.embedder) as alone:
        assert alone.reader is None
        found = alone.answer("Which patients have an urgent need for advanced therapies?")
        assert "severe and refractory autoimmune diseases" in found.text


def test_a_folder_without_a_reader_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError, match=r"no model\.onnx"):
        OnnxReader(tmp_path).read(QUESTION, [ANSWER])


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json"])
def test_a_reader_that_was_tampered_with_is_not_loaded(name: str, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(str(files("rag.searching") / "reader"), tmp_path / "reader"))
    with (copy / name).open("ab") as stream:
        stream.write(b"\n")
    with pytest.raises(ModelMissingError, match=f"{name} is not that of this reader: its SHA-256 differs"):
        OnnxReader(copy).read(QUESTION, [ANSWER])


def test_a_reader_that_is_not_here_is_told_with_the_command_that_fetches_it() -> None:
    named = open_reader("somebody/a-cross-encoder-that-is-not-here")
    assert named is not None
    with pytest.raises(ModelMissingError, match="not on this machine") as raised:
        named.read(QUESTION, [ANSWER])
    assert raised.value.mend == "hf download somebody/a-cross-encoder-that-is-not-here"
