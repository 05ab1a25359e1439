"""The files of the shelf that an index lists, to be backed up."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from index.changes import changes
from index.shelf import scan


@dataclass(frozen=True, slots=True)
class Listed:
    """A file that an index lists: its digest ("" where it was not read) and time of change as the index has them.

    `path` is None where the file is not to be had; `size` is that of now.
    """

    name: str
    digest: str
    modified: int
    path: Path | None
    size: int


@dataclass(frozen=True, slots=True)
class Original:
    """A file open for reading, and its time of change in nanoseconds."""

    stream: BinaryIO
    modified: int


def digests(connection: sqlite3.Connection) -> dict[str, tuple[str, int]]:
    """The files that an index lists: digest, "" where it was not read, and time of change, by name."""
    rows = connection.execute(
        "SELECT name, '', modified FROM skipped UNION ALL SELECT name, digest, modified FROM catalogues "
        "UNION ALL SELECT name, digest, modified FROM documents ORDER BY 1"
    )
    return {name: (digest.partition("@")[0], modified) for name, digest, modified in rows}


def listed(connection: sqlite3.Connection, seeds: Path) -> list[Listed]:
    """The files that an index lists, by name.

    Raises:
        UsageError: There is no seeds folder.
    """
    there = {file.name: file for file in scan(seeds)}
    found = []
    for name, (digest, modified) in digests(connection).items():
        file = there.get(name)
        path = None if file is None or file.problem else file.path
        found.append(Listed(name, digest, modified, path, file.size if file and path else 0))
    return found


def not_listed(connection: sqlite3.Connection, seeds: Path) -> list[str]:
    """The files on the shelf that an index does not know yet."""
    return list(changes(connection, scan(seeds)).new)


@contextmanager
def opened_original(one: Listed) -> Iterator[Original | None]:
    """A listed file, open; None where it is gone, was replaced by something else, or must not be read."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        if one.path is None:
            raise FileNotFoundError(one.name)
        stream = os.fdopen(os.open(one.path, flags), "rb")
    except OSError:
        yield None
        return
    with stream:
        state = os.fstat(stream.fileno())
        yield Original(stream, state.st_mtime_ns) if stat.S_ISREG(state.st_mode) else None
