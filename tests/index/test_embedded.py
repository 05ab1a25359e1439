"""The backends pass the suite; the embedded one keeps its files as its manifest says."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from plain_searcher import EmbeddedEntry, PlainSearcher
from searcher_conformance import Make, SearcherConformance, ids, passages, sentence, turned

from index import embedded, vector_blocks
from index.partition import Partition
from index.searcher import Entry
from index.vectors import VectorIndex


def vectors_of(
    sentences: Sequence[EmbeddedEntry], dimension: int = 4, partition: Partition | None = None
) -> VectorIndex:
    """The vectors of some sentences in batches of three."""
    ordered = sorted(sentences, key=lambda entry: entry.id)
    batches = []
    for first in range(0, len(ordered), 3):
        part = ordered[first : first + 3]
        vectors = np.stack([entry.vector for entry in part])
        cells = partition.cells_of(vectors) if partition else np.zeros(0, dtype=np.uint16)
        numbers = vector_blocks.numbers_in(vector_blocks.pack(vectors), dimension)
        batches.append((np.array([entry.id for entry in part]), numbers, cells))
    return VectorIndex.build(batches, len(sentences), dimension, partition)


def builder(folder: Path, partitioned: bool, updated: bool) -> Make:
    """Builds the backend, as a large shelf has it, or after a change, if so wanted."""
    numbers = itertools.count(1)

    def build(
        sentences: Sequence[EmbeddedEntry], passages: Sequence[Entry], dimension: int
    ) -> embedded.EmbeddedSearcher:
        partition = None
        if partitioned:
            centroids = np.eye(dimension, dtype=np.float32)
            partition = Partition(np.concatenate([centroids, -centroids]), 2 * dimension, 1.0)
        generation = next(numbers)
        if updated:
            half = len(sentences) // 2, len(passages) // 2
            older = embedded.write(folder, generation, sentences[: half[0]], passages[: half[1]])
            manifest = embedded.update(
                folder, generation + 1, generation, older, (), sentences[half[0] :], passages[half[1] :]
            )
            generation = next(numbers)
        else:
            manifest = embedded.write(folder, generation, sentences, passages)
        searcher = embedded.open_searcher(
            folder, generation, manifest, lambda: vectors_of(sentences, dimension, partition)
        )
        embedded.remove_others(folder, -1)  # what is open stays readable, and the disk stays tidy
        return searcher

    return build


class TestEmbeddedSearcher(SearcherConformance):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        return builder(tmp_path, partitioned=False, updated=False)


class TestEmbeddedSearcherOfALargeShelf(SearcherConformance):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        return builder(tmp_path, partitioned=True, updated=False)


class TestEmbeddedSearcherAfterDocumentsCame(SearcherConformance):
    @pytest.fixture
    def make(self, tmp_path: Path) -> Make:
        return builder(tmp_path, partitioned=False, updated=True)


class TestPlainSearcher(SearcherConformance):
    @pytest.fixture
    def make(self) -> Make:
        return PlainSearcher


ENTRIES = [sentence(at, f"lupus {at}", turned(at)) for at in range(1, 5)]
TEXTS = {1: "lupus of the kidney", 2: "hepatitis"}


def write(folder: Path, generation: int) -> embedded.Manifest:
    return embedded.write(folder, generation, ENTRIES, passages(TEXTS))


def opened(folder: Path, generation: int, manifest: embedded.Manifest) -> embedded.EmbeddedSearcher:
    return embedded.open_searcher(folder, generation, manifest, lambda: vectors_of(ENTRIES))


def files_of(folder: Path) -> set[str]:
    files = (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    return {file.relative_to(folder).as_posix() for file in files}


def test_every_file_written_is_in_the_manifest_and_every_file_of_it_is_there(tmp_path: Path) -> None:
    manifest = write(tmp_path, 3)
    assert set(manifest) == files_of(tmp_path) | {"format"}
    assert {name.split("/")[1] for name in files_of(tmp_path)} == {"passages", "sentences"}


def test_what_a_killed_run_left_is_written_over(tmp_path: Path) -> None:
    embedded.write(tmp_path, 3, ENTRIES[:1], [])
    (tmp_path / "lexical-3" / "sentences" / "junk").write_text("junk")
    manifest = write(tmp_path, 3)
    assert ids(opened(tmp_path, 3, manifest).matching_sentences(["lupus"], 9)) == [1, 2, 3, 4]
    assert "lexical-3/sentences/junk" not in manifest


def test_other_generations_are_removed_and_this_one_is_kept(tmp_path: Path) -> None:
    manifests = {generation: embedded.write(tmp_path, generation, ENTRIES, []) for generation in (1, 2, 11)}
    (tmp_path / "vectors-1.faiss").write_text("as older Pincites had it")
    embedded.remove_others(tmp_path, 1)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["lexical-1"]
    embedded.verify(tmp_path, manifests[1])


def test_an_open_searcher_outlives_its_files(tmp_path: Path) -> None:
    searcher = opened(tmp_path, 1, write(tmp_path, 1))
    embedded.remove_others(tmp_path, 2)
    assert list(tmp_path.iterdir()) == []
    assert ids(searcher.matching_passages(["kidney"], 5)) == [1]
    assert ids(searcher.nearest_sentences(turned(4), 1)) == [4]


def test_a_change_is_written_beside_what_stays_which_is_linked_and_not_written(tmp_path: Path) -> None:
    other = sentence(5, "lupus 5", turned(5), content=2)
    older = embedded.write(
        tmp_path, 1, [*ENTRIES, other], [Entry(1, 1, "lupus of the kidney"), Entry(2, 2, "hepatitis")]
    )
    before = {name: (tmp_path / name).read_bytes() for name in files_of(tmp_path)}
    new = sentence(9, "lupus nephritis", turned(9), content=7)
    newer = embedded.update(tmp_path, 2, 1, older, [2], [new], [Entry(3, 7, "nephritis")])
    assert {name: (tmp_path / name).read_bytes() for name in before} == before
    assert set(newer) == {name for name in files_of(tmp_path) if name.startswith("lexical-2")} | {"format"}
    inodes = {(tmp_path / name).stat().st_ino for name in before}
    linked = [name for name in newer if name != "format" and (tmp_path / name).stat().st_ino in inodes]
    assert len(linked) > 6
    embedded.verify(tmp_path, newer)
    first, second = opened(tmp_path, 1, older), opened(tmp_path, 2, newer)
    assert ids(first.matching_sentences(["lupus"], 9)) == [1, 2, 3, 4, 5]
    assert sorted(ids(second.matching_sentences(["lupus"], 9))) == [1, 2, 3, 4, 9]
    assert sorted(ids(second.matching_passages(["kidney", "hepat", "nephriti", "hepatiti"], 9))) == [1, 3]
    assert (first.passage_count(), second.passage_count()) == (2, 2)
    # A word of which nothing is left is not on the shelf.
    assert [one.document_frequency("hepat") + one.document_frequency("hepatiti") for one in (first, second)] == [1, 0]


def test_files_that_are_damaged_are_not_built_upon(tmp_path: Path) -> None:
    older = write(tmp_path, 1)
    (tmp_path / max(older)).write_bytes(b"")
    with pytest.raises(embedded.DerivedFilesError, match="damaged"):
        embedded.update(tmp_path, 2, 1, older, [], [], [])


@pytest.mark.parametrize("change", ["missing", "damaged", "format", "folder"])
def test_files_that_are_not_as_the_manifest_says_are_refused(tmp_path: Path, change: str) -> None:
    manifest = write(tmp_path, 1)
    some = tmp_path / next(name for name in manifest if name.endswith(".term"))
    if change == "missing":
        some.unlink()
    elif change == "damaged":
        with some.open("ab") as stream:
            stream.write(b"\x00")
    elif change == "folder":
        shutil.rmtree(tmp_path / "lexical-1")
    else:
        manifest = manifest | {"format": "0.0"}
    with pytest.raises(embedded.DerivedFilesError, match=f"(?i){'missing' if change == 'folder' else change}"):
        opened(tmp_path, 1, manifest)
