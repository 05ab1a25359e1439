"""SQLite -> the search files: written with each generation, and again when they are found missing or damaged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from index import embedded, store
from index.searcher import PassageEntry, SentenceEntry

VECTOR_TYPE = "<f2"
"""How a vector is stored: half precision, little endian."""


def write_files(connection: sqlite3.Connection, folder: Path, generation: int, dimension: int) -> None:
    """Write the search files for the shelf as the connection sees it, and note them in its transaction.

    Nothing is embedded: the vectors come from SQLite.
    """
    manifest = embedded.write(folder, generation, _sentences(connection), _passages(connection), dimension)
    store.put_meta(connection, "files", manifest)


def _contents(connection: sqlite3.Connection) -> Iterator[tuple[int, str, list[tuple[int, int, int, bytes]]]]:
    # In the order of the shelf and not of arrival, so that equal shelves make equal indexes.
    shelf = connection.execute(
        "SELECT c.id, c.text FROM contents c JOIN documents d ON d.content = c.id GROUP BY c.id ORDER BY min(d.name)"
    )
    for content, text in shelf:
        rows = connection.execute(
            "SELECT id, start, end, vector FROM sentences WHERE content = ? ORDER BY id", (content,)
        )
        yield content, text, rows.fetchall()


def _sentences(connection: sqlite3.Connection) -> Iterator[SentenceEntry]:
    for content, text, rows in _contents(connection):
        for at, start, end, vector in rows:
            yield SentenceEntry(
                at, content, text[start:end], np.frombuffer(vector, dtype=VECTOR_TYPE).astype(np.float32)
            )


def _passages(connection: sqlite3.Connection) -> Iterator[PassageEntry]:
    for content, text, rows in _contents(connection):
        spans = {at: text[start:end] for at, start, end, _ in rows}
        found = connection.execute("SELECT id, first, last FROM passages WHERE content = ? ORDER BY id", (content,))
        for at, first, last in found.fetchall():
            yield PassageEntry(at, content, " ".join(spans[sentence] for sentence in range(first, last + 1)))
