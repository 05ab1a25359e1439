"""The embedded backend: FAISS in memory, and tantivy files beside the SQLite file; both derived from it.

The files of a generation are never changed once written: a reader keeps those of its own generation, and a
new generation is written beside them.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from index.analysis import ANALYSIS_VERSION
from index.digests import sha256_of
from index.embedding import Vectors
from index.lexical import LexicalIndex
from index.searcher import Entry, Hit, Ids
from index.vectors import VectorIndex

Manifest = dict[str, str]
"""File, relative to the index folder -> SHA-256. The entry "format" names the way the files are made."""

FORMAT = f"3.{ANALYSIS_VERSION}"

STAGING = ".restoring"
"""The folder, within that of the index, where a backup is unpacked; one that a killed restore left may go."""


class DerivedFilesError(Exception):
    """Derived files are missing, damaged or of another format; they can be written again from SQLite."""


class EmbeddedSearcher:
    """A `Searcher` over one generation's files."""

    def __init__(self, vectors: VectorIndex, passages: LexicalIndex, sentences: LexicalIndex) -> None:
        self._vectors = vectors
        self._passages = passages
        self._sentences = sentences

    def nearest_sentences(self, vector: Vectors, k: int, among: Ids | None = None) -> list[Hit]:
        """See `Searcher`."""
        return self._vectors.search(vector, k, among)

    def cosines(self, vector: Vectors, sentences: Ids) -> Vectors:
        """See `Searcher`."""
        return np.asarray(self._vectors.vectors_of(sentences) @ vector, dtype=np.float32)

    def matching_passages(self, terms: Sequence[str], k: int, within: Sequence[int] | None = None) -> list[Hit]:
        """See `Searcher`."""
        return self._passages.search(terms, k, within)

    def matching_sentences(self, terms: Sequence[str], k: int, within: Sequence[int] | None = None) -> list[Hit]:
        """See `Searcher`."""
        return self._sentences.search(terms, k, within)

    def passage_scores(self, terms: Sequence[str], passages: Iterable[int]) -> dict[int, float]:
        """See `Searcher`."""
        return self._passages.scores(terms, passages)

    def sentence_scores(self, terms: Sequence[str], sentences: Iterable[int]) -> dict[int, float]:
        """See `Searcher`."""
        return self._sentences.scores(terms, sentences)

    def document_frequency(self, term: str) -> int:
        """See `Searcher`."""
        return self._passages.document_frequency(term)

    def passage_count(self) -> int:
        """See `Searcher`."""
        return len(self._passages)

    def close(self) -> None:
        """See `Searcher`; FAISS is in memory and tantivy lets go when collected."""


def write(folder: Path, generation: int, sentences: Iterable[Entry], passages: Iterable[Entry]) -> Manifest:
    """Write the files of a generation, seen onto the disk, and return what must be there from now on.

    Anything that stands in their place (left by a run that was killed) is removed first.
    """
    lexical = _empty(folder, generation)
    LexicalIndex.build(lexical / "sentences", sentences)
    LexicalIndex.build(lexical / "passages", passages)
    return _manifest(folder, lexical, {})


def update(
    folder: Path,
    generation: int,
    older: int,
    manifest: Manifest,
    gone: Collection[int],
    sentences: Iterable[Entry],
    passages: Iterable[Entry],
) -> Manifest:
    """The same from the files of an older generation: its entries without the contents `gone`, and those given.

    Raises:
        DerivedFilesError: The older files are not as their manifest says.
    """
    verify(folder, manifest)
    before, lexical = _lexical_folder(folder, older), _empty(folder, generation)
    LexicalIndex.update(before / "sentences", lexical / "sentences", gone, sentences)
    LexicalIndex.update(before / "passages", lexical / "passages", gone, passages)
    return _manifest(folder, lexical, manifest)


def open_searcher(
    folder: Path, generation: int, manifest: Manifest, vectors: Callable[[], VectorIndex]
) -> EmbeddedSearcher:
    """Open a generation's files, every one checked against the manifest; `vectors` are asked for when they are sound.

    Raises:
        DerivedFilesError: What is missing, damaged or not understood.
    """
    passages, sentences = opened(folder, generation, manifest)
    return EmbeddedSearcher(vectors(), passages, sentences)


def opened(folder: Path, generation: int, manifest: Manifest) -> tuple[LexicalIndex, LexicalIndex]:
    """The files of a generation, each checked against the manifest, opened: of its passages, and of its sentences.

    tantivy has files beside those of the manifest, by which it knows its own; without them it opens nothing.

    Raises:
        DerivedFilesError: What is missing, damaged or not understood.
    """
    verify(folder, manifest)
    lexical = _lexical_folder(folder, generation)
    try:
        return LexicalIndex(lexical / "passages"), LexicalIndex(lexical / "sentences")
    except (RuntimeError, ValueError, OSError) as error:
        raise DerivedFilesError(f"the files of generation {generation} cannot be opened ({error})") from error


def verify(folder: Path, manifest: Manifest) -> None:
    """Check that every file of a manifest is there and unchanged.

    Raises:
        DerivedFilesError: The first that is not.
    """
    if manifest.get("format") != FORMAT:
        raise DerivedFilesError("the search files are of another format")
    for name, digest in manifest.items():
        if name == "format":
            continue
        try:
            found = sha256_of([folder / name])
        except OSError as error:
            raise DerivedFilesError(f"{name} is missing") from error
        if found != digest:
            raise DerivedFilesError(f"{name} is damaged")


def remove_others(folder: Path, generation: int) -> None:
    """Remove the files of every generation but this one, and what a killed restore left; or leave it for next time."""
    for path in folder.glob("vectors-*.faiss"):  # of an older Pincite
        path.unlink(missing_ok=True)
    shutil.rmtree(folder / STAGING, ignore_errors=True)
    for path in folder.glob("lexical-*"):
        if path != _lexical_folder(folder, generation):
            shutil.rmtree(path, ignore_errors=True)


def _lexical_folder(folder: Path, generation: int) -> Path:
    return folder / f"lexical-{generation}"


def _lexical_files(folder: Path) -> Iterator[Path]:
    # Files with a leading dot are tantivy's locks and its list of files to collect; a reader needs neither.
    return (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))


def _empty(folder: Path, generation: int) -> Path:
    lexical = _lexical_folder(folder, generation)
    if lexical.exists():
        shutil.rmtree(lexical)
    return lexical


def _manifest(folder: Path, lexical: Path, known: Manifest) -> Manifest:
    """The files of a generation with their digests; those that are linked to files of known digests are not read."""
    files = {name.partition("/")[2]: (folder / name, digest) for name, digest in known.items() if "/" in name}
    found: Manifest = {"format": FORMAT}
    for file in sorted(_lexical_files(lexical)):
        older, digest = files.get(file.relative_to(lexical).as_posix(), (file, ""))
        linked = digest and older.is_file() and older.samefile(file)
        found[file.relative_to(folder).as_posix()] = digest if linked else sha256_of([file])
    return found
