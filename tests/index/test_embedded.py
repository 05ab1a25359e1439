"""The backends pass the suite; the embedded one keeps its files as its manifest says."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from plain_searcher import PlainSearcher
from searcher_conformance import Make, SearcherConformance, ids, passages, sentence, turned

from index import embedded
from index.searcher import PassageEntry, SentenceEntry


class TestEmbeddedSearcher(SearcherConformance):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        numbers = itertools.count(1)

        def build(
            sentences: Sequence[SentenceEntry], passages: Sequence[PassageEntry], dimension: int
        ) -> embedded.EmbeddedSearcher:
            generation = next(numbers)
            manifest = embedded.write(tmp_path, generation, sentences, passages, dimension)
            searcher = embedded.open_searcher(tmp_path, generation, manifest)
            embedded.remove_others(tmp_path, -1)  # what is open stays readable, and the disk stays tidy
            return searcher

        return build


class TestPlainSearcher(SearcherConformance):
    @pytest.fixture
    def make(self) -> Make:
        return PlainSearcher


ENTRIES = [sentence(at, f"lupus {at}", turned(at)) for at in range(1, 5)]
TEXTS = {1: "lupus of the kidney", 2: "hepatitis"}


def test_every_file_written_is_in_the_manifest_and_every_file_of_it_is_there(tmp_path: Path) -> None:
    manifest = embedded.write(tmp_path, 3, ENTRIES, passages(TEXTS), 4)
    written = {
        file.relative_to(tmp_path).as_posix()
        for file in tmp_path.rglob("*")
        if file.is_file() and not file.name.startswith(".")
    }
    assert set(manifest) == written | {"format"}
    assert any(name.endswith(".faiss") for name in written)
    assert {name.split("/")[1] for name in written if "/" in name} == {"passages", "sentences"}


def test_what_a_killed_run_left_is_written_over(tmp_path: Path) -> None:
    embedded.write(tmp_path, 3, ENTRIES[:1], [], 4)
    (tmp_path / "lexical-3" / "sentences" / "junk").write_text("junk")
    manifest = embedded.write(tmp_path, 3, ENTRIES, passages(TEXTS), 4)
    searcher = embedded.open_searcher(tmp_path, 3, manifest)
    assert ids(searcher.nearest_sentences(turned(0), 9)) == [1, 2, 3, 4]
    assert "lexical-3/sentences/junk" not in manifest


def test_other_generations_are_removed_and_this_one_is_kept(tmp_path: Path) -> None:
    manifests = {generation: embedded.write(tmp_path, generation, ENTRIES, [], 4) for generation in (1, 2, 11)}
    embedded.remove_others(tmp_path, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lexical-1", "vectors-1.faiss"]
    embedded.verify(tmp_path, manifests[1])


def test_an_open_searcher_outlives_its_files(tmp_path: Path) -> None:
    manifest = embedded.write(tmp_path, 1, ENTRIES, passages(TEXTS), 4)
    searcher = embedded.open_searcher(tmp_path, 1, manifest)
    embedded.remove_others(tmp_path, 2)
    assert list(tmp_path.iterdir()) == []
    assert ids(searcher.matching_passages(["kidney"], 5)) == [1]
    assert ids(searcher.nearest_sentences(turned(4), 1)) == [4]


def test_equal_entries_give_equal_vector_files(tmp_path: Path) -> None:
    first = embedded.write(tmp_path, 1, ENTRIES, passages(TEXTS), 4)
    second = embedded.write(tmp_path, 2, ENTRIES, passages(TEXTS), 4)
    assert first["vectors-1.faiss"] == second["vectors-2.faiss"]


@pytest.mark.parametrize("change", ["missing", "damaged", "format", "folder"])
def test_files_that_are_not_as_the_manifest_says_are_refused(tmp_path: Path, change: str) -> None:
    manifest = embedded.write(tmp_path, 1, ENTRIES, passages(TEXTS), 4)
    if change == "missing":
        (tmp_path / "vectors-1.faiss").unlink()
    elif change == "damaged":
        with (tmp_path / "vectors-1.faiss").open("ab") as stream:
            stream.write(b"\x00")
    elif change == "folder":
        shutil.rmtree(tmp_path / "lexical-1")
    else:
        manifest = manifest | {"format": "0.0"}
    with pytest.raises(embedded.DerivedFilesError, match=f"(?i){'missing' if change == 'folder' else change}"):
        embedded.open_searcher(tmp_path, 1, manifest)
