"""Cells: how a large shelf's vectors are told apart, so that a question need not be compared with all of them.

The cells are the regions around centroids found by k-means (an inverted file, Jégou, Douze and Schmid 2011). They are
made when the shelf has grown large, kept with it, and made anew when it has grown fourfold; documents that come
between are put into the cells there are. How many cells a search looks into is measured when they are made.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import faiss
import numpy as np

from index import vector_blocks
from index.embedding import Vectors
from index.errors import IndexDamagedError
from index.vector_blocks import CELL_TYPE, Cells

LARGE = 100_000
"""Sentences from which a shelf has cells. Below, comparing with all of them takes two or three milliseconds. One that
has shrunk keeps them until it has half as many."""

_AGAIN = 4  # times as many sentences as there were
_CELLS = 2.0  # times the square root of the sentences
_TAUGHT = 40  # vectors a centroid is found from
_ROUNDS = 10
_ASKED = 256  # sentences of the shelf that try out how many cells must be looked into
NEAREST = 100
"""How many of the nearest a search is tried out with."""

_RECALL = 0.995
"""The share of the nearest hundred that must be found. Sentences try it; questions, which are less like sentences
than sentences are like each other, lose a little more."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Centroids, shape (cells, dimension); how many cells a search looks into; the recall measured with that."""

    centroids: Vectors
    probes: int
    recall: float

    def cells_of(self, vectors: Vectors) -> Cells:
        """The cell that each vector is in."""
        return np.asarray((vectors @ self.centroids.T).argmax(axis=1), dtype=CELL_TYPE)


def keep(connection: sqlite3.Connection, dimension: int, tell: Callable[[int, int], None]) -> None:
    """Bring cells into step with the shelf, inside the caller's transaction; a small shelf has none.

    Args:
        connection: The index.
        dimension: Of its vectors.
        tell: Told how many of how many sentences are in their cells.
    """
    (count,) = connection.execute(
        "SELECT count(*) FROM sentences WHERE content IN (SELECT content FROM documents)"
    ).fetchone()
    stored = load(connection, dimension)
    # A shelf that goes a little below and above does not lose its cells and make them anew.
    if count < (LARGE if stored is None else LARGE // 2):
        forget(connection)
        return
    (made_for,) = connection.execute("SELECT coalesce(max(sentences), 0) FROM partition").fetchone()
    if stored is None or count >= _AGAIN * made_for:
        stored = _make(connection, dimension, count)
        connection.execute("DELETE FROM partition")
        centroids = stored.centroids.astype("<f4").tobytes()
        connection.execute(
            "INSERT INTO partition VALUES (?, ?, ?, ?, ?)",
            (count, centroids, stored.probes, stored.recall, zlib.crc32(centroids)),
        )
        connection.execute("DELETE FROM cells")
    done = 0
    homeless = connection.execute(
        "SELECT content FROM vectors WHERE content IN (SELECT content FROM documents EXCEPT SELECT content FROM cells)"
    ).fetchall()
    for (content,) in homeless:
        (block,) = connection.execute("SELECT block FROM vectors WHERE content = ?", (content,)).fetchone()
        vectors = vector_blocks.unpack(block, dimension)
        cells = stored.cells_of(vectors).astype(CELL_TYPE).tobytes()
        connection.execute("INSERT INTO cells VALUES (?, ?, ?)", (content, cells, zlib.crc32(cells)))
        done += len(vectors)
        tell(done, count)


def forget(connection: sqlite3.Connection) -> None:
    """Have no cells: the shelf is small, or its vectors are of another model now."""
    connection.execute("DELETE FROM partition")
    connection.execute("DELETE FROM cells")


def _make(connection: sqlite3.Connection, dimension: int, count: int) -> Partition:
    """Find centroids for the shelf, and how many cells must be looked into."""
    random = np.random.default_rng(count)
    cells = int(_CELLS * count**0.5)
    share = min(1.0, _TAUGHT * cells / count)
    taught = np.concatenate(
        [
            vector_blocks.unit(numbers[random.random(len(numbers)) < share])
            for _, numbers, _ in vector_blocks.on_the_shelf(connection, dimension)
        ]
    )
    points = {"min_points_per_centroid": 1, "max_points_per_centroid": _TAUGHT}  # fewer would be worth a warning
    means = faiss.Kmeans(dimension, cells, niter=_ROUNDS, spherical=True, seed=1, **points)
    means.train(taught)
    partition = Partition(np.asarray(means.centroids, dtype=np.float32), 0, 0.0)
    probes, recall = _enough(connection, partition, taught[random.permutation(len(taught))[:_ASKED]])
    return replace(partition, probes=probes, recall=recall)


def _enough(connection: sqlite3.Connection, partition: Partition, asked: Vectors) -> tuple[int, float]:
    """How many cells must be looked into for the recall wanted; and the recall that gives."""
    dimension = partition.centroids.shape[1]
    best = np.full((len(asked), NEAREST), -2.0, dtype=np.float32)
    places = np.zeros(best.shape, dtype=np.int64)  # the cell that each of the nearest is in
    for _, numbers, _ in vector_blocks.on_the_shelf(connection, dimension):
        vectors = vector_blocks.unit(numbers)
        inside = np.broadcast_to(partition.cells_of(vectors).astype(np.int64), (len(asked), len(vectors)))
        scores = np.concatenate([best, asked @ vectors.T], axis=1)
        order = np.argpartition(-scores, NEAREST - 1, axis=1)[:, :NEAREST]
        best = np.take_along_axis(scores, order, axis=1)
        places = np.take_along_axis(np.concatenate([places, inside], axis=1), order, axis=1)
    # A near vector is found if its cell is among those looked into.
    order = np.argsort(-(asked @ partition.centroids.T), axis=1)
    rank = np.argsort(order, axis=1)
    ranks = np.sort(np.take_along_axis(rank, places, axis=1).ravel())
    probes = 1 + int(ranks[int(np.ceil(_RECALL * len(ranks))) - 1])
    return probes, float((ranks < probes).mean())


def load(connection: sqlite3.Connection, dimension: int) -> Partition | None:
    """The partition that is kept with the shelf.

    Raises:
        IndexDamagedError: It is not what was stored.
    """
    row = connection.execute("SELECT centroids, probes, recall, checksum FROM partition").fetchone()
    if row is None:
        return None
    stored, probes, recall, checksum = row
    if zlib.crc32(stored) != checksum:
        raise IndexDamagedError("The cells of the shelf's vectors are damaged.", "pincite index --rebuild")
    centroids = np.frombuffer(stored, dtype="<f4").reshape(-1, dimension)
    return Partition(np.ascontiguousarray(centroids, dtype=np.float32), int(probes), float(recall))
