"""The nearest vectors are found exactly, although they are looked for among rounded ones."""

from __future__ import annotations

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding import Vectors
from index.partition import Partition
from index.searcher import Ids
from index.vector_blocks import Numbers, numbers_in, pack
from index.vector_blocks import unit as as_unit
from index.vectors import VectorIndex

NO_CELLS = np.zeros(0, dtype=np.uint16)


def unit(rows: np.ndarray) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def built(
    vectors: Vectors, ids: Ids, batch: int, partition: Partition | None = None, total: int | None = None
) -> VectorIndex:
    cells = NO_CELLS if partition is None else partition.cells_of(vectors)
    places = range(0, len(vectors), batch)
    numbers = stored(vectors)
    batches = ((ids[at : at + batch], numbers[at : at + batch], cells[at : at + batch]) for at in places)
    return VectorIndex.build(batches, len(ids) if total is None else total, vectors.shape[1], partition)


def stored(vectors: Vectors) -> Numbers:
    """Unit vectors as an index stores them."""
    return numbers_in(pack(vectors), vectors.shape[1])


def exactly(vectors: Vectors, ids: Ids, vector: Vectors, k: int, among: Ids | None) -> list[int]:
    """The nearest of the vectors as they are stored, equal ones by id."""
    scores = (as_unit(stored(vectors)).astype(np.float64) @ vector.astype(np.float64)).astype(np.float32)
    inside = np.ones(len(ids), dtype=bool) if among is None else np.isin(ids, among)
    order = np.lexsort((ids[inside], -scores[inside]))
    return [int(at) for at in ids[inside][order][:k]]


SHAPES = ("even", "one direction", "a few directions", "spikes", "twice the same", "larger later")


def shaped(kind: str, count: int, dimension: int, chance: np.random.Generator) -> Vectors:
    rows = chance.normal(size=(count, dimension))
    if kind == "one direction":  # nearer to each other than rounding can tell
        rows = np.ones((count, dimension)) + 1e-3 * rows
    elif kind == "a few directions":
        rows = chance.normal(size=(3, dimension))[chance.integers(0, 3, count)] + 0.01 * rows
    elif kind == "spikes":
        rows[chance.integers(0, 2, count) > 0, 0] += 50
    elif kind == "twice the same":
        rows = rows[chance.integers(0, max(count // 2, 1), count)]
    elif kind == "larger later":  # than the numbers by which the scale is chosen
        rows[count // 2 :, :2] *= 40
    return unit(rows)


@settings(max_examples=150, deadline=None)
@given(
    kind=st.sampled_from(SHAPES),
    count=st.integers(1, 400),
    dimension=st.integers(1, 40),
    k=st.integers(1, 60),
    batch=st.sampled_from([7, 50, 1000]),
    restricted=st.booleans(),
    cells=st.integers(0, 12),
    worth=st.sampled_from([0.5, 1.0]),  # all vectors are looked through, or all cells
    seed=st.integers(0, 9999),
)
def test_the_nearest_are_found_exactly(
    kind: str, count: int, dimension: int, k: int, batch: int, restricted: bool, cells: int, worth: float, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    vectors = shaped(kind, count, dimension, chance)
    ids = np.cumsum(chance.integers(1, 4, count)).astype(np.int64)
    vector = unit(vectors[:1] + 0.3 * unit(chance.normal(size=(1, dimension))))[0]
    among = np.sort(chance.permutation(ids)[: max(count // 3, 1)]) if restricted else None
    partition = Partition(unit(chance.normal(size=(cells, dimension))), cells, 1.0) if cells else None
    expected = exactly(vectors, ids, vector, k, among)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.vectors._FEW", 0)
        patch.setattr("index.vectors._WORTH_CELLS", worth)
        index = built(vectors, ids, batch, partition, total=int(chance.integers(0, 2 * count)))
        found = index.search(vector, k, among)
    if partition is None:
        assert [hit.id for hit in found] == expected
    elif kind != "larger later":  # as near as 8 bits can tell
        assert len(found) == len(expected)
        cosines = index.vectors_of(np.array(expected)) @ vector
        step = 1 / 127 * np.sqrt(dimension)
        assert all(hit.score >= cosine - 2 * step for hit, cosine in zip(found, cosines, strict=True))


def test_where_a_cell_holds_too_few_more_are_looked_into() -> None:
    chance = np.random.default_rng(0)
    vectors = shaped("even", 300, 8, chance)
    index = built(vectors, np.arange(300), 100, Partition(unit(chance.normal(size=(40, 8))), 1, 1.0))
    assert len(index.search(vectors[0], 250)) == 250
    assert [hit.id for hit in index.search(vectors[0], 300)] == exactly(vectors, np.arange(300), vectors[0], 300, None)
    assert [hit.id for hit in index.search(vectors[0], 5, np.array([4, 4, 4, 200]))] == exactly(
        vectors, np.arange(300), vectors[0], 5, np.array([4, 200])
    )


def test_vectors_of_nothing_but_zeros_are_found_too() -> None:
    index = built(np.zeros((5, 8), dtype=np.float32), np.arange(5), 2)
    assert [hit.id for hit in index.search(np.zeros(8, dtype=np.float32), 3)] == [0, 1, 2]


def test_the_vectors_themselves_are_given_back_as_they_are_stored() -> None:
    vectors = shaped("even", 100, 24, np.random.default_rng(0))
    back = built(vectors, np.arange(0, 200, 2), 30).vectors_of(np.array([4, 0, 198]))
    assert (back == as_unit(stored(vectors))[[2, 0, 99]]).all()
    assert back == pytest.approx(vectors[[2, 0, 99]], abs=0.5 / 127)


@pytest.mark.parametrize("k", [1, 50])
def test_few_are_compared_exactly(monkeypatch: pytest.MonkeyPatch, k: int) -> None:
    vectors = shaped("even", 5000, 384, np.random.default_rng(0))
    index = built(vectors, np.arange(5000), 5000)
    compared: list[int] = []
    exact = VectorIndex._at

    def counted(self: VectorIndex, places: Ids) -> Vectors:
        compared.append(len(places))
        return exact(self, places)

    monkeypatch.setattr(VectorIndex, "_at", counted)
    assert len(index.search(vectors[7], k)) == k
    assert sum(compared) < 2500


@pytest.mark.parametrize("cells", [0, 3])
def test_faiss_keeps_the_threads_it_had(cells: int) -> None:
    chance = np.random.default_rng(0)
    vectors, before = shaped("even", 300, 8, chance), faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(3)  # what else is done with it in this thread, finding cells, has all of them
    try:
        partition = Partition(unit(chance.normal(size=(cells, 8))), cells, 1.0) if cells else None
        built(vectors, np.arange(300), 100, partition).search(vectors[0], 5)
        assert faiss.omp_get_max_threads() == 3
    finally:
        faiss.omp_set_num_threads(before)
