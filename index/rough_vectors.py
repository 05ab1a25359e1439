"""Vectors in 8 bits, all with one scale: looked through without making anything of their numbers.

They tell which sentences are surely not among the nearest; those that may be are then compared exactly.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from typing import Any

import faiss
import numpy as np

from index.beside import Beside
from index.embedding import Vectors
from index.partition import Partition
from index.searcher import Ids
from index.vector_blocks import Cells, Numbers, unit

_LARGEST = 127
_IN_SINGLE = 1e-5  # what sums in single precision may be off
_PIECE = 1 << 18  # numbers that are rounded at once: what lies in a core's own cache takes half the time


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
        self._count = 0
        self._common, self._scale = np.zeros(dimension, dtype=np.float32), 1.0
        self._off = self._longest = 0.0

    def add(self, numbers: Numbers, cells: Cells) -> None:
        """Add unit vectors as they are stored, shape (n, dimension), with their cells, shape (n,), if there are cells.

        What the first have in common is taken from all: of some models that is most of them, and what tells them apart
        would be left to few steps. The scale is that of the first, too: a number of a later one that is larger than all
        of theirs is cut off.
        """
        if not self._count:
            vectors = unit(numbers)
            self._common = np.asarray(vectors.mean(axis=0), dtype=np.float32)
            self._scale = float(np.abs(vectors - self._common).max(initial=0.0)) / _LARGEST or 1.0
        ends = [len(numbers) * at // len(self._parts) for at in range(len(self._parts) + 1)]
        shares = [
            partial(self._add_to, part, numbers[start:end], cells[start:end], self._count + start)
            for part, (start, end) in zip(self._parts, pairwise(ends), strict=True)
        ]
        others = [self._beside.begin(share) for share in shares[1:]]
        for off, longest in (shares[0](), *(other() for other in others)):
            self._off, self._longest = max(self._off, off), max(self._longest, longest)
        self._count += len(numbers)

    def _add_to(self, part: Any, numbers: Numbers, cells: Cells, place: int) -> tuple[float, float]:
        """What rounding is off at most, and the length of the longest of the rounded."""
        off = longest = 0.0
        size = max(_PIECE // self.dimension, 1)
        for at in range(0, len(numbers), size):
            steps = unit(numbers[at : at + size])
            steps -= self._common
            steps *= np.float32(1 / self._scale)
            rounded = np.rint(steps)
            np.clip(rounded, -_LARGEST, _LARGEST, out=rounded)
            places = np.arange(place + at, place + at + len(rounded), dtype=np.int64)
            with _one_thread():
                if self.cells:
                    where = np.ascontiguousarray(cells[at : at + size], dtype=np.int64)
                    part.add_core(len(rounded), faiss.swig_ptr(rounded), faiss.swig_ptr(places), faiss.swig_ptr(where))
                else:
                    part.add_with_ids(rounded, places)
            steps -= rounded
            off, longest = max(off, _longest(steps)), max(longest, _longest(rounded))
        return off * self._scale, longest * self._scale

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
            # Of each part its own: while it searches, FAISS puts a selector of its own into them.
            chosen: dict[str, Any] = {} if among is None else {"sel": faiss.IDSelectorBatch(among)}
            parameters: Any = faiss.SearchParameters(**chosen) if chosen else None
            if self.cells:
                parameters = faiss.SearchParametersIVF(nprobe=min(self.cells, probes), **chosen)  # type: ignore[call-arg]
            with _one_thread():
                scores, places = part.search(rounded, count, params=parameters)
            found = places[0] >= 0
            return places[0][found], scores[0][found]

        others = [self._beside.begin(partial(looked_through, part)) for part in self._parts[1:]]
        found = [looked_through(self._parts[0]), *(other() for other in others)]
        # The product of what both factors are off with the other factor, at most (Cauchy and Schwarz).
        off = self._off * float(np.linalg.norm(vector))
        off += self._longest * float(np.linalg.norm(vector - rounded[0] * step))
        places, scores = (np.concatenate(several) for several in zip(*found, strict=True))
        return places, np.asarray(scores * (self._scale * step) + (float(self._common @ vector) + off + _IN_SINGLE))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Have FAISS use this thread alone for a while: one of its own would wait for a core that others ask for, and take
    four times as long on two busy ones."""
    before = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(before)


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
