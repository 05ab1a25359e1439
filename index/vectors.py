"""Nearest sentences: FAISS over half-precision vectors, in memory.

Half precision halves the memory and is read about six times faster than single; the cosines agree to four
decimals. Search is exact, unless the shelf has cells (see `index.partition`): then only the cells nearest to the
question are looked into.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import faiss
import numpy as np

from index.embedding import Vectors
from index.partition import NEAREST, Partition
from index.searcher import Hit, Ids
from index.vector_blocks import Cells

_FEW = 20_000  # vectors that are compared one by one sooner than they are looked for in cells


class VectorIndex:
    """Sentence ids, ascending, and their unit vectors."""

    def __init__(self, index: Any, ids: Ids, probes: int = 0) -> None:
        self._index = index
        self._ids = ids
        self._probes = probes

    @classmethod
    def build(
        cls, batches: Iterable[tuple[Ids, Vectors, Cells]], dimension: int, partition: Partition | None = None
    ) -> VectorIndex:
        """Index batches of (ids, ascending, shape (n,); vectors, shape (n, dimension); cells, shape (n,)).

        Args:
            batches: Without a partition, the cells are not looked at.
            dimension: Of the vectors.
            partition: Where the cells are; if None, every search looks at all vectors.
        """
        kind, metric = faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        index: Any
        if partition is None:
            index = faiss.IndexScalarQuantizer(dimension, kind, metric)
        else:
            coarse = faiss.IndexFlatIP(dimension)
            coarse.add(partition.centroids)
            index = faiss.IndexIVFScalarQuantizer(coarse, dimension, coarse.ntotal, kind, metric, False)
            index.is_trained = True  # half precision has nothing to learn
        every: list[Ids] = [np.zeros(0, dtype=np.int64)]
        count = 0
        for ids, vectors, cells in batches:
            given = np.ascontiguousarray(vectors, dtype=np.float32)
            if partition is None:
                index.add(given)
            else:
                places = np.arange(count, count + len(ids), dtype=np.int64)
                where = cells.astype(np.int64)
                index.add_core(len(ids), faiss.swig_ptr(given), faiss.swig_ptr(places), faiss.swig_ptr(where))
            every.append(ids)
            count += len(ids)
        if partition is not None:
            index.make_direct_map()
        return cls(index, np.concatenate(every), partition.probes if partition else 0)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, among: Ids | None = None) -> list[Hit]:
        """The `k` nearest ids by inner product; only those `among`, if given."""
        if among is not None:
            among = among[np.isin(among, self._ids)]
            if self._probes and len(among) <= _FEW:
                return self._compared(vector, k, among)
        count = len(self) if among is None else len(among)
        k = min(k, count)
        if k <= 0:
            return []
        _one_thread()
        places = None if among is None else self._places(among)
        # As many cells as hold the nearest hundred; of fewer vectors each cell holds fewer.
        probes = int(np.ceil(self._probes * max(1.0, k / NEAREST) * len(self) / count))
        while True:
            hits = self._searched(vector, k, count, self._parameters(places, probes))
            if len(hits) == k or not self._probes or probes >= self._index.nlist:
                return hits
            probes *= 4

    def vectors_of(self, ids: Ids) -> Vectors:
        """The stored vectors, shape (len(ids), dimension)."""
        if not len(ids):
            return np.zeros((0, self._index.d), dtype=np.float32)
        _one_thread()
        return np.asarray(self._index.reconstruct_batch(self._places(ids)), dtype=np.float32)

    def _compared(self, vector: Vectors, k: int, among: Ids) -> list[Hit]:
        return _best(among, self.vectors_of(among) @ vector, max(k, 0))

    def _places(self, ids: Ids) -> Ids:
        return np.asarray(np.searchsorted(self._ids, ids), dtype=np.int64)

    def _searched(self, vector: Vectors, k: int, count: int, parameters: Any) -> list[Hit]:
        asked = k
        while True:
            # Past k until the score falls: which of equal ones FAISS leaves out is not by id.
            asked = min(2 * asked + 8, count)
            scores, places = self._index.search(vector[None, :], asked, params=parameters)
            if asked == count or scores[0][-1] < scores[0][k - 1] or places[0][-1] < 0:
                break
        found = places[0] >= 0
        return _best(self._ids[places[0][found]], scores[0][found], k)

    def _parameters(self, places: Ids | None, probes: int) -> Any:
        chosen = {} if places is None else {"sel": faiss.IDSelectorBatch(places)}
        if not self._probes:
            return faiss.SearchParameters(**chosen) if chosen else None
        return faiss.SearchParametersIVF(nprobe=min(self._index.nlist, probes), **chosen)  # type: ignore[call-arg]


def _one_thread() -> None:
    """Have FAISS use this thread alone: a second would wait for a core that others ask for, and take four times as long
    on two busy ones."""
    faiss.omp_set_num_threads(1)


def _best(ids: Ids, scores: Vectors, k: int) -> list[Hit]:
    order = np.lexsort((ids, -scores))[:k]
    return list(map(Hit, ids[order].tolist(), scores[order].tolist()))
