"""Vectors in 8 bits, all with one scale: looked through in half the time that half precision takes.

They tell which sentences are surely not among the nearest; those that may be are then compared exactly.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import faiss
import numpy as np

from index.beside import Beside
from index.embedding import Vectors
from index.partition import Partition
from index.searcher import Ids
from index.vector_blocks import Cells

_LARGEST = 127
_IN_SINGLE = 1e-5  # what sums in single precision may be off
_HALF = 2.0**-11  # of themselves, numbers in half precision may be off: with those the nearest are compared


class RoughVectors:
    """Unit vectors by their place, in the order in which they were added.

    Args:
        dimension: Of the vectors.
        partition: Where the cells are; if None, every search looks at all vectors.
        parts: In how many parts they are looked through, side by side.
    """

    def __init__(self, dimension: int, partition: Partition | None = None, parts: int = 1) -> None:
        self.dimension = dimension
        self.cells = 0 if partition is None else len(partition.centroids)
        self._parts = [_index(dimension, partition) for _ in range(parts)]
        self._beside = Beside(max(parts - 1, 1))
        self._batches = self._count = 0
        self._common, self._scale = np.zeros(dimension, dtype=np.float32), 1.0
        self._off = self._longest = 0.0

    def add(self, vectors: Vectors, cells: Cells) -> None:
        """Add vectors, shape (n, dimension), with their cells, shape (n,), if there are cells.

        What the first have in common is taken from all: of some models that is most of them, and what tells them apart
        would be left to few steps. The scale is that of the first, too: a number of a later one that is larger than all
        of theirs is cut off.
        """
        if not self._count:
            self._common = np.asarray(vectors.mean(axis=0), dtype=np.float32)
            self._scale = float(np.abs(vectors - self._common).max(initial=0.0)) / _LARGEST or 1.0
        scale, vectors = self._scale, vectors - self._common
        rounded = np.ascontiguousarray(np.clip(np.rint(vectors / scale), -_LARGEST, _LARGEST), dtype=np.float32)
        part = self._parts[self._batches % len(self._parts)]
        places = np.arange(self._count, self._count + len(rounded), dtype=np.int64)
        if self.cells:
            where = np.ascontiguousarray(cells, dtype=np.int64)
            part.add_core(len(rounded), faiss.swig_ptr(rounded), faiss.swig_ptr(places), faiss.swig_ptr(where))
        else:
            part.add_with_ids(rounded, places)
        back = rounded * np.float32(scale)
        self._longest = max(self._longest, _longest(back))
        self._off = max(self._off, _longest(vectors - back))
        self._batches, self._count = self._batches + 1, self._count + len(rounded)

    def nearest(self, vector: Vectors, count: int, among: Ids | None = None, probes: int = 0) -> tuple[Ids, Vectors]:
        """Where those are that are roughly the nearest, and the highest inner product that each may have.

        In one part, no other has a higher one than the lowest of these.

        Args:
            vector: What they are to be near to.
            count: How many, of each part; fewer are found where the cells looked into hold no more.
            among: The places to look at; all if None.
            probes: How many cells to look into, if there are cells: of others nothing is said.
        """
        step = float(np.abs(vector).max(initial=0.0)) / _LARGEST or 1.0
        rounded = np.rint(vector / step)[None, :]  # FAISS takes whole numbers here as well

        def looked_through(part: Any) -> tuple[Ids, Vectors]:
            _one_thread()
            # Of each part its own: while it searches, FAISS puts a selector of its own into them.
            chosen: dict[str, Any] = {} if among is None else {"sel": faiss.IDSelectorBatch(among)}
            parameters: Any = faiss.SearchParameters(**chosen) if chosen else None
            if self.cells:
                parameters = faiss.SearchParametersIVF(nprobe=min(self.cells, probes), **chosen)  # type: ignore[call-arg]
            scores, places = part.search(rounded, count, params=parameters)
            found = places[0] >= 0
            return places[0][found], scores[0][found]

        others = [self._beside.begin(partial(looked_through, part)) for part in self._parts[1:]]
        found = [looked_through(self._parts[0]), *(other() for other in others)]
        # The product of what both factors are off with the other factor, at most (Cauchy and Schwarz).
        off_by = self._off + _HALF * (self._longest + self._off + float(np.linalg.norm(self._common)))
        off = off_by * float(np.linalg.norm(vector)) + self._longest * float(np.linalg.norm(vector - rounded[0] * step))
        places, scores = (np.concatenate(several) for several in zip(*found, strict=True))
        return places, np.asarray(scores * (self._scale * step) + (float(self._common @ vector) + off + _IN_SINGLE))


def _one_thread() -> None:
    """Have FAISS use this thread alone: one of its own would wait for a core that others ask for, and take four times
    as long on two busy ones."""
    faiss.omp_set_num_threads(1)


def _index(dimension: int, partition: Partition | None) -> Any:
    kind, metric = faiss.ScalarQuantizer.QT_8bit_direct_signed, faiss.METRIC_INNER_PRODUCT
    if partition is None:
        return faiss.IndexIDMap(faiss.IndexScalarQuantizer(dimension, kind, metric))
    coarse = faiss.IndexFlatIP(dimension)
    coarse.add(partition.centroids)
    index: Any = faiss.IndexIVFScalarQuantizer(coarse, dimension, coarse.ntotal, kind, metric, False)
    index.is_trained = True  # whole numbers have nothing to learn
    return index


def _longest(vectors: Vectors) -> float:
    """The length of the longest of some vectors."""
    return float(np.sqrt(np.einsum("ij,ij->i", vectors, vectors).max(initial=0.0)))
