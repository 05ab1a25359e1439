"""Vectors as they are stored: eight bits a number, the sentences of a content in a row.

Each vector has a scale of its own, so that a number is off by half of its largest one's 127th at most: of unit
vectors of 384 numbers, cosines change by some four ten-thousandths. It takes half the room of half precision.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from index.embedding import Vectors
from index.errors import IndexDamagedError
from index.seals import seal
from index.searcher import Ids

Numbers = NDArray[np.int8]
Cells = NDArray[np.uint16]
CELL_TYPE = "<u2"

_LEVELS = 127
_PARAMETERS = 500  # SQLite bounds those of one statement


def pack(vectors: Vectors) -> bytes:
    """Vectors, shape (n, dimension), one after another: the scale, then the numbers."""
    rows = np.zeros(len(vectors), dtype=_row(vectors.shape[1]))
    largest = np.abs(vectors).max(axis=1, initial=0.0)
    rows["scale"] = np.where(largest > 0, largest, 1.0) / _LEVELS
    rows["numbers"] = np.rint(vectors / rows["scale"][:, None])
    return rows.tobytes()


def unpack(block: bytes, dimension: int) -> Vectors:
    """The vectors of a block, shape (n, dimension), made of length 1 again."""
    return unit(numbers_in(block, dimension))


def numbers_in(block: bytes, dimension: int) -> Numbers:
    """The numbers of a block, shape (n, dimension), without the scales."""
    numbers: Numbers = np.frombuffer(block, dtype=_row(dimension))["numbers"]
    return numbers


def unit(numbers: Numbers) -> Vectors:
    """The vectors, shape (n, dimension), that some numbers stand for: of length 1, whatever their scales were."""
    vectors = numbers.astype(np.float32)
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
    vectors /= np.where(lengths > 0, lengths, np.float32(1))[:, None]
    return vectors


def insert(connection: sqlite3.Connection, content: int, first: int, rows: Sequence[bytes]) -> None:
    """Store the packed vectors of a content, whose sentences have the ids from `first` on."""
    block = b"".join(rows)
    connection.execute(
        "INSERT INTO vectors (content, first, block, checksum) VALUES (?, ?, ?, ?)",
        (content, first, block, _checksum(first, block)),
    )


def put_checksums(connection: sqlite3.Connection) -> None:
    """Give each block the checksum of today, which is of the ids of its sentences as well."""
    for content, first in connection.execute("SELECT content, first FROM vectors").fetchall():
        ((block,),) = connection.execute("SELECT block FROM vectors WHERE content = ?", (content,)).fetchall()
        connection.execute("UPDATE vectors SET checksum = ? WHERE content = ?", (_checksum(first, block), content))


def by_digest(
    connection: sqlite3.Connection, epoch: int, digests: Sequence[bytes], dimension: int
) -> dict[bytes, bytes]:
    """The packed vectors of the sentences of an epoch that have some digests, where there are any, and undamaged."""
    places: defaultdict[int, list[tuple[bytes, int]]] = defaultdict(list)
    for first in range(0, len(digests), _PARAMETERS):
        part = digests[first : first + _PARAMETERS]
        marks = ",".join("?" * len(part))
        rows = connection.execute(
            # In this order: SQLite would rather go through all contents of the epoch.
            "SELECT s.id, s.content, s.start, s.end, s.digest, s.seal "
            "FROM sentences s CROSS JOIN contents c ON c.id = s.content "
            f"WHERE c.epoch = ? AND s.digest IN ({marks})",
            (epoch, *part),
        )
        for row in rows:
            at, content, _, _, digest, sealed = row
            if seal(*row[:-1]) == sealed:
                places[content].append((digest, at))
    size = _row(dimension).itemsize
    found: dict[bytes, bytes] = {}
    for content, inside in places.items():
        if all(digest in found for digest, _ in inside):
            continue
        row = connection.execute("SELECT first, block, checksum FROM vectors WHERE content = ?", (content,)).fetchone()
        if row is not None and _checksum(*row[:2]) == row[2]:
            for digest, at in inside:
                found[digest] = row[1][(at - row[0]) * size : (at - row[0] + 1) * size]
    return found


def on_the_shelf(
    connection: sqlite3.Connection, dimension: int, *, sorted_out: bool = False, batch: int = 16384
) -> Iterator[tuple[Ids, Numbers, Cells]]:
    """The numbers of every sentence on the shelf with their ids, ascending, in batches of about so many.

    Args:
        connection: The index.
        dimension: Of the vectors.
        sorted_out: Whether each vector is in a cell (see `index.partition`): the third of each batch, else empty.
        batch: About how many at a time.

    Raises:
        IndexDamagedError: A block is not what was stored.
    """
    size = _row(dimension).itemsize
    waiting: list[tuple[Ids, bytes, bytes]] = []
    held = 0
    # Ids of contents and of sentences are given in the same order.
    rows = connection.execute(
        "SELECT v.content, v.first, v.block, v.checksum, c.cells, c.checksum "
        "FROM vectors v LEFT JOIN cells c ON c.content = v.content "
        "WHERE v.content IN (SELECT content FROM documents) ORDER BY v.content"
    )
    for content, first, block, checksum, cells, cells_checksum in rows:
        count = len(block) // size
        if (
            _checksum(first, block) != checksum
            or len(block) != count * size
            or zlib.crc32(cells or b"") != (cells_checksum or 0)
            or (sorted_out and len(cells or b"") != count * np.dtype(CELL_TYPE).itemsize)
        ):
            raise IndexDamagedError(f"The vectors of content {content} are damaged.", "pincite index --rebuild")
        waiting.append((np.arange(first, first + count, dtype=np.int64), block, cells or b""))
        held += count
        if held >= batch:
            yield _batch(waiting, dimension)
            waiting, held = [], 0
    if waiting:
        yield _batch(waiting, dimension)


def _checksum(first: int, block: bytes) -> int:
    return zlib.crc32(block, first & 0xFFFFFFFF)


def _batch(waiting: Sequence[tuple[Ids, bytes, bytes]], dimension: int) -> tuple[Ids, Numbers, Cells]:
    ids, blocks, cells = zip(*waiting, strict=True)
    numbers = numbers_in(b"".join(blocks), dimension)
    return np.concatenate(ids), numbers, np.frombuffer(b"".join(cells), dtype=CELL_TYPE)


def _row(dimension: int) -> np.dtype[np.void]:
    return np.dtype([("scale", "<f4"), ("numbers", "i1", (dimension,))])
