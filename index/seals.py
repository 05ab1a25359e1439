"""Checksums of what SQLite keeps: a bit that flips on a disk changes a word, and SQLite would not notice.

Each row that an answer is made of has a *seal*, the CRC-32 of its other columns. Readers check it of each row they use,
`pincite doctor` of all. Against accidents: whoever can write the file can write the seals.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator

from index.errors import REBUILD, IndexDamagedError

COLUMNS = {
    "meta": ("key", "value"),
    "contents": ("id", "digest", "format", "text", "bibliography", "parts", "pages"),
    "sentences": ("id", "content", "start", "end", "digest"),
    "passages": ("id", "content", "first", "last"),
    "documents": ("name", "content", "digest", "bibliography"),
}
"""What the seal of each table covers, in this order. Sizes and times of files are not in it: they only save reading."""


def seal(*values: str | int | bytes | None) -> int:
    """The seal of a row: the CRC-32 of its values' `repr`."""
    return zlib.crc32(repr(values).encode("ascii", "backslashreplace"))


def checked(table: str, row: tuple[str | int | bytes | None, ...]) -> None:
    """Check a row, its seal last.

    Raises:
        IndexDamagedError: It is not what was stored.
    """
    if seal(*row[:-1]) != row[-1]:
        raise damaged(table, row[0])


def damaged(table: str, key: object) -> IndexDamagedError:
    """The error of a row that is not what was stored, or is not there."""
    return IndexDamagedError(f"In the index, {table} {key!r} is not what was stored.", REBUILD)


def rows(connection: sqlite3.Connection, table: str) -> Iterator[tuple[str | int | bytes | None, ...]]:
    """All rows of a table as `checked` takes them."""
    yield from connection.execute(f"SELECT {', '.join(COLUMNS[table])}, seal FROM {table}")


def check_all(connection: sqlite3.Connection) -> int:
    """Check every row that has a seal; returns how many there are.

    Raises:
        IndexDamagedError: One is not what was stored.
    """
    count = 0
    for table in COLUMNS:
        for row in rows(connection, table):
            checked(table, row)
            count += 1
    for content, layout, stored in connection.execute("SELECT id, layout, layout_seal FROM contents"):
        checked("layout", (content, layout, stored))
        count += 1
    return count


def put_all(connection: sqlite3.Connection) -> None:
    """Give every row its seal, in an index that had none; inside the caller's transaction."""
    for table, columns in COLUMNS.items():
        key = columns[0]
        keys = connection.execute(f"SELECT {key} FROM {table}").fetchall()
        for (one,) in keys:
            row = connection.execute(f"SELECT {', '.join(columns)} FROM {table} WHERE {key} = ?", (one,)).fetchone()
            connection.execute(f"UPDATE {table} SET seal = ? WHERE {key} = ?", (seal(*row), one))
    for (one,) in connection.execute("SELECT id FROM contents").fetchall():
        ((layout,),) = connection.execute("SELECT layout FROM contents WHERE id = ?", (one,)).fetchall()
        connection.execute("UPDATE contents SET layout_seal = ? WHERE id = ?", (seal(one, layout), one))
