"""What an index of an older format needs to be one of today's; see `index.store` for the format of today."""

from __future__ import annotations

import sqlite3

import numpy as np

from index import seals, vector_blocks

_SECOND = (
    "ALTER TABLE contents ADD COLUMN pages INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE contents ADD COLUMN layout BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE documents ADD COLUMN bibliography TEXT",
)

_FIFTH = (
    *(f"ALTER TABLE {table} ADD COLUMN seal INTEGER NOT NULL DEFAULT 0" for table in seals.COLUMNS),
    "ALTER TABLE contents ADD COLUMN layout_seal INTEGER NOT NULL DEFAULT 0",
)


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Bring an index up from a format, inside the caller's transaction; the tables that are new are there already.

    Args:
        connection: The index.
        version: Its format; 0 for an empty one.
    """
    if version == 1:
        for statement in _SECOND:
            connection.execute(statement)
    if 1 <= version <= 3:
        _block_vectors(connection)
    if 1 <= version <= 4:
        for statement in _FIFTH:
            connection.execute(statement)
        seals.put_all(connection)
        vector_blocks.put_checksums(connection)


def _block_vectors(connection: sqlite3.Connection) -> None:
    """Until the third format each sentence had its own vector, in half precision."""
    contents = connection.execute("SELECT DISTINCT content FROM sentences").fetchall()
    for (content,) in contents:
        rows = connection.execute(
            "SELECT id, vector FROM sentences WHERE content = ? ORDER BY id", (content,)
        ).fetchall()
        vectors = np.stack([np.frombuffer(vector, dtype="<f2") for _, vector in rows]).astype(np.float32)
        vector_blocks.insert(connection, content, rows[0][0], [vector_blocks.pack(vectors)])
    connection.execute("ALTER TABLE sentences DROP COLUMN vector")
