"""Nearest sentences: FAISS, in memory.

Vectors are kept as they are stored, in 8 bits with a scale each (see `index.vector_blocks`), which FAISS cannot look
through. It is given the same with one scale for all (see `index.rough_vectors`), and what may be among the nearest is
compared exactly: so a search finds what it would find by comparing all. On a large shelf it takes the nearest as one
scale has them, and looks only into the cells nearest to the question (see `index.partition`), if that spares it enough.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from index.cores import cores
from index.embedding import Vectors
from index.partition import NEAREST, Partition
from index.rough_vectors import RoughVectors
from index.searcher import Hit, Ids
from index.vector_blocks import Cells, Numbers, unit

_FEW = 20_000  # vectors that are compared one by one sooner than they are looked for among many
_WORTH_CELLS = 0.6  # of the cells, up to which it is quicker to look into so many than through all vectors
_MORE = 8  # times as many are compared where one that was not may be as near
_PIECE = 512  # vectors that are compared at once: what lies in a core's own cache takes half the time
_IN_SINGLE = 1e-5  # what products in single precision may be off
_PARTS = 4  # at most, of a large shelf, looked through side by side


class VectorIndex:
    """Sentence ids, ascending, and their unit vectors.

    Args:
        ids: Of the sentences.
        numbers: Their vectors as they are stored, shape (n, dimension).
        rough: The same to look through.
        partition: Of a large shelf.
    """

    def __init__(self, ids: Ids, numbers: Numbers, rough: RoughVectors, partition: Partition | None) -> None:
        self._ids = ids
        self._numbers = numbers
        self._rough = rough
        self._probes = 0 if partition is None else partition.probes

    @classmethod
    def build(
        cls,
        batches: Iterable[tuple[Ids, Numbers, Cells]],
        total: int,
        dimension: int,
        partition: Partition | None = None,
    ) -> VectorIndex:
        """Index batches of (ids, ascending, shape (n,); numbers, shape (n, dimension); cells, shape (n,)).

        Args:
            batches: Without a partition, the cells are not looked at.
            total: How many vectors there are, or about so many.
            dimension: Of the vectors.
            partition: Of a large shelf; if None, every search is exact.
        """
        few = partition is not None and partition.probes <= _WORTH_CELLS * len(partition.centroids)
        # Of few vectors: it takes a millisecond or two, and a thread that must wake up first saves nothing.
        parts = 1 if partition is None else min(cores(), _PARTS)
        rough = RoughVectors(dimension, partition if few else None, parts)
        # In one piece from the beginning: a million vectors would be copied again and again, and be there twice.
        numbers = np.empty((total, dimension), dtype=np.int8)
        every: list[Ids] = [np.zeros(0, dtype=np.int64)]
        count = 0
        for ids, given, cells in batches:
            rough.add(given, cells)
            if count + len(ids) > len(numbers):
                numbers = np.concatenate([numbers[:count], np.empty((len(ids), dimension), dtype=np.int8)])
            numbers[count : count + len(ids)] = given
            every.append(ids)
            count += len(ids)
        return cls(np.concatenate(every), numbers[:count], rough, partition)

    def __len__(self) -> int:
        return len(self._ids)

    def search(self, vector: Vectors, k: int, among: Ids | None = None) -> list[Hit]:
        """The `k` nearest ids by inner product; only those `among`, if given."""
        if among is not None:
            among = np.unique(among[np.isin(among, self._ids)])
            if self._probes and len(among) <= _FEW:
                return _best(among, self._products(self._places(among), vector), max(k, 0))
        count = len(self) if among is None else len(among)
        k = min(k, count)
        if k <= 0:
            return []
        places = None if among is None else self._places(among)
        # As many cells as hold the nearest hundred; of fewer vectors each cell holds fewer.
        probes = int(np.ceil(self._probes * max(1.0, k / NEAREST) * len(self) / count))
        asked, least = min(2 * k + 8, count), -np.inf
        while True:
            near, at_most = self._rough.nearest(vector, asked, places, probes)
            if len(near) < k and self._rough.cells:  # there are no more in these
                probes *= 4
                continue
            may_be = near[at_most >= least]
            products = self._products(may_be, vector)
            least = float(np.partition(products, -k)[-k]) - _IN_SINGLE
            # Past k until no other can be as near.
            if self._probes or asked == count or at_most.min() < least:
                may_be = may_be[products >= least]
                # In double precision: equal vectors have equal cosines wherever they stand.
                scores = self._at(may_be).astype(np.float64) @ vector.astype(np.float64)
                return _best(self._ids[may_be], scores.astype(np.float32), k)
            asked = min(_MORE * asked, count)

    def vectors_of(self, ids: Ids) -> Vectors:
        """The stored vectors, shape (len(ids), dimension)."""
        return self._at(self._places(ids))

    def _places(self, ids: Ids) -> Ids:
        return np.asarray(np.searchsorted(self._ids, ids), dtype=np.int64)

    def _products(self, places: Ids, vector: Vectors) -> Vectors:
        pieces = range(0, max(len(places), 1), _PIECE)
        return np.concatenate([self._at(places[at : at + _PIECE]) @ vector for at in pieces])

    def _at(self, places: Ids) -> Vectors:
        return unit(self._numbers[places])


def _best(ids: Ids, scores: Vectors, k: int) -> list[Hit]:
    order = np.lexsort((ids, -scores))[:k]
    return list(map(Hit, ids[order].tolist(), scores[order].tolist()))
