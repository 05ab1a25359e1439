"""A copy of the model for questions: the same vectors, without PyTorch; never a reason that something fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from index import question_export, question_model
from index.embedding import SentenceTransformerEmbedder
from index.question_copy import find_copy, keep_copy, lacks_copy, rounds_questions
from rag import Assistant
from rag.settings import Settings

REVIEW = "# Lupus\n\nRituximab did not deplete B cells in the tissues of patients with lupus.\n"


def fresh(model: SentenceTransformerEmbedder) -> SentenceTransformerEmbedder:
    """The model, loaded once for all, with no copy known yet."""
    made = SentenceTransformerEmbedder()
    made._loaded = model._model()
    return made


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, model: SentenceTransformerEmbedder) -> Path:
    """An index folder with a copy that was made there."""
    folder = tmp_path_factory.mktemp("kept")
    assert fresh(model).keep_copy(folder) == ""
    return folder


@pytest.fixture
def embedder(model: SentenceTransformerEmbedder) -> SentenceTransformerEmbedder:
    return fresh(model)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def folder(kept: Path, tmp_path: Path) -> Iterator[Path]:
    """An index folder of its own with a copy, which may be harmed."""
    for file in (question_model.FILE, question_model.NOTES):
        (tmp_path / file).write_bytes((kept / file).read_bytes())
    yield tmp_path


def test_the_model_is_afterwards_as_it_was(model: SentenceTransformerEmbedder, tmp_path: Path) -> None:
    def ways() -> list[str]:
        """How the model's parts attend."""
        configs = [getattr(part, "config", None) for part in model._model().modules()]
        return [config._attn_implementation for config in configs if hasattr(config, "_attn_implementation")]

    before = ways()
    assert set(before) == {"sdpa"}
    assert fresh(model).keep_copy(tmp_path) == ""
    assert ways() == before


@pytest.fixture(scope="module")
def exact() -> SentenceTransformerEmbedder:
    """The model in single precision, as it embeds questions where there is no copy."""
    return SentenceTransformerEmbedder(half=False)


@pytest.fixture(scope="module")
def copy(kept: Path, model: SentenceTransformerEmbedder) -> question_model.QuestionModel:
    found = question_model.find(kept, model.identity.digest, model.folder / "tokenizer.json")
    assert found is not None
    return found


@examples(max_examples=25)
@given(text=st.one_of(st.text(max_size=300), st.text("ab cd", min_size=900, max_size=1200)))
def test_any_text_has_nearly_the_vector_that_the_model_gives_it(
    exact: SentenceTransformerEmbedder, copy: question_model.QuestionModel, text: str
) -> None:
    vector = copy.embed(text)
    assert (vector.shape, vector.dtype) == ((384,), np.float32)
    assert float(vector @ vector) == pytest.approx(1, abs=1e-5)
    assert float(vector @ exact.embed([text])[0]) >= 0.997


@pytest.mark.parametrize(
    "question",
    [
        "Which adverse events were seen after CAR-T cells?",
        "How long do B cells stay away?",
        "Autoantibodies against double-stranded DNA disappear within 3 months in SLE.",
        "Wie lange fehlen die B-Zellen?",
    ],
)
def test_a_question_has_the_vector_of_the_model_to_a_thousandth(
    exact: SentenceTransformerEmbedder, copy: question_model.QuestionModel, question: str
) -> None:
    assert float(copy.embed(question) @ exact.embed([question])[0]) >= 0.999


def test_a_copy_that_cannot_be_rounded_is_kept_whole(
    exact: SentenceTransformerEmbedder,
    embedder: SentenceTransformerEmbedder,
    kept: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_way(*_: object) -> int:
        raise ValueError("a weight of another kind")

    monkeypatch.setattr(question_export, "round_weights", no_way)
    assert embedder.keep_copy(tmp_path) == ""
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted([question_model.FILE, question_model.NOTES])
    sizes = [(folder / question_model.FILE).stat().st_size for folder in (kept, tmp_path)]
    assert sizes[0] < 0.7 * sizes[1]
    assert np.abs(embedder.embed_question("Why?") - exact.embed(["Why?"])[0]).max() < 1e-5


def test_a_copy_that_makes_other_vectors_once_it_is_rounded_is_kept_whole(
    exact: SentenceTransformerEmbedder,
    embedder: SentenceTransformerEmbedder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(question_export, "_ROUNDED", 0.99999)
    assert embedder.keep_copy(tmp_path) == ""
    assert np.abs(embedder.embed_question("Why?") - exact.embed(["Why?"])[0]).max() < 1e-5


def test_a_copy_that_an_older_pincite_made_is_used_until_it_is_made_anew(
    folder: Path, embedder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    notes = folder / question_model.NOTES
    stored = json.loads(notes.read_text())
    del stored["made"], stored["rounded"]
    notes.write_text(json.dumps(stored))
    assert find_copy(embedder, folder)
    assert lacks_copy(embedder, folder)
    assert not rounds_questions(embedder)
    second = tmp_path / "second"
    second.mkdir()
    for kept_in in (second, folder):  # nor does another index take it over
        keep_copy(embedder, kept_in)
        assert json.loads((kept_in / question_model.NOTES).read_text())["made"] == question_model.MADE
        assert not lacks_copy(embedder, kept_in)
        assert rounds_questions(embedder)


def test_an_answer_tells_whether_its_question_was_rounded(
    shelf: Path, tmp_path: Path, model: SentenceTransformerEmbedder
) -> None:
    with Assistant(shelf, tmp_path / "index", embedder=fresh(model)) as assistant:
        assistant.sync()
        rounded = assistant.answer("Is lupus treated with CAR-T cells?").fingerprint
    (tmp_path / "index" / question_model.FILE).unlink()
    with Assistant(shelf, tmp_path / "index", embedder=fresh(model)) as assistant:
        single = assistant.answer("Is lupus treated with CAR-T cells?").fingerprint
    assert single.settings_hash != rounded.settings_hash


def test_a_question_is_answered_without_pytorch(shelf: Path, tmp_path: Path) -> None:
    script = (
        "import json, sys\n"
        "from rag import Assistant\n"
        f"with Assistant({str(shelf)!r}, {str(tmp_path / 'index')!r}) as assistant:\n"
        "    assistant.sync()\n"
        "    answer = assistant.answer('Is lupus treated with CAR-T cells?')\n"
        "print(json.dumps([answer.abstained, [name for name in ('torch', 'transformers') if name in sys.modules]]))\n"
    )

    def asked() -> list[object]:
        done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
        found: list[object] = json.loads(done.stdout)
        return found

    assert asked() == [False, ["torch", "transformers"]]  # the sentences were embedded
    assert asked() == [False, []]


@pytest.mark.parametrize("harm", ["a byte", "cut short", "gone", "no notes", "notes cut short"])
def test_a_damaged_copy_is_not_used_and_made_again(
    folder: Path, harm: str, embedder: SentenceTransformerEmbedder, told: list[str]
) -> None:
    copy, notes = folder / question_model.FILE, folder / question_model.NOTES
    whole = copy.read_bytes()
    if harm == "a byte":
        copy.write_bytes(whole[:50_000_000] + bytes([whole[50_000_000] ^ 1]) + whole[50_000_001:])
    elif harm == "cut short":
        copy.write_bytes(whole[:1000])
    elif harm == "gone":
        copy.unlink()
    elif harm == "no notes":
        notes.unlink()
    else:
        notes.write_text(notes.read_text()[:40])
    assert not find_copy(embedder, folder)
    keep_copy(embedder, folder, notice=told.append)
    assert told == []
    assert find_copy(SentenceTransformerEmbedder(), folder)


def test_a_copy_of_another_model_is_not_used(folder: Path, embedder: SentenceTransformerEmbedder) -> None:
    notes = folder / question_model.NOTES
    notes.write_text(json.dumps(json.loads(notes.read_text()) | {"model": "0" * 64}))
    assert not find_copy(embedder, folder)


def test_a_model_that_cannot_be_copied_is_told_of_once(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_way(*_: object) -> tuple[str, ...]:
        raise NotImplementedError("an operator that ONNX does not have")

    monkeypatch.setattr(question_export, "_export", no_way)
    keep_copy(embedder, tmp_path, notice=told.append)
    keep_copy(embedder, tmp_path, notice=told.append)
    assert len(told) == 1
    assert "PyTorch embeds them" in told[0]
    assert not find_copy(embedder, tmp_path)
    assert embedder.embed_question("Is it answered?").shape == (384,)
    assert [file.name for file in tmp_path.iterdir()] == [question_model.NOTES]


def test_a_copy_that_makes_other_vectors_is_not_kept(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = question_export._own
    monkeypatch.setattr(question_export, "_own", lambda model: np.roll(own(model), 1, axis=1))
    assert "makes other vectors" in embedder.keep_copy(tmp_path)
    assert not find_copy(embedder, tmp_path)


def test_a_full_disk_costs_the_copy_alone(
    tmp_path: Path, embedder: SentenceTransformerEmbedder, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    keep_copy(embedder, tmp_path, notice=told.append)
    assert ["No space left on device" in line for line in told] == [True]
    assert list(tmp_path.iterdir()) == []


def test_a_second_index_takes_over_the_copy_of_the_first(
    folder: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_copy(embedder, folder)
    monkeypatch.setattr(question_export, "_export", lambda *_: pytest.fail("it was made anew"))
    second = tmp_path / "second"
    second.mkdir()
    keep_copy(embedder, second)
    assert (second / question_model.FILE).read_bytes() == (folder / question_model.FILE).read_bytes()
    assert find_copy(SentenceTransformerEmbedder(), second)


def test_what_a_kill_left_half_made_is_cleared_away(folder: Path, embedder: SentenceTransformerEmbedder) -> None:
    (folder / question_model.NOTES).unlink()
    left, under_way = (folder / f".{question_model.FILE}.{number}" for number in (1, 2))
    left.write_bytes(b"half")
    under_way.write_bytes(b"half")
    long_ago = time.time() - 7200
    os.utime(left, (long_ago, long_ago))
    embedder.keep_copy(folder)
    assert (left.exists(), under_way.exists()) == (False, True)


def test_no_copy_is_kept_where_the_settings_say_so(tmp_path: Path) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "lupus.md").write_text(REVIEW)
    plain = Settings(seeds=tmp_path / "seeds", index=tmp_path / "index", question_model="none")
    with Assistant(settings=plain) as assistant:
        assistant.sync()
        assert not assistant.answer("Did rituximab deplete B cells in the tissues?").abstained
    assert not (tmp_path / "index" / question_model.FILE).exists()


def test_making_it_is_a_step_that_is_shown(tmp_path: Path, embedder: SentenceTransformerEmbedder) -> None:
    steps: list[tuple[str, int, int]] = []
    keep_copy(embedder, tmp_path, lambda told: steps.append((told.step, told.done, told.total)))
    assert steps == [("Preparing the model for questions", 0, 1), ("Preparing the model for questions", 1, 1)]
    steps.clear()
    keep_copy(embedder, tmp_path, lambda told: steps.append((told.step, told.done, told.total)))
    assert steps == []
