"""SQLite's file copied while others read and write it, and looked at before it counts as a copy."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from index import partition, store, vector_blocks
from index.errors import BackupError
from index.report import Progress, ProgressCallback

PAGES = 2048  # of SQLite, copied between two looks at the progress

# Said of a copy that cannot be written; nothing else is written.
_OURS = ("SQLITE_FULL", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC")


def copy_sound(source: sqlite3.Connection, folder: Path, to: Path, tell: ProgressCallback) -> None:
    """Copy what a read transaction sees into one new file, and look at all of it.

    Args:
        source: The connection that holds the transaction.
        folder: The index folder, to be named.
        to: The copy.
        tell: Told how far it is.

    Raises:
        IndexDamagedError: What was copied is not what was stored.
        BackupError: The copy cannot be written.
    """
    file = folder / store.FILE
    try:
        with closing(sqlite3.connect(to, isolation_level=None)) as copy:
            copy.execute("PRAGMA synchronous = OFF")  # nobody reads it after a crash
            copy_pages(source, copy, "Copying the index, MB", tell)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, and none beside it
            tell(Progress("Checking the copy", 0, 1))
            store.look_over(copy, file)
            with store.damage_named(file, values=True):
                dimension = int(store.need_meta(copy, "shape")["dimension"])
                partition.load(copy, dimension)
                for _ in vector_blocks.on_the_shelf(copy, dimension):
                    pass  # each batch is checked as it comes
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith(_OURS):
            raise BackupError(
                f"{to.parent.parent} has no room for a copy of the index, or refuses it: {error}.",
                "free some space, or name a file elsewhere",
            ) from error
        with store.damage_named(file):
            raise


def copy_pages(source: sqlite3.Connection, target: sqlite3.Connection, step: str, tell: ProgressCallback) -> None:
    """Copy a whole database over another, in one transaction of that one."""
    (page,) = source.execute("PRAGMA page_size").fetchone()

    def copied(_: int, left: int, total: int) -> None:
        tell(Progress(step, (total - left) * page >> 20, total * page >> 20))

    source.backup(target, pages=PAGES, progress=copied)
