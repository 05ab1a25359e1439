"""The texts of `growth.py`, as many as are wanted, and an embedder that has their vectors without computing them.

A document has a hundred sentences, in paragraphs of ten. The first documents are real: runs of sentences of the
full-text articles of COVID-QA and Evidence Inference, and of the abstracts of SciFact. When these are used up, a
sentence is the first half of one of them and the second half of another, by words. What is drawn depends on the number
of the document alone, so that a larger shelf holds the smaller ones.

Such texts have about as many sentences, words and letters as real ones. Two things are kinder, or less kind, than a
real shelf of that size: no new words come any more, and words seldom meet that belong together.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from indexing_speed import FOLDERS
from numpy.typing import NDArray

from index.embedding import SentenceTransformerEmbedder, Vectors
from index.sentences import sentence_spans
from rag.evaluation.sets import read_set

ABSTRACTS = "scifact"
DOCUMENT = 100  # sentences
PARAGRAPH = 10

_SEED = 0
_WORDS = range(6, 61)  # how many a source has: each half still says something
_NOISE = 0.05  # its length; no two sentences made of the same halves need be at the same place
_NOISES = 4096

Keys = NDArray[np.uint64]
Pair = tuple[int, int]
"""Where the two sources of a sentence stand in the list of them; a real sentence is twice the same one."""


@dataclass(frozen=True, slots=True)
class Texts:
    """A shelf: its folder of documents, and the file that says of which sources each sentence is made."""

    seeds: Path
    pairs: Path


def real_sentences(data: Path, most: int) -> list[str]:
    """Real sentences, each once, as Pincite cuts them: whole documents' worth, at most so many, in a drawn order."""
    texts = [file.read_text(encoding="utf-8") for folder in FOLDERS for file in sorted((data / folder).glob("*.txt"))]
    abstracts = read_set(data / ABSTRACTS).documents
    assert abstracts is not None and not isinstance(abstracts, Path)
    texts += abstracts.values()
    cut = (" ".join(span.of(text).split()) for text in texts for span in sentence_spans(text))
    found = list(dict.fromkeys(one for one in cut if _is_plain(one)))
    runs = [found[first : first + DOCUMENT] for first in range(0, len(found) - DOCUMENT + 1, DOCUMENT)]
    random.Random(_SEED).shuffle(runs)
    return [sentence for run in runs[: most // DOCUMENT] for sentence in run]


def _is_plain(sentence: str) -> bool:
    """Whether it begins and ends as a sentence does: made of such, the next begins where Pincite says it does."""
    return sentence[0].isupper() and sentence[-1] == "." and len(sentence.split()) in _WORDS


def pairs_of(document: int, sources: int) -> list[Pair]:
    """What the sentences of a document are made of."""
    first = document * DOCUMENT
    if first + DOCUMENT <= sources:
        return [(at, at) for at in range(first, first + DOCUMENT)]
    chance = random.Random(f"{_SEED} {document}")
    return [(chance.randrange(sources), chance.randrange(sources)) for _ in range(DOCUMENT)]


def joined(pair: Pair, sources: Sequence[str]) -> str:
    """The sentence that two sources make."""
    left, right = (sources[at].split() for at in pair)
    return " ".join(left[: len(left) // 2] + right[len(right) // 2 :])


def name_of(document: int) -> str:
    """The file of a document."""
    return f"{document:06d}.txt"


def text_of(document: int, sources: Sequence[str]) -> str:
    """The whole text of a document."""
    sentences = [joined(pair, sources) for pair in pairs_of(document, len(sources))]
    paragraphs = (sentences[first : first + PARAGRAPH] for first in range(0, DOCUMENT, PARAGRAPH))
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs) + "\n"


def texts_of(home: Path, size: int, sources: Sequence[str]) -> Texts:
    """The shelf of so many sentences in the folder `home`; written if it is not there as a whole."""
    made = Texts(home / "documents", home / "pairs.npz")
    if not made.seeds.is_dir():
        part = home / "documents.part"
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        pairs: list[Pair] = []
        for document in range(size // DOCUMENT):
            pairs += pairs_of(document, len(sources))
            (part / name_of(document)).write_text(text_of(document, sources), encoding="utf-8", newline="")
        keys = np.asarray([key_of(joined(pair, sources)) for pair in pairs], dtype=np.uint64)
        once, at = np.unique(keys, return_index=True)
        np.savez(made.pairs, keys=once, pairs=np.asarray(pairs, dtype=np.int32)[at])
        part.rename(made.seeds)
    return made


def key_of(sentence: str) -> int:
    """What a sentence is found by: 8 bytes."""
    return int.from_bytes(hashlib.blake2b(sentence.strip().encode(), digest_size=8).digest(), "little")


class Recombined(SentenceTransformerEmbedder):
    """The default model, which computes vectors of questions only.

    A real sentence has the vector that the model made of it before. A sentence of two sources has the sum of theirs,
    brought to length 1, with a little noise that depends on its words. One that is not known, since Pincite has cut it
    otherwise, has the sum of two that are drawn by its words.

    Args:
        vectors: The vectors of the sources, a file of numpy's.
        pairs: See `Texts`.
    """

    def __init__(self, vectors: Path, pairs: Path) -> None:
        super().__init__()
        self._files = vectors, pairs
        self._read: tuple[Vectors, Keys, NDArray[np.int32], Vectors] | None = None
        self.seconds = 0.0  # spent here
        self.asked = 0  # sentences
        self.unknown = 0

    def embed(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Vectors:
        """Vectors of `texts`, see above."""
        if not texts:
            return np.zeros((0, self.identity.dimension), dtype=np.float32)
        began = time.perf_counter()
        vectors, known, pairs, noises = self._material()
        keys = np.asarray([key_of(text) for text in texts], dtype=np.uint64)
        at = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        found = known[at] == keys
        left, right = np.where(found, pairs[at].T, _parts(keys, len(vectors)))
        made: Vectors = vectors[left] + vectors[right]
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        # The bits that drew the sources do not draw the noise as well.
        one, other = _parts(keys * np.uint64(0x9E3779B97F4A7C15), _NOISES)
        made += np.where((left != right)[:, None], noises[one] + noises[other], np.float32(0))
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        self.asked += len(texts)
        self.unknown += int((~found).sum())
        self.seconds += time.perf_counter() - began
        if progress is not None:
            progress(len(texts))
        return made

    def _material(self) -> tuple[Vectors, Keys, NDArray[np.int32], Vectors]:
        """Vectors of the sources, keys in order, the pair of each, noises; read when a sentence needs them."""
        if self._read is None:
            file, named = self._files
            vectors, made_of = np.load(file), np.load(named)
            noises = np.random.default_rng(_SEED).standard_normal((_NOISES, vectors.shape[1]), dtype=np.float32)
            noises *= _NOISE / np.sqrt(2 * vectors.shape[1])
            self._read = vectors, made_of["keys"], made_of["pairs"], noises
        return self._read


def _parts(keys: Keys, count: int) -> NDArray[np.int64]:
    """Two numbers below `count` of each key, of different bits of it; shape (2, len(keys))."""
    halves = np.stack([keys & np.uint64(0xFFFFFFFF), keys >> np.uint64(32)])
    return (halves % np.uint64(count)).astype(np.int64)


def kept(file: Path, make: Callable[[], list[str]]) -> list[str]:
    """A list of texts that is made once."""
    if not file.exists():
        part = file.with_suffix(".part")
        part.write_text(json.dumps(make()), encoding="utf-8")
        part.replace(file)
    found: list[str] = json.loads(file.read_text(encoding="utf-8"))
    return found
